"""The endpoints' arguments, parsed: JSON-like values in, a `Taste` and a `Where` out.

Pure functions; every refusal is a MatineeError with one clear sentence.
"""

from __future__ import annotations

import json
import math
import re
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path

from matinee.errors import BadInputError
from matinee.taste import Poster, Rating, Review, Taste
from matinee.where import Where
from matinee_demo.imports import MOST_RATINGS

MOST_BASE64 = 14_000_000
"""Characters of a poster in a data address: the size of the largest upload in base64."""

MOST_ASKED = 1_000_000
"""Largest number of movies that can be asked for; the catalogue's size limits it further."""

MOST_GENRES = 200

_DATA = re.compile(r"data:image/[\w.+-]+;base64,", re.ASCII)

RATINGS_FORM = 'ratings must be a JSON list such as [{"movie": "Heat (1995)", "rating": 9}]'


def parse_text(name: str, value: object) -> str:
    """Return the argument `name`, a text; None counts as an empty one.

    Raises:
        BadInputError: It is of another type.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadInputError(f"{name} must be a text, not {_shown(value)}")
    return value


def parse_number(name: str, value: object) -> float | None:
    """Return the argument `name`, a number or its text; None for None and an empty text.

    Raises:
        BadInputError: It is of another type, NaN or infinite.
    """
    if value is None or value == "":
        return None
    try:
        number = math.nan if isinstance(value, bool) else float(value)  # type: ignore[arg-type]  # whatever came
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise BadInputError(f"{name} must be a number, not {_shown(value)}")
    return number


def parse_count(name: str, value: object) -> int:
    """Return the argument `name`, a count of at least 1.

    Raises:
        BadInputError: It is anything else.
    """
    number = parse_number(name, value)
    if number is None or number != int(number) or number < 1:
        raise BadInputError(f"{name} must be a whole number of at least 1, not {_shown(value)}")
    return int(min(number, MOST_ASKED))


def _shown(value: object) -> str:
    """Return a value as errors show it: on one line and cut to 80 characters."""
    return repr(value)[:80] if isinstance(value, str | int | float | None) else f"a {type(value).__name__}"


def parse_taste(review: object, movie: object, rating: object, ratings: object, poster: object) -> Taste:
    """Return the taste in the arguments of `/recommend`.

    Args:
        review: What the visitor wrote; may be empty.
        movie: The film that the review is about, or, without a review, that the rating is of; may be empty.
        rating: 1 to 10, or None.
        ratings: A list of {"movie", "rating"}, the same as JSON text, or an object of ratings by movie.
        poster: A file as gradio hands it over, or None.

    Raises:
        BadInputError: One of them cannot be used.
    """
    words, film, rated = parse_text("review", review), parse_text("movie", movie).strip(), parse_ratings(ratings)
    given = parse_number("rating", rating)
    if given is not None and not words.strip():
        if not film:
            raise BadInputError("a rating needs a movie: give the movie that was rated, or a review")
        rated = (*rated, Rating(film, given))
    return Taste(
        reviews=(Review(words, film or None, given),) if words.strip() else (),
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
        raise BadInputError(f"{RATINGS_FORM}, not {_shown(ratings)}")
    if len(ratings) > MOST_RATINGS:
        raise BadInputError(f"{len(ratings):,} ratings are too many; give at most {MOST_RATINGS:,}, such as the latest")
    return tuple(_rating(entry) for entry in ratings)


def _json(text: str) -> object:
    try:
        data: object = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInputError(f"{RATINGS_FORM}, not {text[:80]!r}") from None
    return data


def _rating(entry: object) -> Rating:
    if not isinstance(entry, dict) or not isinstance(entry.get("movie"), str):
        raise BadInputError(f"{RATINGS_FORM}; one entry is {_shown(entry)}")
    return Rating(entry["movie"], entry.get("rating", "missing"))


def parse_poster(poster: object) -> tuple[Poster, ...]:
    """Return the poster in an uploaded file or a data address, as a tuple; empty for no poster.

    Only a file with gradio's mark is opened: gradio has then checked that it wrote the path itself, so no other file of
    this machine can be read. No address is ever fetched.
    """
    if not poster:
        return ()
    if isinstance(poster, str) and (data := _DATA.match(poster)):
        return (Poster(_decoded(poster[data.end() :])),)
    if not isinstance(poster, Mapping) or poster.get("meta") != {"_type": "gradio.FileData"} or not poster.get("path"):
        raise BadInputError(
            'a poster must be an uploaded file, poster=handle_file("poster.jpg") with gradio_client, or an image as '
            '"data:image/jpeg;base64,..."'
        )
    path = Path(parse_text("path", poster["path"]))
    return (Poster(path, label=path.name),)


def _decoded(base64: str) -> bytes:
    if len(base64) > MOST_BASE64:
        raise BadInputError(f"a poster may have at most {MOST_BASE64 * 3 // 4 // 1_000_000} MB; send a smaller image")
    try:
        return b64decode(base64, validate=True)
    except ValueError:
        raise BadInputError("the poster's data address is not valid base64; encode the image file again") from None


def parse_where(
    genres: object = None, from_year: object = None, to_year: object = None, min_score: object = None
) -> Where:
    """Return the filters; None, an empty text and an empty list filter nothing.

    Raises:
        BadInputError: One is of another type, the first year is after the last, or the score is not from 0 to 10.
    """
    listed = [genres] if isinstance(genres, str) and genres else genres or []
    if not isinstance(listed, list | tuple) or not all(isinstance(genre, str) for genre in listed):
        raise BadInputError(f"genres must be a list of texts such as ['Drama'], not {_shown(genres)}")
    if len(listed) > MOST_GENRES:
        raise BadInputError(f"{len(listed):,} genres are too many; give at most {MOST_GENRES}")
    years = (_year(from_year), _year(to_year))
    return Where(genres=tuple(listed), years=years, min_score=parse_number("min_score", min_score))


def _year(year: object) -> int | None:
    try:
        number = parse_number("a year", year)
    except BadInputError:
        number = 0
    if number is not None and not 0 < number < 10_000:
        raise BadInputError(f"a year must be a number such as 1995, not {_shown(year)}")
    return None if number is None else int(number)
