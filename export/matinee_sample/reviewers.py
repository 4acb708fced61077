"""Invents the sample's reviewers: a handle, a voice, a taste and habits.

In: their number and a random generator. Out: `Reviewer` records.
A taste has one weight for each axis of `phrases/axes.json`; `tastes.py` computes the films' values on these axes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee_sample.compose import VOICES
from matinee_sample.phrasing import bank, pick

_VOICE_SHARES = (0.34, 0.16, 0.18, 0.1, 0.1, 0.12)


@dataclass(frozen=True, slots=True, eq=False)
class Reviewer:
    """A made-up person.

    Attributes:
        handle: unique among the sample's reviewers.
        voice: one of `VOICES`.
        taste: float64 (n_axes,), weight of each axis, above 0 for liking and below for dislike.
        generosity: added to every rating, in rating points.
        conformity: weight of popularity in choosing what to watch, around 1.
        talkativeness: relative chance of writing a text with a rating, above 0.
        activity: relative number of films rated, above 0.
        since: earliest date of a review, as a share (0 to 1) of the sample's time span.
    """

    handle: str
    voice: str
    taste: NDArray[np.float64]
    generosity: float
    conformity: float
    talkativeness: float
    activity: float
    since: float


def invent_reviewers(count: int, rng: np.random.Generator) -> list[Reviewer]:
    """Return `count` reviewers with different handles."""
    handles: dict[str, None] = {}
    while len(handles) < count:
        handles.setdefault(_handle(rng))
    return [_reviewer(handle, rng) for handle in handles]


def _reviewer(handle: str, rng: np.random.Generator) -> Reviewer:
    return Reviewer(
        handle=handle,
        voice=VOICES[int(rng.choice(len(VOICES), p=_VOICE_SHARES))],
        taste=_taste(len(bank("axes")), rng),
        generosity=float(rng.normal(0.0, 0.9)),
        conformity=float(rng.uniform(0.6, 1.4)),
        talkativeness=float(rng.lognormal(0.0, 0.8)),
        activity=float(rng.lognormal(0.0, 0.75)),
        since=float(rng.uniform(0.0, 0.85)),
    )


def _taste(n_axes: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a taste of one to three loves, one or two dislikes, and weights near 0 on the other axes."""
    taste = rng.normal(0.0, 0.15, n_axes)
    order = rng.permutation(n_axes)
    loves, dislikes = int(rng.integers(1, 4)), int(rng.integers(1, 3))
    taste[order[:loves]] += rng.uniform(0.7, 1.4, loves)
    taste[order[loves : loves + dislikes]] -= rng.uniform(0.4, 0.9, dislikes)
    return taste


def _handle(rng: np.random.Generator) -> str:
    words = bank("handles")
    first = pick(words["first"], rng)
    slots = {
        "First": first,
        "first": first.lower(),
        "Initial": pick("ABCDEFGHJKLMNOPRSTVWYZ", rng),
        "number": str(int(rng.integers(2, 100))),
        **{name: pick(words[name], rng) for name in ("adjective", "noun", "place")},
    }
    return re.sub(r"\{(\w+)\}", lambda found: slots[found[1]], pick(words["pattern"], rng))
