"""What ALS would make of movies it has never seen liked: factors guessed from genres and year.

In: the movie table and fitted factors. Out: guessed factors (n_movies, dim) float32, for every movie. The guess is a
ridge regression from what is known of a movie to its factors, each movie counting by how much its own factors can be
trusted (Gantner et al. 2010, "Learning attribute-to-feature mappings for cold-start recommendations"). Genres and years
did as well here as the vectors of reviews and posters did with them (the report has the figures of the hybrid), and
every movie has them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matinee_export.models.factor_model import Factors

DECADES = np.arange(1930, 2030, 10)
"""Centres of the bumps that a year is told by: a year between two of them is partly both."""

BUMP = 8.0
"""Width of a bump in years."""

RIDGE = 10.0
"""Regularization of the regression."""

TRUSTED_FROM = 5.0
"""Likes with which a movie's own factors count half of what they can."""


def movie_facts(movies: pd.DataFrame) -> NDArray[np.float32]:
    """Return what is known of every movie: its genres, its year in decades, and a one, (n_movies, f) float32.

    Args:
        movies: The movie table: genres (lists of names), year (missing for some, which count as the middle one).
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
    """Return what the factors of every movie would be, going by its facts alone: (n_movies, dim) float32.

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
