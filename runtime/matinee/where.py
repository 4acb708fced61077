"""A visitor's filters on genre, year and score, turned into a mask over the catalogue.

In: a `Where` and a `Catalogue`. Out: a bool mask (n_movies,). Movies that the visitor rated or reviewed are taken out
by the recommender.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from matinee.catalogue import Catalogue
from matinee.errors import BadInputError, UnknownNameError
from matinee.exact import Mask
from matinee.titles import find


@dataclass(frozen=True)
class Where:
    """Filters that every pick must pass; a movie whose year or score is not known fails a filter on it.

    Args:
        genres: A movie needs at least one of these, upper or lower case alike; empty means any genre.
        years: First and last year, both included; None leaves that side open.
        min_score: Lowest IMDb score, 0 to 10, or None.
        exclude: Movies to leave out, as a person types them or by IMDb id.
    """

    genres: tuple[str, ...] = ()
    years: tuple[int | None, int | None] = (None, None)
    min_score: float | None = None
    exclude: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("genres", "exclude"):
            object.__setattr__(self, name, _names(name, getattr(self, name)))
        object.__setattr__(self, "years", _check_years(self.years))
        score = self.min_score
        if score is not None and not (isinstance(score, int | float) and 0 <= score <= 10):
            raise BadInputError(f"the lowest score is a number from 0 to 10, not {score!r}")

    def mask(self, catalogue: Catalogue) -> Mask:
        """Return which movies pass, (n_movies,) bool.

        Raises:
            UnknownNameError: if a genre or an excluded movie is not in the catalogue; it lists the nearest that are.
        """
        mask = self._in_genres(catalogue)
        low, high = self.years
        if low is not None:
            mask &= catalogue.years >= low  # NaN, an unknown year, compares false
        if high is not None:
            mask &= catalogue.years <= high
        if self.min_score is not None:
            mask &= catalogue.scores >= self.min_score
        mask[[find(catalogue, movie) for movie in self.exclude]] = False
        return mask

    def _in_genres(self, catalogue: Catalogue) -> Mask:
        if not self.genres:
            return np.ones(len(catalogue), dtype=np.bool_)
        wanted = {_genre(catalogue, name) for name in self.genres}
        return np.array([not wanted.isdisjoint(movie.genres) for movie in catalogue], dtype=np.bool_)


def _genre(catalogue: Catalogue, name: str) -> str:
    """Return the catalogue's spelling of a genre; raises UnknownNameError."""
    spellings = {genre.casefold(): genre for genre in catalogue.genres}
    if name.strip().casefold() not in spellings:
        raise UnknownNameError("genre", name, catalogue.genres)
    return spellings[name.strip().casefold()]


def _names(field: str, value: object) -> tuple[str, ...]:
    """Return one name or several as a tuple; raises BadInputError for anything else."""
    names = (value,) if isinstance(value, str) else value
    if not isinstance(names, Collection) or not all(isinstance(name, str) for name in names):
        raise BadInputError(f"{field} are names, such as ('Crime',), not {str(value)[:80]!r}")
    return tuple(names)


def _check_years(years: tuple[int | None, int | None]) -> tuple[int | None, int | None]:
    """Return `years` as a pair; raises BadInputError unless it is one whose first year is not after its last."""
    try:
        low, high = years
        if not all(year is None or isinstance(year, int | float) for year in years):
            raise TypeError
        if (-math.inf if low is None else low) <= (math.inf if high is None else high):
            return (low, high)
    except (TypeError, ValueError):
        pass
    raise BadInputError(f"years are a first and a last year, such as (1990, 1999) or (1990, None), not {years!r}")
