"""Shows a profile: as Markdown for people, as a JSON object for programs.

In: a `Profile`. Out: text or plain values, the same bytes for the same profile. Knows nothing of how figures are found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from matinee_export.dataset.profile import Profile, Value

SECTIONS: Mapping[str, str] = {
    "reviews": "Reviews",
    "per_reviewer": "Reviews of each reviewer",
    "per_movie": "Reviews of each movie",
    "ratings": "Ratings given",
    "dates": "Dates",
    "spoilers": "Spoiler flags",
    "helpful": "Helpful votes: found helpful, of how many",
    "movies": "Movies",
    "scores": "IMDb scores",
    "genres": "Genres",
}
"""The headings of the profile, by the part of a figure's key before the dot, in order."""


def profile_json(found: Profile) -> dict[str, Any]:
    """Return a profile as a JSON object; "figures" has {"label", "value", "paper"} by key."""
    figures = {
        figure.key: {"label": figure.label, "value": figure.value, "paper": figure.paper} for figure in found.figures
    }
    distributions = {name: {str(k): n for k, n in counts.items()} for name, counts in found.distributions.items()}
    return asdict(found) | {"figures": figures, "distributions": distributions, "absent": list(found.absent)}


def profile_markdown(found: Profile) -> str:
    """Return a profile as Markdown: a table for each section, this dataset's figures beside the paper's."""
    blocks = [f"# Dataset: {found.name}"]
    if found.made_up:
        blocks.append("**This dataset is made up: no person wrote these reviews.**")
    if found.note:
        blocks.append(found.note)
    blocks.append(
        "Figures about reviews count the usable rows before duplicates are dropped, as the paper's do; deviations are "
        "sample deviations (n - 1)."
    )
    for section, heading in SECTIONS.items():
        rows = [(f.label, _text(f.value), _text(f.paper)) for f in found.figures if f.key.startswith(f"{section}.")]
        blocks.append(f"## {heading}\n\n" + _table(("", "here", "paper"), rows))
    for heading, counts in (("Set aside", found.set_aside), ("Met and used all the same", found.noted)):
        lines = [(reason, _text(count)) for reason, count in counts.items()]
        blocks.append(f"## {heading}\n\n" + (_table(("", "here"), lines) if lines else "Nothing."))
    if found.absent:
        blocks.append("## Columns the files lack\n\n" + "\n".join(f"- {column}" for column in found.absent))
    return "\n\n".join(blocks) + "\n"


def _text(value: Value) -> str:
    if value is None:
        return "-"
    return value if isinstance(value, str) else f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---", *("---:" for _ in head[1:])), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
