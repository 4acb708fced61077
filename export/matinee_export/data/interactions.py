"""The ratings of the review table as arrays, the only form in which training, profiles and evaluation read it.

In: the cleaned reviews (columns user, movie, rating, imputed and, optionally, date) and the rows of one part of a
split. Out: `Interactions` and its sparse matrices of shape (n_users, n_movies).

Four definitions are made here for all other modules:

- a like is a rating of at least 7 (the paper's positive) that the reviewer gave; an imputed rating is never a like, so
  no model is trained, and no metric computed, on imputed ratings;
- a seen movie is one with any row, imputed ones included: a reviewer who did not rate a movie has still seen it;
- if a reviewer rated a movie more than once, the highest rating counts;
- the age of a like is counted from the newest like of these rows; a like without a date is as old as the oldest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

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
        n_users: Number of users in the dataset, including those without a row here.
        n_movies: Number of movies in the catalogue.
        liked_from: The lowest rating that counts as a like; with 0 every given rating is a like.
        days: (n,) float64, the date of each row in days since 1970 or any other day; NaN where unknown, which by
            default it is for all rows.
    """

    users: NDArray[np.int32]
    movies: NDArray[np.int32]
    ratings: NDArray[np.float32]
    imputed: NDArray[np.bool_]
    n_users: int
    n_movies: int
    liked_from: float = LIKED
    days: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        if not len(self.days):
            object.__setattr__(self, "days", np.full(len(self.users), np.nan))

    @classmethod
    def of(
        cls, reviews: pd.DataFrame, rows: NDArray[np.integer] | Sequence[int], n_movies: int, liked_from: float = LIKED
    ) -> Interactions:
        """Return the interactions of some rows of the review table.

        Args:
            reviews: The whole table, so that `n_users` is the same for every part of a split.
            rows: Positions in `reviews`, such as the training rows of a split.
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
            days=_days(part["date"]) if "date" in part else np.full(len(part), np.nan),
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
            days=self.days[keep],
        )

    def plus(self, other: Interactions) -> Interactions:
        """Return the rows of both, as needed for the final fit on training and validation rows."""
        return replace(
            self,
            users=np.concatenate([self.users, other.users]),
            movies=np.concatenate([self.movies, other.movies]),
            ratings=np.concatenate([self.ratings, other.ratings]),
            imputed=np.concatenate([self.imputed, other.imputed]),
            days=np.concatenate([self.days, other.days]),
        )

    @property
    def span(self) -> float:
        """Days between the oldest and the newest dated row; 0 if fewer than two rows are dated."""
        known = self.days[np.isfinite(self.days)]
        return float(np.ptp(known)) if len(known) else 0.0

    def confidence(self, half_life: float = math.inf) -> sparse.csr_matrix:
        """Return the likes as a matrix whose values are rating / 10 (float32, above 0 and at most 1).

        With a half-life the values decay with age, and are then scaled to the mean that they had without decay: recent
        likes count more (values above 1 are possible) and old ones less, but the total weight of the likes against
        unobserved pairs stays the same.

        Args:
            half_life: Days after which a like's weight is halved, above 0; infinite for no decay.
        """
        likes = self.where(self.is_like)
        values = likes.ratings / MAX_RATING
        whole = likes._matrix(values)
        if math.isinf(half_life) or not whole.nnz:
            return whole
        faded = likes._matrix(values * likes._fading(half_life))
        faded.data *= whole.data.sum() / faded.data.sum()
        return faded

    def liked(self, half_life: float = math.inf) -> sparse.csr_matrix:
        """Return the likes as a matrix of ones or, with a half-life, of 2^(-age / half_life) (float32).

        Args:
            half_life: Days after which a like's weight is halved, above 0; infinite for no decay.
        """
        likes = self.where(self.is_like)
        return likes._matrix(likes._fading(half_life))

    def seen(self) -> sparse.csr_matrix:
        """Return every row, liked or not, rated or not, as a matrix of ones (float32)."""
        return self._matrix(np.ones(len(self), np.float32))

    def _fading(self, half_life: float) -> NDArray[np.float32]:
        """Return 2^(-age / half_life) of each row, (n,); 1 for the newest of these rows."""
        known = np.isfinite(self.days)
        if math.isinf(half_life) or not known.any():
            return np.ones(len(self), np.float32)
        age = self.days[known].max() - self.days
        left: NDArray[np.float32] = np.exp2(-np.where(known, age, age[known].max()) / half_life).astype(np.float32)
        return left

    def _matrix(self, values: NDArray[np.float32]) -> sparse.csr_matrix:
        """Return `values`, one per row (n,), as a users x movies matrix with the highest value of each pair."""
        pair = self.users.astype(np.int64) * self.n_movies + self.movies
        order = np.lexsort((values, pair))
        last = np.append(np.diff(pair[order]) != 0, True)[: len(order)]  # of equal pairs, the highest value
        best = order[last]
        users, movies = np.divmod(pair[best], max(self.n_movies, 1))
        return sparse.csr_matrix((values[best], (users, movies)), shape=self.shape, dtype=np.float32)


def _days(dates: pd.Series) -> NDArray[np.float64]:
    """Return datetimes as days since 1970, NaN where there is none."""
    seconds = dates.to_numpy().astype("datetime64[s]")
    return np.where(np.isnat(seconds), np.nan, seconds.astype(np.int64) / 86_400)
