"""How work that takes long says what it does and finds out: one line of text at a time."""

from __future__ import annotations

from collections.abc import Callable

Log = Callable[[str], None]


def silent(line: str) -> None:
    """Drop the line: the log of a caller that wants none."""
