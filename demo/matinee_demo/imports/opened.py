"""From an uploaded file to the text of the tables in it, with every size bounded.

In: a file's path or bytes. Out: `(name, text)` of each table: the file itself, or of a zip only ratings.csv and
reviews.csv, wherever else the zip's names point. Knows nothing of columns.
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from matinee.errors import BadInputError

LARGEST = 20_000_000
"""Bytes that are read at most, of all tables together, unpacked."""

READ = ("reviews.csv", "ratings.csv")
"""The only files of a zip that are opened, the one that has the last word on a rating last."""

SET_ASIDE = {"deleted", "orphaned", "likes", "lists"}
"""Folders of a Letterboxd zip that hold what the person took back, or no ratings."""

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
"""How files begin that are often taken for a table."""

_LOCKED = (NotImplementedError, RuntimeError)
"""What zipfile raises for a packing that it does not know, and for a member that needs a password."""

_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)
"""What zipfile and its unpackers raise for bytes that are not what they should be."""


def open_tables(source: Path | str | bytes, name: str) -> list[tuple[str, str]]:
    """Return the name and text of each table in a file.

    Args:
        source: The file's path or its bytes.
        name: What to call it in errors.

    Raises:
        BadInputError: It is empty, too large, damaged, or plainly not a table.
    """
    content = source if isinstance(source, bytes) else _read(Path(source), name)
    if len(content) > LARGEST:
        raise BadInputError(f"{name} is larger than {LARGEST // 1_000_000} MB; {EXPECTED}")
    if not content.strip():
        raise BadInputError(f"{name} is empty; {EXPECTED}")
    if content.startswith(b"PK"):
        return [(member, _text(data, member)) for member, data in _unpacked(content, name)]
    return [(name, _text(content, name))]


def _read(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise BadInputError(f"{name} cannot be read ({error.strerror}); {EXPECTED}") from None


def _unpacked(content: bytes, name: str) -> list[tuple[str, bytes]]:
    """Name and bytes of the tables of a zip, never more than LARGEST of them, whatever the zip says of their sizes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            wanted = [member for member in READ if _member(archive, member)]
            if not wanted:
                held = ", ".join(repr(info.filename[:40]) for info in archive.infolist()[:5]) or "nothing"
                raise BadInputError(f"{name} is a zip that holds {held} and neither {' nor '.join(READ)}; {EXPECTED}")
            tables, left = [], LARGEST
            for member in wanted:
                with archive.open(_member(archive, member)) as file:
                    tables.append((member, file.read(left + 1)))
                left -= len(tables[-1][1])
                if left < 0:
                    raise BadInputError(f"{name} unpacks to more than {LARGEST // 1_000_000} MB; {EXPECTED}")
            return tables
    except _LOCKED:
        raise BadInputError(f"{name} is a locked or rarely packed zip; unpack it and give its ratings.csv") from None
    except _DAMAGED:
        raise BadInputError(f"{name} is a damaged zip; download it again") from None


def _member(archive: zipfile.ZipFile, member: str) -> str:
    """The name under which the zip holds `member`, at its top or in one folder, or "" where it has none."""
    paths = [PurePosixPath(info.filename) for info in archive.infolist() if info.filename.endswith(member)]
    near = [p for p in paths if p.name == member and len(p.parts) <= 2 and p.parts[0] not in SET_ASIDE]
    return min((str(path) for path in near), key=lambda path: (path.count("/"), path), default="")


def _text(content: bytes, name: str) -> str:
    """The text of a table: UTF-8, UTF-16 where it says so, else Windows-1252, which older exports have."""
    for signature, kind in SIGNATURES.items():
        if content.startswith(signature):
            raise BadInputError(f"{name} is {kind} and not a table; {EXPECTED}")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
    if text.lstrip().startswith("<"):
        raise BadInputError(f"{name} is a web page and not a table: save the export, not the page; {EXPECTED}")
    if "\0" in text:
        raise BadInputError(f"{name} is not a text file; {EXPECTED}")
    return text
