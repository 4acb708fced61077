"""The page's words for models, weights and verdicts on films.

The words for a model are in its `ModelSpec`. A model or kind of weights that is unknown is shown by its own name.
"""

from __future__ import annotations

from collections.abc import Mapping

from matinee.models import specs
from matinee.neighbours import comparisons

WEIGHTS = {
    "pretrained": "pretrained weights",
    "packaged": "trained weights from a Python package",
    "seeded": "untrained weights: its picks mean nothing yet",
}

VERDICTS = {"liked": "Liked", "not": "Not for me", "seen": "Seen, hide it"}
"""The verdicts that a visitor can give on a film with one click."""

RATED = {"liked": 9.0, "not": 2.0}
"""The rating that a verdict stands for; a film that was merely seen is hidden and has none."""

UNTRAINED = "seeded"
"""The kind of weights that are not trained."""


def title(model: str) -> str:
    """Return the display name of `model`."""
    spec = specs().get(model)
    return spec.title if spec else model


def goes_by(model: str) -> str:
    """Return what the recommendations of `model` are based on, in a few words; "" if it is unknown."""
    spec = specs().get(model)
    return spec.goes_by if spec else ""


def shown_ways() -> dict[str, str]:
    """Return the ways in which the page compares films, by name, each as "by looks"."""
    return {name: way.title for name, (_, way) in comparisons().items() if way.title}


def weights_words(kind: str) -> str:
    """Return what the page says of an encoder's kind of weights."""
    return WEIGHTS.get(kind, f"{kind} weights")


def untrained(model: str, weights: Mapping[str, str]) -> str:
    """Return the warning to show where a model's encoder is untrained, else ""."""
    return WEIGHTS[UNTRAINED] if weights.get(model) == UNTRAINED else ""
