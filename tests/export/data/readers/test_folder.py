"""A dataset folder becomes parsed rows, each review joined to its movie; the rest is set aside and counted."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from matinee_export.data import RawDataset, read_dataset

MOVIE_HEADER = ("imdbId", "Imdb Link", "Title", "IMDB Score", "Genre", "Poster")
REVIEW_HEADER = (
    *("review_id", "reviewer", "movie", "rating", "review_summary", "review_date", "spoiler_tag", "review_detail"),
    "helpful",
)
HEAT = (
    "113277",
    "http://www.imdb.com/title/tt0113277",
    "Heat (1995)",
    "8.3",
    "Action|Crime|Drama",
    "posters/113277.jpg",
)
ALIEN = ("78748", "", "Alien (1979)", "", "Horror|Sci-Fi", "")
LONG_AGO = "It was long, and not long enough."


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])


def review(
    reviewer: str = "ann", movie: str = "Heat (1995)", rating: str = "8", text: str = LONG_AGO, **more: str
) -> list[str]:
    row = {"review_id": "rw1", "reviewer": reviewer, "movie": movie, "rating": rating, "review_detail": text, **more}
    return [row.get(name, "") for name in REVIEW_HEADER]


def read(folder: Path, reviews: Sequence[Sequence[str]], movies: Sequence[Sequence[str]] = (HEAT, ALIEN)) -> RawDataset:
    write_csv(folder / "movies.csv", MOVIE_HEADER, movies)
    write_csv(folder / "reviews.csv", REVIEW_HEADER, reviews)
    return read_dataset(folder)


def test_every_column_of_a_review_is_parsed(tmp_path: Path) -> None:
    row = review(
        review_summary="Cold blue", review_date="24 July 2005", spoiler_tag="1", helpful="['203', '267']", rating="8.5"
    )
    reviews = read(tmp_path, [row]).reviews
    assert reviews.iloc[0].to_dict() == {
        "review_id": "rw1",
        "reviewer": "ann",
        "movie_id": "tt0113277",
        "rating": 8.5,
        "summary": "Cold blue",
        "text": LONG_AGO,
        "date": pd.Timestamp("2005-07-24"),
        "spoiler": 1,
        "helpful": 203,
        "helpful_of": 267,
    }


def test_every_column_of_a_movie_is_parsed(tmp_path: Path) -> None:
    (tmp_path / "posters").mkdir()
    (tmp_path / "posters" / "113277.jpg").touch()
    heat, alien = read(tmp_path, [review()]).movies.to_dict("records")
    assert heat == {
        "movie_id": "tt0113277",
        "title": "Heat",
        "year": 1995,
        "genres": ["Action", "Crime", "Drama"],
        "score": 8.3,
        "link": "http://www.imdb.com/title/tt0113277",
        "poster": "posters/113277.jpg",
    }
    assert alien["link"] == "https://www.imdb.com/title/tt0078748/"
    assert math.isnan(alien["score"])
    assert alien["poster"] == ""


def test_what_is_blank_is_missing_and_counts_as_nothing_odd(tmp_path: Path) -> None:
    raw = read(tmp_path, [review(rating="")], movies=[(*ALIEN[:5], ""), (*HEAT[:5], "")])
    row = raw.reviews.iloc[0]
    assert math.isnan(row["rating"])
    assert row["date"] is pd.NaT
    assert row["spoiler"] is pd.NA
    assert (row["helpful"], row["helpful_of"]) == (-1, -1)
    assert raw.set_aside == {}
    assert raw.noted == {"posters: movie without a poster": 2}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (review(reviewer=" "), "no reviewer"),
        (review(movie="Hete (1995)"), "unknown movie"),
        (review(movie=""), "no movie"),
        (review(rating="eleven"), "rating is not a number"),
        (review(rating="11"), "rating outside 1 to 10"),
        (review(rating="0"), "rating outside 1 to 10"),
        (review(rating="-3"), "rating outside 1 to 10"),
        (review(rating="", text=" \n"), "neither rating nor text"),
        (review()[:5], "wrong number of fields"),
        ([*review(), "more"], "wrong number of fields"),
    ],
)
def test_a_row_that_cannot_be_used_is_set_aside_by_reason(tmp_path: Path, row: list[str], reason: str) -> None:
    raw = read(tmp_path, [review(), row, review(), row])
    assert raw.set_aside == {f"reviews.csv: {reason}": 2}
    assert raw.reviews.index.tolist() == [1, 3]


def test_a_rating_alone_and_a_text_alone_are_both_reviews(tmp_path: Path) -> None:
    raw = read(tmp_path, [review(text=""), review(rating="")])
    assert raw.set_aside == {}
    assert raw.reviews["text"].tolist() == ["", LONG_AGO]


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("review_date", "the other day", "date not understood"),
        ("spoiler_tag", "perhaps", "spoiler tag not understood"),
        ("helpful", "['875', '1']", "helpful votes not understood"),
    ],
)
def test_a_detail_that_is_not_understood_is_noted_and_the_row_used(
    tmp_path: Path, field: str, value: str, what: str
) -> None:
    raw = read(tmp_path, [review(**{field: value})])
    assert raw.noted[f"reviews.csv: {what}"] == 1
    assert len(raw.reviews) == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("soon", "", "Ran (1985)", "8", "Drama", ""), "no usable id"),
        (("89881", "", " ", "8", "Drama", ""), "no title"),
        (("89881", "Ran (1985)"), "wrong number of fields"),
    ],
)
def test_a_movie_that_cannot_be_used_is_set_aside_by_reason(tmp_path: Path, row: tuple[str, ...], reason: str) -> None:
    raw = read(tmp_path, [review()], movies=[row, HEAT])
    assert raw.set_aside == {f"movies.csv: {reason}": 1}
    assert raw.movies["movie_id"].tolist() == ["tt0113277"]


def test_a_score_that_is_no_score_is_noted(tmp_path: Path) -> None:
    raw = read(tmp_path, [review()], movies=[(*HEAT[:3], "great", *HEAT[4:])])
    assert raw.noted["movies.csv: score not understood"] == 1
    assert math.isnan(raw.movies["score"][0])


# ---- joining reviews to movies


@pytest.mark.parametrize("named", ["Heat (1995)", "heat (1995)", " Heat  (1995)", "Heat", "tt0113277", "113277"])
def test_a_movie_is_found_by_title_with_or_without_year_or_by_id(tmp_path: Path, named: str) -> None:
    assert read(tmp_path, [review(movie=named)]).reviews["movie_id"].tolist() == ["tt0113277"]


@pytest.mark.parametrize("named", ["tt0113277", "tt113277", "0113277", "113277"])
def test_an_id_column_goes_before_the_title(tmp_path: Path, named: str) -> None:
    write_csv(tmp_path / "movies.csv", MOVIE_HEADER, [HEAT, ALIEN])
    header = ("reviewer", "movie", "IMDB id", "rating", "review")
    rows = [("ann", "Alien (1979)", named, "8", ""), ("ann", "Alien (1979)", "", "8", "")]
    write_csv(tmp_path / "reviews.csv", header, rows)
    assert read_dataset(tmp_path).reviews["movie_id"].tolist() == ["tt0113277", "tt0078748"]


def test_the_year_tells_equal_titles_apart(tmp_path: Path) -> None:
    remake = ("1234", "", "Heat (1986)", "", "", "")
    raw = read(tmp_path, [review(movie="Heat (1995)"), review(movie="Heat (1986)")], movies=[HEAT, remake])
    assert raw.reviews["movie_id"].tolist() == ["tt0113277", "tt0001234"]
    assert "reviews.csv: title shared by several movies" not in raw.noted


def test_a_title_shared_by_several_movies_means_the_smallest_id_and_is_noted(tmp_path: Path) -> None:
    twin = ("99", "", "Heat (1995)", "", "", "")
    raw = read(tmp_path, [review(), review(movie="Heat"), review(movie="tt0113277")], movies=[HEAT, twin])
    assert raw.reviews["movie_id"].tolist() == ["tt0000099", "tt0000099", "tt0113277"]
    assert raw.noted["reviews.csv: title shared by several movies"] == 2


def test_a_movie_without_a_year_answers_to_any_year_that_no_other_has(tmp_path: Path) -> None:
    undated = ("555", "", "Heat", "", "", "")
    raw = read(tmp_path, [review(movie="Heat (1995)"), review(movie="Heat (2024)")], movies=[HEAT, undated])
    assert raw.reviews["movie_id"].tolist() == ["tt0113277", "tt0000555"]


def test_a_year_column_gives_the_year_that_titles_lack(tmp_path: Path) -> None:
    write_csv(tmp_path / "movies.csv", ("tconst", "title", "Release Year"), [("tt0113277", "Heat", "1995")])
    write_csv(tmp_path / "reviews.csv", REVIEW_HEADER, [review()])
    raw = read_dataset(tmp_path)
    assert raw.movies["year"].tolist() == [1995]
    assert len(raw.reviews) == 1


# ---- columns and files


@pytest.mark.parametrize(
    ("movie_header", "review_header"),
    [
        (("IMDB id", "TITLE", "imdb_score", "Genres"), ("User", "Movie Title", "RATING", "Review")),
        (("tconst", "movie title", "Rating", "genre"), ("user name", "film", "Stars", "review_text")),
        (("imdb_id", "primaryTitle", "averageRating", "Genre(s)"), ("Author", "title", "User Rating", "Content")),
        (("imdb-id", "name", "Score", "movie_genres"), ("REVIEWER", "movie", "score", "Review Detail")),
    ],
)
def test_columns_are_known_by_alias_case_and_spacing_aside(
    tmp_path: Path, movie_header: tuple[str, ...], review_header: tuple[str, ...]
) -> None:
    write_csv(tmp_path / "movies.csv", movie_header, [("tt0113277", "Heat (1995)", "8.3", "Crime")])
    write_csv(tmp_path / "reviews.csv", review_header, [("ann", "Heat (1995)", "8", LONG_AGO)])
    raw = read_dataset(tmp_path)
    assert list(raw.movies.loc[0, ["movie_id", "title", "score", "genres"]]) == ["tt0113277", "Heat", 8.3, ["Crime"]]
    assert list(raw.reviews.loc[1, ["reviewer", "movie_id", "rating", "text"]]) == [
        "ann",
        "tt0113277",
        8.0,
        LONG_AGO,
    ]
    assert "reviews.csv: date" in raw.absent


def test_columns_that_mean_nothing_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    write_csv(tmp_path / "movies.csv", ("", "Title", "budget", "imdbId"), [("0", "Heat (1995)", "60", "113277")])
    (tmp_path / "reviews.csv").write_text("reviewer,movie,rating,review\n\nann,Heat (1995),8,\n\n", encoding="utf-8")
    assert len(read_dataset(tmp_path).reviews) == 1


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    write_csv(tmp_path / "movies.csv", MOVIE_HEADER, [HEAT], encoding="utf-8-sig")
    write_csv(
        tmp_path / "reviews.csv", ("reviewer", "movie", "rating", "text"), [("Zoë", "Heat", "8", "")], "utf-8-sig"
    )
    assert read_dataset(tmp_path).reviews["reviewer"].tolist() == ["Zoë"]


def test_texts_keep_their_lines_quotes_commas_and_scripts(tmp_path: Path) -> None:
    text = 'He said "no", twice.\nДа 🙂, and that\x00 was all' + " again" * 30_000
    assert read(tmp_path, [review(text=text)]).reviews["text"].tolist() == [text]


def test_a_dataset_is_called_after_its_folder(tmp_path: Path) -> None:
    raw = read(tmp_path / "mine", [review()])
    assert (raw.name, raw.made_up, raw.note) == ("mine", False, "")


def test_dataset_json_names_it_and_says_whether_it_is_made_up(tmp_path: Path) -> None:
    (tmp_path / "dataset.json").write_text(json.dumps({"name": "sample", "made_up": True, "note": "Invented."}))
    raw = read(tmp_path, [review()])
    assert (raw.name, raw.made_up, raw.note) == ("sample", True, "Invented.")


# ---- posters


@pytest.mark.parametrize("named", ["../secret.jpg", "posters/../../x.jpg", "/etc/x.jpg", "C:\\x.jpg", "..\\x.jpg"])
def test_a_poster_outside_the_folder_is_set_aside_and_the_movie_kept(tmp_path: Path, named: str) -> None:
    (tmp_path / "secret.jpg").touch()
    raw = read(tmp_path / "data", [review()], movies=[(*HEAT[:5], named)])
    assert raw.set_aside == {"posters: path outside the dataset folder": 1}
    assert raw.movies["poster"].tolist() == [""]


def test_a_poster_that_is_not_there_is_noted_and_the_movie_kept(tmp_path: Path) -> None:
    raw = read(tmp_path, [review()], movies=[HEAT, (*ALIEN[:5], "x" * 5000), ("1", "", "M (1931)", "", "", ".")])
    assert raw.noted == {"posters: file not there": 3}
    assert raw.movies["poster"].tolist() == ["", "", ""]


@pytest.mark.parametrize("file", ["113277.jpg", "tt0113277.JPG", "0113277.png", "tt113277.jpeg"])
@pytest.mark.parametrize("named", ["", "https://images.example/heat.jpg"])
def test_a_poster_that_no_row_names_is_found_by_the_movies_id(tmp_path: Path, file: str, named: str) -> None:
    (tmp_path / "posters").mkdir()
    (tmp_path / "posters" / file).touch()
    raw = read(tmp_path, [review()], movies=[(*HEAT[:5], named)])
    assert raw.movies["poster"].tolist() == [f"posters/{file}"]


def test_posters_are_found_by_id_where_the_column_is_absent(tmp_path: Path) -> None:
    (tmp_path / "posters").mkdir()
    (tmp_path / "posters" / "113277.jpg").touch()
    write_csv(tmp_path / "movies.csv", MOVIE_HEADER[:5], [HEAT[:5]])
    write_csv(tmp_path / "reviews.csv", REVIEW_HEADER, [review()])
    assert read_dataset(tmp_path).movies["poster"].tolist() == ["posters/113277.jpg"]
