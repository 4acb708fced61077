"""Why each model ranks a movie where it does, for one visitor.

In: a taste and a movie. Out: a `Standing` for each model: the movie's exact rank among all that the visitor may get,
its score and the reason. Knows nothing of how evidence becomes scores; the models rank, as they do for picks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from matinee.evidence import TasteEvidence
from matinee.index import Mask, Rows
from matinee.models import Choice, Hybrid, Model
from matinee.models.hybrid import CONSTANT, POOL
from matinee.neighbours import UNKNOWN
from matinee.reasons import sentence
from matinee.recommender import Recommender
from matinee.taste import Taste
from matinee.titles import find
from matinee.where import Where

FITS = 0.1
"""Up to this share of the ranking a movie fits the visitor; a reason further down says how many fit better."""

UNPULLED = "nothing you told speaks for it"
POOLED_OUT = f"it is not among the {POOL} best of any model that the hybrid listens to"


@dataclass(frozen=True)
class Standing:
    """Where one model ranks one movie.

    Attributes:
        model: The model.
        rank: From 1; None where the model knows nothing of the movie, or the hybrid's members do not have it in reach.
        among: Among how many movies.
        score: The model's score; None where there is no rank.
        reason: Why, in one sentence of plain text.
        inferred: Whether the model could not read what was given, and went by movies near to it.
    """

    model: str
    rank: int | None
    among: int
    score: float | None
    reason: str
    inferred: bool

    def to_json(self) -> dict[str, Any]:
        """Return the standing as plain data."""
        score = None if self.score is None else round(self.score, 6)
        return {
            "model": self.model,
            "rank": self.rank,
            "among": self.among,
            "score": score,
            "reason": self.reason,
            "inferred": self.inferred,
        }


@dataclass(frozen=True, eq=False)
class _Ranked:
    """One model's ranking of everything allowed: the rows, best first, and what it chose for the movie asked about."""

    rows: Rows
    choice: Choice | None
    rank: int | None


def explain(
    recommender: Recommender, taste: Taste | TasteEvidence, movie: str, where: Where | None = None
) -> dict[str, Standing]:
    """Return, for each model in the order of `recommender.models`, where it ranks a movie for a visitor and why.

    Args:
        recommender: Of the bundle.
        taste: What the visitor told us, as it is or as `Recommender.hear` returned it, which saves reading it again.
        movie: A title as a person types it, or an IMDb id. It is ranked among what the visitor may get, also if it is
            not: because they rated it themselves, or a filter leaves it out.
        where: What the picks must be; anything by default.

    Raises:
        EmptyTasteError: if the taste is empty.
        UnknownNameError: if a movie or genre is not in the bundle; it lists the nearest that are.
        BadInputError: if a text or poster cannot be read.
    """
    catalogue = recommender.bundle.catalogue
    row = find(catalogue, movie)
    told = recommender.hear(taste)
    allowed = recommender.allowed(told, where)
    allowed[row] = True
    ranked = {name: _rank(model, told, row, allowed) for name, model in recommender.members.items()}
    standings = {
        name: _standing(name, found.choice, found.rank, len(found.rows), recommender, row)
        for name, found in ranked.items()
    }
    if Hybrid.name in recommender.models:
        standings[Hybrid.name] = _hybrid(recommender, ranked, row)
    return standings


def _rank(model: Model, told: TasteEvidence, row: int, allowed: Mask) -> _Ranked:
    query = model.query(told[model.name])
    rows, scores = model.index.search_exactly(query.vector, len(allowed), allowed)
    place = np.flatnonzero(rows == row)
    if not len(place):
        return _Ranked(rows, None, None)
    (because,) = model.reasons(query, np.array([row]))
    return _Ranked(rows, Choice(row, float(scores[place[0]]), model.name, because), int(place[0]) + 1)


def _hybrid(recommender: Recommender, ranked: dict[str, _Ranked], row: int) -> Standing:
    """The hybrid's standing, from the first POOL of each member's ranking: what it fuses for a short list of picks."""
    weights = recommender.hybrid.weights
    points = np.zeros((len(weights), len(recommender.bundle.catalogue)))
    for line, (name, weight) in enumerate(weights.items()):
        best = ranked[name].rows[:POOL]
        points[line, best] = weight / (CONSTANT + 1 + np.arange(len(best)))
    total = points.sum(axis=0)
    in_reach = np.flatnonzero(total > 0)
    speaker = list(weights)[int(points[:, row].argmax())]
    said = ranked[speaker].choice
    if said is None or not total[row]:
        return Standing(Hybrid.name, None, len(in_reach), None, POOLED_OUT, False)
    rank = 1 + int((total > total[row]).sum() + (total[:row] == total[row]).sum())
    choice = Choice(row, float(total[row]), speaker, said.because)
    return _standing(Hybrid.name, choice, rank, len(in_reach), recommender, row)


def _standing(
    name: str, choice: Choice | None, rank: int | None, among: int, recommender: Recommender, row: int
) -> Standing:
    if choice is None or rank is None:
        return Standing(name, None, among, None, f"this model knows nothing of it: {UNKNOWN[name]}", False)
    reason = sentence(choice, recommender.bundle.catalogue[row], name)
    if rank > max(1, FITS * among):
        reason = f"{UNPULLED if choice.because is None else reason}; {rank - 1:,} movies fit better"
    return Standing(name, rank, among, choice.score, reason, choice.inferred)
