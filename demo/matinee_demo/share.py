"""A taste in a link: `encode` makes the text that follows `#taste=`, `decode` reads it again.

In: a taste, the filters and the catalogue. Out: a text of letters, digits, "-", "_" and one ".", of at most LONGEST
characters. A link is untrusted input: sizes are bounded, every value is checked again, and what the catalogue does not
have is left out and counted. Posters are not shared, as they are the visitor's own pictures.

The text is the format's number, a dot, and base64url of deflated JSON: {"r": [[film, rating], ...], "t": [[words, film,
rating], ...], "g": genres, "y": years, "s": lowest score}; a film is its IMDb id without "tt" and leading zeros.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from matinee.catalogue import Catalogue
from matinee.errors import BadInputError
from matinee.taste import Rating, Review, Taste
from matinee.titles import find, name_of
from matinee.where import Where

FORMAT = 1
"""The format that this version writes and reads."""

LONGEST = 6000
"""Characters of a link's text: with its address it stays below the 8,000 that messengers commonly take."""

MOST_REVIEWS, LONGEST_REVIEW = 10, 1000
"""How many reviews a link holds, the latest, and how many characters of each."""

UNPACKED = 200_000
"""Bytes that a link may unpack to: several times what LONGEST characters of a real link hold."""

_FORM = re.compile(r"([0-9]{1,4})\.([A-Za-z0-9_-]+)")
_IMDB_ID = re.compile(r"tt([0-9]{7}|[1-9][0-9]{7,9})")

Data = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Link:
    """A taste as text for a link, and one sentence on what is not in it, or ""."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class Opened:
    """An opened link: a taste, filters, and one sentence on what could not be used here, or ""."""

    taste: Taste = field(default_factory=Taste)
    where: Where = field(default_factory=Where)
    note: str = ""


def encode(taste: Taste, catalogue: Catalogue, where: Where | None = None) -> Link:
    """Return a taste as text for a link; where it would be longer than LONGEST, the oldest ratings are left out.

    Args:
        taste: The visitor's taste.
        catalogue: The films of the bundle.
        where: The filters, if they are to be in the link; films that it excludes are not.

    Raises:
        UnknownNameError: The taste names a film that is not in the catalogue.
    """
    ratings = [[_short(catalogue, rating.movie), _plain(rating.rating)] for rating in taste.ratings]
    reviews = [_review_data(catalogue, review) for review in taste.reviews[-MOST_REVIEWS:]]
    filters = _where_data(where or Where())
    most = len(ratings) + len(reviews)
    kept = bisect_right(range(1, most + 1), LONGEST, key=lambda last: len(_pack(filters, ratings, reviews, last)))
    left_out = {
        "poster": len(taste.posters),
        "rating": min(len(ratings), most - kept),
        "review": len(taste.reviews) - min(len(reviews), kept),
    }
    return Link(_pack(filters, ratings, reviews, kept), _note("not in the link", left_out))


def decode(text: str, catalogue: Catalogue) -> Opened:
    """Return what a link's text holds; films and genres that are not here, and invalid values, are left out.

    Raises:
        BadInputError: It is no such text, it is damaged, or it has the format of another version.
    """
    data = _unpack(text)
    ratings = [_rating(catalogue, entry) for entry in _list(data, "r")]
    reviews = [_review(catalogue, entry) for entry in _list(data, "t")[:MOST_REVIEWS]]
    where, unknown_genres = _where(catalogue, data)
    by_film = {rating.movie: rating for rating in ratings if rating}
    taste = Taste(tuple(review for review in reviews if review), tuple(by_film.values()))
    lost = {"rating": ratings.count(None), "review": reviews.count(None), "genre": unknown_genres}
    return Opened(taste, where, _note("in the link but not known here", lost))


def _review_data(catalogue: Catalogue, review: Review) -> list[Any]:
    film = None if review.movie is None else _short(catalogue, review.movie)
    return [review.text[:LONGEST_REVIEW], film, review.rating and _plain(review.rating)]


def _where_data(where: Where) -> Data:
    data = {"g": list(where.genres), "y": list(where.years), "s": where.min_score}
    return {key: value for key, value in data.items() if value not in ([], [None, None], None)}


def _short(catalogue: Catalogue, movie: str) -> int | str:
    imdb_id: str = catalogue[find(catalogue, movie)].id
    number = _IMDB_ID.fullmatch(imdb_id)
    return int(number[1]) if number else imdb_id


def _plain(rating: float) -> float:
    return int(rating) if rating == int(rating) else rating


def _pack(filters: Data, ratings: Sequence[Any], reviews: Sequence[Any], last: int) -> str:
    """Return a link's text with the filters and the `last` items of the ratings followed by the reviews."""
    dropped = len(ratings) + len(reviews) - last
    items = {"r": ratings[dropped:], "t": reviews[max(0, dropped - len(ratings)) :]}
    data = {**{key: value for key, value in items.items() if value}, **filters}
    packed = zlib.compress(json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode(), 9)
    return f"{FORMAT}.{base64.urlsafe_b64encode(packed).rstrip(b'=').decode('ascii')}"


