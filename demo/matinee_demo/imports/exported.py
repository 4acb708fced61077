"""Parses an exported table: recognizes which export it is, and reads the values of each line.

In: lines with a header, of IMDb's ratings or Letterboxd's ratings or reviews, recognized by its columns in any order
and case. Out: `Row`s, and `BadRow`s for lines that cannot be used. Texts are valid Unicode; names have a single line.

The columns are those that IMDb (Your ratings, Export) and Letterboxd (Settings, Data, Export) write: IMDb rates from 1
to 10, Letterboxd from half a star to five.
"""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matinee.errors import BadInputError, BadRatingError
from matinee.taste import check_rating
from matinee_demo.imports.opened import EXPECTED, Lines

if TYPE_CHECKING:
    from _csv import Reader

MOST_ROWS, MOST_LINES = 15_000, 200_000
"""Maximum number of records read, and the last line on which one may begin; later lines are only counted."""

LONGEST_REVIEW = 20_000
"""Characters of a review that are kept: as many as the page takes."""

LONGEST_TITLE = 200

LONGEST_ID = 40
"""Maximum number of characters of an id, or of a kind of title: more than any has."""

_BREAK = re.compile(r"<(?:br|/p|/div|/li|/blockquote)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[/!]?[A-Za-z-][^<>]*>")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_RATING = re.compile(r"\d{1,2}(?:[.,]\d{1,9})?", re.ASCII)
_UNSOUND = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Control characters, marks that change the direction of the text, and lone surrogates."""


@dataclass(frozen=True)
class Export:
    """One kind of table.

    Attributes:
        kind: Its name.
        columns: For each field of a `Row`, the names that its column has had, in lower case.
        needs: The fields whose columns a table of this kind must have.
        scale: Factor that brings its ratings to the scale from 1 to 10.
    """

    kind: str
    columns: Mapping[str, tuple[str, ...]]
    needs: tuple[str, ...]
    scale: float = 1.0


_LETTERBOXD = {"title": ("name",), "year": ("year",), "rating": ("rating",), "date": ("date",)}

EXPORTS = (
    Export(
        "IMDb ratings",
        {
            "id": ("const",),
            "rating": ("your rating", "you rated"),
            "title": ("title",),
            "year": ("year",),
            "date": ("date rated",),
            "type": ("title type",),
        },
        ("id", "rating"),
    ),
    Export("Letterboxd reviews", {**_LETTERBOXD, "review": ("review",)}, ("title", "year", "review"), 2.0),
    Export("Letterboxd ratings", _LETTERBOXD, ("title", "year", "rating"), 2.0),
)
"""The known kinds of tables; the first that fits is taken."""


@dataclass(frozen=True)
class Row:
    """One line of an export: a film and the person's opinion of it; "" and None for missing values.

    Attributes:
        imdb_id: Such as "tt0113277".
        title: As the export has it.
        year: Year of release.
        type: IMDb's kind of title: "Movie", "TV Series".
        rating: From 1 to 10.
        review: The person's words, with the export's HTML; see `plain_text`.
        date: ISO day of the rating or review.
    """

    imdb_id: str
    title: str
    year: int | None
    type: str
    rating: float | None
    review: str
    date: str

    def __str__(self) -> str:
        name = self.title or self.imdb_id
        return name if self.year is None else f"{name} ({self.year})"


@dataclass(frozen=True)
class BadRow:
    """A line that cannot be used: the file's name, the line's number from 1, and why."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file} line {self.line}: {self.reason}"


def read_table(lines: Lines, name: str, turns: Iterator[object]) -> tuple[str, Iterator[Row | BadRow]]:
    """Return which kind of export a table is, and its rows.

    Args:
        lines: The table's lines.
        name: The table's name, for errors.
        turns: Yields once for each record that may still be read; shared by the tables of a file.

    Raises:
        BadInputError: Its columns are those of no known export.
    """
    first = lines.start.partition("\n")[0]
    reader = csv.reader(lines, delimiter=max(",;\t", key=first.count))
    header = [one_line(column) for column in _header(reader)]
    places = {column.casefold(): place for place, column in reversed(list(enumerate(header)))}
    for export in EXPORTS:
        found = {part: _place(places, names) for part, names in export.columns.items()}
        if all(found[part] is not None for part in export.needs):
            places = {part: at for part, at in found.items() if at is not None}
            return export.kind, _rows(reader, lines, name, export, places, turns)
    raise BadInputError(f"{name} has the columns {_listed(header)}, which no known export has; {EXPECTED}")


def _header(reader: Reader) -> list[str]:
    try:
        return next((row for row in reader if any(cell.strip() for cell in row)), [])
    except csv.Error:
        return []


def _place(places: Mapping[str, int], names: tuple[str, ...]) -> int | None:
    return next((places[name] for name in names if name in places), None)


def _listed(header: list[str]) -> str:
    shown = ", ".join(repr(column[:30]) for column in header[:8])
    return (shown or "nothing") + (", ..." if len(header) > 8 else "")


def _rows(
    reader: Reader, lines: Lines, name: str, export: Export, places: Mapping[str, int], turns: Iterator[object]
) -> Iterator[Row | BadRow]:
    for _ in turns:
        line = lines.begin_record()
        if line > MOST_LINES:
            return
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRow(name, line, f"it is not a valid CSV line ({error})")
            continue
        if not "".join(cells).strip():
            continue
        parts = {part: cells[place].strip() if place < len(cells) else "" for part, place in places.items()}
        try:
            yield _row(parts, export)
        except BadInputError as error:
            yield BadRow(name, line, str(error))


def _row(parts: Mapping[str, str], export: Export) -> Row:
    rating, review = parts.get("rating", ""), parts.get("review", "")
    if not parts.get("id") and not parts.get("title"):
        raise BadInputError("it names no film")
    if not rating and not review:
        raise BadInputError("it has no rating")
    return Row(
        one_line(parts.get("id", ""), LONGEST_ID),
        one_line(parts.get("title", "")),
        int(year) if _YEAR.fullmatch(year := parts.get("year", "")) else None,
        one_line(parts.get("type", ""), LONGEST_ID),
        _rating(rating, export.scale) if rating else None,
        review[: 2 * LONGEST_REVIEW],
        match[0] if (match := _DAY.match(parts.get("date", ""))) else "",
    )


def _rating(text: str, scale: float) -> float:
    try:
        return check_rating(float(text.replace(",", ".")) * scale if _RATING.fullmatch(text) else "")
    except BadRatingError:
        valid = f"{1 / scale:g} to {10 / scale:g}"
        raise BadRatingError(f"a rating is a number from {valid}, not {text[:20]!r}") from None


def one_line(text: str, longest: int = LONGEST_TITLE) -> str:
    """Return at most `longest` characters of a name, on one line, without control and direction characters."""
    return " ".join(_UNSOUND.sub("", text[: 4 * longest]).split())[:longest]


def plain_text(text: str) -> str:
    r"""Return the text of a review without its HTML; a line break or the end of a paragraph becomes a line break.

    >>> plain_text("<i>Heat</i> &amp; I:<br>a <b>love</b> story <3")
    'Heat & I:\\na love story <3'
    """
    words = _TAG.sub("", _BREAK.sub("\n", text))
    with suppress(ValueError):  # Python refuses numbers of more than 4,300 digits, also in "&#...;"
        words = html.unescape(words)
    return _UNSOUND.sub("", words).strip()[:LONGEST_REVIEW]
