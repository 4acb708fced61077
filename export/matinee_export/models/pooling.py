"""Weighted means of review vectors: over a movie's reviews, or over what a user wrote and rated; train rows only.

In: the review table, the train rows and vectors of reviews. Out: unit rows float32, zero where there is no evidence.
Every mean is the product of a sparse matrix of weights and the vectors. These are read in chunks, and only those with a
weight, so a memory-mapped file of half a million reviews does not have to fit into memory.
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
"""Temperature of the softmax over cosines in "attention": a cosine higher by this much counts 2.7 times as much."""

CANCELLED = 1e-6
"""A sum of unit vectors shorter than this has no direction, as in the runtime."""

CHUNK = 8192
"""Vectors read at a time; 25 MB at 768 dimensions."""

Rows = NDArray[np.integer] | Sequence[int]


@dataclass(frozen=True)
class TrainRows:
    """The train rows of a review table, with the means over them.

    Attributes:
        rows: (t,) positions in the review table, ascending.
        user: (t,) user codes.
        movie: (t,) movie codes.
        ratings: (t,) float32, given or imputed; 7 where there is neither.
        votes: (t,) float32, the estimated share of helpful votes, (found helpful + 1) / (votes + 2) (rule of
            succession).
        given: (t,) False where the rating was imputed or is missing.
        counts: (t,) whether the row counts, by the setting `imputed`.
        weights: (t,) float32, weight of the row for (above 0) or against (below 0) the movie, by the setting `ratings`.
        n_users: Number of users in the table.
        n_movies: Number of rows of the movie table.
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
        """Return the rows `train` of the table, with the weights that `settings` give them."""
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
        """Return each user's vector as the runtime computes a visitor's: (n_users, dim), zero if there is no evidence.

        Args:
            movies: (n_movies, dim) unit rows, whitened if the model whitens.
            texts: Vectors of reviews, if the model reads texts.
            space: The whitening of texts, if any.
        """
        total = np.zeros((self.n_users, movies.shape[1]), np.float32)
        by_movie = (
            np.asarray(movies.any(axis=1))[self.movie] & self.counts
        )  # (t,) rows that count by their movie's vector
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
        """Return which users have one of the rows flagged in `rows` (t,): (n_users,)."""
        some: NDArray[np.bool_] = np.bincount(self.user[rows], minlength=self.n_users) > 0
        return some

    def _popular_direction(self, movies: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return `matinee.models.Model.popular_mean` of the train rows, scaled to unit length, (dim,)."""
        liked = self.given & (self.ratings >= LIKED)
        pairs = np.unique(np.stack([self.movie[liked], self.user[liked]]), axis=1)
        likes = np.bincount(pairs[0], minlength=self.n_movies).astype(np.float32) * movies.any(axis=1)
        direction: NDArray[np.float32] = unit((likes if likes.any() else np.ones_like(likes))[None] @ movies)[0]
        return direction

    def _read(self, texts: ReviewVectors) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return which vectors belong to counting train rows, and to which of these rows: two index arrays (m,)."""
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
        """Return the sum of weight times vector over the texts `text` (m,) of each owner, (n_owners, dim)."""
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
"""Weight of each review in its movie's mean, by pooling; for "attention", in the mean that cosines are taken with."""
