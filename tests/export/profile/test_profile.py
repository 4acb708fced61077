"""A dataset is described before and after cleaning, each figure beside the paper's own where it has one."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from matinee_export.data import clean, read_dataset
from matinee_export.profile import Distribution, Profile, profile, profile_document, profile_json, profile_markdown
from matinee_export.profile.paper import PAPER
from matinee_export.profile.poster_sheet import TILE, poster_sheet
from matinee_export.profile.sections import edges
from matinee_export.reports import Document, Picture, Plot

MOVIES = """imdbId,Title,IMDB Score,Genre
1,Heat (1995),8,Crime|Drama
1,Heat (1995),8,Crime|Drama
2,Ran (1985),9,Drama
3,Ran (1985),,Drama|War
"""
REVIEWS = """review_id,reviewer,movie,rating,review_date,spoiler_tag,review_detail,helpful
a,ann,Heat (1995),9,24 July 2005,1,Long.,"['1', '2']"
a,ann,Heat (1995),9,24 July 2005,1,Long.,"['1', '2']"
b,ann,Ran (1985),6,25 July 2005,0,,"['0', '0']"
c,bob,Heat (1995),,,,Loud and long.,
d,bob,Hate (1995),6,,,,
"""
ABOUT = {"name": "three films", "made_up": True, "note": "For a test."}
BARE = ("imdbId,Title\n1,Heat\n", "reviewer,movie,rating,text\nann,Heat,8,\n")
"""A dataset with only what is required."""


def write(folder: Path, movies: str = MOVIES, reviews: str = REVIEWS, about: Mapping[str, object] = ABOUT) -> Path:
    (folder / "movies.csv").write_text(movies, encoding="utf-8")
    (folder / "reviews.csv").write_text(reviews, encoding="utf-8")
    (folder / "dataset.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


def described(folder: Path, movies: str = MOVIES, reviews: str = REVIEWS) -> Profile:
    raw = read_dataset(write(folder, movies, reviews))
    return profile(raw, clean(raw))


def reported(folder: Path) -> Document:
    raw = read_dataset(folder)
    return profile_document(raw, clean(raw))


def shown(document: Document) -> dict[str, Plot | Picture]:
    return {block.name: block for block in document.blocks if isinstance(block, Plot | Picture)}


def test_every_figure_is_what_the_rows_say_before_and_after_cleaning(tmp_path: Path) -> None:
    figures = {figure.key: (figure.read, figure.cleaned) for figure in described(tmp_path).figures}
    # By hand. Of the four rows read ann wrote three and bob one; cleaning drops one of ann's, and bob's missing rating
    # becomes 9, the mean of what Heat was given.
    expected: dict[str, tuple[object, object]] = {
        "reviews.rows": (4, 3),
        "reviews.duplicates": (1, 0),
        "reviews.cleaned": (3, 3),
        "reviews.reviewers": (2, 2),
        "reviews.movies": (2, 2),
        "per_reviewer.mean": (2.0, 1.5),
        "per_reviewer.sd": (pytest.approx(2**0.5), pytest.approx(0.5**0.5)),
        "per_reviewer.median": (2, 1.5),
        "per_reviewer.max": (3, 2),
        "per_reviewer.min": (1, 1),
        "per_movie.mean": (2.0, 1.5),
        "per_movie.sd": (pytest.approx(2**0.5), pytest.approx(0.5**0.5)),
        "per_movie.median": (2, 1.5),
        "per_movie.max": (3, 2),
        "per_movie.min": (1, 1),
        "ratings.given": (3, 2),
        "ratings.missing": (1, 0),
        "ratings.imputed": (0, 1),
        "ratings.mean": (8.0, 8.0),
        "ratings.sd": (pytest.approx(3**0.5), pytest.approx(3**0.5)),
        "ratings.mode": (9, 9),
        "dates.given": (3, 2),
        "dates.first": ("2005-07-24", "2005-07-24"),
        "dates.last": ("2005-07-25", "2005-07-25"),
        "dates.distinct": (2, 2),
        "dates.commonest": ("2005-07-24", "2005-07-24"),
        "dates.commonest_count": (2, 1),
        "spoilers.yes": (2, 1),
        "spoilers.no": (1, 1),
        "spoilers.unknown": (1, 1),
        "helpful.given": (3, 3),
        "helpful.[1, 2]": (2, 1),
        "helpful.[0, 0]": (1, 2),
        "helpful.[1, 1]": (0, 0),
        "helpful.[1, 3]": (0, 0),
        "texts.given": (3, 2),
        "texts.mean": (8.0, 9.5),
        "texts.sd": (pytest.approx(27**0.5), pytest.approx(40.5**0.5)),
        "texts.median": (5, 9.5),
        "texts.max": (14, 14),
        "texts.min": (5, 5),
        "movies.rows": (4, 3),
        "movies.duplicates": (1, 0),
        "movies.cleaned": (3, 3),
        "movies.shared_titles": (1, 1),
        "movies.no_year": (0, 0),
        "movies.no_genre": (0, 0),
        "movies.posters": (0, 0),
        "scores.given": (3, 2),
        "scores.mean": (pytest.approx(25 / 3), 8.5),
        "scores.sd": (pytest.approx((1 / 3) ** 0.5), pytest.approx(0.5**0.5)),
        "scores.median": (8.0, 8.5),
        "scores.min": (8.0, 8.0),
        "scores.max": (9.0, 9.0),
        "genres.Drama": (4, 3),
        "genres.Crime": (2, 1),
        "genres.War": (1, 1),
        "genres.Comedy": (0, 0),
        "genres.Action": (0, 0),
    }
    assert figures == expected


def test_every_figure_of_the_paper_stands_beside_ours(tmp_path: Path) -> None:
    found = described(tmp_path)
    assert {figure.key: figure.paper for figure in found.figures if figure.paper is not None} == dict(PAPER)


def test_distributions_count_by_value_before_and_after_cleaning(tmp_path: Path) -> None:
    assert described(tmp_path).distributions == {
        "ratings": Distribution({"6": 1, "9": 2}, {"6": 1, "9": 2}),  # one of the nines was dropped, another imputed
        "reviews_of_a_reviewer": Distribution({"1": 1, "3": 1}, {"1": 1, "2": 1}),
        "reviews_of_a_movie": Distribution({"1": 1, "3": 1}, {"1": 1, "2": 1}),
        "review_months": Distribution({"2005-07": 3}, {"2005-07": 2}),
        "review_years": Distribution({"2005": 3}, {"2005": 2}),
        "text_lengths": Distribution({"4": 2, "6": 0, "8": 0, "11": 1}, {"4": 1, "6": 0, "8": 0, "11": 1}),
        "scores": Distribution({"8.0": 2, "9.0": 1}, {"8.0": 1, "9.0": 1}),
        "movie_years": Distribution({"1985": 2, "1995": 2}, {"1985": 2, "1995": 1}),
    }


@pytest.mark.parametrize(("low", "high", "steps"), [(1, 1, 1), (1, 3301, 1), (51, 889, 4), (5, 12515, 2), (7, 8, 2)])
def test_edges_enclose_what_they_divide(low: int, high: int, steps: int) -> None:
    found = edges(low, high, steps)
    assert found[0] <= low
    assert found[-1] > high
    assert found == sorted(set(found))


def test_what_was_set_aside_is_said(tmp_path: Path) -> None:
    found = described(tmp_path)
    assert found.set_aside == {
        "movies.csv: duplicate row": 1,
        "reviews.csv: duplicate row": 1,
        "reviews.csv: unknown movie": 1,
    }
    assert found.noted == {"posters: movie without a poster": 4, "reviews.csv: title shared by several movies": 1}


def test_the_markdown_shows_all_three_columns_and_says_that_it_is_made_up(tmp_path: Path) -> None:
    text = profile_markdown(described(tmp_path))
    assert text.startswith("# Dataset: three films\n\n**This dataset is made up: no person wrote these reviews.**\n")
    for line in (
        "For a test.",
        "|  | as read | after cleaning | paper |",
        "| rows | 4 | 3 | 542,461 |",
        "| rows without duplicates | 3 | 3 | 541,811 |",
        "| commonest date | 2005-07-24 | 2005-07-24 | 2020-03-30 |",
        "| mean | 8.00 | 8.00 | 6.96 |",
        "| not said | 1 | 1 | – |",
        "| [1, 2] | 2 | 1 | 46,194 |",
        "| 2005 | 3 | 2 |",
        "| reviews.csv: unknown movie | 1 |",
        "- reviews.csv: summary",
    ):
        assert line in text.splitlines()
    assert "![" not in text


def test_the_json_holds_the_same_figures(tmp_path: Path) -> None:
    found = described(tmp_path)
    data = json.loads(json.dumps(profile_json(found), allow_nan=False))
    assert data["figures"]["ratings.imputed"] == {"label": "imputed", "read": 0, "cleaned": 1, "paper": None}
    assert data["figures"]["reviews.rows"]["paper"] == 542_461
    assert data["distributions"]["review_years"] == {"read": {"2005": 3}, "cleaned": {"2005": 2}}
    assert data["made_up"] is True
    assert len(data["figures"]) == len(found.figures)


def test_a_dataset_with_only_what_is_required_is_described_too(tmp_path: Path) -> None:
    found = described(tmp_path, *BARE)
    figures = {figure.key: figure.read for figure in found.figures}
    assert figures["dates.first"] is None
    assert figures["dates.commonest"] is None
    assert figures["scores.mean"] is None
    assert figures["per_reviewer.sd"] is None
    assert figures["texts.median"] is None
    json.dumps(profile_json(found), allow_nan=False)
    assert "| first | – | – | 1998-07-28 |" in profile_markdown(found)


def test_the_report_has_a_plot_of_every_distribution_and_a_sheet_of_posters(small_dataset: Path) -> None:
    document = reported(small_dataset)
    assert list(shown(document)) == [
        "reviews-of-each-reviewer",
        "reviews-of-each-movie",
        "ratings",
        "review-dates",
        "spoilers",
        "helpful",
        "text-lengths",
        "movie-years",
        "posters",
        "scores",
        "genres",
    ]
    raw = read_dataset(small_dataset)
    figures = profile_markdown(profile(raw, clean(raw)))
    assert [line for line in document.markdown().split("\n\n") if not line.startswith("![")] == figures.split("\n\n")


def test_plots_that_would_be_empty_are_left_out(tmp_path: Path) -> None:
    plots = shown(reported(write(tmp_path, *BARE)))
    assert list(plots) == ["reviews-of-each-reviewer", "reviews-of-each-movie", "ratings"]


@pytest.mark.slow
def test_movielens_is_reported_without_what_it_lacks(ml_100k: Path) -> None:
    document = reported(ml_100k)
    assert not {"text-lengths", "posters", "spoilers", "helpful", "scores"} & {*shown(document)}
    assert "| reviewers | 943 | 943 | 12,088 |" in document.markdown()


def test_a_plot_says_its_main_figures(tmp_path: Path) -> None:
    plots = shown(reported(write(tmp_path)))
    assert plots["reviews-of-each-reviewer"].alt == (
        "Reviews of each reviewer, both axes logarithmic: 1.50 on average (standard deviation 0.71), median 1.50, "
        "from 1 to 2."
    )
    assert plots["genres"].alt == "Movies by genre, of which a movie may have several: Drama 3, Crime 1, War 1."
    assert plots["review-dates"].alt == (
        "Reviews by month, from 2005-07-24 to 2005-07-25; the commonest date is 2005-07-24, with 1."
    )


def test_a_plot_shows_both_sides_only_where_cleaning_changed_something(tmp_path: Path) -> None:
    plots = {block.name: block for block in reported(write(tmp_path)).blocks if isinstance(block, Plot)}
    assert "as read" not in plots["ratings"].svg
    assert "as read" in plots["review-dates"].svg
    assert "after cleaning" in plots["review-dates"].svg


@pytest.mark.slow
def test_the_same_dataset_gives_the_same_report_byte_for_byte(small_dataset: Path, tmp_path: Path) -> None:
    def saved(name: str) -> dict[str, bytes]:
        reported(small_dataset).save(tmp_path / name)
        files = (tmp_path / name).rglob("*.*")
        return {file.name: file.read_bytes() for file in files}

    assert saved("one") == saved("two")


def test_markup_in_a_datasets_words_is_shown_not_obeyed(tmp_path: Path) -> None:
    nasty = "<script>alert(1)</script>"
    movies = f'imdbId,Title,Genre\n1,Heat (1995),"{nasty}|*Drama* [x](https://example.org)"\n'
    document = reported(write(tmp_path, movies, about={"name": nasty, "note": f"**{nasty}**"}))
    page = document.html()
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5  # title twice, note, table, plot and its words
    assert "<a href" not in page.partition("<main>")[2]
    assert "<script" not in document.markdown().replace("\\<script", "")


def test_the_sheet_has_a_tile_for_each_poster_that_can_be_read(tmp_path: Path) -> None:
    movies = "imdbId,Title\n" + "".join(f"{n},Film {n} (1995)\n" for n in range(1, 15))
    folder = write(tmp_path, movies, "reviewer,movie,rating,text\nann,Film 1 (1995),8,\n")
    (folder / "posters").mkdir()
    for n in range(1, 14):
        Image.new("RGB", (300, 450) if n % 2 else (40, 20), (10 * n, 0, 0)).save(folder / "posters" / f"{n}.jpg")
    (folder / "posters" / "13.jpg").write_bytes(b"\xff\xd8 cut short")
    (folder / "posters" / "14.png").write_bytes((folder / "posters" / "1.jpg").read_bytes()[:100])
    Image.new("RGBA", (4, 6), (0, 200, 0, 255)).save(folder / "posters" / "12.png")
    (folder / "posters" / "12.jpg").unlink()
    jpeg, posters = poster_sheet(clean(read_dataset(folder)))
    sheet = Image.open(io.BytesIO(jpeg))
    assert posters == 12
    assert sheet.size == (12 * (TILE[0] + 6) + 6, TILE[1] + 12)
    middles = np.asarray(sheet, np.int64)[6 + TILE[1] // 2, 6 + TILE[0] // 2 :: TILE[0] + 6]  # (12, RGB)
    assert [abs(middle[0] - 10 * n) < 6 for n, middle in enumerate(middles[:11], 1)] == [True] * 11
    assert middles[11][1] > 190


def test_a_sheet_shows_at_most_48_posters_evenly_chosen(tmp_path: Path) -> None:
    movies = "imdbId,Title\n" + "".join(f"{n},Film {n} (1995)\n" for n in range(96))
    folder = write(tmp_path, movies.replace("\n0,", "\n100,"), "reviewer,movie,rating,text\nann,Film 1 (1995),8,\n")
    (folder / "posters").mkdir()
    for n in range(1, 101):
        Image.new("L", (20, 30), 255 if n % 2 else 0).save(folder / "posters" / f"{n}.jpg")
    jpeg, posters = poster_sheet(clean(read_dataset(folder)))
    assert posters == 48
    sheet = Image.open(io.BytesIO(jpeg)).convert("L")
    middles = np.asarray(sheet)[6 + TILE[1] // 2 :: TILE[1] + 6, 6 + TILE[0] // 2 :: TILE[0] + 6]
    assert middles.shape == (4, 12)
    assert middles.min() > 250


def test_a_dataset_without_posters_has_no_sheet(tmp_path: Path) -> None:
    assert poster_sheet(clean(read_dataset(write(tmp_path)))) == (b"", 0)
