"""From the text of an exported table to rows: which export it is, and what each line says.

In: text with a header line, of IMDb's ratings or Letterboxd's ratings or reviews, known by its columns whatever their
order and case. Out: `Row`s, and `BadRow`s for lines that cannot be used. Knows nothing of catalogues.

The columns are those that IMDb (Your ratings, Export) and Letterboxd (Settings, Data, Export) write: IMDb rates from 1
to 10, Letterboxd from half a star to five.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matinee.errors import BadInputError, BadRatingError
from matinee.taste import check_rating
from matinee_demo.imports.opened import EXPECTED

if TYPE_CHECKING:
    from _csv import Reader

LONGEST_REVIEW = 20_000
"""Letters of a review that are kept: as many as the page takes."""

LONGEST_TITLE = 200

_BREAK = re.compile(r"<(?:br|/p|/div|/li|/blockquote)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[/!]?[A-Za-z-][^<>]*>")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Export:
    """One kind of table.

    Attributes:
        kind: What to call it.
        columns: For what a `Row` needs, the names that its column has had, in small letters.
        needs: Which of them must be there for a table to be of this kind.
        scale: By how much its ratings are multiplied to reach 1 to 10.
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
"""The kinds of tables that are known, the first that fits counts."""


@dataclass(frozen=True)
class Row:
    """One line of an export: a film and what the person thought of it; "" and None stand for what it does not say.

    Attributes:
        imdb_id: Such as "tt0113277".
        title: As the export names it.
        year: Year of release.
        type: What IMDb calls this kind of title: "Movie", "TV Series".
        rating: From 1 to 10.
        review: The person's words, as plain text.
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


def read_table(text: str, name: str) -> tuple[str, Iterator[Row | BadRow]]:
    """Return which kind of export a table is, and its rows.

    Raises:
        BadInputError: It has not the columns of any export that is known.
    """
    first = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    header = [column.strip() for column in _header(reader)]
    places = {column.casefold(): place for place, column in reversed(list(enumerate(header)))}
    for export in EXPORTS:
        found = {part: _place(places, names) for part, names in export.columns.items()}
        if all(found[part] is not None for part in export.needs):
            return export.kind, _rows(reader, name, export, {p: at for p, at in found.items() if at is not None})
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


def _rows(reader: Reader, name: str, export: Export, places: Mapping[str, int]) -> Iterator[Row | BadRow]:
    while True:
        line = reader.line_num + 1  # where the record begins: it may span lines
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRow(name, line, f"it is no line of a table ({error})")
            continue
        if not any(cell.strip() for cell in cells):
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
        parts.get("id", ""),
        " ".join(parts.get("title", "").split())[:LONGEST_TITLE],
        _year(parts.get("year", "")),
        parts.get("type", ""),
        _rating(rating, export.scale) if rating else None,
        plain_text(review),
        match[0] if (match := _DAY.match(parts.get("date", ""))) else "",
    )


def _rating(text: str, scale: float) -> float:
    try:
        return check_rating(float(text.replace(",", ".")) * scale)
    except (ValueError, BadRatingError):
        valid = f"{1 / scale:g} to {10 / scale:g}"
        raise BadRatingError(f"a rating is a number from {valid}, not {text[:20]!r}") from None


def _year(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{4}", text) else None


def plain_text(text: str) -> str:
    r"""Return the words of a review without its HTML; a line break, or the end of a paragraph, stays one.

    >>> plain_text("<i>Heat</i> &amp; I:<br>a <b>love</b> story <3")
    'Heat & I:\\na love story <3'
    """
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", text[: 2 * LONGEST_REVIEW]))).strip()[:LONGEST_REVIEW]
