"""How a profile's figures and its two sides are written, in tables and under plots alike."""

from __future__ import annotations

from matinee_export.profile.statistics import Value

READ, CLEANED = "as read", "after cleaning"
"""What the figures before and after cleaning are called."""


def say(value: Value) -> str:
    """Return a figure as a reader sees it: 1,234, 7.12, a date as it is, "–" where there is none."""
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"
