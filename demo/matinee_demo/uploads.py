"""Checks uploads before gradio parses them, so that gradio gets only uploads that it can process.

In: a request's headers and its whole body in a file. Out: nothing, or a refusal in one sentence with its HTTP status.
The limits are those of a file, of the files of a request, and of the folder that keeps uploads for a minute.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import IO

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

LARGEST = 10_000_000
"""Bytes of one file."""

MOST_FILES = 12
"""Files in one request: twice the posters that one visitor may have."""

FULL = 400_000_000
"""Bytes in the folder of uploads beyond which further uploads are refused."""

PIECE = 65_536
"""Bytes of a body that are read at a time."""

LONGEST_NAME = 200
"""Bytes of a file's name."""

FORM = 'an upload must be multipart/form-data with files called "files"'


class RefusedUploadError(Exception):
    """A refused upload: its HTTP status and one sentence."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


def check_folder(folder: Path) -> None:
    """Raise RefusedUploadError where the folder of uploads is full."""
    try:
        held = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    except OSError:  # a file was swept away meanwhile
        return
    if held > FULL:
        raise RefusedUploadError(429, "too much is being uploaded at the moment; try again in a minute")


async def check_upload(headers: Headers, body: IO[bytes]) -> None:
    """Raise RefusedUploadError unless a body is an upload that gradio can process.

    Args:
        headers: The headers of the request.
        body: A file with the whole body of the request.
    """
    kind, options = parse_options_header(headers.get("content-type", ""))
    if kind != b"multipart/form-data" or options.get(b"charset", b"utf-8").lower() != b"utf-8":
        raise RefusedUploadError(400, f"{FORM}, not {kind.decode('ascii', 'replace')[:80]!r}")
    parser = MultiPartParser(headers, _pieces(body), max_files=MOST_FILES, max_fields=0)
    try:
        form = await parser.parse()
    except (MultiPartException, ValueError, LookupError):
        raise RefusedUploadError(400, f"{FORM}, at most {MOST_FILES}; this one cannot be read as such") from None
    try:
        if not form:
            raise RefusedUploadError(400, f"{FORM}, and this one has none")
        for name, file in form.multi_items():
            _check_file(name, file)
    finally:
        await form.close()


def _check_file(field: str, file: UploadFile | str) -> None:
    if field != "files" or isinstance(file, str):
        raise RefusedUploadError(400, f"{FORM}, not {field[:40]!r}")
    name = Path(file.filename or "").name
    if not name.strip(". ") or "\x00" in name or len(name.encode("utf-8", "replace")) > LONGEST_NAME:
        raise RefusedUploadError(400, f"a file needs a name of 1 to {LONGEST_NAME} bytes, not {name[:40]!r}")
    if (file.size or 0) > LARGEST:
        raise RefusedUploadError(413, f"a file may have at most {LARGEST // 1_000_000} MB; send a smaller one")


async def _pieces(file: IO[bytes]) -> AsyncGenerator[bytes, None]:
    while piece := file.read(PIECE):
        yield piece
