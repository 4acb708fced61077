"""Turns exported rows into ratings and reviews of the catalogue's films; films without a certain match are left out.

In: a file exported from IMDb or Letterboxd, and the catalogue. Out: `Imported`. A film is matched by IMDb id; only
where the export or the catalogue has none, by title and year: the same title but for case, accents, punctuation and
article, at most a year apart, and of only one film. Misspellings are never guessed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path, PurePath
from typing import TypeVar

from matinee.catalogue import Catalogue
from matinee.taste import Rating, Review
from matinee.titles import ARTICLES, name_of, title_key
from matinee_demo.imports.exported import MOST_ROWS, BadRow, Row, one_line, plain_text, read_table
from matinee_demo.imports.opened import open_tables

T = TypeVar("T")

MOST_RATINGS = 3000
"""Ratings that are kept, the latest; few people have more."""

MOST_REVIEWS = 20
"""Reviews whose text is kept, the latest; the ratings in the others still count. Each is embedded by two encoders."""

SHOWN = 3
"""Titles and lines that the summary lists."""

LONGEST_NAME = 60
"""Characters of a file's name that are shown."""

LISTED = 300
"""Titles of unmatched films that are kept, for the page to list."""

_IMDB_ID = re.compile(r"tt0{0,9}(\d{1,10})", re.ASCII)
_NO_FILM = re.compile(r"series|episode|game|podcast|music", re.IGNORECASE)


@dataclass(frozen=True)
class Imported:
    """The ratings and reviews of an export.

    Attributes:
        kinds: What was read: "IMDb ratings", "Letterboxd ratings", "Letterboxd reviews".
        ratings: One for each film, the oldest first; films are named as `matinee.titles.name_of` does.
        reviews: One for each film with words, the oldest first.
        unmatched: Titles not in the catalogue, each once, the oldest first; the first LISTED of them.
        more_unmatched: How many such titles there are beside these.
        bad_rows: The first SHOWN lines that could not be used.
        more_bad_rows: How many such lines there are beside these.
        left_out: How many older ratings and reviews were beyond MOST_RATINGS and MOST_REVIEWS.
        unread: How many lines came after the last that was read.
    """

    kinds: tuple[str, ...] = ()
    ratings: tuple[Rating, ...] = ()
    reviews: tuple[Review, ...] = ()
    unmatched: tuple[str, ...] = ()
    more_unmatched: int = 0
    bad_rows: tuple[BadRow, ...] = ()
    more_bad_rows: int = 0
    left_out: int = 0
    unread: int = 0

    @property
    def summary(self) -> str:
        """One line for the visitor: what was taken, what was not, and why."""
        taken = f"{' and '.join(self.kinds)}: {_count(len(self.ratings), 'rating')}"
        taken += f" and {_count(len(self.reviews), 'review')} of films that are here" if self.reviews else " taken"
        return "; ".join(
            [
                taken,
                *_some(self.unmatched, self.more_unmatched, "film is not here", "films are not here"),
                *_some(self.bad_rows, self.more_bad_rows, "line cannot be used", "lines cannot be used"),
                *([f"the oldest {self.left_out:,} left out"] if self.left_out else []),
                *([f"the last {self.unread:,} lines not read"] if self.unread else []),
            ]
        )


