"""A map of all movies for each model, and a visitor's position on it.

In: `models/<name>/map.npy` of a bundle, (n_movies, 2) float32 from -1 to 1, a row of NaN for a movie unknown to the
model; export computes it so that movies with similar vectors are near each other. Out: positions. A bundle may
lack maps.
"""

from __future__ import annotations

import numpy as np

from matinee.arrays import read_matrix
from matinee.bundle import Bundle
from matinee.errors import UnknownNameError
from matinee.evidence import TEMPERATURE, TasteEvidence
from matinee.exact import Vectors
from matinee.neighbours import nearest
from matinee.recommender import Recommender
from matinee.taste import Taste

NEAREST = 10
"""Number of nearest movies from which a visitor's position is computed."""


def mapped(bundle: Bundle) -> tuple[str, ...]:
    """Return the names of the models that the bundle has a map for."""
    return tuple(name for name in bundle.manifest.models if _file(name) in bundle.manifest.files)


def load_map(bundle: Bundle, model: str) -> Vectors:
    """Return the position of every movie on the map of `model`, (n_movies, 2) float32, NaN where unknown.

    Raises:
        UnknownNameError: if the bundle has no map of that model.
        BundleError: if the file is damaged.
    """
    if model not in mapped(bundle):
        raise UnknownNameError("model with a map", model, mapped(bundle))
    name = _file(model)
    return read_matrix(bundle.file(name), name, 2, len(bundle.catalogue), unknown=True)


def place(recommender: Recommender, taste: Taste | TasteEvidence, model: str) -> tuple[float, float]:
    """Return a visitor's position on the map of `model`: x and y, each from -1 to 1.

    It is the mean position of the NEAREST movies in the direction of the visitor's vector, weighted by the softmax of
    their cosines, with the same temperature as bridged evidence.

    Raises:
        UnknownNameError: if the bundle has no map of that model, or the taste names a movie that is not there.
        EmptyTasteError: if the taste is empty.
        BadInputError: if a text or poster cannot be read.
    """
    positions = load_map(recommender.bundle, model)
    ranker = recommender.members[model]
    query = ranker.query_for(recommender.hear(taste))
    rows, cosines = nearest(ranker, query.vector, NEAREST)
    weights = np.exp((cosines - cosines.max(initial=-1.0)) / TEMPERATURE)
    x, y = weights @ positions[rows] / max(float(weights.sum()), 1e-12)
    return float(x), float(y)


def _file(model: str) -> str:
    return f"models/{model}/map.npy"
