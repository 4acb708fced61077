"""Weighted means of review vectors: the reviews of a movie, and what a user wrote and rated; train rows only.

In: the review table, the train rows and vectors of reviews. Out: unit rows float32, zero where there is nothing. Every
mean is a sparse matrix of weights times the vectors, which are read a chunk at a time and only where a weight is, so a
memory-mapped file of half a million reviews does not have to fit into memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from matinee.exact import unit
from matinee.taste import LIKED, MAX_RATING
from matinee.weighting import UNRATED, WEIGHTINGS, signed
from matinee.whitening import Whitening
from matinee_export.embedding.vectors import ReviewVectors
from matinee_export.models.content_settings import ContentSettings
from matinee_export.models.whitening import moved

TEMPERATURE = 0.1
"""Of the softmax over cosines in "attention": a review nearer to the mean by this counts 2.7 times as much."""

CANCELLED = 1e-6
"""Below this length a sum of unit vectors has no direction, as in the runtime."""

CHUNK = 8192
"""Vectors read at a time: 25 MB of 768 dimensions."""

Rows = NDArray[np.integer] | Sequence[int]


@dataclass(frozen=True)
class TrainRows:
    """The train rows of a review table, and the means that can be taken over them.

    Attributes:
        rows: (t,) positions in the review table, ascending.
        user: (t,) user codes.
        movie: (t,) movie codes.
        ratings: (t,) float32, imputed ones as they were imputed; a 7 where there is none at all.
        votes: (t,) float32, (found helpful + 1) / (votes + 2), the rule of succession.
        given: (t,) False where the rating was imputed or is missing.
        counts: (t,) whether the row counts, by what is chosen for imputed ratings.
        weights: (t,) float32, how much the row says for or against the movie, by what is chosen for ratings.
        n_users: How many users the table has.
        n_movies: Rows of the movie table.
    """

    rows: NDArray[np.int64]
    user: NDArray[np.int64]
    movie: NDArray[np.int64]
    ratings: NDArray[np.float32]
    votes: NDArray[np.float32]
    given: NDArray[np.bool_]
    counts: NDArray[np.bool_]
    weights: NDArray[np.float32]
    n_users: int
    n_movies: int

    @classmethod
    def of(cls, reviews: pd.DataFrame, train: Rows, n_movies: int, settings: ContentSettings) -> TrainRows:
        """Return the rows `train` of the table, weighed as `settings` say."""
        rows = np.unique(np.asarray(train, dtype=np.int64))
        part = reviews.iloc[rows]
        ratings = part["rating"].to_numpy(np.float32)
        given = ~part["imputed"].to_numpy(np.bool_) & ~np.isnan(ratings)
        counts = given | (settings.imputed == "kept")
        weights = WEIGHTINGS[settings.ratings](np.where(given, ratings, np.float32(UNRATED)))
        return cls(
            rows=rows,
            user=part["user"].to_numpy(np.int64),
            movie=part["movie"].to_numpy(np.int64),
            ratings=np.nan_to_num(ratings, nan=UNRATED),
            votes=_votes(part),
            given=given,
            counts=counts,
            weights=np.where(counts, weights, 0).astype(np.float32),
            n_users=int(reviews["user"].max()) + 1 if len(reviews) else 0,
            n_movies=n_movies,
        )

    def movies(self, texts: ReviewVectors, pooling: str) -> NDArray[np.float32]:
        """Return the weighted mean of each movie's review vectors, of unit length: (n_movies, dim)."""
        text, row = self._read(texts)
        movie, weights = self.movie[row], _REVIEW_WEIGHTS[pooling](self)[row]
        pooled = unit(self._sum(texts, text, movie, weights, self.n_movies))
        if pooling != "attention":
            return pooled
        cosines = np.empty(len(text), np.float32)
        for part in _chunks(len(text)):
            cosines[part] = np.einsum("ij,ij->i", texts.vectors[text[part]], pooled[movie[part]])
        return unit(self._sum(texts, text, movie, np.exp((cosines - 1) / np.float32(TEMPERATURE)), self.n_movies))

    def users(
        self, movies: NDArray[np.float32], texts: ReviewVectors | None = None, space: Whitening | None = None
    ) -> NDArray[np.float32]:
        """Return each user as the runtime makes a visitor of the same rows: (n_users, dim), zero where no row tells.

        Args:
            movies: (n_movies, dim) unit rows, in the model's space.
            texts: Vectors of reviews, where the model reads them.
            space: Where these are moved.
        """
        total = np.zeros((self.n_users, movies.shape[1]), np.float32)
        by_movie = (
            np.asarray(movies.any(axis=1))[self.movie] & self.counts
        )  # (t,) rows that tell something by their movie
        told = by_movie.copy()
        if texts is not None:
            text, row = self._read(texts)
            total += self._sum(texts, text, self.user[row], self.weights[row], self.n_users, space)
            by_movie[row], told[row] = False, True
        cells = (self.user[by_movie], self.movie[by_movie])
        mix = sparse.csr_matrix((self.weights[by_movie], cells), shape=(self.n_users, self.n_movies))
        total += mix @ movies
        lost = self._some(told) & ~self._some(told & (self.weights > 0))
        lost |= self._some(told) & (np.linalg.norm(total, axis=1) < CANCELLED)
        total[lost] += self._popular_direction(movies)
        return unit(total)

    def _some(self, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which users have one of `rows` (t,): (n_users,)."""
        some: NDArray[np.bool_] = np.bincount(self.user[rows], minlength=self.n_users) > 0
        return some

    def _popular_direction(self, movies: NDArray[np.float32]) -> NDArray[np.float32]:
        """The direction of what most users like, (dim,): `matinee.models.Model.popular_mean`."""
        liked = self.given & (self.ratings >= LIKED)
        pairs = np.unique(np.stack([self.movie[liked], self.user[liked]]), axis=1)
        likes = np.bincount(pairs[0], minlength=self.n_movies).astype(np.float32) * movies.any(axis=1)
        direction: NDArray[np.float32] = unit((likes if likes.any() else np.ones_like(likes))[None] @ movies)[0]
        return direction

    def _read(self, texts: ReviewVectors) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which vectors belong to train rows that count, and to which of these rows: two of (m,)."""
        place = np.searchsorted(self.rows, texts.rows)
        place[place == len(self.rows)] = 0
        text = np.flatnonzero(self.rows[place] == texts.rows) if len(self.rows) else np.empty(0, np.int64)
        text = text[self.counts[place[text]]]
        readable = [texts.vectors[text[part]].any(axis=1) for part in _chunks(len(text))]
        text = text[np.concatenate(readable)] if readable else text
        return text, place[text]

    def _sum(
        self,
        texts: ReviewVectors,
        text: NDArray[np.int64],
        owner: NDArray[np.int64],
        weights: NDArray[np.float32],
        n_owners: int,
        space: Whitening | None = None,
    ) -> NDArray[np.float32]:
        """Sum of weight times vector over the texts `text` (m,) of each owner, (n_owners, dim)."""
        total = np.zeros((n_owners, texts.vectors.shape[1]), np.float32)
        for part in _chunks(len(text)):
            vectors = moved(space, np.asarray(texts.vectors[text[part]]))
            column = np.arange(len(vectors))
            mix = sparse.csr_matrix((weights[part], (owner[part], column)), shape=(n_owners, len(vectors)))
            total += mix @ vectors
        return total


def _votes(part: pd.DataFrame) -> NDArray[np.float32]:
    if "helpful" not in part:
        return np.full(len(part), 0.5, np.float32)
    return ((part["helpful"] + 1) / (part["helpful_of"] + 2)).to_numpy(np.float32)


def _chunks(n: int) -> Iterator[slice]:
    return (slice(start, min(start + CHUNK, n)) for start in range(0, n, CHUNK))


_REVIEW_WEIGHTS: Mapping[str, Callable[[TrainRows], NDArray[np.float32]]] = {
    "rated": lambda known: known.ratings / np.float32(MAX_RATING),
    "even": lambda known: np.ones_like(known.ratings),
    "signed": lambda known: signed(known.ratings).astype(np.float32),
    "attention": lambda known: np.ones_like(known.ratings),
    "helpful": lambda known: known.votes,
}
"""How much each review says of its movie, by the name of the pooling; of "attention", what the mean is made with."""