def read_ratings(source: Path | str | bytes, name: str, catalogue: Catalogue) -> Imported:
    """Return the ratings and reviews in an export of IMDb or Letterboxd.

    Of several lines about one film the latest counts, or the last where they have no date.

    Args:
        source: Path or bytes of a CSV file, or of Letterboxd's zip.
        name: The file's name, for errors.
        catalogue: The films that can be matched.

    Raises:
        BadInputError: The file is not such an export; it says what was found and what was expected.
    """
    name = one_line(PurePath(name).name, LONGEST_NAME) or "the file"
    opened = open_tables(source, name)
    turns = iter(range(MOST_ROWS))
    tables = [read_table(lines, member, turns) for member, lines in opened]
    rows, bad, more_bad = _sorted_out(row for _, rows in tables for row in rows)
    ratings: dict[int, float] = {}
    reviews: dict[int, Row] = {}
    unmatched: dict[str, None] = {}
    for row in rows:
        at = _match(catalogue, row)
        if at is None:
            unmatched[str(row)] = None
        else:
            _take(ratings, reviews, at, row)
    return Imported(
        kinds=tuple(kind for kind, _ in tables),
        ratings=tuple(Rating(name_of(catalogue, at), rating) for at, rating in _latest(ratings, MOST_RATINGS)),
        reviews=tuple(
            Review(words, name_of(catalogue, at), row.rating)
            for at, row in _latest(reviews, MOST_REVIEWS)
            if (words := plain_text(row.review))
        ),
        unmatched=tuple(islice(unmatched, LISTED)),
        more_unmatched=max(0, len(unmatched) - LISTED),
        bad_rows=tuple(bad),
        more_bad_rows=more_bad,
        left_out=max(0, len(ratings) - MOST_RATINGS) + max(0, len(reviews) - MOST_REVIEWS),
        unread=sum(lines.count_rest() for _, lines in opened),
    )


def _sorted_out(read: Iterable[Row | BadRow]) -> tuple[list[Row], list[BadRow], int]:
    """Return the usable rows, the oldest first, the first SHOWN of the bad rows, and the number of further bad ones."""
    rows: list[Row] = []
    bad: list[BadRow] = []
    more_bad = 0
    for row in read:
        if isinstance(row, Row):
            rows.append(row)
        elif len(bad) < SHOWN:
            bad.append(row)
        else:
            more_bad += 1
    return sorted(rows, key=lambda row: row.date), bad, more_bad


def _take(ratings: dict[int, float], reviews: dict[int, Row], at: int, row: Row) -> None:
    """Keep the rating and review in `row` for the film in catalogue row `at` as the latest, replacing earlier ones."""
    if row.rating is not None:
        ratings.pop(at, None)
        ratings[at] = row.rating
    if row.review:
        reviews.pop(at, None)
        reviews[at] = row


def _latest(things: Mapping[int, T], most: int) -> list[tuple[int, T]]:
    return list(things.items())[-most:]


def _match(catalogue: Catalogue, row: Row) -> int | None:
    """Return the catalogue row of the film that an exported row is about, or None without a certain match."""
    number = _IMDB_ID.fullmatch(row.imdb_id)
    if number and (at := catalogue.rows.get(f"tt{number[1]:0>7}")) is not None:
        return at
    if row.year is None or _NO_FILM.search(row.type):
        return None
    near = [at for at in _rows_by_title(catalogue).get(_key(row.title), []) if abs(catalogue.years[at] - row.year) <= 1]
    if number:  # a film with another id is another film
        near = [at for at in near if not _IMDB_ID.fullmatch(catalogue[at].id)]
    same_year = [at for at in near if catalogue.years[at] == row.year]
    likely = same_year or near
    return likely[0] if len(likely) == 1 else None


@lru_cache(maxsize=4)
def _rows_by_title(catalogue: Catalogue) -> Mapping[str, list[int]]:
    """Return the catalogue's rows by title, in the form in which titles are compared."""
    rows: dict[str, list[int]] = defaultdict(list)
    for at, movie in enumerate(catalogue):
        rows[_key(movie.title)].append(at)
    rows.pop("", None)
    return rows


def _key(title: str) -> str:
    """Return a title's key with its article: that of "The Ring" differs from "Ring", but equals "Ring, The"."""
    key = title_key(title).replace(" ", "")
    words = title.casefold()
    ends = (words.split(maxsplit=1)[0], words.rpartition(",")[2].strip()) if key else ()
    return f"{next((end for end in ends if end in ARTICLES), '')} {key}" if key else ""


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _some(things: Sequence[object], more: int, one: str, many: str) -> list[str]:
    """Return, as a list, one phrase with the number of `things` plus `more` and the first few; empty for none."""
    if not things:
        return []
    number = len(things) + more
    named = ", ".join(str(thing) for thing in things[:SHOWN]) + (", ..." if number > SHOWN else "")
    return [f"{number:,} {one if number == 1 else many} ({named})"]
