"""The head of the page: what this is, which data it answers from, and what each encoder's weights are worth.

In: the facts of `Service.about`. Out: HTML.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matinee_demo.markup import text
from matinee_demo.words import UNTRAINED, model_words


def render_banner(about: Mapping[str, Any]) -> str:
    """Return the head of the page."""
    data = about["dataset"]
    origin = "made-up data" if data["made_up"] else "real data"
    counts = ", ".join(f"{number:,} {text(name)}" for name, number in data["counts"].items() if number)
    note = f" {text(data['note'])}" if data["note"] else ""
    chips = "".join(_chip(name, info) for name, info in about["encoders"].items())
    return (
        '<header class="mt-head"><h1>Matinee</h1>'
        f"<p>What should I watch? {_number(len(about['models']))} models answer side by side.</p></header>"
        '<div class="mt-banner" role="note">'
        f'<p><b class="mt-origin{" mt-made-up" if data["made_up"] else ""}">{origin}</b> '
        f"<strong>{text(data['name'])}</strong>: {counts}.{note}</p>"
        f'<ul aria-label="Weights of the encoders">{chips}</ul></div>'
    )


def _chip(name: str, info: Mapping[str, str]) -> str:
    look = ' class="mt-warn"' if info["weights"] == UNTRAINED else ""
    return (
        f'<li{look} title="{text(info["source"])}"><b>{text(model_words(name).name)}</b> {text(info["meaning"])}</li>'
    )


def _number(count: int) -> str:
    return {1: "One", 2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six"}.get(count, str(count))
