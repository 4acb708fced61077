"""Parses and validates the JSON that clients send, before gradio sees it.

In: the bytes of a request's body and the folder of uploads. Out: plain data of bounded depth and size, with finite
numbers, text without lone surrogates, and no file but those that were uploaded to this server.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from matinee.errors import BadInputError
from matinee.taste import sound

DEEPEST = 32
"""Deepest nesting of values."""

MOST_VALUES = 200_000
"""Maximum number of values in a body, counted by its commas and opening brackets."""

FILE = {"_type": "gradio.FileData"}
"""gradio's mark of a file that was uploaded."""

FACTS = {"orig_name": str, "mime_type": str, "size": int}
"""Fields of a file that a client may send besides its path, and their types."""


def parse_body(body: bytes, uploads: Path) -> dict[str, Any]:
    """Return the object in a body of JSON.

    Args:
        body: The unparsed body.
        uploads: The folder of uploaded files; no other file may be named.

    Raises:
        BadInputError: It is not a JSON object, is too deep or too large, or names a file that was not uploaded.
    """
    if sum(map(body.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise BadInputError(f"a request may hold at most {MOST_VALUES:,} values; send less at once")
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise BadInputError("a request must be a JSON object, and this one is not valid JSON") from None
    if not isinstance(sent, dict):
        raise BadInputError(f"a request must be a JSON object, not a {type(sent).__name__}")
    valid: dict[str, Any] = _valid(sent, uploads, 0)
    return valid


def _valid(value: object, uploads: Path, depth: int) -> Any:  # noqa: ANN401 - whatever JSON holds
    if depth > DEEPEST:
        raise BadInputError(f"the values of a request may be nested at most {DEEPEST} deep")
    match value:
        case str():
            return sound(value)
        case float() if not math.isfinite(value):
            raise BadInputError("a number in the request is NaN or infinite; leave it out or send a finite one")
        case list():
            return [_valid(each, uploads, depth + 1) for each in value]
        case dict() if "path" in value or value.get("meta") == FILE:
            return _file(value, uploads)
        case dict():
            return {sound(key): _valid(each, uploads, depth + 1) for key, each in value.items()}
    return value


def _file(sent: dict[str, Any], uploads: Path) -> dict[str, Any]:
    """Return the uploaded file that a client names, without any URL in it, so that gradio fetches nothing."""
    path = sent.get("path")
    try:
        there = isinstance(path, str) and Path(path).resolve().is_relative_to(uploads) and Path(path).is_file()
    except (OSError, ValueError):  # such as a NUL in it, or a name that no file can have
        there = False
    if not there:
        raise BadInputError(
            "name a file by the path that its upload returned, within a minute; no other file and no address is read"
        )
    facts = {name: sent[name] for name, kind in FACTS.items() if type(sent.get(name)) is kind}
    return {
        "path": path,
        **{name: sound(fact) if isinstance(fact, str) else fact for name, fact in facts.items()},
        "meta": FILE,
    }
