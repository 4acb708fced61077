"""What clients send as JSON, made sound before gradio sees it.

In: the bytes of a request's body and the folder of uploads. Out: plain data of bounded depth and size, its numbers
finite, its text without halves of characters, and in it no file but one that was uploaded to this server. Knows nothing
of HTTP.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from matinee.errors import BadInputError
from matinee.taste import sound

DEEPEST = 32
"""How deep values may lie in one another."""

MOST_VALUES = 200_000
"""How many values a body may hold, counted by the bytes that part them."""

FILE = {"_type": "gradio.FileData"}
"""gradio's mark of a file that was uploaded."""

FACTS = {"orig_name": str, "mime_type": str, "size": int}
"""What may be said of a file beside where it lies."""


def parse_sent(body: bytes, uploads: Path) -> dict[str, Any]:
    """Return the object in a body of JSON.

    Args:
        body: The body as it came.
        uploads: The folder in which a file must lie to be named.

    Raises:
        BadInputError: It is no object in JSON, too deep or too large, or names a file that was not uploaded.
    """
    if sum(map(body.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise BadInputError(f"a request holds at most {MOST_VALUES:,} values; send less at once")
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise BadInputError("a request is an object in JSON, and this one cannot be read as such") from None
    if not isinstance(sent, dict):
        raise BadInputError(f"a request is an object in JSON, not a {type(sent).__name__}")
    made: dict[str, Any] = _sound(sent, uploads, 0)
    return made


def _sound(value: object, uploads: Path, depth: int) -> Any:  # noqa: ANN401 - whatever JSON holds
    if depth > DEEPEST:
        raise BadInputError(f"the values of a request lie at most {DEEPEST} deep in one another")
    match value:
        case str():
            return sound(value)
        case float() if not math.isfinite(value):
            raise BadInputError("a number of the request is not finite; leave it out or send an ordinary one")
        case list():
            return [_sound(each, uploads, depth + 1) for each in value]
        case dict() if "path" in value or value.get("meta") == FILE:
            return _file(value, uploads)
        case dict():
            return {sound(key): _sound(each, uploads, depth + 1) for key, each in value.items()}
    return value


def _file(sent: dict[str, Any], uploads: Path) -> dict[str, Any]:
    """The file that a client names, without the address that a browser adds, so that nothing can be fetched from it."""
    path = sent.get("path")
    try:
        there = isinstance(path, str) and Path(path).resolve().is_relative_to(uploads) and Path(path).is_file()
    except (OSError, ValueError):  # such as a NUL in it, or a name that no file can have
        there = False
    if not there:
        raise BadInputError(
            "a file is named by the path that its upload gave back, for a minute; no other file and no address is read"
        )
    facts = {name: sent[name] for name, kind in FACTS.items() if type(sent.get(name)) is kind}
    return {
        "path": path,
        **{name: sound(fact) if isinstance(fact, str) else fact for name, fact in facts.items()},
        "meta": FILE,
    }
