"""Predicts ALS factors from a movie's genres and year, for movies that nobody has liked (cold start).

In: the movie table and fitted factors. Out: predicted factors (n_movies, dim) float32, for every movie. The predictor
is a ridge regression from a movie's features to its factors, each movie weighted by how reliable its own factors are
(Gantner et al. 2010, "Learning attribute-to-feature mappings for cold-start recommendations"). Genres and years alone
did as well here as together with the vectors of reviews and posters (the report has the figures of the hybrid), and
every movie has them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matinee_export.models.factor_model import Factors

DECADES = np.arange(1930, 2030, 10)
"""Centres of the Gaussian basis functions that encode a year; a year between two centres activates both."""

BUMP = 8.0
"""Width of a basis function in years: exp(-((year - centre) / BUMP)^2)."""

RIDGE = 10.0
"""L2 regularization of the regression."""

TRUSTED_FROM = 5.0
"""Number of likes at which a movie has weight 1/2 in the regression: likes / (likes + TRUSTED_FROM)."""


def movie_facts(movies: pd.DataFrame) -> NDArray[np.float32]:
    """Return the features of every movie: genres (0 or 1), the encoded year, and a constant 1; (n_movies, f) float32.

    Args:
        movies: The movie table: genres (lists of names), year (a missing one is replaced by the median year).
    """
    names = sorted({genre for genres in movies["genres"] for genre in genres})
    genres = np.array([[name in own for name in names] for own in movies["genres"]], np.float32).reshape(
        len(movies), -1
    )
    year = movies["year"].astype("Float64").to_numpy(np.float64, na_value=np.nan)
    known = year[np.isfinite(year)]
    year = np.where(np.isfinite(year), year, np.median(known) if len(known) else DECADES.mean())
    bumps = np.exp(-(((year[:, None] - DECADES) / BUMP) ** 2))
    return np.hstack([genres, bumps.astype(np.float32), np.ones((len(movies), 1), np.float32)])


def guess_factors(factors: Factors, facts: NDArray[np.float32], likes: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the factors predicted for every movie from its features alone: (n_movies, dim) float32.

    Args:
        factors: Fitted factors.
        facts: (n_movies, f) from `movie_facts`.
        likes: (n_movies,) likes in the rows that the factors were fitted to.
    """
    known = factors.item_factors.any(axis=1)
    trust = np.where(known, likes / (likes + TRUSTED_FROM), 0.0)
    x = facts.astype(np.float64)
    weighted = x * trust[:, None]
    normal = weighted.T @ x + RIDGE * np.eye(x.shape[1])
    return np.asarray(x @ np.linalg.solve(normal, weighted.T @ factors.item_factors), dtype=np.float32)
