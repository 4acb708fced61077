"""Reads JSON files of a bundle into checked records: a wrong type or a value out of bounds is refused.

In: a file or its bytes, and a dataclass whose annotations say what each field may be. Out: the record. A damaged or
hostile file raises BundleError and nothing else, whatever it holds and however deep.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from matinee.errors import BundleError

T = TypeVar("T")

LARGEST = 100_000_000
"""Maximum size of a file in bytes; the manifest of a bundle with 100,000 posters has 20 MB."""

MOST_DIM = 65_536
"""Maximum length of a vector."""

Count = Annotated[int, Meta(ge=0, le=2**53)]
Dim = Annotated[int, Meta(ge=0, le=MOST_DIM)]
Share = Annotated[float, Meta(ge=0, le=1)]
Number = Annotated[float, Meta(ge=-1e9, le=1e9)]
"""A metric or parameter; always finite, since JSON has no NaN or infinity and the decoder accepts none."""

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
"""A name that is also used as the name of a folder."""

Words = Annotated[str, Meta(max_length=20_000)]


def read(path: Path, kind: type[T], largest: int = LARGEST) -> T:
    """Read a JSON file as a `kind`.

    Raises:
        BundleError: It is missing, has more than `largest` bytes, or does not hold a `kind`.
    """
    return decode(read_bytes(path, largest), kind, str(path))


def decode(content: bytes, kind: type[T], name: str) -> T:
    """Decode JSON as a `kind`; raises BundleError naming the file `name`, the place in it and what was wrong."""
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise BundleError(f"{name} is damaged ({_one_line(error)}); build or fetch the bundle again") from None


def read_bytes(path: Path, largest: int = LARGEST) -> bytes:
    """Return the content of a file; raises BundleError if it cannot be read or has more than `largest` bytes."""
    try:
        if not path.is_file():
            raise BundleError(f"{path} is missing; build or fetch the bundle again")
        with path.open("rb") as file:
            content = file.read(largest + 1)
    except (OSError, ValueError) as error:
        raise BundleError(f"{path} cannot be read ({_one_line(error)}); build or fetch the bundle again") from None
    if len(content) > largest:
        raise BundleError(f"{path} has more than {largest // 1_000_000:,} MB, which no bundle needs; build it again")
    return content


def _one_line(error: Exception) -> str:
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(said.split())[:300] or type(error).__name__