def _unpack(text: str) -> Data:
    """Return the data in a link's text, with no value checked yet."""
    form = _FORM.fullmatch(text.strip()) if len(text) <= 2 * LONGEST else None
    if form is None:
        raise BadInputError("this link holds no taste that can be read; copy all of it, or ask for a new one")
    if int(form[1]) != FORMAT:
        raise BadInputError(f"this link has format {form[1]}, and this server reads format {FORMAT}; ask for a new one")
    unpacker = zlib.decompressobj()
    try:
        packed = base64.urlsafe_b64decode(form[2] + "=" * (-len(form[2]) % 4))
        data = json.loads(unpacker.decompress(packed, UNPACKED))
    except (ValueError, zlib.error, RecursionError):
        data = None
    if not isinstance(data, dict) or not unpacker.eof:
        raise BadInputError("this link is damaged: a part of it is missing or was changed; copy it again")
    return data


def _list(data: Data, key: str) -> list[Any]:
    value = data.get(key)
    return value if isinstance(value, list) else []


def _rating(catalogue: Catalogue, entry: object) -> Rating | None:
    match entry:
        case [film, int() | float() as rating] if movie := _name(catalogue, film):
            return _checked(lambda: Rating(movie, rating))
    return None


def _review(catalogue: Catalogue, entry: object) -> Review | None:
    """Return a review of the link, without its film if that is not in the catalogue; None if it is invalid."""
    match entry:
        case [str() as words, film, int() | float() | None as rating]:
            return _checked(lambda: Review(words[:LONGEST_REVIEW], _name(catalogue, film), rating))
    return None


def _where(catalogue: Catalogue, data: Data) -> tuple[Where, int]:
    """Return the link's filters as far as they are valid, and how many of its genres are not in the catalogue."""
    genres = _list(data, "g")
    known = tuple(genre for genre in catalogue.genres if genre in genres)
    where = Where(genres=known)
    match data.get("y"):
        case [int() | None as first, int() | None as last] if all(0 < (year or 1) < 10_000 for year in (first, last)):
            where = _checked(lambda: replace(where, years=(first, last))) or where
    match data.get("s"):
        case int() | float() as score:
            where = _checked(lambda: replace(where, min_score=score)) or where
    return where, len(genres) - len(known)


def _name(catalogue: Catalogue, short: object) -> str | None:
    """Return the name of a film of the link, or None where it is not in the catalogue."""
    imdb_id = f"tt{short:0>7}" if isinstance(short, int) else short
    row = catalogue.rows.get(imdb_id) if isinstance(imdb_id, str) else None
    return None if row is None else name_of(catalogue, row)


def _checked(make: Callable[[], T]) -> T | None:
    """Return the result of `make`, or None where it raises an error for an invalid value."""
    try:
        return make()
    except (BadInputError, OverflowError):
        return None


def _note(words: str, counts: Mapping[str, int]) -> str:
    """Return one sentence with the numbers of things that were left out, or ""."""
    parts = [f"{count:,} {thing}{'' if count == 1 else 's'}" for thing, count in counts.items() if count]
    return f"{words}: {', '.join(parts)}" if parts else ""
