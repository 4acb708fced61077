"""More like this: the movies nearest to one movie, or to a poster, by looks, by words or by viewers.

In: a movie as a person types it, or a poster. Out: `Neighbours`, best first, each with its cosine. Knows nothing of
tastes: what is near to one movie is the same for everybody.

Two movies are compared by the angle between their vectors alone, also in the models that rank by inner product: how
long a factor is says how much is liked of a movie, not what it is like.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from matinee.catalogue import Movie
from matinee.errors import UnknownNameError
from matinee.index import Mask, Rows, Vectors, check_k
from matinee.models import Model
from matinee.models.cosine import CosineModel
from matinee.reasons import TITLES
from matinee.recommender import Recommender
from matinee.taste import PosterSource
from matinee.titles import find
from matinee.where import Where

WAYS: dict[str, tuple[str, ...]] = {
    "looks": ("resnet50", "clip"),
    "words": ("bert", "clip"),
    "viewers": ("als", "bpr"),
}
"""In which model's space movies are near each other: the first that the bundle has."""

UNKNOWN = {
    "bpr": "too few viewers rated it",
    "als": "too few viewers rated it",
    "bert": "nobody wrote about it",
    "resnet50": "it has no poster here",
    "clip": "it has neither a poster nor a review here",
}
"""Why a model knows nothing of a movie."""

BIASED = "bpr"
"""The model whose last column is a movie's popularity, which is no direction of taste."""


@dataclass(frozen=True)
class Neighbour:
    """A movie near to another one, and the cosine of their vectors, -1 to 1."""

    movie: Movie
    similarity: float

    def to_json(self) -> dict[str, Any]:
        """Return the neighbour as plain data."""
        return {
            "id": self.movie.id,
            "title": self.movie.title,
            "year": self.movie.year,
            "poster": self.movie.poster,
            "similarity": round(self.similarity, 6),
        }


@dataclass(frozen=True)
class Neighbours:
    """The movies nearest to something.

    Attributes:
        model: In whose space.
        nearest: The movies, most similar first.
        note: Why there are none, in a sentence, where the model knows nothing of the movie asked about; else "".
    """

    model: str
    nearest: tuple[Neighbour, ...]
    note: str = ""


def more_like(
    recommender: Recommender, movie: str, by: str = "looks", k: int = 10, where: Where | None = None
) -> Neighbours:
    """Return the movies nearest to one movie.

    Args:
        recommender: Of the bundle.
        movie: A title as a person types it, or an IMDb id.
        by: A key of WAYS, or the name of a model with vectors.
        k: How many, at least 1; clamped to what there is.
        where: What the neighbours must be; anything by default. The movie itself is never among them.

    Raises:
        UnknownNameError: if no movie, way or genre is called so; it lists the nearest that are.
        BadInputError: if k is below 1.
    """
    catalogue = recommender.bundle.catalogue
    row = find(catalogue, movie)
    model = _model(recommender.members, by)
    if not model.index.known[row]:
        return Neighbours(
            model.name, (), f"{TITLES[model.name]} cannot compare {catalogue[row]}: {UNKNOWN[model.name]}"
        )
    allowed = (where or Where()).mask(catalogue)
    allowed[row] = False
    return _named(recommender, model, model.vectors[row], k, allowed)


def nearest_posters(
    recommender: Recommender, poster: PosterSource, by: str = "looks", k: int = 10, where: Where | None = None
) -> Neighbours:
    """Return the movies that look most like a poster, among those that have a poster to show.

    Args:
        recommender: Of the bundle.
        poster: A path, the bytes of an image file, or an opened image.
        by: "looks", "resnet50" or "clip".
        k: How many, at least 1; clamped to what there is.
        where: What the movies must be; anything by default.

    Raises:
        BadImageError: if the poster cannot be read.
        UnknownNameError: if `by` is no model that sees posters, or a genre is unknown.
        BadInputError: if k is below 1.
    """
    seeing = {name: model for name, model in recommender.members.items() if "poster" in model.reads}
    model = _model(seeing, by)
    allowed = (where or Where()).mask(recommender.bundle.catalogue)
    allowed &= np.array([movie.poster is not None for movie in recommender.bundle.catalogue], dtype=np.bool_)
    check_k(k)
    return _named(recommender, model, recommender.bundle.encoder(model.name).poster(poster), k, allowed)


def nearest(model: Model, vector: Vectors, k: int, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
    """Return rows and cosines of the k known and allowed movies in the direction of `vector` (dim,), best first."""
    direction = _unit(_trimmed(model.name, vector[None]))[0]
    if isinstance(model, CosineModel):
        return model.index.search(direction, k, allowed)
    check_k(k)
    rows = np.flatnonzero(model.index.known if allowed is None else model.index.known & allowed)
    cosines = (directions(model) @ direction)[rows]
    order = np.argsort(-cosines, kind="stable")[:k]
    return rows[order], cosines[order]


@lru_cache(maxsize=8)
def directions(model: Model) -> Vectors:
    """Return the movie vectors of a model as unit rows, (n_movies, dim) float32, without BPR's column of biases."""
    return model.vectors if isinstance(model, CosineModel) else _unit(_trimmed(model.name, model.vectors))


def _model(models: Mapping[str, Model], by: str) -> Model:
    """The model that `by` means among `models`."""
    name = next((name for name in WAYS.get(by, (by,)) if name in models), None)
    if name is None:
        ways = [way for way, names in WAYS.items() if not models.keys().isdisjoint(names)]
        raise UnknownNameError("way to compare movies", by, [*ways, *models])
    return models[name]


def _named(recommender: Recommender, model: Model, vector: Vectors, k: int, allowed: Mask) -> Neighbours:
    rows, cosines = nearest(model, vector, k, allowed)
    found = zip(rows.tolist(), cosines.tolist(), strict=True)
    return Neighbours(model.name, tuple(Neighbour(recommender.bundle.catalogue[row], cosine) for row, cosine in found))


def _trimmed(name: str, vectors: Vectors) -> Vectors:
    return vectors[:, :-1] if name == BIASED else vectors


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)
