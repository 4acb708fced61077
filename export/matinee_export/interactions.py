"""Who rated what, as arrays: the one form in which training, profiles and evaluation see the review table.

In: the cleaned reviews (columns user, movie, rating, imputed) and the rows of one side of a split. Out: `Interactions`
and its sparse matrices of shape (n_users, n_movies). Knows nothing of texts, posters, files or models.

Three decisions are made here, once, for everything downstream:

- liked means a rating of at least 7 (the paper's positive) that the reviewer gave; an imputed rating is never a like,
  so nothing is trained on imputation and no figure measures it;
- seen means any row at all, imputed ones included: whoever reviewed a movie without rating it has still seen it;
- where a reviewer rated one movie more than once, the highest rating counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from matinee.taste import LIKED, MAX_RATING


@dataclass(frozen=True)
class Interactions:
    """Rated rows: one entry of each array per row of the review table.

    Args:
        users: (n,) int32, 0 to n_users - 1.
        movies: (n,) int32, 0 to n_movies - 1.
        ratings: (n,) float32, 1 to 10.
        imputed: (n,) bool, True where the rating was filled in by cleaning.
        n_users: How many users the dataset has, whether or not they occur here.
        n_movies: How many movies the catalogue has.
        liked_from: The lowest rating that counts as a like; 0 makes every rating that was given one.
    """

    users: NDArray[np.int32]
    movies: NDArray[np.int32]
    ratings: NDArray[np.float32]
    imputed: NDArray[np.bool_]
    n_users: int
    n_movies: int
    liked_from: float = LIKED

    @classmethod
    def of(
        cls, reviews: pd.DataFrame, rows: NDArray[np.integer] | Sequence[int], n_movies: int, liked_from: float = LIKED
    ) -> Interactions:
        """Return the interactions of some rows of the review table.

        Args:
            reviews: The whole table, so that every side of a split has the same users.
            rows: Positions in `reviews`, such as the train side of a split.
            n_movies: Rows of the movie table.
            liked_from: The lowest rating that counts as a like.
        """
        part = reviews.iloc[np.asarray(rows, dtype=np.int64)]
        return cls(
            users=part["user"].to_numpy(np.int32),
            movies=part["movie"].to_numpy(np.int32),
            ratings=part["rating"].to_numpy(np.float32),
            imputed=part["imputed"].to_numpy(np.bool_),
            n_users=int(reviews["user"].max()) + 1 if len(reviews) else 0,
            n_movies=n_movies,
            liked_from=liked_from,
        )

    def __len__(self) -> int:
        return len(self.users)

    @property
    def shape(self) -> tuple[int, int]:
        """(n_users, n_movies)."""
        return self.n_users, self.n_movies

    @property
    def is_like(self) -> NDArray[np.bool_]:
        """(n,) True where the row is a like: a given rating of at least `liked_from`."""
        return ~self.imputed & (self.ratings >= self.liked_from)

    def where(self, keep: NDArray[np.bool_]) -> Interactions:
        """Return the rows for which `keep` (n,) is True."""
        return replace(
            self,
            users=self.users[keep],
            movies=self.movies[keep],
            ratings=self.ratings[keep],
            imputed=self.imputed[keep],
        )

    def plus(self, other: Interactions) -> Interactions:
        """Return the rows of both, for the final fit on train and validation rows."""
        return replace(
            self,
            users=np.concatenate([self.users, other.users]),
            movies=np.concatenate([self.movies, other.movies]),
            ratings=np.concatenate([self.ratings, other.ratings]),
            imputed=np.concatenate([self.imputed, other.imputed]),
        )

    def confidence(self) -> sparse.csr_matrix:
        """Return the likes as a matrix whose values are rating / 10 (float32, above 0 and at most 1)."""
        return self._matrix(self.is_like, self.ratings / MAX_RATING)

    def liked(self) -> sparse.csr_matrix:
        """Return the likes as a matrix of ones (float32)."""
        return _ones(self._matrix(self.is_like, self.ratings))

    def seen(self) -> sparse.csr_matrix:
        """Return every row, liked or not, rated or not, as a matrix of ones (float32)."""
        return _ones(self._matrix(np.ones(len(self), bool), self.ratings))

    def _matrix(self, keep: NDArray[np.bool_], values: NDArray[np.float32]) -> sparse.csr_matrix:
        pair = self.users[keep].astype(np.int64) * self.n_movies + self.movies[keep]
        order = np.lexsort((values[keep], pair))
        last = np.append(np.diff(pair[order]) != 0, True)[: len(order)]  # of equal pairs, the highest value
        best = order[last]
        users, movies = np.divmod(pair[best], max(self.n_movies, 1))
        return sparse.csr_matrix((values[keep][best], (users, movies)), shape=self.shape, dtype=np.float32)


def _ones(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    matrix.data[:] = 1.0
    return matrix
