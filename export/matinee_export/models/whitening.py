"""Fits the whitening of a content model to its movies' vectors: their mean, and the directions of highest variance.

In: unit vectors of movies (n_movies, dim) float32, zero rows where there is none. Out: a `Whitening`, or None where
vectors stay as they are.

With e_1 >= e_2 >= ... the variances along the principal directions of the centred vectors and m their mean, "softened"
scales direction i by sqrt((e_rest + SHRINK m) / (e_i + SHRINK m)): whitening (Su et al. 2021, "Whitening sentence
representations for better semantics and faster retrieval") with the variances shrunk towards their mean (Ledoit and
Wolf 2004), for the DIRECTIONS largest variances; e_rest is the mean of all smaller ones. Full whitening, SHRINK
0, amplifies noise: on movies-real it takes BERT's validation AUC from .725 to .697, a SHRINK of 3 to .723, while
nDCG@100 rises from .029 to .034 (mean of three random splits).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import linalg

from matinee.whitening import Whitening

DIRECTIONS = 128
"""Maximum number of directions that are damped; on movies-real as good as all 384 of them."""

SHRINK = 3.0

Vectors = npt.NDArray[np.float32]


def fit_space(how: str, movies: Vectors) -> Whitening | None:
    """Return the whitening `how`, one of SPACES, fitted to `movies` (n_movies, dim); None for "raw" or zero vectors."""
    known = movies[movies.any(axis=1)]
    if how == "raw" or not len(known):
        return None
    centre = known.mean(axis=0)
    directions = _broad(known - centre) if how == "softened" else np.empty((0, len(centre)), np.float32)
    return Whitening(centre, directions)


def moved(space: Whitening | None, vectors: Vectors) -> Vectors:
    """Return `vectors` (n, dim) whitened by `space`, or as they are if it is None."""
    return vectors if space is None else space.apply(vectors)


def _broad(centred: Vectors) -> Vectors:
    """Return the directions to damp, (k, dim) float32, with the lengths that `Whitening` expects."""
    dim = centred.shape[1]
    k = min(DIRECTIONS, dim - 1)
    covariance = (centred.T @ centred).astype(np.float64) / len(centred)
    variances, directions = linalg.eigh(covariance, subset_by_index=[dim - k, dim - 1])  # (k,), (dim, k)
    floor = SHRINK * np.trace(covariance) / dim
    rest = max(0.0, (np.trace(covariance) - variances.sum()) / (dim - k))
    scale = np.sqrt((rest + floor) / np.maximum(variances + floor, 1e-12))
    return np.asarray(np.sqrt(1 - np.minimum(scale, 1)) * directions, dtype=np.float32).T.copy()
