"""The head of the page: its title, its dataset, and whether each encoder's weights are trained.

In: the facts of `Service.about`. Out: HTML.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matinee_demo.templates import render
from matinee_demo.words import UNTRAINED, title

NUMBERS = {1: "One", 2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six"}


def render_banner(about: Mapping[str, Any]) -> str:
    """Return the head of the page."""
    data, count = about["dataset"], len(about["models"])
    return render(
        "banner.html",
        models=NUMBERS.get(count, count),
        data=data,
        counts=", ".join(f"{number:,} {name}" for name, number in data["counts"].items() if number),
        encoders=[_encoder(name, info) for name, info in about["encoders"].items()],
    )


def _encoder(name: str, info: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": title(name),
        "untrained": info["weights"] == UNTRAINED,
        "source": info["source"],
        "meaning": info["meaning"],
    }
