"""A visitor's taste: reviews, ratings and posters, checked once here and trusted afterwards.

Films are named as the visitor named them; the recommender looks them up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matinee.errors import BadRatingError, BadTextError

if TYPE_CHECKING:
    from matinee.images import ImageSource

LIKED = 7.0
"""A rating of at least this many of 10 is a like, as in the paper (positive = rating >= 7)."""

DISLIKED = 5.0
"""A rating below this is a dislike; from here up to LIKED it is neither."""

MIN_RATING, MAX_RATING = 1.0, 10.0


def sound(text: str) -> str:
    """Return `text` with "?" in place of each lone surrogate, which UTF-8 cannot encode."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def check_rating(rating: float | str) -> float:
    """Return `rating`, a number or its text, as a float, or raise BadRatingError unless it is a number from 1 to 10."""
    try:
        value = float(rating)
    except (TypeError, ValueError, OverflowError):
        value = math.nan
    if isinstance(rating, bool) or not MIN_RATING <= value <= MAX_RATING:
        raise BadRatingError(f"a rating is a number from 1 to 10, not {str(rating)[:40]!r}")
    return value


@dataclass(frozen=True)
class Review:
    """What the visitor wrote, perhaps about a film and perhaps with a rating.

    Args:
        text: The visitor's own words, of any length; encoders truncate it.
        movie: The film it is about, as a person types it ("Heat", "heat 1995"), or None.
        rating: 1 to 10, or None.
    """

    text: str
    movie: str | None = None
    rating: float | None = None

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise BadTextError("a review needs some words, and this one is empty")
        object.__setattr__(self, "text", sound(self.text))
        object.__setattr__(self, "movie", self.movie and sound(self.movie))
        if self.rating is not None:
            object.__setattr__(self, "rating", check_rating(self.rating))


@dataclass(frozen=True)
class Rating:
    """A film as a person types its title, and the visitor's rating of it from 1 to 10."""

    movie: str
    rating: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "movie", sound(self.movie))
        object.__setattr__(self, "rating", check_rating(self.rating))


@dataclass(frozen=True)
class Poster:
    """A poster the visitor likes the look of.

    Args:
        image: A path, the bytes of an image file, or a PIL image.
        label: What to call it in reasons, such as its file name.
    """

    image: ImageSource
    label: str = "your poster"

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", sound(self.label))


@dataclass(frozen=True)
class Taste:
    """Everything one visitor has given; any part may be empty, but not all of it when asking for picks."""

    reviews: tuple[Review, ...] = ()
    ratings: tuple[Rating, ...] = ()
    posters: tuple[Poster, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.reviews or self.ratings or self.posters)
