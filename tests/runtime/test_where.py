"""Filters on genre, year and score."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matinee.catalogue import Catalogue, Movie
from matinee.errors import BadInputError, UnknownNameError
from matinee.where import Where

CATALOGUE = Catalogue(
    [
        Movie("tt0000001", "Heat", 1995, ("Action", "Crime"), 8.3),
        Movie("tt0000002", "Airplane!", 1980, ("Comedy",), 7.7),
        Movie("tt0000003", "Se7en", 1995, ("Crime", "Drama"), 8.6),
        Movie("tt0000004", "Unknown Film", None, ("Film-Noir",), None),
    ]
)


def _rows(where: Where) -> list[int]:
    return np.flatnonzero(where.mask(CATALOGUE)).tolist()


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        (Where(), [0, 1, 2, 3]),
        (Where(genres=("Crime",)), [0, 2]),
        (Where(genres=("comedy", "DRAMA ")), [1, 2]),
        (Where(years=(1981, None)), [0, 2]),
        (Where(years=(None, 1980)), [1]),
        (Where(years=(1995, 1995)), [0, 2]),
        (Where(min_score=8.3), [0, 2]),
        (Where(min_score=0), [0, 1, 2]),
        (Where(exclude=("heat", "tt0000002")), [2, 3]),
        (Where(genres=("Crime",), years=(1990, 1999), min_score=8.4, exclude=()), [2]),
        (Where(genres=("Comedy",), years=(1990, None)), []),
    ],
)
def test_every_filter_must_be_passed_and_what_is_not_known_passes_none(where: Where, rows: list[int]) -> None:
    assert _rows(where) == rows


def test_a_single_name_may_stand_without_a_tuple() -> None:
    where: Any = Where
    assert _rows(where(genres="Crime", exclude="Heat")) == [2]
    assert _rows(where(genres=["Crime"], years=[1990, None])) == [0, 2]


def test_a_where_does_not_change_with_the_list_it_was_made_from() -> None:
    genres: Any = ["Crime"]
    where = Where(genres=genres)
    genres.append("Comedy")
    assert _rows(where) == [0, 2]


def test_an_unknown_genre_lists_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'Comedy'"):
        Where(genres=("Comdy",)).mask(CATALOGUE)


def test_a_genre_like_no_other_lists_them_all() -> None:
    with pytest.raises(UnknownNameError, match="'Action', 'Comedy', 'Crime', 'Drama', 'Film-Noir'"):
        Where(genres=("zzz",)).mask(CATALOGUE)


def test_an_unknown_excluded_movie_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="no movie is called"):
        Where(exclude=("no such film at all",)).mask(CATALOGUE)


@pytest.mark.parametrize("years", [(2000, 1990), (1990,), 1990, (1, 2, 3), ("1990", 1999), (float("nan"), None), None])
def test_years_that_are_no_span_are_refused(years: Any) -> None:  # noqa: ANN401 - anything may come in
    with pytest.raises(BadInputError, match="a first and a last year"):
        Where(years=years)


@pytest.mark.parametrize("score", [-1, 11, float("nan")])
def test_a_score_that_cannot_be_is_refused(score: float) -> None:
    with pytest.raises(BadInputError, match="from 0 to 10"):
        Where(min_score=score)


@pytest.mark.parametrize(
    "wrong",
    [
        {"genres": 5},
        {"genres": ("Crime", None)},
        {"exclude": [["x"]]},
        {"years": ("a", "b")},
        {"years": 1990},
        {"years": (1990, [])},
        {"min_score": "high"},
        {"min_score": float("nan")},
    ],
)
def test_what_is_no_filter_is_refused_in_one_sentence(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match=r"^[^\n]+$"):
        Where(**wrong)
