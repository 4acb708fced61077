"""From exported rows to ratings and reviews of a bundle's own films; a film that is not surely here is left unmatched.

In: a file exported from IMDb or Letterboxd, and the catalogue. Out: `Imported`. A film is matched by IMDb id, and only
where the export or the catalogue has none by title and year: the same title but for case, accents, punctuation and
article, at most a year apart, and of one film alone. Misspellings are never guessed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from matinee.catalogue import Catalogue
from matinee.taste import Rating, Review
from matinee.titles import LONGEST, title_key
from matinee_demo.imports.exported import BadRow, Row, read_table
from matinee_demo.imports.opened import open_tables
from matinee_demo.naming import name_of

MOST_RATINGS = 3000
"""Ratings that are kept, the latest: few people have more."""

MOST_REVIEWS = 20
"""Reviews whose words are kept, the latest; the ratings in the others still count. Each is read by two encoders."""

SHOWN = 3
"""Titles and lines that the summary names."""

_IMDB_ID = re.compile(r"tt0*(\d{1,10})")
_ARTICLE = re.compile(r"^(the|an?|le|la|les|el|der|das)\s+(?=\S)|,\s*(the|an?|le|la|les|el|der|das)$")
_NO_FILM = re.compile(r"series|episode|game|podcast|music", re.IGNORECASE)


@dataclass(frozen=True)
class Imported:
    """What an export tells of the films that are here.

    Attributes:
        kinds: What was read: "IMDb ratings", "Letterboxd ratings", "Letterboxd reviews".
        ratings: One for each film, the oldest first; films are named as `naming.name_of` does.
        reviews: One for each film with words, the oldest first.
        unmatched: Titles of films that are not here, each once, in the export's order.
        bad_rows: Lines that could not be used.
        left_out: How many older ratings and reviews were beyond MOST_RATINGS and MOST_REVIEWS.
    """

    kinds: tuple[str, ...] = ()
    ratings: tuple[Rating, ...] = ()
    reviews: tuple[Review, ...] = ()
    unmatched: tuple[str, ...] = ()
    bad_rows: tuple[BadRow, ...] = ()
    left_out: int = 0

    @property
    def summary(self) -> str:
        """One line for the visitor: what was taken, what was not, and why."""
        taken = f"{' and '.join(self.kinds)}: {_count(len(self.ratings), 'rating')}"
        taken += f" and {_count(len(self.reviews), 'review')} of films that are here" if self.reviews else " taken"
        return "; ".join(
            [
                taken,
                *_some(self.unmatched, "film is not here", "films are not here"),
                *_some([str(row) for row in self.bad_rows], "line cannot be used", "lines cannot be used"),
                *([f"the oldest {self.left_out:,} left out"] if self.left_out else []),
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
    name = Path(name).name[:60] or "the file"
    tables = [(member, *read_table(text, member)) for member, text in open_tables(source, name)]
    read = [row for _, _, rows in tables for row in rows]
    rows = sorted((row for row in read if isinstance(row, Row)), key=lambda row: row.date)
    matched = [(_match(catalogue, row), row) for row in rows]
    ratings: dict[int, Rating] = {}
    reviews: dict[int, Review] = {}
    for at, row in matched:
        if at is not None:
            _take(ratings, reviews, at, row, name_of(catalogue, at))
    return Imported(
        kinds=tuple(kind for _, kind, _ in tables),
        ratings=tuple(ratings.values())[-MOST_RATINGS:],
        reviews=tuple(reviews.values())[-MOST_REVIEWS:],
        unmatched=tuple(dict.fromkeys(str(row) for at, row in matched if at is None)),
        bad_rows=tuple(row for row in read if isinstance(row, BadRow)),
        left_out=max(0, len(ratings) - MOST_RATINGS) + max(0, len(reviews) - MOST_REVIEWS),
    )


def _take(ratings: dict[int, Rating], reviews: dict[int, Review], at: int, row: Row, name: str) -> None:
    """Keep what `row` says of the film in catalogue row `at`, in place of what was said before, as the latest."""
    if row.rating is not None:
        ratings.pop(at, None)
        ratings[at] = Rating(name, row.rating)
    if row.review:
        reviews.pop(at, None)
        reviews[at] = Review(row.review, name, row.rating)


def _match(catalogue: Catalogue, row: Row) -> int | None:
    """The catalogue row of the film that an exported row is surely about, or None."""
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
    """Rows of the films of each title, by the form in which titles are compared."""
    rows: dict[str, list[int]] = defaultdict(list)
    for at, movie in enumerate(catalogue):
        rows[_key(movie.title)].append(at)
    rows.pop("", None)
    return rows


def _key(title: str) -> str:
    """A title's words in their compared form, with its article: "The Ring" is not "Ring", but it is "Ring, The"."""
    found = _ARTICLE.search(title.casefold())
    article = (found[1] or found[2]) if found else ""
    key = title_key(title[:LONGEST]).replace(" ", "")
    return f"{article} {key}" if key else ""


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _some(things: Sequence[str], one: str, many: str) -> list[str]:
    """How many there are, and the first few; nothing for none."""
    if not things:
        return []
    named = ", ".join(things[:SHOWN]) + (", ..." if len(things) > SHOWN else "")
    return [f"{len(things):,} {one if len(things) == 1 else many} ({named})"]
