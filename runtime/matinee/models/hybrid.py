"""The hybrid: what several models agree on, by weighted reciprocal rank fusion.

Each member ranks its own best movies, and a movie gets weight / (60 + rank) from every member that has it among them
(Cormack, Clarke and Buettcher 2009, "Reciprocal rank fusion outperforms Condorcet and individual rank learning
methods", with their constant). Only ranks count, so scores of different models need no common scale. The weights are
chosen by export on validation rows. The reason for a pick is that of the member that contributes most to it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from matinee.index import Mask, Rows, check_k
from matinee.models.base import Choice, Model, Query, Told, fillers

CONSTANT = 60
"""How slowly a movie's points fall with its rank."""

POOL = 200
"""How many movies each member ranks, at least; five times as many as are asked for, where that is more."""


class Hybrid:
    """Joins the rankings of its members; a `Ranker` like each of them.

    Args:
        members: Models by name.
        weights: Weight of each, 0 or more; a member that is not named has none, and if nobody has any, all are equal.
        popularity: How many visitors liked each movie, (n_movies,).
    """

    name = "hybrid"

    def __init__(
        self, members: Mapping[str, Model], weights: Mapping[str, float], popularity: npt.NDArray[np.int64]
    ) -> None:
        weighted = {name: weights[name] for name in members if weights.get(name, 0) > 0}
        self.weights = weighted or dict.fromkeys(members, 1.0)
        self.members = members
        self.popularity = popularity

    def rank(self, told: Told, k: int, allowed: Mask | None = None) -> list[Choice]:
        """Choose the best movies for a visitor; see `Ranker.rank`."""
        check_k(k)
        queries = {name: self.members[name].query(told[name]) for name in self.weights}
        points = self._points(queries, max(POOL, 5 * k), allowed)  # (members, n)
        total = points.sum(axis=0)
        rows = np.argsort(-total, kind="stable")[:k]
        rows = rows[total[rows] > 0]
        chosen = self._choices(queries, rows, points[:, rows])
        left = total == 0 if allowed is None else allowed & (total == 0)
        return chosen + fillers(self.name, chosen, left, self.popularity, k)

    def _points(self, queries: Mapping[str, Query], pool: int, allowed: Mask | None) -> npt.NDArray[np.float64]:
        """What each member gives each movie, (members, n_movies)."""
        points = np.zeros((len(queries), len(self.popularity)))
        for line, (name, query) in enumerate(queries.items()):
            rows, _ = self.members[name].index.search(query.vector, pool, allowed)
            points[line, rows] = self.weights[name] / (CONSTANT + 1 + np.arange(len(rows)))
        return points

    def _choices(self, queries: Mapping[str, Query], rows: Rows, points: npt.NDArray[np.float64]) -> list[Choice]:
        """The movies in `rows` (k,), each with the reason of the member that gave it most of `points` (members, k)."""
        names = list(queries)
        reasons = [self.members[name].reasons(query, rows) for name, query in queries.items()]
        scores = points.sum(axis=0).tolist()
        return [
            Choice(row, scores[column], names[line], reasons[line][column])
            for column, (row, line) in enumerate(zip(rows.tolist(), points.argmax(axis=0).tolist(), strict=True))
        ]
