"""Movie and user vectors of the content models, from the vectors of reviews and posters; train rows only.

In: the review table, the train rows, what the encoders made (`ReviewVectors` and poster vectors (n_movies, dim), unit
rows float32, zero where there is none), and the `ProfileSettings`. Out: `Profiles`: unit rows float32, zero rows where
there is no evidence. A row of the table that is not named as a train row has no part in any of them. Knows nothing of
encoders or metrics.

A movie is the weighted mean of its reviews' vectors, or its poster's, moved into the model's space. A user is made by
the rule by which the runtime makes a visitor (runtime/matinee/models/cosine.py), so that what is measured is served:
the sum over their rows of weight times vector, the vector being that of the row's text where there is one that the
model reads, else the movie's; and where no weight is above 0, the direction of what the crowd likes is added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matinee.exact import unit
from matinee.models import Kind
from matinee.whitening import Whitening
from matinee_export.embedding.vectors import ReviewVectors
from matinee_export.evaluation.scorers import DotScores
from matinee_export.models.content_settings import DEFAULTS, ProfileSettings
from matinee_export.models.pooling import Rows, TrainRows
from matinee_export.models.whitening import fit_space, moved

__all__ = [
    "Profiles",
    "bert_profiles",
    "clip_profiles",
    "randomised",
    "resnet50_profiles",
    "unit",
]


@dataclass(frozen=True)
class Profiles:
    """What one content model knows: unit rows, or zero rows where it knows nothing.

    Args:
        movies: (n_movies, dim) float32.
        users: (n_users, dim) float32.
        spaces: Where a visitor's "text" or "poster" is moved before it is compared; none where it stays as it is.
    """

    movies: NDArray[np.float32]
    users: NDArray[np.float32]
    spaces: Mapping[Kind, Whitening] = field(default_factory=dict)

    def scores(self, likes: NDArray[np.float64]) -> DotScores:
        """Return the scorer of this model (cosine); `likes` (n_movies,) is the popularity that fills its gaps."""
        return DotScores(self.users, self.movies, likes)


def bert_profiles(
    reviews: pd.DataFrame,
    train: Rows,
    texts: ReviewVectors,
    n_movies: int,
    settings: ProfileSettings = DEFAULTS["bert"],
) -> Profiles:
    """Return the profiles of the model that reads reviews.

    Args:
        reviews: The whole review table: user, movie, rating, imputed; helpful and helpful_of for that pooling.
        train: Rows that may be looked at.
        texts: Vectors of reviews, of any rows; those that are not train rows are left out here.
        n_movies: Rows of the movie table.
        settings: The choices made.
    """
    known = TrainRows.of(reviews, train, n_movies, settings)
    movies, space = _of_texts(known, texts, settings)
    return Profiles(movies, known.users(movies, texts, space), _spaces({"text": space}))


def resnet50_profiles(
    reviews: pd.DataFrame,
    train: Rows,
    posters: NDArray[np.float32],
    n_movies: int,
    settings: ProfileSettings = DEFAULTS["resnet50"],
) -> Profiles:
    """Return the profiles of the model that looks at posters: a user is made of the posters of the movies they rated.

    Args:
        reviews: The whole review table: user, movie, rating, imputed.
        train: Rows that may be looked at.
        posters: (n_movies, dim) float32, zero rows where a movie has no usable poster.
        n_movies: Rows of the movie table.
        settings: The choices made.
    """
    known = TrainRows.of(reviews, train, n_movies, settings)
    movies, space = _of_posters(posters, settings)
    return Profiles(movies, known.users(movies), _spaces({"poster": space}))


def clip_profiles(
    reviews: pd.DataFrame,
    train: Rows,
    texts: ReviewVectors,
    posters: NDArray[np.float32],
    n_movies: int,
    settings: ProfileSettings = DEFAULTS["clip"],
) -> Profiles:
    """Return the profiles of the model in which words and pictures share one space.

    A movie is unit(s poster + (1 - s) texts) with s = `settings.poster` and both of unit length; where only one of
    them exists, it is that one. Words and pictures of CLIP lie in cones of their own (Liang et al. 2022, "Mind the
    gap"), so each kind has its own centre.

    Args:
        reviews: The whole review table: user, movie, rating, imputed; helpful and helpful_of for that pooling.
        train: Rows that may be looked at.
        texts: Vectors of reviews, of any rows; those that are not train rows are left out here.
        posters: (n_movies, dim) float32, zero rows where a movie has no usable poster.
        n_movies: Rows of the movie table.
        settings: The choices made.
    """
    known = TrainRows.of(reviews, train, n_movies, settings)
    words, text = _of_texts(known, texts, settings)
    looks, poster = _of_posters(posters, settings)
    share = np.float32(settings.poster)
    both = words.any(axis=1, keepdims=True) & looks.any(axis=1, keepdims=True)
    movies = unit(np.where(both, share * looks + (1 - share) * words, looks + words))
    return Profiles(movies, known.users(movies, texts, text), _spaces({"text": text, "poster": poster}))


def randomised(vectors: NDArray[np.float32], seed: int = 0) -> NDArray[np.float32]:
    """Return random unit vectors in place of `vectors`, for the leak test; zero rows stay zero.

    A model whose vectors are replaced by these knows nothing any more. If it still ranks better than chance, held-out
    rows have found their way into its profiles: random 768-d vectors score nDCG .90 on MovieLens 100K when user vectors
    are made from train and test rows, and .02 when they are made from train rows.
    """
    random = np.random.default_rng(seed).standard_normal(vectors.shape, dtype=np.float32)
    known: NDArray[np.float32] = np.any(vectors, axis=1, keepdims=True).astype(np.float32)
    return unit(random) * known


def _of_texts(
    known: TrainRows, texts: ReviewVectors, settings: ProfileSettings
) -> tuple[NDArray[np.float32], Whitening | None]:
    movies = known.movies(texts, settings.pooling)
    space = fit_space(settings.space, movies)
    return moved(space, movies), space


def _of_posters(
    posters: NDArray[np.float32], settings: ProfileSettings
) -> tuple[NDArray[np.float32], Whitening | None]:
    movies = unit(posters)
    space = fit_space(settings.space, movies)
    return moved(space, movies), space


def _spaces(spaces: Mapping[Kind, Whitening | None]) -> dict[Kind, Whitening]:
    return {kind: space for kind, space in spaces.items() if space is not None}
