"""Movie and user vectors of the content models, from the vectors of reviews and posters; train rows only.

In: the review table, the train rows, and what the encoders made: `ReviewVectors` and poster vectors (n_movies, dim),
unit rows float32, zero where there is none. Out: `Profiles`: unit rows float32, zero rows where there is no evidence.
A row of the table that is not named as a train row has no part in any of them. Knows nothing of encoders or metrics.

Weights are ratings scaled to rating / 10, imputed ratings included; where a rating is missing altogether it is 0.7, as
for a visitor who gives none. Every mean is a sparse matrix of weights times the vectors, which are only read where a
weight is, so a memory-mapped file of half a million reviews does not have to fit into memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from matinee.taste import LIKED, MAX_RATING
from matinee_export.scorers import DotScores

NO_RATING = 0.7
"""The weight of a review whose rating is not known."""

Rows = NDArray[np.integer] | Sequence[int]


@dataclass(frozen=True)
class ReviewVectors:
    """Vectors of the reviews that have a text.

    Args:
        rows: (m,) int64, which row of the review table each vector belongs to.
        vectors: (m, dim) float32 unit rows, memory-mapped or not; zero rows are texts that could not be embedded.
    """

    rows: NDArray[np.int64]
    vectors: NDArray[np.float32]


@dataclass(frozen=True)
class Profiles:
    """What one content model knows: unit rows, or zero rows where it knows nothing.

    Args:
        movies: (n_movies, dim) float32.
        users: (n_users, dim) float32.
    """

    movies: NDArray[np.float32]
    users: NDArray[np.float32]

    def scores(self, likes: NDArray[np.float64]) -> DotScores:
        """Return the scorer of this model (cosine); `likes` (n_movies,) is the popularity that fills its gaps."""
        return DotScores(self.users, self.movies, likes)


def bert_profiles(reviews: pd.DataFrame, train: Rows, texts: ReviewVectors, n_movies: int) -> Profiles:
    """Return the profiles of the model that reads reviews.

    A movie (user) is the mean of its (own) train reviews' vectors weighted by rating / 10. A user with no text at all
    is the mean of the movies they rated, weighted by rating / 10.

    Args:
        reviews: The whole review table: user, movie, rating, imputed.
        train: Rows that may be looked at.
        texts: Vectors of reviews, of any rows; those that are not train rows are left out here.
        n_movies: Rows of the movie table.
    """
    known = _Train.of(reviews, train, n_movies)
    movies = unit(known.mean_of_texts("movie", texts, known.weights))
    users = _or_movies(known.mean_of_texts("user", texts, known.weights), known, movies)
    return Profiles(movies, unit(users))


def resnet50_profiles(reviews: pd.DataFrame, train: Rows, posters: NDArray[np.float32], n_movies: int) -> Profiles:
    """Return the profiles of the model that looks at posters.

    A movie is its poster's vector. A user is the mean of the movies they rated 7 or more, weighted by rating / 10;
    imputed ratings are nobody's liking and do not count. A user who liked nothing has no vector.

    Args:
        reviews: The whole review table: user, movie, rating, imputed.
        train: Rows that may be looked at.
        posters: (n_movies, dim) float32, zero rows where a movie has no usable poster.
        n_movies: Rows of the movie table.
    """
    known = _Train.of(reviews, train, n_movies)
    movies = unit(posters)
    return Profiles(movies, unit(known.mean_of_movies(movies, known.weights * known.likes)))


def clip_profiles(
    reviews: pd.DataFrame, train: Rows, texts: ReviewVectors, posters: NDArray[np.float32], n_movies: int
) -> Profiles:
    """Return the profiles of the model in which words and pictures share one space.

    A movie is the average of its poster's vector and the mean of its reviews' vectors, each of unit length, whichever
    exist. A user is the mean of their reviews' vectors; a user with no text at all is the mean of the movies they
    rated, weighted by rating / 10.

    Args:
        reviews: The whole review table: user, movie, rating, imputed.
        train: Rows that may be looked at.
        texts: Vectors of reviews, of any rows; those that are not train rows are left out here.
        posters: (n_movies, dim) float32, zero rows where a movie has no usable poster.
        n_movies: Rows of the movie table.
    """
    known = _Train.of(reviews, train, n_movies)
    even = np.ones_like(known.weights)
    movies = unit(unit(posters) + unit(known.mean_of_texts("movie", texts, even)))
    users = _or_movies(known.mean_of_texts("user", texts, even), known, movies)
    return Profiles(movies, unit(users))


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the rows (n, dim) scaled to length 1 as float32; zero rows stay zero."""
    vectors = np.asarray(vectors, dtype=np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    scaled: NDArray[np.float32] = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return scaled


def randomised(vectors: NDArray[np.float32], seed: int = 0) -> NDArray[np.float32]:
    """Return random unit vectors in place of `vectors`, for the leak test; zero rows stay zero.

    A model whose vectors are replaced by these knows nothing any more. If it still ranks better than chance, held-out
    rows have found their way into its profiles: random 768-d vectors score nDCG .90 on MovieLens 100K when user vectors
    are made from train and test rows, and .02 when they are made from train rows.
    """
    random = np.random.default_rng(seed).standard_normal(vectors.shape, dtype=np.float32)
    known: NDArray[np.float32] = np.any(vectors, axis=1, keepdims=True).astype(np.float32)
    return unit(random) * known


@dataclass(frozen=True)
class _Train:
    """The train rows of the review table, and the means that can be taken over them."""

    rows: NDArray[np.int64]  # (t,) positions in the review table, ascending
    codes: dict[str, NDArray[np.int64]]  # "user", "movie": (t,)
    sizes: dict[str, int]
    weights: NDArray[np.float32]  # (t,) rating / 10
    likes: NDArray[np.bool_]  # (t,)

    @classmethod
    def of(cls, reviews: pd.DataFrame, train: Rows, n_movies: int) -> _Train:
        rows = np.unique(np.asarray(train, dtype=np.int64))
        part = reviews.iloc[rows]
        ratings = part["rating"].to_numpy(np.float32)
        return cls(
            rows=rows,
            codes={name: part[name].to_numpy(np.int64) for name in ("user", "movie")},
            sizes={"user": int(reviews["user"].max()) + 1 if len(reviews) else 0, "movie": n_movies},
            weights=np.nan_to_num(ratings / np.float32(MAX_RATING), nan=NO_RATING),
            likes=(ratings >= LIKED) & ~part["imputed"].to_numpy(np.bool_),
        )

    def mean_of_texts(self, owner: str, texts: ReviewVectors, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """Sum of weight times vector over the train texts of each movie or user; a mean but for its length."""
        place = np.searchsorted(self.rows, texts.rows)
        place[place == len(self.rows)] = 0
        text = np.flatnonzero(self.rows[place] == texts.rows) if len(self.rows) else np.empty(0, np.int64)
        row = place[text]
        shape = (self.sizes[owner], len(texts.vectors))
        mix = sparse.csr_matrix((weights[row], (self.codes[owner][row], text)), shape=shape, dtype=np.float32)
        return np.asarray(mix @ np.asarray(texts.vectors))

    def mean_of_movies(self, movies: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """Sum of weight times vector over the movies of each user's train rows; a mean but for its length."""
        shape = (self.sizes["user"], self.sizes["movie"])
        cells = (self.codes["user"], self.codes["movie"])
        return np.asarray(sparse.csr_matrix((weights, cells), shape=shape, dtype=np.float32) @ movies)


def _or_movies(users: NDArray[np.float32], known: _Train, movies: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give users without a text vector the mean of the movies they rated."""
    return np.where(users.any(axis=1, keepdims=True), users, known.mean_of_movies(movies, known.weights))
