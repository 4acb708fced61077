"""How the hybrid blends its members' scores: the one formula whose weights export learns and the runtime applies.

A member's scores of all movies are standardised for each visitor, so that members with different scales can be added
up. Each member has three weights, since which member is best depends on how much is known: one for visitors who have
liked few movies, one for those who have liked many, and one that is added for movies that hardly anybody has rated, for
which only reviews and posters help. A movie's prior is its user-independent score.

    score(u, m) = sum_k [(1 - s_u) few_k + s_u many_k + c_m cold_k] z_k(u, m)
                  + (1 - s_u) prior_few(m) + s_u prior_many(m)

s_u = likes_u / (likes_u + HALF_STRENGTH) is the visitor's strength, c_m is 1 for a cold movie, and z_k is the score of
member k, minus its mean and divided by its standard deviation over a fixed sample of the movies; a member that gives
all movies the same score adds nothing.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

HALF_STRENGTH = 5.0
"""Number of likes at which a visitor's strength is 0.5, half-way between few and many."""

COLD_BELOW = 3
"""A movie with fewer given ratings than this is cold."""

SAMPLE = 1024
"""Number of movies over which scores are standardised; all movies of a smaller catalogue."""

_FLAT = 1e-6
"""A standard deviation below this share of the largest absolute score is treated as rounding error, so as 0."""


class Weights(NamedTuple):
    """One member's weights, each at least 0: for visitors with few and many likes, and one added for cold movies."""

    few: float
    many: float
    cold: float

    def by_regime(self) -> dict[Literal["few", "many", "cold"], float]:
        """Return the three weights by name, as the manifest stores them."""
        return {"few": self.few, "many": self.many, "cold": self.cold}


def strength(likes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the strength of visitors with so many `likes`, 0 to below 1: likes / (likes + HALF_STRENGTH)."""
    return likes / (likes + HALF_STRENGTH)


@cache
def sampled(n_movies: int) -> npt.NDArray[np.int64]:
    """Return the rows of the movies over which scores are standardised, ascending; always the same ones."""
    rows = np.sort(np.random.default_rng(0).permutation(n_movies)[:SAMPLE]).astype(np.int64)
    rows.flags.writeable = False
    return rows


def standardise(scores: npt.NDArray[np.float32], among: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return (scores - mean) / deviation, for each visitor; zeros where a member gives all movies the same score.

    Args:
        scores: (..., m) scores of some movies.
        among: (..., s) scores of the `sampled` movies, of the same visitors.
    """
    mean, deviation = among.mean(axis=-1, keepdims=True), among.std(axis=-1, keepdims=True)
    flat = deviation <= _FLAT * np.abs(among).max(axis=-1, keepdims=True, initial=0.0)
    return np.asarray((scores - mean) / np.where(flat, np.inf, deviation), dtype=np.float32)


def share(weights: Weights, strengths: npt.NDArray[np.float64], cold: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    """Return a member's weight for each visitor and movie, (m,) or (b, m).

    Args:
        weights: The member's weights.
        strengths: (1,) of one visitor, or (b, 1) of several.
        cold: (m,) which of the movies are cold.
    """
    by_strength = (1 - strengths) * weights.few + strengths * weights.many
    return np.asarray(by_strength + weights.cold * cold, dtype=np.float32)


def prior(by_strength: npt.NDArray[np.float32], strengths: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Return the movies' priors for visitors of these strengths, from their priors for few and many likes, (m, 2)."""
    return np.asarray((1 - strengths) * by_strength[:, 0] + strengths * by_strength[:, 1], dtype=np.float32)
