"""Opens an uploaded file and reads the lines of the tables in it, with every size bounded.

In: a file's path or bytes. Out: the name and `Lines` of each table: the file itself, or in a zip only ratings.csv and
reviews.csv. Text is decoded line by line, so that a file takes little more memory than its bytes.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from matinee.errors import BadInputError

LARGEST = 8_000_000
"""Maximum size of all tables together, unpacked, in bytes; 10,000 ratings have less than 2 million."""

MOST_MEMBERS = 2_000
"""Files that a zip may have; Letterboxd's has a dozen, and one for each list."""

LONGEST_RECORD = 100_000
"""Characters that one record may have: several times those of a long review."""

SNIFFED = 8_192
"""Characters at a file's start by which its kind is recognized."""

READ = ("reviews.csv", "ratings.csv")
"""The only files of a zip that are opened, in this order; on equal dates the ratings of the later one count."""

SET_ASIDE = {"deleted", "orphaned", "likes", "lists"}
"""Folders of a Letterboxd zip with deleted entries or no ratings."""

EXPECTED = (
    "give IMDb's ratings.csv (Const, Your Rating, Title, Year), Letterboxd's ratings.csv or reviews.csv "
    "(Name, Year, Rating), or Letterboxd's whole zip"
)

SIGNATURES = {
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"RIFF": "an image, a sound or a film",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\xd0\xcf\x11\xe0": "an old Office document",
}
"""First bytes of kinds of files that are often chosen by mistake."""

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UNASSIGNED = bytes.maketrans(b"\x81\x8d\x8f\x90\x9d", b"?????")  # Windows-1252 has no characters for these
_ENTRY = b"PK\x01\x02"  # how each entry of a zip's table of contents begins
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # other methods may need gigabytes to unpack a kilobyte

_LOCKED = (NotImplementedError, RuntimeError)
"""What zipfile raises for an unknown compression method, and for a member that needs a password."""

_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError)
"""What zipfile and zlib raise for damaged bytes."""


class Lines:
    """The lines of a table, for the csv module.

    Args:
        content: The table's bytes: UTF-8, UTF-16 with a byte order mark, or else Windows-1252, as in older exports.

    Attributes:
        number: How many lines were read so far.
        start: The first characters.
    """

    def __init__(self, content: bytes) -> None:
        encoding = _encoding(content)
        if encoding == "cp1252":
            content = content.translate(_UNASSIGNED)
        self._file = io.TextIOWrapper(io.BytesIO(content), encoding, errors="replace", newline="")
        self._left = LONGEST_RECORD
        self.number = 0
        self.start = self._file.read(SNIFFED).lstrip()
        self._file.seek(0)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(self._left + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self._left -= len(line)
        if self._left < 0:
            while line and not line.endswith(("\n", "\r")):
                line = self._file.readline(LONGEST_RECORD)
            raise csv.Error(f"it is longer than {LONGEST_RECORD:,} characters")
        return line

    def begin_record(self) -> int:
        """Begin a record with the next line; returns that line's number, from 1."""
        self._left = LONGEST_RECORD
        return self.number + 1

    def count_rest(self) -> int:
        """Read the remaining lines and return their number."""
        ends, last = 0, "\n"
        for part in iter(partial(self._file.read, LONGEST_RECORD), ""):
            ends, last = ends + max(part.count("\n"), part.count("\r")), part[-1]
        return ends + (last not in "\r\n")


def open_tables(source: Path | str | bytes, name: str) -> list[tuple[str, Lines]]:
    """Return the name and lines of each table in a file.

    Args:
        source: The file's path or its bytes.
        name: The file's name, for errors.

    Raises:
        BadInputError: It is empty, too large, damaged, or not a table.
    """
    content = source if isinstance(source, bytes) else _read(Path(source), name)
    if len(content) > LARGEST:
        raise BadInputError(f"{name} is larger than {LARGEST // 1_000_000} MB; {EXPECTED}")
    if not content.strip():
        raise BadInputError(f"{name} is empty; {EXPECTED}")
    if content.startswith(b"PK"):
        return [(member, _lines(data, member)) for member, data in _unpacked(content, name)]
    return [(name, _lines(content, name))]


def _read(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not one of a file"
        raise BadInputError(f"{name} cannot be read ({reason}); {EXPECTED}") from None


def _unpacked(content: bytes, name: str) -> list[tuple[str, bytes]]:
    """Return name and bytes of a zip's tables, at most LARGEST together, whatever sizes the zip claims."""
    if content.count(_ENTRY) > MOST_MEMBERS:
        raise BadInputError(f"{name} is a zip of more than {MOST_MEMBERS:,} files; {EXPECTED}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            wanted = [(member, info) for member in READ if (info := _member(archive, member))]
            if not wanted:
                held = ", ".join(repr(info.filename[:40]) for info in archive.infolist()[:5]) or "nothing"
                raise BadInputError(f"{name} is a zip that holds {held} and neither {' nor '.join(READ)}; {EXPECTED}")
            tables, left = [], LARGEST
            for member, info in wanted:
                if info.compress_type not in _PACKED:
                    raise NotImplementedError
                with archive.open(info) as file:
                    tables.append((member, file.read(left + 1)))
                left -= len(tables[-1][1])
                if left < 0:
                    raise BadInputError(f"{name} unpacks to more than {LARGEST // 1_000_000} MB; {EXPECTED}")
            return tables
    except _LOCKED:
        raise BadInputError(
            f"{name} is a zip with a password or an unusual compression; unpack it and give its ratings.csv"
        ) from None
    except _DAMAGED:
        raise BadInputError(f"{name} is a damaged zip; download it again") from None


def _member(archive: zipfile.ZipFile, member: str) -> zipfile.ZipInfo | None:
    """Return the zip's entry for `member`, at its top or in one folder; None where it has none."""
    named = [(PurePosixPath(info.filename), info) for info in archive.infolist() if info.filename.endswith(member)]
    near = [
        (len(path.parts), str(path), at, info)
        for at, (path, info) in enumerate(named)
        if path.name == member and len(path.parts) <= 2 and path.parts[0] not in SET_ASIDE
    ]
    return min(near)[-1] if near else None


def _lines(content: bytes, name: str) -> Lines:
    for signature, kind in SIGNATURES.items():
        if content.startswith(signature):
            raise BadInputError(f"{name} is {kind} and not a table; {EXPECTED}")
    lines = Lines(content)
    if lines.start.startswith("<"):
        raise BadInputError(f"{name} is a web page and not a table: save the export, not the page; {EXPECTED}")
    if "\0" in lines.start or (b"\0" in content and not content.startswith(_UTF_16)):
        raise BadInputError(f"{name} is not a text file; {EXPECTED}")
    return lines


def _encoding(content: bytes) -> str:
    if content.startswith(_UTF_16):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"
