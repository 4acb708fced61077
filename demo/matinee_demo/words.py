"""The page's plain words: what each model is called and understands, and what each kind of weights is worth.

Data only. A model or kind of weights that is not listed is shown by its own name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ModelWords:
    """How the page names a model and says, in a few words, what it goes by."""

    name: str
    understands: str


MODELS = {
    "hybrid": ModelWords("Hybrid", "all of them together"),
    "bpr": ModelWords("BPR", "who liked what, learned from pairs"),
    "als": ModelWords("ALS", "who liked what, and how much"),
    "bert": ModelWords("BERT", "what reviews say"),
    "resnet50": ModelWords("ResNet50", "how posters look"),
    "clip": ModelWords("CLIP", "words and posters in one space"),
}

WEIGHTS = {
    "pretrained": "pretrained weights",
    "packaged": "trained weights from a Python package",
    "seeded": "untrained weights: its picks mean nothing yet",
}

VERDICTS = {"liked": "Liked", "not": "Not for me", "seen": "Seen, hide it"}
"""What a visitor can say of a film with one click."""

RATED = {"liked": 9.0, "not": 2.0}
"""The rating that each word stands for; what was merely seen is hidden and says nothing of a taste."""

WAYS = {"looks": "by looks", "words": "by words", "viewers": "by viewers"}
"""In what films can be alike."""

UNTRAINED = "seeded"
"""The kind of weights that has learned nothing."""


def model_words(model: str) -> ModelWords:
    """Return how the page speaks of `model`."""
    return MODELS.get(model, ModelWords(model, ""))


def weights_words(kind: str) -> str:
    """Return what the page says of an encoder's kind of weights."""
    return WEIGHTS.get(kind, f"{kind} weights")


def untrained(model: str, weights: Mapping[str, str]) -> str:
    """Return the warning to show where a model's encoder has learned nothing, else ""."""
    return WEIGHTS[UNTRAINED] if weights.get(model) == UNTRAINED else ""
