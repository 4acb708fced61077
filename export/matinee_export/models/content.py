"""Movie and user vectors of the content models, from the vectors of reviews and posters; train rows only.

In: the review table, the train rows, what the encoders made (`ReviewVectors` and poster vectors (n_movies, dim), unit
rows float32, zero where there is none), and the `ContentSettings`. Out: `Profiles`: unit rows float32, zero rows where
there is no evidence. A row of the table that is not named as a train row has no part in any of them.

A movie is the weighted mean of its reviews' vectors, or its poster's, moved into the model's space. A user is made by
the rule by which the runtime makes a visitor (runtime/matinee/models/cosine.py), so that what is measured is served:
the sum over their rows of weight times vector, the vector being that of the row's text where there is one that the
model reads, else the movie's; and where no weight is above 0, the direction of what most users like is added.
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
from matinee_export.embedding.vectors import ContentVectors, ReviewVectors
from matinee_export.evaluation.scorers import DotScores
from matinee_export.models.content_settings import ContentSettings
from matinee_export.models.pooling import Rows, TrainRows
from matinee_export.models.whitening import fit_space, moved


@dataclass(frozen=True)
class Profiles:
    """What one content model knows: unit rows, or zero rows where it knows nothing.

    Args:
        movies: (n_movies, dim) float32.
        users: (n_users, dim) float32.
        whitenings: How a visitor's "text" or "poster" is whitened before it is compared; none where it stays as it is.
    """

    movies: NDArray[np.float32]
    users: NDArray[np.float32]
    whitenings: Mapping[Kind, Whitening] = field(default_factory=dict)

    def scores(self, likes: NDArray[np.float64]) -> DotScores:
        """Return the scorer of this model (cosine); `likes` (n_movies,) is the popularity that fills its gaps."""
        return DotScores(self.users, self.movies, likes)


def profiles_of(
    reviews: pd.DataFrame,
    train: Rows,
    n_movies: int,
    content: ContentVectors,
    settings: Mapping[str, ContentSettings],
) -> dict[str, Profiles]:
    """Return the profiles of every model in `settings`, by name, without those that know no movie."""
    profiles = {
        name: content_profiles(
            reviews, train, n_movies, chosen, texts=content.texts.get(name), posters=content.posters.get(name)
        )
        for name, chosen in settings.items()
        if name in content
    }
    return {name: known for name, known in profiles.items() if known.movies.any()}


def content_profiles(
    reviews: pd.DataFrame,
    train: Rows,
    n_movies: int,
    settings: ContentSettings,
    *,
    texts: ReviewVectors | None = None,
    posters: NDArray[np.float32] | None = None,
) -> Profiles:
    """Return the profiles of a model that reads texts, posters, or both in one space.

    Where it reads both, a movie is unit(s poster + (1 - s) texts) with s = `settings.poster` and both of unit length;
    where a movie has only one of them, it is that one. Words and pictures of CLIP lie in cones of their own (Liang et
    al. 2022, "Mind the gap"), so each kind has its own centre.

    Args:
        reviews: The whole review table: user, movie, rating, imputed; helpful and helpful_of for that pooling.
        train: Rows that may be used.
        n_movies: Rows of the movie table.
        settings: The choices made.
        texts: Vectors of reviews, of any rows, where the model reads texts; those of other rows are left out here.
        posters: (n_movies, dim) float32, zero rows where a movie has no usable poster, where the model reads posters.
    """
    known = TrainRows.of(reviews, train, n_movies, settings)
    parts: dict[Kind, NDArray[np.float32]] = {}
    if texts is not None:
        parts["text"] = known.movies(texts, settings.pooling)
    if posters is not None:
        parts["poster"] = unit(posters)
    spaces = {kind: fit_space(settings.space, movies) for kind, movies in parts.items()}
    movies = _joined({kind: moved(spaces[kind], part) for kind, part in parts.items()}, settings.poster)
    users = known.users(movies, texts, spaces.get("text"))
    return Profiles(movies, users, {kind: space for kind, space in spaces.items() if space is not None})


def randomised(vectors: NDArray[np.float32], seed: int = 0) -> NDArray[np.float32]:
    """Return random unit vectors in place of `vectors`, for the leak test; zero rows stay zero.

    A model whose vectors are replaced by these knows nothing any more. If it still ranks better than chance, held-out
    rows have found their way into its profiles: random 768-d vectors score nDCG .90 on MovieLens 100K when user vectors
    are made from train and test rows, and .02 when they are made from train rows.
    """
    random = np.random.default_rng(seed).standard_normal(vectors.shape, dtype=np.float32)
    known: NDArray[np.float32] = np.any(vectors, axis=1, keepdims=True).astype(np.float32)
    return unit(random) * known


def _joined(parts: Mapping[Kind, NDArray[np.float32]], poster: float) -> NDArray[np.float32]:
    """Movies by the one kind of vectors there is, or by both; see `content_profiles`."""
    if len(parts) == 1:
        (movies,) = parts.values()
        return movies
    words, looks, share = parts["text"], parts["poster"], np.float32(poster)
    both = words.any(axis=1, keepdims=True) & looks.any(axis=1, keepdims=True)
    return unit(np.where(both, share * looks + (1 - share) * words, looks + words))
