"""More like this: the movies nearest to one movie, or to a poster, by looks, by words or by viewers.

In: a movie as a person types it, or a poster. Out: `Neighbours`, best first, each with its cosine. They are
user-independent.

Two movies are compared by the angle between their vectors alone, also in the models that rank by inner product: the
length of a factor depends on how much a movie is liked, not on what it is like. A model's ways of comparing movies are
in its `ModelSpec`; a `Way` may have a matrix of its own, `models/<model>/<file>`, which a bundle may lack.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from matinee.arrays import read_matrix
from matinee.bundle import Bundle
from matinee.catalogue import Movie
from matinee.errors import UnknownNameError
from matinee.exact import Mask, Rows, Vectors, check_k, products, unit
from matinee.models import MODELS, Model, ModelSpec, Way, specs
from matinee.models.cosine import CosineModel
from matinee.recommender import Recommender
from matinee.titles import find
from matinee.where import Where

if TYPE_CHECKING:
    from matinee.images import ImageSource


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
    """The movies nearest to a movie or a poster.

    Attributes:
        by: Name of the way in which they were compared.
        model: The model that compared them.
        nearest: The movies, most similar first.
        note: Why there are none, in a sentence, where the movie cannot be compared; else "".
    """

    by: str
    model: str
    nearest: tuple[Neighbour, ...]
    note: str = ""


@dataclass(frozen=True, eq=False)
class Points:
    """The vectors that one way compares.

    Attributes:
        vectors: A vector for each movie, (n_movies, dim) float32.
        known: Which movies have one, (n_movies,) bool.
        model: The model whose movie vectors they are, which searches them; None where they are a matrix of their own.
    """

    vectors: Vectors
    known: Mask
    model: Model | None

    def nearest(self, vector: Vectors, k: int, allowed: Mask) -> tuple[Rows, Vectors]:
        """Return rows and cosines of the k known and allowed movies nearest to `vector` (dim,), best first."""
        if self.model is not None:
            return nearest(self.model, vector, k, allowed)
        return _search(self.vectors, vector, k, self.known & allowed)


def comparisons() -> dict[str, tuple[ModelSpec, Way]]:
    """Return each way of comparing movies with the spec of its model, by the way's name, in their `order`."""
    pairs = [(model.spec, way) for model in MODELS.values() for way in model.spec.ways]
    return {way.name: (spec, way) for spec, way in sorted(pairs, key=lambda pair: pair[1].order)}


def ways(recommender: Recommender) -> tuple[str, ...]:
    """Return the names of the ways in which the models of the bundle can compare movies."""
    return tuple(
        name
        for name, (spec, way) in comparisons().items()
        if spec.name in recommender.members and (not way.file or has_points(recommender.bundle, spec, way))
    )


def more_like(
    recommender: Recommender, movie: str, by: str = "looks", k: int = 10, where: Where | None = None
) -> Neighbours:
    """Return the movies nearest to one movie.

    Args:
        recommender: The recommender of the bundle.
        movie: A title as a person types it, or an IMDb id.
        by: One of `ways`.
        k: How many, at least 1; clamped to what there is.
        where: Filters that the neighbours must pass; none by default. The movie itself is never among them.

    Raises:
        UnknownNameError: if the movie, way or genre is unknown; it lists the nearest valid names.
        BadInputError: if k is below 1.
    """
    catalogue = recommender.bundle.catalogue
    row = find(catalogue, movie)
    spec, way, points = _compared(recommender, by)
    check_k(k)
    allowed = (where or Where()).mask(catalogue)
    allowed[row] = False
    if not points.known[row]:
        why = way.unknown or spec.unknown
        return Neighbours(by, spec.name, (), f"{spec.title} cannot compare {catalogue[row]}: {why}")
    return _named(recommender, spec, way, points.nearest(points.vectors[row], k, allowed))


