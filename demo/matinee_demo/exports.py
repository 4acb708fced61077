"""Exported picks: a table for spreadsheets, and a list that Letterboxd imports.

In: picks. Out: CSV text with a header line. A cell that a spreadsheet would run as a formula gets an apostrophe in
front, which makes it text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

from matinee.reasons import with_quote
from matinee.recommender import Pick

PICK_COLUMNS = ("rank", "model", "title", "year", "imdb_id", "link", "reason")

LETTERBOXD_COLUMNS = ("imdbID", "Title", "Year")
"""Of the columns that Letterboxd documents for imports, those that identify a film; with an id the match is exact."""

_FORMULA = re.compile(r"[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]")
"""The start of a formula, after any characters that a spreadsheet ignores there."""

_IMDB_ID = re.compile(r"tt\d{7,10}")

Cell = str | int


def picks_csv(picks: Mapping[str, Sequence[Pick]]) -> str:
    """Return the picks of each model as CSV; write it as "utf-8-sig", so that spreadsheets read accents right."""
    rows = (
        (
            pick.rank,
            model,
            pick.movie.title,
            _year(pick),
            pick.movie.id,
            pick.movie.link,
            with_quote(pick.reason, pick.quote),
        )
        for model, of_model in picks.items()
        for pick in of_model
    )
    return _table(PICK_COLUMNS, rows)


def letterboxd_list(picks: Iterable[Pick]) -> str:
    """Return the picks as CSV that Letterboxd's list import takes (UTF-8, commas), each film once, in their order."""
    films: dict[str, Pick] = {}
    for pick in picks:
        films.setdefault(pick.movie.id, pick)
    return _table(LETTERBOXD_COLUMNS, ((_imdb_id(pick), pick.movie.title, _year(pick)) for pick in films.values()))


def _table(columns: Sequence[str], rows: Iterable[Iterable[Cell]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return file.getvalue()


def _safe(cell: Cell) -> Cell:
    """Return the cell, with an apostrophe in front where a spreadsheet would run it as a formula."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def _year(pick: Pick) -> Cell:
    return "" if pick.movie.year is None else pick.movie.year


def _imdb_id(pick: Pick) -> str:
    return pick.movie.id if _IMDB_ID.fullmatch(pick.movie.id) else ""
