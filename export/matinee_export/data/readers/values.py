"""Parses single fields of a dataset file: ids, titles, ratings, dates, spoiler tags and helpful votes.

In: the text of one field. Out: a plain value, or None if the text could not be parsed. Pure functions with the same
result on every machine and in every locale.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache, wraps
from typing import TypeVar

from matinee.taste import MAX_RATING, MIN_RATING

T = TypeVar("T")

MISSING = frozenset({"", "nan", "na", "n/a", "none", "null", "nil", "nat", "<na>", "-", "?", "\\n"})
"""Texts that stand for a missing value in a column of numbers, dates or tags, in lower case."""

NO_VOTES = (-1, -1)
"""The result of `parse_helpful` for a field without votes."""

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12, "january": 1, "february": 2, "march": 3, "april": 4, "june": 6, "july": 7, "august": 8, "sept": 9,
    "september": 9, "october": 10, "november": 11, "december": 12,
}  # fmt: skip
_ID = re.compile(r"(?:.*/)?tt(\d{1,10})(?:/.*)?|(\d{1,10})(?:\.0)?", re.ASCII)
_TITLE = re.compile(r"(.*\S)\s*\((?:[A-Za-z ]+ )?(1[89]\d\d|20\d\d)(?:[^()\d][^()]*)?\)", re.ASCII)
_YEAR = re.compile(r"(1[89]\d\d|20\d\d)(?:\.0)?", re.ASCII)
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:\s*/\s*10(?:\.0*)?)?", re.ASCII)
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})\s+([a-z]+)\.?,?\s+(\d{4})", re.ASCII)
_MONTH_DAY_YEAR = re.compile(r"([a-z]+)\.?\s+(\d{1,2}),?\s+(\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ].*)?", re.ASCII)
_SPOILER = {
    "0": 0,
    "0.0": 0,
    "false": 0,
    "no": 0,
    "f": 0,
    "n": 0,
    "1": 1,
    "1.0": 1,
    "true": 1,
    "yes": 1,
    "t": 1,
    "y": 1,
}
_LARGEST_COUNT = 2**31 - 1

LONGEST = 200
"""Largest number of characters of a rating, a date, votes or a genre."""

MOST_GENRES = 50
"""Largest number of genres of a movie."""


def _remembered(parse: Callable[[str], T | None]) -> Callable[[str], T | None]:
    """Return `parse` with a cache for repeated texts, returning None for texts longer than LONGEST."""
    remembered = lru_cache(maxsize=65536)(parse)

    @wraps(parse)
    def bounded(text: str) -> T | None:
        return remembered(text) if len(text) <= LONGEST else None

    return bounded


def parse_id(text: str) -> str | None:
    """Return an IMDb id as "tt" and at least seven digits, from "tt0113277", "113277", "113277.0" or a URL, or None."""
    match = _ID.fullmatch(text.strip())
    number = int(match[1] or match[2]) if match else 0
    return f"tt{number:07d}" if number else None


def split_title(text: str) -> tuple[str, int | None]:
    """Split "Kill Bill: Vol. 2 (2004)" into title and year; the year is None where the title has none."""
    folded = " ".join(text.split())
    match = _TITLE.fullmatch(folded)
    return (match[1], int(match[2])) if match else (folded, None)


def parse_year(text: str) -> int | None:
    """Return a year from 1800 to 2099, or None."""
    match = _YEAR.fullmatch(text.strip())
    return int(match[1]) if match else None


@_remembered
def parse_rating(text: str) -> float | None:
    """Return a rating as written ("8", "8.5", "8/10"): NaN if it is missing, None if it is not a number.

    The number may lie outside 1 to 10; see `in_range`.
    """
    if text.strip().casefold() in MISSING:
        return math.nan
    match = _NUMBER.fullmatch(text.strip())
    return float(match[1]) if match else None


def in_range(rating: float) -> bool:
    """Return whether a rating is from 1 to 10."""
    return MIN_RATING <= rating <= MAX_RATING


@_remembered
def parse_date(text: str) -> date | None:
    """Return the day of "24 July 2005", "24 Jul 2005", "July 24, 2005" or "2005-07-24", or None."""
    text = text.strip().casefold()
    if match := _DAY_MONTH_YEAR.fullmatch(text):
        return _date(int(match[3]), _MONTHS.get(match[2], 0), int(match[1]))
    if match := _MONTH_DAY_YEAR.fullmatch(text):
        return _date(int(match[3]), _MONTHS.get(match[1], 0), int(match[2]))
    if match := _ISO.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_spoiler(text: str) -> int | None:
    """Return 1 for a review marked as a spoiler, 0 for one marked as none, None for any other text."""
    return _SPOILER.get(text.strip().casefold())


@_remembered
def parse_helpful(text: str) -> tuple[int, int] | None:
    """Return (found helpful, of how many) from "['203', '267']", "[203, 267]" or "203 out of 267 found this helpful".

    NO_VOTES if the field is blank, None if it has not exactly two numbers or the first is larger than the second.
    """
    if text.strip().casefold() in MISSING or not text.strip("[] "):
        return NO_VOTES
    quoted = re.findall(r"['\"](\d[\d,]*)['\"]", text, re.ASCII)
    numbers = quoted or re.findall(r"\d+", text, re.ASCII)
    if len(numbers) != 2 or max(map(len, numbers)) > 13:
        return None
    helpful, of = (int(number.replace(",", "")) for number in numbers)
    return (helpful, of) if helpful <= of <= _LARGEST_COUNT else None


def parse_genres(text: str) -> list[str] | None:
    """Return the genres of "Action|Crime|Drama" (or with commas or semicolons), each once, in their order.

    None if there are more than MOST_GENRES, or one has more than LONGEST characters.
    """
    names = [name.strip() for name in re.split(r"[|,;]", text, maxsplit=MOST_GENRES)]
    if len(names) > MOST_GENRES or any(len(name) > LONGEST for name in names):
        return None
    return [n for n in dict.fromkeys(names) if n.casefold() not in MISSING and n.casefold() != "(no genres listed)"]


def parse_score(text: str) -> float | None:
    """Return an IMDb score from 1 to 10: NaN if it is missing, None if it is not such a number."""
    score = parse_rating(text)
    return score if score is None or math.isnan(score) or in_range(score) else None
