"""The type of log callbacks: long-running functions report progress and results as single lines of text."""

from __future__ import annotations

from collections.abc import Callable

Log = Callable[[str], None]


def silent(line: str) -> None:
    """Ignore the line: the log of a caller that wants no output."""
