"""A dataset folder from anybody: no link leads out of it, and no file of it hangs, exhausts or ends the run."""

from __future__ import annotations

import os
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from matinee.errors import DatasetError
from matinee_export.data import RawDataset, clean, read_dataset
from matinee_export.profile import profile

MOVIES = "imdbId,Title,Genre,Poster\n113277,Heat (1995),Crime,{}\n"
REVIEWS = "reviewer,movie,rating,review_detail\nann,Heat (1995),8,Long.\n"
RATINGS = "userId,movieId,rating,timestamp\n1,6,4.5,964982224\n"


def _write(folder: Path, movies: str = MOVIES.format(""), reviews: str = REVIEWS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "movies.csv").write_text(movies, encoding="utf-8")
    (folder / "reviews.csv").write_text(reviews, encoding="utf-8")
    return folder


def _private(tmp_path: Path) -> Path:
    path = tmp_path / "pictures" / "113277.jpg"
    path.parent.mkdir()
    path.write_bytes(b"mine")
    return path


def _posters(raw: RawDataset) -> list[str]:
    posters: list[str] = raw.movies["poster"].tolist()
    return posters


def _refused(folder: Path) -> str:
    with pytest.raises(DatasetError) as caught:
        clean(read_dataset(folder))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 1500
    return str(caught.value)


# ---- links


@pytest.mark.parametrize("named", ["", "posters/113277.jpg", "https://images.example/heat.jpg"])
def test_a_poster_that_is_a_link_out_of_the_folder_is_set_aside(named: str, tmp_path: Path) -> None:
    folder = _write(tmp_path / "data", MOVIES.format(named))
    (folder / "posters").mkdir()
    (folder / "posters" / "113277.jpg").symlink_to(_private(tmp_path))
    raw = read_dataset(folder)
    assert _posters(raw) == [""]
    assert raw.set_aside == {"posters: link out of the dataset folder": 1}


@pytest.mark.parametrize("named", ["", "posters/113277.jpg"])
def test_a_folder_of_posters_that_is_a_link_out_of_the_dataset_is_not_followed(named: str, tmp_path: Path) -> None:
    folder = _write(tmp_path / "data", MOVIES.format(named))
    (folder / "posters").symlink_to(_private(tmp_path).parent)
    raw = read_dataset(folder)
    assert _posters(raw) == [""]
    assert raw.set_aside == {"posters: link out of the dataset folder": 1}


def test_links_that_stay_in_the_folder_are_followed_and_the_folder_may_be_one(tmp_path: Path) -> None:
    folder = _write(tmp_path / "disk" / "data", MOVIES.format("posters/heat.jpg"))
    (folder / "images").mkdir()
    (folder / "images" / "heat.jpg").touch()
    (folder / "posters").symlink_to("images")
    (tmp_path / "mine").symlink_to(folder)
    raw = read_dataset(tmp_path / "mine")
    assert _posters(raw) == ["posters/heat.jpg"]
    assert raw.set_aside == {}


@pytest.mark.parametrize("named", ["", "posters/113277.jpg"])
def test_a_poster_that_is_no_file_is_noted_and_never_opened(named: str, tmp_path: Path) -> None:
    odd: list[Callable[[Path], None]] = [os.mkfifo, os.mkdir, lambda path: path.symlink_to(path.name)]
    for number, make in enumerate(odd):
        folder = _write(tmp_path / str(number), MOVIES.format(named))
        (folder / "posters").mkdir()
        make(folder / "posters" / "113277.jpg")
        raw = read_dataset(folder)
        assert _posters(raw) == [""]
        assert raw.noted == {"posters: file not there": 1}


# ---- odd files


@pytest.mark.parametrize("name", ["movies.csv", "reviews.csv", "ratings.csv", "u.data"])
def test_a_table_that_is_a_pipe_a_device_or_a_loop_is_not_there(name: str, tmp_path: Path) -> None:
    odd: list[Callable[[Path], None]] = [
        os.mkfifo,
        lambda path: path.symlink_to("/dev/zero"),
        lambda path: path.symlink_to(path.name),
    ]
    for number, make in enumerate(odd):
        folder = _write(tmp_path / str(number))
        if name not in ("movies.csv", "reviews.csv"):
            (folder / "reviews.csv").unlink()
        (folder / name).unlink(missing_ok=True)
        make(folder / name)
        assert "there is no" in _refused(folder)


def test_names_of_files_that_no_line_can_hold_are_written_out(tmp_path: Path) -> None:
    for name in (b"two\nlines.csv", b"\xff.csv"):
        (Path(os.fsdecode(bytes(tmp_path) + b"/" + name))).touch()
    assert "found 'two\\nlines.csv', '\\udcff.csv'" in _refused(tmp_path)


def test_a_dataset_json_that_is_a_pipe_is_passed_over(tmp_path: Path) -> None:
    folder = _write(tmp_path / "data")
    os.mkfifo(folder / "dataset.json")
    assert read_dataset(folder).name == "data"


