"""Arguments of the endpoints, parsed or refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from matinee.errors import BadInputError, MatineeError
from matinee_demo.imports import MOST_RATINGS
from matinee_demo.request import MOST_BASE64, parse_poster, parse_ratings, parse_taste, parse_where

FORMS = [
    [{"movie": "Heat", "rating": 9}, {"movie": "Up", "rating": "3"}],
    {"Heat": 9, "Up": 3},
    json.dumps([{"movie": "Heat", "rating": 9}, {"movie": "Up", "rating": 3}]),
    '{"Heat": 9, "Up": 3}',
]


@pytest.mark.parametrize("form", FORMS)
def test_ratings_are_read_from_a_list_an_object_or_json_of_either(form: object) -> None:
    assert [(r.movie, r.rating) for r in parse_ratings(form)] == [("Heat", 9.0), ("Up", 3.0)]


@pytest.mark.parametrize("nothing", [None, "", "  ", [], {}])
def test_no_ratings_are_no_ratings(nothing: object) -> None:
    assert parse_ratings(nothing) == ()


@pytest.mark.parametrize(
    "form", ["[{", "5", 5, ["Heat"], [{"movie": 3, "rating": 9}], [{"movie": "Heat"}], {"Heat": 99}]
)
def test_other_ratings_are_refused_in_one_sentence(form: object) -> None:
    with pytest.raises(BadInputError) as caught:
        parse_ratings(form)
    assert "rating" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_more_ratings_than_the_limit_are_refused() -> None:
    ratings = [{"movie": "Heat", "rating": 9}] * MOST_RATINGS
    assert len(parse_ratings(ratings)) == MOST_RATINGS
    with pytest.raises(BadInputError, match="3,001 ratings are too many; give at most 3,000"):
        parse_ratings([*ratings, ratings[0]])


def test_a_rating_with_a_review_belongs_to_it_and_one_without_is_a_rating() -> None:
    with_words = parse_taste("Tense.", "Heat", 9, None, None)
    assert with_words.reviews[0].rating == 9
    assert not with_words.ratings
    without_words = parse_taste("", "Heat", 9, None, None)
    assert [(r.movie, r.rating) for r in without_words.ratings] == [("Heat", 9.0)]
    with pytest.raises(BadInputError, match="needs a movie"):
        parse_taste("", "", 9, None, None)


def test_only_a_file_with_gradios_own_mark_is_a_poster(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    for value in ({"path": str(secret)}, str(secret), {"path": str(secret), "meta": {"_type": "other"}}, [str(secret)]):
        with pytest.raises(BadInputError, match="uploaded file"):
            parse_poster(value)
    assert parse_poster(None) == ()


def test_a_data_address_is_a_poster_and_no_other_address_is_fetched() -> None:
    (poster,) = parse_poster("data:image/jpeg;base64,aGVsbG8=")
    assert poster.image == b"hello"
    for value in ("http://127.0.0.1/x.jpg", "file:///etc/passwd", "data:text/html;base64,aGVsbG8=", "data:image/png,x"):
        with pytest.raises(BadInputError, match="uploaded file"):
            parse_poster(value)


@pytest.mark.parametrize("data", ["a*b", "aGVsbG8", "A" * (MOST_BASE64 + 4)], ids=["letters", "length", "size"])
def test_a_data_address_that_is_damaged_or_too_large_is_refused(data: str) -> None:
    with pytest.raises(BadInputError) as caught:
        parse_poster(f"data:image/png;base64,{data}")
    assert len(str(caught.value)) < 200


def test_years_are_read_from_numbers_and_from_text() -> None:
    assert parse_where(["Drama"], "1990", 1999.0).years == (1990, 1999)
    assert parse_where(None, "", None).years == (None, None)


@pytest.mark.parametrize("years", [("nineteen", ""), ("2000", "1990"), (float("nan"), None), (float("inf"), None)])
def test_invalid_years_are_refused(years: tuple[Any, Any]) -> None:
    with pytest.raises(MatineeError):
        parse_where([], *years)
