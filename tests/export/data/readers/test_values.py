"""What one field means: ids, titles, ratings, dates, spoiler tags and helpful votes."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee_export.data.readers import values

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
ANY_TEXT = st.text(max_size=40) | st.text("0123456789 []',/.-+eE", max_size=30)


@pytest.mark.parametrize(
    "text",
    ["113277", "0113277", "tt0113277", "tt113277", "113277.0", " tt0113277 ", "http://www.imdb.com/title/tt0113277/"],
)
def test_an_id_is_read_with_or_without_tt_and_leading_zeros(text: str) -> None:
    assert values.parse_id(text) == "tt0113277"


def test_ids_of_eight_digits_keep_them() -> None:
    assert values.parse_id("10872600") == "tt10872600"


@pytest.mark.parametrize("text", ["", "0", "tt", "nm0000134", "113277.5", "-5", "Heat", "tt0000000", "12345678901"])
def test_what_is_no_id_is_refused(text: str) -> None:
    assert values.parse_id(text) is None


@given(st.integers(1, 10**10 - 1))
def test_every_number_is_the_id_it_is_written_as(number: int) -> None:
    assert values.parse_id(str(number)) == values.parse_id(f"tt{number:09d}") == f"tt{number:07d}"


@pytest.mark.parametrize(
    ("text", "title", "year"),
    [
        ("Kill Bill: Vol. 2 (2004)", "Kill Bill: Vol. 2", 2004),
        ("2012 (2009)", "2012", 2009),
        ("Cosmos", "Cosmos", None),
        ("1984", "1984", None),
        ("Lagaan (Once Upon a Time) (2001)", "Lagaan (Once Upon a Time)", 2001),
        ("  Heat   (1995) ", "Heat", 1995),
        ("Fargo (TV Series 2014– )", "Fargo", 2014),
        ("Room (237)", "Room (237)", None),
        ("(2004)", "(2004)", None),
        ("", "", None),
    ],
)
def test_a_title_is_split_from_its_year(text: str, title: str, year: int | None) -> None:
    assert values.split_title(text) == (title, year)


@pytest.mark.parametrize(
    ("text", "rating"), [("8", 8), ("8.0", 8), ("8.5", 8.5), ("8/10", 8), ("7.5 / 10", 7.5), (" 10 ", 10), ("+3", 3)]
)
def test_a_rating_is_read_as_written(text: str, rating: float) -> None:
    assert values.parse_rating(text) == rating


@pytest.mark.parametrize("text", ["", " ", "nan", "NaN", "None", "null", "N/A", "-"])
def test_a_missing_rating_is_nan(text: str) -> None:
    rating = values.parse_rating(text)
    assert rating is not None
    assert math.isnan(rating)


@pytest.mark.parametrize("text", ["eleven", "4/5", "1e1", "1_0", "inf", "٣", "8 of 10", "8,5", "\x00"])
def test_a_rating_that_is_not_a_number_is_refused(text: str) -> None:
    assert values.parse_rating(text) is None


@given(ANY_TEXT)
def test_any_text_is_a_finite_rating_a_missing_one_or_none(text: str) -> None:
    rating = values.parse_rating(text)
    assert rating is None or math.isnan(rating) or math.isfinite(rating)


@given(st.floats(1, 10).map(lambda rating: round(rating, 2)), st.sampled_from(["", "/10", " / 10"]))
def test_every_rating_from_1_to_10_is_read_back(rating: float, suffix: str) -> None:
    assert values.parse_rating(f"{rating}{suffix}") == rating
    assert values.in_range(rating)


@given(st.dates())
def test_every_date_is_read_back_from_each_way_of_writing_it(day: date) -> None:
    month = MONTHS[day.month - 1]
    written = (
        f"{day.day} {month} {day.year:04d}",
        f"{day.day:02d} {month[:3].upper()}. {day.year:04d}",
        f"{month} {day.day}, {day.year:04d}",
        day.isoformat(),
        f"{day.isoformat()}T12:30:00Z",
        f" {day.isoformat()} 00:00:00 ",
    )
    assert {values.parse_date(text) for text in written} == {day}


@pytest.mark.parametrize(
    "text", ["", "30 February 2005", "24 Juli 2005", "7/24/2005", "2005", "24 July 05", "0 May 2005"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    assert values.parse_date(text) is None


@given(ANY_TEXT)
def test_any_text_is_a_date_or_none(text: str) -> None:
    assert isinstance(values.parse_date(text), date | None)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_helpful_votes_are_read_back_from_each_way_of_writing_them(some: int, more: int) -> None:
    helpful, of = sorted((some, more))
    written = (
        f"['{helpful}', '{of}']",
        f"['{helpful:,}', '{of:,}']",
        f'["{helpful}","{of}"]',
        f"[{helpful}, {of}]",
        f"[{helpful},{of}]",
        f"{helpful} out of {of} found this helpful",
    )
    assert {values.parse_helpful(text) for text in written} == {(helpful, of)}


@pytest.mark.parametrize("text", ["", "[]", " ", "nan", "None"])
def test_blank_helpful_votes_are_not_given(text: str) -> None:
    assert values.parse_helpful(text) == values.NO_VOTES


@pytest.mark.parametrize(
    "text", ["['875', '1']", "['3']", "many", "['1', '2', '3']", "['1', '99999999999']", "1,234 of 2,000"]
)
def test_helpful_votes_that_make_no_sense_are_refused(text: str) -> None:
    assert values.parse_helpful(text) is None


@given(ANY_TEXT)
def test_any_text_is_fitting_votes_or_none(text: str) -> None:
    votes = values.parse_helpful(text)
    assert votes is None or votes == values.NO_VOTES or 0 <= votes[0] <= votes[1] < 2**31


@pytest.mark.parametrize(
    ("text", "flag"), [("1", 1), ("0", 0), ("1.0", 1), ("True", 1), ("no", 0), ("", None), ("maybe", None)]
)
def test_a_spoiler_tag_is_one_zero_or_unknown(text: str, flag: int | None) -> None:
    assert values.parse_spoiler(text) == flag


def test_genres_are_separated_and_named_once() -> None:
    assert values.parse_genres("Action| Crime |Action|") == ["Action", "Crime"]
    assert values.parse_genres("Action, Crime") == ["Action", "Crime"]
    assert values.parse_genres("(no genres listed)") == []
    assert values.parse_genres("") == []


def test_a_score_outside_1_to_10_is_refused() -> None:
    assert values.parse_score("7.9") == 7.9
    assert math.isnan(values.parse_score("") or 0)
    assert values.parse_score("0") is None
    assert values.parse_score("good") is None
