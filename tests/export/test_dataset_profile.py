"""A dataset is described by the paper's figures, each beside the paper's own where it has one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matinee_export.dataset import Profile, clean, profile, profile_json, profile_markdown, read_dataset
from matinee_export.dataset.paper import PAPER

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


def described(folder: Path, movies: str = MOVIES, reviews: str = REVIEWS) -> Profile:
    (folder / "movies.csv").write_text(movies, encoding="utf-8")
    (folder / "reviews.csv").write_text(reviews, encoding="utf-8")
    (folder / "dataset.json").write_text('{"name": "three films", "made_up": true, "note": "For a test."}')
    raw = read_dataset(folder)
    return profile(raw, clean(raw))


def test_every_figure_is_what_the_rows_say(tmp_path: Path) -> None:
    figures = {figure.key: figure.value for figure in described(tmp_path).figures}
    expected = {
        "reviews.rows": 4,
        "reviews.duplicates": 1,
        "reviews.cleaned": 3,
        "reviews.reviewers": 2,
        "reviews.movies": 2,
        "reviews.texts": 3,
        "reviews.text_length": pytest.approx((5 + 5 + 14) / 3),
        "per_reviewer.mean": 2.0,
        "per_reviewer.sd": pytest.approx(2**0.5),
        "per_reviewer.max": 3,
        "per_reviewer.min": 1,
        "per_movie.mean": 2.0,
        "per_movie.sd": pytest.approx(2**0.5),
        "per_movie.max": 3,
        "per_movie.min": 1,
        "ratings.given": 3,
        "ratings.missing": 1,
        "ratings.mean": 8.0,
        "ratings.sd": pytest.approx(3**0.5),
        "ratings.mode": 9.0,
        "dates.given": 3,
        "dates.first": "2005-07-24",
        "dates.last": "2005-07-25",
        "dates.distinct": 2,
        "dates.commonest": "2005-07-24",
        "dates.commonest_count": 2,
        "spoilers.yes": 2,
        "spoilers.no": 1,
        "spoilers.unknown": 1,
        "helpful.given": 3,
        "helpful.[1, 2]": 2,
        "helpful.[0, 0]": 1,
        "helpful.[1, 1]": 0,
        "helpful.[1, 3]": 0,
        "movies.rows": 4,
        "movies.duplicates": 1,
        "movies.cleaned": 3,
        "movies.shared_titles": 1,
        "movies.no_year": 0,
        "movies.posters": 0,
        "scores.given": 2,
        "scores.mean": 8.5,
        "scores.sd": pytest.approx(0.5**0.5),
        "scores.min": 8.0,
        "scores.max": 9.0,
        "genres.Drama": 3,
        "genres.Crime": 1,
        "genres.War": 1,
        "genres.Comedy": 0,
        "genres.Action": 0,
    }
    assert figures == expected


def test_every_figure_of_the_paper_stands_beside_ours(tmp_path: Path) -> None:
    found = described(tmp_path)
    assert {figure.key: figure.paper for figure in found.figures if figure.paper is not None} == dict(PAPER)


def test_distributions_count_rows_by_value(tmp_path: Path) -> None:
    assert described(tmp_path).distributions == {
        "ratings": {6: 1, 9: 2},
        "review_years": {2005: 3},
        "movie_years": {1985: 2, 1995: 1},
    }


def test_what_was_set_aside_is_said(tmp_path: Path) -> None:
    found = described(tmp_path)
    assert found.set_aside == {
        "movies.csv: duplicate row": 1,
        "reviews.csv: duplicate row": 1,
        "reviews.csv: unknown movie": 1,
    }
    assert found.noted == {"posters: movie without a poster": 4, "reviews.csv: title shared by several movies": 1}


def test_the_markdown_shows_both_columns_and_says_that_it_is_made_up(tmp_path: Path) -> None:
    text = profile_markdown(described(tmp_path))
    assert text.startswith("# Dataset: three films\n\n**This dataset is made up: no person wrote these reviews.**\n")
    assert "For a test." in text
    assert "| reviews after cleaning | 3 | 541,811 |" in text
    assert "| commonest date | 2005-07-24 | 2020-03-30 |" in text
    assert "| mean | 8.00 | 6.96 |" in text
    assert "| not said | 1 | - |" in text
    assert "| reviews.csv: unknown movie | 1 |" in text
    assert "- reviews.csv: summary" in text


def test_the_json_holds_the_same_figures(tmp_path: Path) -> None:
    found = described(tmp_path)
    data = json.loads(json.dumps(profile_json(found), allow_nan=False))
    assert data["figures"]["ratings.mean"] == {"label": "mean", "value": 8.0, "paper": 6.96}
    assert data["distributions"]["ratings"] == {"6": 1, "9": 2}
    assert data["made_up"] is True
    assert len(data["figures"]) == len(found.figures)


def test_a_dataset_with_only_what_is_required_is_described_too(tmp_path: Path) -> None:
    found = described(tmp_path, "imdbId,Title\n1,Heat\n", "reviewer,movie,rating,text\nann,Heat,8,\n")
    figures = {figure.key: figure.value for figure in found.figures}
    assert figures["dates.first"] is None
    assert figures["dates.commonest"] is None
    assert figures["scores.mean"] is None
    assert figures["per_reviewer.sd"] is None
    json.dumps(profile_json(found), allow_nan=False)
    assert "| first | - | 1998-07-28 |" in profile_markdown(found)
