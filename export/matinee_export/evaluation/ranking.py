"""Turns scores into sortable keys, for whole blocks of users and with the same result on every machine.

In: scores (b, n) float32, higher is better. Out: integer keys of the same shape. Ties are broken by
a fixed random order of the movies, so that a model with equal scores gains nothing from the order of the ids.

A float32 score and the tie order are packed into one int64 with the desired order, so that one vectorised integer sort
replaces a stable argsort.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

HIDDEN = np.float32(-np.inf)
"""The score, below any other, of a movie that must not be listed, such as one that the user has seen."""


def tie_order(n_movies: int, seed: int = 0) -> NDArray[np.int64]:
    """Return a random permutation (n_movies,) that breaks ties: of equal scores, the highest number ranks first."""
    return np.random.default_rng(seed).permutation(n_movies).astype(np.int64)


def sort_keys(scores: NDArray[np.float32], ties: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return distinct integers (b, n) that sort like (score, tie order), smallest first.

    The bits of a float32 read as a signed integer already sort correctly from zero up; below zero, all bits but the
    sign are flipped. The score takes the upper 32 bits, the tie order the lower 32.
    """
    bits = (scores + np.float32(0.0)).view(np.int32)  # + 0.0 makes -0.0 equal to 0.0
    bits ^= (bits >> 31) & np.int32(0x7FFFFFFF)  # the shift gives -1 below zero, else 0
    keys = bits.astype(np.int64)
    keys <<= 32
    keys |= ties
    return keys


def movies_of_keys(keys: NDArray[np.int64], ties: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the movie row that each key was made from."""
    movie_of_tie = np.empty_like(ties)
    movie_of_tie[ties] = np.arange(len(ties))
    movies: NDArray[np.int64] = movie_of_tie[keys & 0xFFFFFFFF]
    return movies
