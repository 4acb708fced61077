"""The settings of the content models, which the paper left open: names, valid values and meanings.

`content` applies a `ContentSettings`, and `content_tuning` chooses the best one on validation rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from matinee.errors import BadInputError, UnknownNameError
from matinee.weighting import WEIGHTINGS

POOLINGS: Mapping[str, str] = {
    "rated": "each review of a movie weighs rating / 10",
    "even": "all reviews of a movie weigh the same",
    "signed": "each review of a movie weighs (rating - 5.5) / 4.5",
    "attention": "each review of a movie weighs exp(cosine(review, mean of the movie's reviews) / 0.1)",
    "helpful": "each review of a movie weighs (found helpful + 1) / (votes + 2)",
}
IMPUTED: Mapping[str, str] = {
    "kept": "a row without a rating counts: in a movie by its imputed rating, in a user as a 7",
    "dropped": "a row without a rating does not count",
}
SPACES: Mapping[str, str] = {
    "raw": "cosines between vectors as the encoder gives them",
    "centred": "what all movies have in common is taken away first",
    "softened": "centred, and the directions in which movies differ most are damped",
}


@dataclass(frozen=True)
class ContentSettings:
    """How one content model computes movies and users from vectors; see `content` and `pooling` for the formulas.

    Attributes:
        ratings: How a rating is turned into the weight of a user's row, one of `matinee.weighting.WEIGHTINGS`.
        imputed: Whether rows whose rating is missing or imputed count, one of IMPUTED.
        pooling: How the vectors of a movie's reviews become one vector, one of POOLINGS; for models that read texts.
        space: How vectors are transformed before they are compared, one of SPACES.
        poster: Weight of a movie's poster against its reviews, 0 to 1; for models that read both.

    Raises:
        UnknownNameError: A setting has no such value.
        BadInputError: `poster` is not from 0 to 1.
    """

    ratings: str = "gentle"
    imputed: str = "kept"
    pooling: str = "rated"
    space: str = "raw"
    poster: float = 0.5

    def __post_init__(self) -> None:
        """Validate the values."""
        valid = {"ratings": WEIGHTINGS, "imputed": IMPUTED, "pooling": POOLINGS, "space": SPACES}
        for name, values in valid.items():
            if getattr(self, name) not in values:
                raise UnknownNameError(name, str(getattr(self, name)), values)
        if not 0 <= self.poster <= 1:
            raise BadInputError(f"the share of the poster is from 0 to 1, not {self.poster}")

    def but(self, name: str, value: str | float) -> ContentSettings:
        """Return these settings with the setting `name` changed to `value`."""
        return replace(self, **{name: value})  # type: ignore[arg-type]  # checked in __post_init__
