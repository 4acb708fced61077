"""What an answer of the server may be: ordinary, or one sentence; anything else is a defect."""

from __future__ import annotations

import math
import re

import httpx

from matinee.errors import BadInputError


def look(value: object) -> None:
    """Assert that an answer holds finite numbers and whole characters only."""
    match value:
        case float():
            assert math.isfinite(value)
        case str():
            value.encode("utf-8")
        case list():
            for each in value:
                look(each)
        case dict():
            for key, each in value.items():
                look(key)
                look(each)


def sentence(said: object) -> str:
    """What an error says."""
    said = said.get("error") if isinstance(said, dict) else said
    assert isinstance(said, str), said
    assert said
    return said


def right(answer: httpx.Response) -> httpx.Response:
    """Return an ordinary answer; raises the sentence of one that is refused."""
    check_status(answer.status_code, answer.text)
    return answer


def check_status(status: int, text: str) -> None:
    assert status < 500, f"{status}: {text[:300]}"
    if status >= 400:
        said = re.search(r'\{"detail":"(.*)"\}', text)
        raise BadInputError(said[1] if said else " ".join(text[-200:].split()) or f"refused with {status}")
