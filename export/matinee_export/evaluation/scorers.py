"""Scorers: what gives every movie a score for a block of users, so that all models are evaluated by the same code.

In: user codes (b,) int64. Out: scores (b, n_movies) float32, finite, higher is better. `DotScores` serves the factor
models and the cosine models (whose vectors are of unit length) alike.

Where a model has nothing to say it answers as the runtime does: a movie without a vector comes after all movies with
one, in popularity order; a user without a vector gets the popularity order itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


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
        """(n_users,) False for those who get the popularity order, so that a report can count them."""
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
