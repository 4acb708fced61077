"""Reads a CSV file as a stream of rows with known columns, or raises one clear error about the whole file.

In: the path of a CSV file (UTF-8, with or without BOM; commas; quotes doubled inside quotes) and the columns to
find. Out: one tuple of texts per row, in the order of those columns, "" for a column that the file lacks. Rows are read
one at a time, so a file may be larger than memory.
"""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from matinee.errors import DatasetError
from matinee_export.data.readers.columns import Column, match_columns

_NOT_CSV = {
    b"PK\x03\x04": "a ZIP archive or an Excel file",
    b"\x1f\x8b": "a gzip archive",
    b"PAR1": "a Parquet file",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"%PDF": "a PDF file",
    b"SQLite format 3": "an SQLite database",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
}
"""Formats often mistaken for UTF-8 CSV, by their first bytes."""

_LONGEST = 2**22
"""Largest number of characters of a line and of a field; it stops an unclosed quote from reading the whole file."""


class Row(NamedTuple):
    """One row: its number among the file's rows (1 is the first below the header) and its fields."""

    number: int
    fields: tuple[str, ...]


class Table:
    """A CSV file with its header read.

    Args:
        path: The file.
        columns: The columns to find, by Matinee's name for them.

    Raises:
        DatasetError: The file is empty, is not CSV or lacks a required column.
    """

    def __init__(self, path: Path, columns: Mapping[str, Column]) -> None:
        self.path = path
        _refuse_other_formats(path)
        with closing(_records(path)) as records:
            self.header = tuple(next(records, ()))
        if not any(name.strip() for name in self.header):
            raise DatasetError(
                f"{path.name} has no header in its first line; expected column names separated by commas"
            )
        self._places = match_columns(path.name, self.header, columns)
        self._columns = tuple(columns)
        self.absent = tuple(name for name in columns if name not in self._places)

    def spelling(self, column: str) -> str:
        """Return the file's name for a column, "" if it lacks the column."""
        return self.header[self._places[column]] if column in self._places else ""

    def rows(self, set_aside: Counter[str]) -> Iterator[Row]:
        """Yield each row; rows with too few or too many fields are counted in `set_aside` instead.

        Raises:
            DatasetError: A row is not valid CSV, or there is no row below the header.
        """
        width = len(self.header)
        places = [self._places.get(column, width) for column in self._columns]
        number = 0
        with closing(_records(self.path)) as records:
            next(records)
            for number, row in enumerate(filter(None, records), start=1):
                if len(row) != width:
                    set_aside[f"{self.path.name}: wrong number of fields"] += 1
                    continue
                row.append("")
                yield Row(number, tuple([row[place] for place in places]))
        if not number:
            raise DatasetError(f"{self.path.name} has a header and no rows; expected one row for each entry")


def _records(path: Path) -> Generator[list[str], None, None]:
    """Yield every record of a CSV file, [] for a blank line; any failure raises DatasetError with the line number."""
    before = csv.field_size_limit(_LONGEST)
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(map(_bounded, file), strict=True)
            for record in reader:
                yield record
                line = reader.line_num + 1
    except csv.Error as error:
        raise DatasetError(
            f"{path.name} is not a CSV file: the row that begins on line {line} cannot be read ({error}); "
            "expected commas between fields and quotes doubled inside quoted ones"
        ) from None
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise DatasetError(
            f"{path.name} is not UTF-8 text: it has the byte 0x{byte:02x} after line {line}; save it as CSV in UTF-8"
        ) from None
    except OSError as error:
        raise _unreadable(path, error) from None
    finally:
        csv.field_size_limit(before)


def _bounded(line: str) -> str:
    if len(line) > _LONGEST:
        raise csv.Error(f"its line has {len(line):,} characters and may have {_LONGEST:,}")
    return line


def _refuse_other_formats(path: Path) -> None:
    """Raise DatasetError for a file that is empty or whose first bytes are those of another format."""
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise _unreadable(path, error) from None
    if not start.removeprefix(BOM_UTF8).strip():
        raise DatasetError(f"{path.name} is empty; expected a CSV file with a header line")
    kind = next((kind for magic, kind in _NOT_CSV.items() if start.startswith(magic)), None)
    if kind or b"\0" in start.partition(b"\n")[0]:  # only the first line: texts further down may contain a NUL
        raise DatasetError(f"{path.name} is not a CSV file but {kind or 'binary data'}; save it as CSV in UTF-8")


def _unreadable(path: Path, error: OSError) -> DatasetError:
    return DatasetError(f"{path.name} cannot be read: {error.strerror or error}")


def count_list(counts: Mapping[str, int]) -> str:
    """Return counts as text, such as "3 unknown movie, 1 no reviewer"."""
    return ", ".join(f"{count:,} {reason.partition(': ')[2]}" for reason, count in counts.items()) or "none"
