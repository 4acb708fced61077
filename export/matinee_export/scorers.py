"""Scorers: what gives every movie a score for a block of users, so that all models are evaluated by the same code.

In: user codes (b,) int64. Out: scores (b, n_movies) float32, finite, higher is better. `DotScores` serves the factor
models and the cosine models (whose vectors are of unit length) alike; the hybrid fuses any scorers by rank. Knows
nothing of how vectors came about or of which movies are relevant.

Where a model has nothing to say it answers as the runtime does: a movie without a vector comes after all movies with
one, in popularity order; a user without a vector gets the crowd's answer, the popularity order itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matinee_export.evaluate import Scores
from matinee_export.ranking import HIDDEN, ranks_of_all, tie_order

FUSION_CONSTANT = 60.0
"""The constant of reciprocal-rank fusion (Cormack, Clarke and Büttcher 2009, who fixed it at 60)."""


@dataclass(frozen=True)
class DotScores:
    """Score of a movie for a user = dot product of their vectors.

    Args:
        users: (n_users, dim) float32; all-zero rows are users the model knows nothing of.
        movies: (n_movies, dim) float32; all-zero rows are movies the model knows nothing of.
        likes: (n_movies,) float64 likes in the train rows: the popularity that fills the gaps.
    """

    users: NDArray[np.float32]
    movies: NDArray[np.float32]
    likes: NDArray[np.float64]

    @cached_property
    def known_users(self) -> NDArray[np.bool_]:
        """(n_users,) False for those who get the crowd's answer, so that a report can count them."""
        return np.asarray(self.users.any(axis=1))

    @cached_property
    def known_movies(self) -> NDArray[np.bool_]:
        """(n_movies,) False for those that only come after all others."""
        return np.asarray(self.movies.any(axis=1))

    def __call__(self, users: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return scores (b, n_movies) for user codes (b,)."""
        scores = self.users[users] @ self.movies.T
        unknown = ~self.known_movies
        if unknown.any():
            lowest = scores[:, self.known_movies].min(axis=1, initial=0.0)
            filler = np.argsort(np.argsort(self.likes[unknown], kind="stable")) / max(1, unknown.sum())  # 0 to < 1
            scores[:, unknown] = lowest[:, None] - 2.0 + filler.astype(np.float32)
        scores[~self.known_users[users]] = self.likes.astype(np.float32)
        return scores


@dataclass(frozen=True)
class FusedScores:
    """Weighted reciprocal-rank fusion: score of a movie = sum over models of weight / (60 + its rank in that model).

    Ranks are over all movies the user has not seen, as in the runtime's hybrid. Cormack, Clarke and Büttcher 2009.

    Args:
        models: Scorers by model name.
        weights: Weight by model name, 0 or more; a model without one takes no part.
        seen: (n_users, n_movies) what to leave out of every ranking.
    """

    models: Mapping[str, Scores]
    weights: Mapping[str, float]
    seen: sparse.csr_matrix

    def __call__(self, users: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return fused scores (b, n_movies) for user codes (b,)."""
        fused = np.zeros((len(users), self.seen.shape[1]), np.float32)
        for name, scores in self.models.items():
            if self.weights.get(name, 0.0) > 0:
                fused += np.float32(self.weights[name]) * reciprocal_ranks(scores(users), self.seen[users])
        return fused


def reciprocal_ranks(scores: NDArray[np.float32], seen: sparse.csr_matrix) -> NDArray[np.float32]:
    """Return 1 / (60 + rank) of every movie (b, n), with what was seen (b, n) ranked behind everything else."""
    scores = np.array(scores, dtype=np.float32)
    scores[np.repeat(np.arange(seen.shape[0]), np.diff(seen.indptr)), seen.indices] = HIDDEN
    ranks = ranks_of_all(scores, tie_order(scores.shape[1]))
    return (1.0 / (FUSION_CONSTANT + ranks)).astype(np.float32)
