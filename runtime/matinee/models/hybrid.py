"""The hybrid: a weighted sum of the other models' scores, its weights depending on the visitor and the movie.

Each member scores its own best movies and those of the others; the scores are standardised, weighted and added up, and
each movie's user-independent prior is added to that: see `matinee.blend`, which has the formula. The weights are
learned by export on validation rows. The reason for a pick is that of the member that contributes most to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from matinee.blend import Weights, prior, sampled, share, standardise, strength
from matinee.exact import Mask, Rows, Vectors, best, check_allowed, check_k, products
from matinee.models.base import Evidence, EvidenceByModel, Model, Query, ScoredMovie
from matinee.models.spec import ModelSpec

POOL = 500
"""Number of movies that each member proposes in a large catalogue; five times the number of picks, if that is more."""

EXACT_UP_TO = 20_000
"""Up to this many movies, every one of them is scored by every member: that takes a few milliseconds and is exact."""


@dataclass(frozen=True)
class Movies:
    """The hybrid's user-independent data on each movie.

    Attributes:
        prior: Its prior for visitors with few and with many likes, (n_movies, 2) float32.
        cold: Whether it is cold, which means hardly rated, (n_movies,) bool.
    """

    prior: Vectors
    cold: Mask


@dataclass(frozen=True)
class _Asked:
    """A member that has evidence of this visitor."""

    model: Model
    query: Query
    weights: Weights


class Hybrid:
    """Blends the scores of its members; a `Ranker` like each of them.

    Args:
        members: Models by name.
        weights: Weights by name; a model that is not a member, or has only weights of 0, is not used.
        movies: The movies' user-independent data.
    """

    spec: ClassVar[ModelSpec] = ModelSpec(name="hybrid", title="Hybrid", goes_by="all of them together")

    def __init__(self, members: Mapping[str, Model], weights: Mapping[str, Weights], movies: Movies) -> None:
        self.members = members
        self.weights = {name: by_regime for name, by_regime in weights.items() if name in members and any(by_regime)}
        self.movies = movies

    @property
    def name(self) -> str:
        """Name of the model in the bundle."""
        return self.spec.name

    def rank(self, evidence: EvidenceByModel, k: int, allowed: Mask | None = None) -> list[ScoredMovie]:
        """Return the best movies for a visitor; see `Ranker.rank`. Every movie has a prior."""
        check_k(k)
        check_allowed(allowed, len(self.movies.cold))
        asked, strengths = self._asked(evidence), strength(np.array([self._likes(evidence)], dtype=np.float64))
        priors = prior(self.movies.prior, strengths)  # (n_movies,)
        rows = self._pool(asked, priors, max(POOL, 5 * k), allowed)
        points = self._points(asked, evidence, rows, strengths)
        found, total = best(np.arange(len(rows)), points.sum(axis=0) + priors[rows], k)
        return self._reasoned(asked, rows[found], points[:, found], total)

    def _likes(self, evidence: EvidenceByModel) -> int:
        """Return how many movies the visitor named and likes."""
        every: list[Evidence] = [item for name in self.weights for item in evidence[self.members[name].speaks_as]]
        return len({e.movie for e in every if e.kind == "movie" and not e.inferred and e.weight > 0})

    def _asked(self, evidence: EvidenceByModel) -> list[_Asked]:
        """Return the members that have evidence; the others would only repeat popularity, which the prior contains."""
        members = ((self.members[name], weights) for name, weights in self.weights.items())
        asked = [_Asked(model, model.query_for(evidence), weights) for model, weights in members]
        return [member for member in asked if any(member.query.evidence)]

    def _pool(self, asked: list[_Asked], priors: Vectors, size: int, allowed: Mask | None) -> Rows:
        """Return the rows to rank, ascending: all, or in a large catalogue the best of each member and of the prior."""
        everything = np.arange(len(priors)) if allowed is None else np.flatnonzero(allowed)
        if len(everything) <= max(size, EXACT_UP_TO):
            return everything
        popular = everything[np.argpartition(-priors[everything], size - 1)[:size]]
        found = (member.model.index.search(member.query.vector, size, allowed)[0] for member in asked)
        return np.unique(np.concatenate([popular, *found]))

    def _points(
        self, asked: list[_Asked], evidence: EvidenceByModel, rows: Rows, strengths: npt.NDArray[np.float64]
    ) -> Vectors:
        """Return what each member adds to the scores of the movies in `rows`, (members, m)."""
        if not asked:
            return np.zeros((0, len(rows)), dtype=np.float32)
        pairs = [self._scores(member, evidence, rows) for member in asked]
        scores, among = np.array([scores for scores, _ in pairs]), np.array([among for _, among in pairs])
        cold = self.movies.cold[rows]
        shares = np.array([share(member.weights, strengths, cold) for member in asked])
        return np.asarray(standardise(scores, among) * shares)

    def _scores(self, member: _Asked, evidence: EvidenceByModel, rows: Rows) -> tuple[Vectors, Vectors]:
        """Return a member's scores of the movies in `rows`, (m,), and of the sampled movies, (s,)."""
        model, vector = member.model, member.query.vector
        if len(model.vectors) <= EXACT_UP_TO:
            scores = model.scores(evidence)
            return scores[rows], scores[sampled(len(scores))]
        return products(model.vectors[rows], vector), products(self._sample[model.name], vector)

    @cached_property
    def _sample(self) -> Mapping[str, Vectors]:
        """Vectors of the movies over which each member's scores are standardised, (s, dim)."""
        return {name: self.members[name].vectors[sampled(len(self.movies.cold))] for name in self.weights}

    def _reasoned(self, asked: list[_Asked], rows: Rows, points: Vectors, total: Vectors) -> list[ScoredMovie]:
        """Return the movies in `rows` (k,), each with the reason of the member with most `points` (members, k)."""
        most = np.vstack([np.zeros(len(rows)), points]).argmax(axis=0).tolist()  # 0 where no member is in favour
        reasons: dict[int, tuple[str, list[Evidence | None]]] = {0: (self.name, [None] * len(rows))}
        for line in set(most) - {0}:
            model, query = asked[line - 1].model, asked[line - 1].query
            reasons[line] = model.speaks_as, model.reasons(query, rows)
        return [
            ScoredMovie(row, score, reasons[line][0], reasons[line][1][column])
            for column, (row, score, line) in enumerate(zip(rows.tolist(), total.tolist(), most, strict=True))
        ]