@pytest.mark.parametrize("content", ["[" * 90_000, '{"name": ' * 9_000, '{"name": "\\ud800"}', '{"note": "a\\u0000b"}'])
def test_a_dataset_json_that_cannot_be_used_is_refused(content: str, tmp_path: Path) -> None:
    folder = _write(tmp_path / "data")
    (folder / "dataset.json").write_text(content)
    assert _refused(folder).startswith("dataset.json is not ")


# ---- sizes


@pytest.mark.parametrize(
    ("reviews", "said"),
    [
        (REVIEWS + "x" * 20_000_000, "its line has 20,000,000 characters"),
        (REVIEWS + "," * 20_000_000, "its line has 20,000,000 characters"),
        ("," * 20_000_000, "its line has 20,000,000 characters"),
        (REVIEWS + '"' + "ann,Heat,8,x\n" * 1_000_000, "the row that begins on line 3"),
        (",".join(f"c{n}" for n in range(100_000)) + "\n", "reviews.csv has no column for the reviewer"),
        ("x" * 4_000_000 + "\n", "reviews.csv has no column for the reviewer"),
        (REVIEWS.partition("\n")[0] + "," * 100_000 + "\n" + REVIEWS, "2 wrong number of fields"),
    ],
)
def test_lines_and_fields_beyond_all_measure_are_refused_in_little_memory(
    reviews: str, said: str, tmp_path: Path
) -> None:
    folder = _write(tmp_path / "data", reviews=reviews)
    tracemalloc.start()
    message = _refused(folder)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert said in message
    assert peak < 150e6


def test_a_ratings_csv_with_a_line_of_millions_of_fields_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ratings.csv").write_text(RATINGS.partition("\n")[0] + "\n" + "," * 20_000_000)
    assert "ratings.csv has a line of 16,384 characters or more" in _refused(tmp_path)


def test_a_u_item_with_a_line_of_millions_of_fields_loses_that_line(tmp_path: Path) -> None:
    (tmp_path / "u.data").write_text("1\t1\t4\t881250949\n")
    (tmp_path / "u.item").write_text("1|Heat (1995)|01-Jan-1995||address" + "|0" * 19 + "\n" + "|" * 5_000_000)
    assert read_dataset(tmp_path).set_aside == {"u.item: wrong number of fields": 1}


def test_a_title_of_thousands_of_accents_costs_no_time(tmp_path: Path) -> None:
    title = "a" + "\u0301\u0323" * 200_000  # sorted one by one these took two minutes
    start = time.perf_counter()
    raw = read_dataset(_write(tmp_path / "data", reviews=f"{REVIEWS}ann,{title},8,\n"))
    assert raw.set_aside == {"reviews.csv: unknown movie": 1}
    assert time.perf_counter() - start < 10


def test_what_is_too_long_for_a_value_is_not_understood(tmp_path: Path) -> None:
    reviews = REVIEWS.replace("\n", ",review_date,helpful\n", 1).replace("Long.", "Long.,,")
    long = "2005-07-24T" + "0" * 500
    raw = read_dataset(
        _write(tmp_path / "data", reviews=f'{reviews}ann,Heat,8,,{long},"{"1," * 500}"\nann,Heat,{"9" * 500},,,\n')
    )
    assert raw.noted["reviews.csv: date not understood"] == 1
    assert raw.noted["reviews.csv: helpful votes not understood"] == 1
    assert raw.set_aside == {"reviews.csv: rating is not a number": 1}


def test_more_genres_than_a_movie_can_have_are_noted(tmp_path: Path) -> None:
    movies = f"imdbId,Title,Genre\n1,Heat (1995),{'a|' * 100_000}\n2,Ran,{'x' * 500}\n3,M,Crime\n"
    raw = read_dataset(_write(tmp_path / "data", movies))
    assert raw.movies["genres"].tolist() == [[], [], ["Crime"]]
    assert raw.noted["movies.csv: genres not understood"] == 2


@pytest.mark.parametrize("seconds", ["253402300800", "1099511627775", "9" * 400, "-1", "1e300", "nan", "inf"])
def test_a_time_beyond_any_calendar_is_a_date_not_understood(seconds: str, tmp_path: Path) -> None:
    (tmp_path / "ratings.csv").write_text(f"{RATINGS}2,6,4.0,{seconds}\n")
    raw = read_dataset(tmp_path)
    assert raw.noted["ratings.csv: date not understood"] == 1
    assert len(profile(raw, clean(raw)).figures) > 0


@pytest.mark.parametrize("day", ["31 December 9999", "1 January 0001", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_can_be_profiled(day: str, tmp_path: Path) -> None:
    reviews = REVIEWS.replace("\n", ",review_date\n", 1).replace("Long.", f"Long.,{day}")
    raw = read_dataset(_write(tmp_path / "data", reviews=reviews))
    first = next(figure for figure in profile(raw, clean(raw)).figures if figure.key == "dates.first")
    assert str(first.read).endswith("12-31") or first.read == "0001-01-01"
