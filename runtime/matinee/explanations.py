"""Why each model ranks a movie where it does, for one visitor.

In: a taste and a movie. Out: an `Explanation` for each model: the movie's exact rank among all movies that may be
picked for the visitor, its score and the reason, computed as for picks.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from matinee.catalogue import Quote
from matinee.evidence import TasteEvidence
from matinee.exact import Mask, products
from matinee.models import Hybrid, Model, ScoredMovie
from matinee.models.hybrid import POOL
from matinee.reasons import quote, sentence
from matinee.recommender import Recommender
from matinee.taste import Taste
from matinee.titles import find
from matinee.where import Where

FITS = 0.1
"""For a movie ranked below this share of the ranking, the reason also gives the number of movies above it."""

NO_REASON = "nothing you gave counts in its favour"

DEEP = POOL // 5
"""Number of the hybrid's top ranks that do not depend on the length of the list; below them a movie has no rank."""


@dataclass(frozen=True)
class Explanation:
    """Where one model ranks one movie, and why.

    Attributes:
        model: The model.
        rank: From 1; None where the movie is unknown to the model, or not among the hybrid's best DEEP.
        among: Number of movies that are ranked.
        score: The model's score; None where there is no rank.
        reason: Why, in one sentence of plain text.
        inferred: Whether the model could not use the evidence itself and used movies near to it.
        quote: A reviewer's words that belong to the reason, or None.
    """

    model: str
    rank: int | None
    among: int
    score: float | None
    reason: str
    inferred: bool
    quote: Quote | None

    def to_json(self) -> dict[str, Any]:
        """Return the explanation as plain data."""
        score = None if self.score is None else round(self.score, 6)
        return {
            "model": self.model,
            "rank": self.rank,
            "among": self.among,
            "score": score,
            "reason": self.reason,
            "inferred": self.inferred,
            "quote": None if self.quote is None else asdict(self.quote),
        }


def explain(
    recommender: Recommender, taste: Taste | TasteEvidence, movie: str, where: Where | None = None
) -> dict[str, Explanation]:
    """Return, for each model in the order of `recommender.models`, where it ranks a movie for a visitor and why.

    Args:
        recommender: The recommender of the bundle.
        taste: The visitor's taste, or its evidence from `Recommender.hear`, which avoids embedding it again.
        movie: A title as a person types it, or an IMDb id. It is ranked among the movies that may be picked, even if it
            may not be picked itself because the visitor rated it or a filter excludes it.
        where: Filters that the picks must pass; none by default.

    Raises:
        EmptyTasteError: if the taste is empty.
        UnknownNameError: if a movie or genre is not in the bundle; it lists the nearest that are.
        BadInputError: if a text or poster cannot be read.
    """
    row = find(recommender.bundle.catalogue, movie)
    evidence = recommender.hear(taste)
    allowed = recommender.allowed(evidence, where)
    allowed[row] = True
    return {name: _explanation(recommender, name, evidence, row, allowed) for name in recommender.models}


def _explanation(recommender: Recommender, name: str, evidence: TasteEvidence, row: int, allowed: Mask) -> Explanation:
    if name == Hybrid.spec.name:
        found, rank, among = _in_hybrid(recommender.hybrid, evidence, row, allowed)
        missing = f"it is not among the {DEEP} best of the hybrid"
    else:
        model = recommender.members[name]
        found, rank, among = _in_model(model, evidence, row, allowed)
        missing = f"unknown to this model: {model.spec.unknown}"
    if found is None:
        return Explanation(name, None, among, None, missing, inferred=False, quote=None)
    reason, said = sentence(found, name), quote(found, recommender.bundle.catalogue[row])
    if rank > max(1, FITS * among):
        reason = f"{NO_REASON if found.because is None else reason}; {rank - 1:,} movies fit better"
    return Explanation(name, rank, among, found.score, reason, found.inferred, said)


def _in_model(model: Model, evidence: TasteEvidence, row: int, allowed: Mask) -> tuple[ScoredMovie | None, int, int]:
    """Return the movie with its score and reason, its rank, and the number ranked; None and 0 where it is unknown."""
    query, candidates = model.query_for(evidence), allowed & model.index.known
    among = int(candidates.sum())
    if not candidates[row]:
        return None, 0, among
    scores = products(model.vectors, query.vector)  # (n_movies,)
    ahead = (scores > scores[row]) & candidates
    level = (scores[:row] == scores[row]) & candidates[:row]  # ties: the lower row ranks first
    (because,) = model.reasons(query, np.array([row]))
    return ScoredMovie(row, float(scores[row]), model.name, because), 1 + int(ahead.sum() + level.sum()), among


def _in_hybrid(hybrid: Hybrid, evidence: TasteEvidence, row: int, allowed: Mask) -> tuple[ScoredMovie | None, int, int]:
    """Return the same for the hybrid; None and 0 where the movie is not among its best DEEP."""
    best = hybrid.rank(evidence, DEEP, allowed)
    found = ((movie, rank) for rank, movie in enumerate(best, start=1) if movie.movie == row and not movie.filler)
    movie, rank = next(found, (None, 0))
    return movie, rank, int(allowed.sum())