def nearest_posters(
    recommender: Recommender, poster: ImageSource, by: str = "looks", k: int = 10, where: Where | None = None
) -> Neighbours:
    """Return the movies whose posters look most like a poster.

    Args:
        recommender: The recommender of the bundle.
        poster: A path, the bytes of an image file, or an opened image.
        by: One of `ways` that compares posters alone: "looks" or "clip looks".
        k: How many, at least 1; clamped to what there is.
        where: Filters that the movies must pass; none by default.

    Raises:
        BadImageError: if the poster cannot be read.
        UnknownNameError: if `by` is no way to compare posters in this bundle, or a genre is unknown.
        BadInputError: if k is below 1.
    """
    possible = [name for name in ways(recommender) if comparisons()[name][1].posters]
    if by not in possible:
        raise UnknownNameError("way to compare posters", by, possible)
    allowed = (where or Where()).mask(recommender.bundle.catalogue)
    check_k(k)
    spec, way, points = _compared(recommender, by)
    vector = recommender.bundle.encoder(spec.name).poster(poster)
    if points.model is not None:
        vector = points.model.project("poster", vector)
    return _named(recommender, spec, way, points.nearest(vector, k, allowed))


def nearest(model: Model, vector: Vectors, k: int, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
    """Return rows and cosines of the k known and allowed movies in the direction of `vector` (dim,), best first."""
    direction = unit(without_bias(model.name, vector[None]))[0]
    if isinstance(model, CosineModel):
        return model.index.search(direction, k, allowed)
    return _search(
        directions(model), direction, k, model.index.known if allowed is None else model.index.known & allowed
    )


@lru_cache(maxsize=8)
def directions(model: Model) -> Vectors:
    """Return the movie vectors of a model as unit rows, (n_movies, dim) float32, without BPR's column of biases."""
    return model.vectors if isinstance(model, CosineModel) else unit(without_bias(model.name, model.vectors))


def without_bias(model: str, vectors: Vectors) -> Vectors:
    """Return vectors (n, dim) of the model called `model` without its popularity column, if it has one."""
    return vectors[:, :-1] if specs()[model].popularity_column else vectors


def has_points(bundle: Bundle, spec: ModelSpec, way: Way) -> bool:
    """Return whether a way compares a matrix of its own and the bundle has that matrix."""
    return bool(way.file) and _file(spec, way) in bundle.manifest.files


@lru_cache(maxsize=4)
def load_points(bundle: Bundle, spec: ModelSpec, way: Way) -> Points:
    """Return the vectors that a way of comparing movies uses; raises BundleError if the file is missing or damaged."""
    name, dim = _file(spec, way), bundle.manifest.encoder(spec.name).dim
    vectors = read_matrix(bundle.file(name), name, dim, len(bundle.catalogue))
    return Points(vectors, np.asarray(vectors.any(axis=1)), None)


def _file(spec: ModelSpec, way: Way) -> str:
    return f"models/{spec.name}/{way.file}"


def _compared(recommender: Recommender, by: str) -> tuple[ModelSpec, Way, Points]:
    if by not in ways(recommender):
        raise UnknownNameError("way to compare movies", by, ways(recommender))
    spec, way = comparisons()[by]
    if way.file:
        return spec, way, load_points(recommender.bundle, spec, way)
    model = recommender.members[spec.name]
    return spec, way, Points(model.vectors, model.index.known, model)


def _search(points: Vectors, direction: Vectors, k: int, allowed: Mask) -> tuple[Rows, Vectors]:
    check_k(k)
    rows = np.flatnonzero(allowed)
    cosines = products(points, direction)[rows]
    order = np.argsort(-cosines, kind="stable")[:k]
    return rows[order], cosines[order]


def _named(recommender: Recommender, spec: ModelSpec, way: Way, nearest: tuple[Rows, Vectors]) -> Neighbours:
    found = zip(*(array.tolist() for array in nearest), strict=True)
    movies = tuple(Neighbour(recommender.bundle.catalogue[row], cosine) for row, cosine in found)
    return Neighbours(way.name, spec.name, movies)
