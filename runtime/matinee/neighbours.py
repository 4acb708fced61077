"""More like this: the movies nearest to one movie, or to a poster, by looks, by words or by viewers.

In: a movie as a person types it, or a poster. Out: `Neighbours`, best first, each with its cosine. Knows nothing of
tastes: what is near to one movie is the same for everybody.

Two movies are compared by the angle between their vectors alone, also in the models that rank by inner product: how
long a factor is says how much is liked of a movie, not what it is like.

CLIP's movie vectors are poster and reviews in one, so a poster is compared with `models/clip/posters.npy`, which holds
what CLIP makes of each poster alone, (n_movies, dim) float32 of unit rows, zero where a movie has none. A bundle may
lack it.
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
from matinee.exact import Mask, Rows, Vectors, check_k, products
from matinee.models import Model
from matinee.models.cosine import CosineModel
from matinee.reasons import TITLES
from matinee.recommender import Recommender
from matinee.titles import find
from matinee.where import Where

if TYPE_CHECKING:
    from matinee.images import ImageSource

WAYS = {"looks": "resnet50", "clip looks": "clip", "words": "bert", "viewers": "als", "both": "clip"}
"""The ways in which movies are near each other, and the model that tells; "both" is posters and words in one space."""

LOOKS = ("looks", "clip looks")
"""The ways that compare posters."""

POSTERS = "models/clip/posters.npy"

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
        by: The way they were compared, a key of WAYS.
        model: The model that told.
        nearest: The movies, most similar first.
        note: Why there are none, in a sentence, where the model knows nothing of the movie asked about; else "".
    """

    by: str
    model: str
    nearest: tuple[Neighbour, ...]
    note: str = ""


@dataclass(frozen=True, eq=False)
class _Space:
    """Where movies are points: `points` (n_movies, dim) float32, of those that are `known` (n_movies,).

    `model` searches it where the points are its own.
    """

    points: Vectors
    known: Mask
    model: Model | None

    def nearest(self, vector: Vectors, k: int, allowed: Mask) -> tuple[Rows, Vectors]:
        if self.model is not None:
            return nearest(self.model, vector, k, allowed)
        return _search(self.points, vector, k, self.known & allowed)


def ways(recommender: Recommender) -> tuple[str, ...]:
    """Return the keys of WAYS that the bundle has what is needed for."""
    files = recommender.bundle.manifest.files
    there = (way for way, model in WAYS.items() if model in recommender.members)
    return tuple(way for way in there if way != "clip looks" or POSTERS in files)


def more_like(
    recommender: Recommender, movie: str, by: str = "looks", k: int = 10, where: Where | None = None
) -> Neighbours:
    """Return the movies nearest to one movie.

    Args:
        recommender: Of the bundle.
        movie: A title as a person types it, or an IMDb id.
        by: One of `ways`.
        k: How many, at least 1; clamped to what there is.
        where: What the neighbours must be; anything by default. The movie itself is never among them.

    Raises:
        UnknownNameError: if no movie, way or genre is called so; it lists the nearest that are.
        BadInputError: if k is below 1.
    """
    catalogue = recommender.bundle.catalogue
    row = find(catalogue, movie)
    space = _space(recommender, by)
    check_k(k)
    allowed = (where or Where()).mask(catalogue)
    allowed[row] = False
    if not space.known[row]:
        why = UNKNOWN["resnet50" if by in LOOKS else WAYS[by]]
        return Neighbours(by, WAYS[by], (), f"{TITLES[WAYS[by]]} cannot compare {catalogue[row]}: {why}")
    return _named(recommender, by, *space.nearest(space.points[row], k, allowed))


def nearest_posters(
    recommender: Recommender, poster: ImageSource, by: str = "looks", k: int = 10, where: Where | None = None
) -> Neighbours:
    """Return the movies whose posters look most like a poster.

    Args:
        recommender: Of the bundle.
        poster: A path, the bytes of an image file, or an opened image.
        by: "looks" or "clip looks".
        k: How many, at least 1; clamped to what there is.
        where: What the movies must be; anything by default.

    Raises:
        BadImageError: if the poster cannot be read.
        UnknownNameError: if `by` is not among LOOKS or the bundle cannot compare so, or a genre is unknown.
        BadInputError: if k is below 1.
    """
    possible = [way for way in ways(recommender) if way in LOOKS]
    if by not in possible:
        raise UnknownNameError("way to compare posters", by, possible)
    allowed = (where or Where()).mask(recommender.bundle.catalogue)
    check_k(k)
    space, vector = _space(recommender, by), recommender.bundle.encoder(WAYS[by]).poster(poster)
    if space.model is not None:
        vector = space.model.place("poster", vector)
    return _named(recommender, by, *space.nearest(vector, k, allowed))


def nearest(model: Model, vector: Vectors, k: int, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
    """Return rows and cosines of the k known and allowed movies in the direction of `vector` (dim,), best first."""
    direction = _unit(without_bias(model.name, vector[None]))[0]
    if isinstance(model, CosineModel):
        return model.index.search(direction, k, allowed)
    return _search(
        directions(model), direction, k, model.index.known if allowed is None else model.index.known & allowed
    )


@lru_cache(maxsize=8)
def directions(model: Model) -> Vectors:
    """Return the movie vectors of a model as unit rows, (n_movies, dim) float32, without BPR's column of biases."""
    return model.vectors if isinstance(model, CosineModel) else _unit(without_bias(model.name, model.vectors))


def without_bias(model: str, vectors: Vectors) -> Vectors:
    """Return vectors (n, dim) of the model called `model` without the column that is no direction of taste, if any."""
    return vectors[:, :-1] if model == BIASED else vectors


def _space(recommender: Recommender, by: str) -> _Space:
    if by not in ways(recommender):
        raise UnknownNameError("way to compare movies", by, ways(recommender))
    if by == "clip looks":
        return clip_posters(recommender.bundle)
    model = recommender.members[WAYS[by]]
    return _Space(model.vectors, model.index.known, model)


@lru_cache(maxsize=4)
def clip_posters(bundle: Bundle) -> _Space:
    """Return CLIP's vectors of the posters as a space; raises BundleError where they are damaged."""
    vectors = read_matrix(bundle.file(POSTERS), POSTERS, bundle.manifest.encoder("clip").dim, len(bundle.catalogue))
    return _Space(vectors, np.asarray(vectors.any(axis=1)), None)


def _search(points: Vectors, direction: Vectors, k: int, allowed: Mask) -> tuple[Rows, Vectors]:
    check_k(k)
    rows = np.flatnonzero(allowed)
    cosines = products(points, direction)[rows]
    order = np.argsort(-cosines, kind="stable")[:k]
    return rows[order], cosines[order]


def _named(recommender: Recommender, by: str, rows: Rows, cosines: Vectors) -> Neighbours:
    found = zip(rows.tolist(), cosines.tolist(), strict=True)
    movies = tuple(Neighbour(recommender.bundle.catalogue[row], cosine) for row, cosine in found)
    return Neighbours(by, WAYS[by], movies)


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)
