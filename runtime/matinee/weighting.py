"""How much a rating weighs, for or against a movie: the one table that both export and the runtime use.

In: ratings from 1 to 10. Out: weights from -1 to 1; below 0 a rating counts against the movie, at 0 not at all.
Export chooses each model's weighting on validation rows and writes it into the manifest. Anything given without a
rating weighs as much as the lowest rating that is a like.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from matinee.taste import DISLIKED, LIKED, MAX_RATING

Ratings = npt.NDArray[np.floating]
Weighting = Callable[[Ratings], Ratings]

MIDDLE, REACH = 5.5, 4.5
"""For "signed": the middle of the ratings 1 to 10, and how far they reach to either side of it."""

UNRATED = LIKED
"""The rating that is assumed where none was given."""


def scaled(ratings: Ratings) -> Ratings:
    """Return rating / 10, as the paper does: every rating counts for the movie, a bad one less."""
    return ratings / MAX_RATING


def liked(ratings: Ratings) -> Ratings:
    """Return rating / 10 for a like, a rating of 7 or more, and 0 for every other."""
    return np.where(ratings >= LIKED, ratings / MAX_RATING, 0.0)


def gentle(ratings: Ratings) -> Ratings:
    """Return rating / 10 for a like, (rating - 5) / 10 below 5, and 0 in between."""
    return np.where(ratings >= LIKED, ratings / MAX_RATING, np.minimum(0.0, (ratings - DISLIKED) / MAX_RATING))


def signed(ratings: Ratings) -> Ratings:
    """Return (rating - 5.5) / 4.5: from -1 for a rating of 1 to 1 for a rating of 10."""
    return (ratings - MIDDLE) / REACH


WEIGHTINGS: dict[str, Weighting] = {"gentle": gentle, "scaled": scaled, "liked": liked, "signed": signed}
"""Every weighting by its name in the manifest."""

DEFAULT = "gentle"
"""The weighting of BPR and ALS, and of a model whose manifest names none."""


@lru_cache
def weight(rating: float | None, how: str = DEFAULT) -> float:
    """Return the weight, -1 to 1, of a rating of 1 to 10, or of None for no rating, by the weighting called `how`.

    >>> [weight(r) for r in (10, 7, 6, 4, 1, None)]
    [1.0, 0.7, 0.0, -0.1, -0.4, 0.7]
    """
    return float(WEIGHTINGS[how](np.asarray(UNRATED if rating is None else rating, dtype=np.float64)))
