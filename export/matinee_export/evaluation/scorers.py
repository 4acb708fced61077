"""Scorers, which score every movie for a block of users, so that all models are evaluated by the same code.

In: user codes (b,) int64. Out: scores (b, n_movies) float32, finite, higher is better. `DotScores` serves both the
factor models and the cosine models (whose vectors have unit length).

Without a vector a scorer behaves like the runtime: a movie without a vector ranks after all movies with one, in
popularity order; a user without a vector gets the popularity order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class DotScores:
    """A scorer by the dot product of a user's and a movie's vectors.

    Args:
        users: (n_users, dim) float32; all-zero rows for users without a vector.
        movies: (n_movies, dim) float32; all-zero rows for movies without a vector.
        likes: (n_movies,) float64 likes in the training rows, the popularity used where vectors are missing.
    """

    users: NDArray[np.float32]
    movies: NDArray[np.float32]
    likes: NDArray[np.float64]

    @cached_property
    def known_users(self) -> NDArray[np.bool_]:
        """(n_users,) True for users with a vector; the others get the popularity order, and reports count them."""
        return np.asarray(self.users.any(axis=1))

    @cached_property
    def known_movies(self) -> NDArray[np.bool_]:
        """(n_movies,) True for movies with a vector; the others rank after them."""
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
