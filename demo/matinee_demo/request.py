"""What a program asks of the endpoints, parsed: JSON-like values in, a `Taste` and a `Where` out.

Pure functions; every refusal is a MatineeError with one clear sentence. Knows nothing of gradio.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matinee.errors import BadInputError
from matinee.taste import Poster, Rating, Review, Taste
from matinee.where import Where
from matinee_demo.imports import MOST_RATINGS

MOST_BASE64 = 14_000_000
"""Letters of a poster in a data address: as much as an upload may have."""

_DATA = re.compile(r"data:image/[\w.+-]+;base64,", re.ASCII)

RATINGS_FORM = 'ratings are a JSON list such as [{"movie": "Heat (1995)", "rating": 9}]'


def parse_taste(review: str, movie: str, rating: float | None, ratings: object, poster: object) -> Taste:
    """Return the taste that the arguments of `/recommend` tell.

    Args:
        review: What the visitor wrote; may be empty.
        movie: The film that the review is about, or, without a review, that the rating is of; may be empty.
        rating: 1 to 10, or None.
        ratings: A list of {"movie", "rating"}, the same as JSON text, or an object of ratings by movie.
        poster: A file as gradio hands it over, or None.

    Raises:
        BadInputError: Something of it cannot be used.
    """
    rated = parse_ratings(ratings)
    if rating is not None and not review.strip():
        if not movie.strip():
            raise BadInputError("a rating needs the movie that it is of, or a review that it comes with")
        rated = (*rated, Rating(movie, rating))
    return Taste(
        reviews=(Review(review, movie.strip() or None, rating),) if review.strip() else (),
        ratings=rated,
        posters=parse_poster(poster),
    )


def parse_ratings(ratings: object) -> tuple[Rating, ...]:
    """Return ratings from a list of {"movie", "rating"}, from an object of ratings by movie, or from JSON of either."""
    if isinstance(ratings, str):
        ratings = _json(ratings) if ratings.strip() else []
    if not ratings:
        return ()
    if isinstance(ratings, Mapping):
        ratings = [{"movie": movie, "rating": rating} for movie, rating in ratings.items()]
    if not isinstance(ratings, list):
        raise BadInputError(f"{RATINGS_FORM}, not {str(ratings)[:80]!r}")
    if len(ratings) > MOST_RATINGS:
        raise BadInputError(f"a taste has at most {MOST_RATINGS:,} ratings here, not {len(ratings):,}; give the latest")
    return tuple(_rating(entry) for entry in ratings)


def _json(text: str) -> object:
    try:
        data: object = json.loads(text)
    except ValueError:
        raise BadInputError(f"{RATINGS_FORM}, not {text[:80]!r}") from None
    return data


def _rating(entry: object) -> Rating:
    if not isinstance(entry, dict) or not isinstance(entry.get("movie"), str):
        raise BadInputError(f"{RATINGS_FORM}; one entry is {str(entry)[:80]!r}")
    return Rating(entry["movie"], entry.get("rating", "missing"))


def parse_poster(poster: object) -> tuple[Poster, ...]:
    """Return the poster in a file that a client uploaded or in a data address, or nothing.

    Only a file with gradio's mark is opened: gradio has then made sure that the path is one that it wrote itself, so no
    other file of this machine can be reached; and no address is ever fetched.
    """
    if not poster:
        return ()
    if isinstance(poster, str) and (data := _DATA.match(poster)):
        return (Poster(_decoded(poster[data.end() :])),)
    if not isinstance(poster, Mapping) or poster.get("meta") != {"_type": "gradio.FileData"} or not poster.get("path"):
        raise BadInputError(
            'a poster is an uploaded file, poster=handle_file("poster.jpg") with gradio_client, or an image as '
            '"data:image/jpeg;base64,..."'
        )
    path = Path(poster["path"])
    return (Poster(path, label=path.name),)


def _decoded(base64: str) -> bytes:
    if len(base64) > MOST_BASE64:
        raise BadInputError(f"a poster has at most {MOST_BASE64 * 3 // 4 // 1_000_000} MB")
    try:
        return b64decode(base64, validate=True)
    except ValueError:
        raise BadInputError("the poster's data address is not in base64") from None


def parse_where(
    genres: Sequence[str] | None = None,
    from_year: float | str | None = None,
    to_year: float | str | None = None,
    min_score: float | None = None,
) -> Where:
    """Return the filters; None and an empty list filter nothing.

    Raises:
        BadInputError: The first year is after the last, or the score is not from 0 to 10.
    """
    years = (_year(from_year), _year(to_year))
    return Where(genres=tuple(genres or ()), years=years, min_score=min_score)


def _year(year: Any) -> int | None:  # noqa: ANN401 - whatever a program sent
    if year is None or year == "":
        return None
    try:
        return int(year)
    except (TypeError, ValueError, OverflowError):
        raise BadInputError(f"a year is a number such as 1995, not {year!r}") from None
