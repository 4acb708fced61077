"""One visitor's taste and how it changes: pure functions from a visitor to a new one.

In: the raw values of form fields (text, a title, a number, the bytes of an uploaded file). Out: a `Visitor` with a
checked `Taste`. Every refusal is a MatineeError with one clear sentence.
"""

from __future__ import annotations

import base64
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from matinee.catalogue import Catalogue
from matinee.errors import BadInputError, UnknownNameError
from matinee.images import ImageSource, reduced
from matinee.taste import DISLIKED, LIKED, Poster, Rating, Review, Taste
from matinee.titles import find, name_of
from matinee_demo.imports import Imported
from matinee_demo.words import RATED, VERDICTS

T = TypeVar("T")

MOST = {"reviews": 30, "ratings": 6000, "posters": 6, "seen": 2000}
"""Maximum number of each kind for one visitor, so that no visitor fills the server's memory."""

KEPT_SIDE = 512
"""Shorter side in pixels to which a larger upload is reduced: twice the input size of any encoder."""

KEPT_ASPECT = 4
"""Largest ratio of an upload's sides; a longer one is cropped to its middle, which is what encoders see."""

THUMBNAIL = (96, 144)


@dataclass(frozen=True, eq=False)
class Visitor:
    """One visitor's taste.

    Attributes:
        taste: Reviews, ratings and posters, checked; films are named as the catalogue names them.
        thumbnails: Address of a small picture of each poster, in the order of `taste.posters`.
        seen: Ids of movies that are only to be hidden.
        note: A summary of an imported file or an opened link, or "".
        unmatched: The first titles of an imported file that are not in the catalogue.
        more_unmatched: How many more such titles there are.
    """

    taste: Taste = field(default_factory=Taste)
    thumbnails: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    note: str = ""
    unmatched: tuple[str, ...] = ()
    more_unmatched: int = 0

    def __bool__(self) -> bool:
        return bool(self.taste or self.seen)


def with_review(
    visitor: Visitor, catalogue: Catalogue, text: str, movie: str = "", rating: float | None = None
) -> Visitor:
    """Return the visitor with one more review, perhaps about `movie` and with a `rating`; an equal one counts once.

    Raises:
        BadInputError: The text is empty, the movie unknown, the rating not from 1 to 10, or there are enough reviews.
    """
    review = Review(text, _movie_name(catalogue, movie) if movie.strip() else None, rating)
    kept = tuple(old for old in visitor.taste.reviews if old != review)
    return _with(visitor, reviews=(*kept, review))


def with_rating(visitor: Visitor, catalogue: Catalogue, movie: str, rating: float) -> Visitor:
    """Return the visitor with `movie` rated; a second rating of the same movie takes the place of the first.

    Raises:
        BadInputError: No movie was named, it is unknown, the rating is not from 1 to 10, or there are enough ratings.
    """
    new = Rating(_movie_name(catalogue, movie), rating)
    kept = tuple(old for old in visitor.taste.ratings if old.movie != new.movie)
    return _with(visitor, ratings=(*kept, new))


def with_verdict(visitor: Visitor, catalogue: Catalogue, movie_id: str, word: str) -> Visitor:
    """Return the visitor with a verdict, a key of VERDICTS, on a movie; the same verdict again takes it back.

    Raises:
        BadInputError: There is no such movie or verdict, or there are enough of them.
    """
    if movie_id not in catalogue.rows:
        raise BadInputError(f"no film of this page has the id {movie_id[:40]!r}; choose one that is shown")
    if word not in VERDICTS:
        raise BadInputError(f"a verdict is one of {', '.join(VERDICTS)}, not {word[:40]!r}")
    before = verdicts_of(visitor, catalogue).get(movie_id)
    name = _movie_name(catalogue, movie_id)
    ratings = tuple(rating for rating in visitor.taste.ratings if rating.movie != name)
    seen = tuple(other for other in visitor.seen if other != movie_id)
    if word == before:
        return _with(replace(visitor, seen=seen), ratings=ratings)
    if word in RATED:
        return _with(replace(visitor, seen=seen), ratings=(*ratings, Rating(name, RATED[word])))
    return _with(visitor, ratings=ratings, seen=(*seen, movie_id))


def with_imported(visitor: Visitor, imported: Imported) -> Visitor:
    """Return the visitor with the ratings and reviews of an export; of two ratings of a movie the exported one counts.

    Raises:
        BadInputError: The visitor would have too many of them.
    """
    films = {rating.movie for rating in imported.ratings}
    reviewed = {review.movie for review in imported.reviews}
    ratings = tuple(rating for rating in visitor.taste.ratings if rating.movie not in films)
    reviews = tuple(review for review in visitor.taste.reviews if review.movie is None or review.movie not in reviewed)
    new = _with(visitor, ratings=(*ratings, *imported.ratings), reviews=(*reviews, *imported.reviews))
    return replace(new, note=imported.summary, unmatched=imported.unmatched, more_unmatched=imported.more_unmatched)


def verdicts_of(visitor: Visitor, catalogue: Catalogue) -> dict[str, str]:
    """Return the visitor's verdicts, keys of VERDICTS, by the movie's id; a middling rating is none."""
    said = dict.fromkeys(visitor.seen, "seen")
    for rating in visitor.taste.ratings:
        if not DISLIKED <= rating.rating < LIKED:
            said[catalogue[find(catalogue, rating.movie)].id] = "liked" if rating.rating >= LIKED else "not"
    return said


def with_poster(visitor: Visitor, image: ImageSource, label: str, thumbnail: str | None = None) -> Visitor:
    """Return the visitor with one more poster, decoded at once, so that its file is not needed again.

    Args:
        visitor: The visitor so far.
        image: The bytes of an image file, its path, or a PIL image.
        label: What to call the poster in reasons.
        thumbnail: Address of a small picture of it; made from the image where there is none.

    Raises:
        BadImageError: It cannot be read as an image.
        BadInputError: There are enough posters.
    """
    if len(visitor.taste.posters) >= MOST["posters"]:
        raise _too_many("posters")
    picture = reduced(image, KEPT_SIDE, KEPT_ASPECT)
    if thumbnail is None:
        small = picture.copy()
        small.thumbnail(THUMBNAIL)
        file = io.BytesIO()
        small.save(file, "JPEG", quality=80)
        thumbnail = "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode("ascii")
    new = _with(visitor, posters=(*visitor.taste.posters, Poster(picture, label)))
    return replace(new, thumbnails=(*visitor.thumbnails, thumbnail))


def keys(visitor: Visitor, kind: str) -> tuple[str, ...]:
    """Return one key for each item of a kind in MOST; an item's key does not change when other items do."""
    things: dict[str, Sequence[object]] = {
        "reviews": visitor.taste.reviews,
        "ratings": [rating.movie for rating in visitor.taste.ratings],
        "posters": visitor.thumbnails,
        "seen": visitor.seen,
    }
    return tuple(f"{zlib.crc32(str(thing).encode('utf-8', 'replace')):08x}" for thing in things[kind])


def without(visitor: Visitor, kind: str, key: str) -> Visitor:
    """Return the visitor without the thing of one of the kinds in MOST that has this key; unchanged if none has."""
    if kind not in MOST or key not in keys(visitor, kind):
        return visitor
    position = keys(visitor, kind).index(key)
    if kind == "seen":
        return replace(visitor, seen=_drop(visitor.seen, position))
    kept: dict[str, Any] = {kind: _drop(getattr(visitor.taste, kind), position)}
    thumbnails = _drop(visitor.thumbnails, position) if kind == "posters" else visitor.thumbnails
    return replace(visitor, taste=replace(visitor.taste, **kept), thumbnails=thumbnails)


def _with(visitor: Visitor, **parts: Any) -> Visitor:  # noqa: ANN401 - tuples of each kind's own type
    for kind, things in parts.items():
        if len(things) > MOST[kind]:
            raise _too_many(kind)
    seen = parts.pop("seen", visitor.seen)
    return replace(visitor, taste=replace(visitor.taste, **parts), seen=seen)


def _too_many(kind: str) -> BadInputError:
    things = "seen films" if kind == "seen" else kind
    return BadInputError(f"a taste has at most {MOST[kind]:,} {things} here; remove one to add another")


def _drop(things: tuple[T, ...], position: int) -> tuple[T, ...]:
    return things[:position] + things[position + 1 :]


def _movie_name(catalogue: Catalogue, movie: str) -> str:
    """Return the catalogue's name of the movie that a person means; raises BadInputError."""
    if not movie.strip():
        raise BadInputError("no film was named: type a few letters of its title and choose it from the list")
    try:
        return name_of(catalogue, find(catalogue, movie))
    except UnknownNameError as error:
        if error.nearest:
            raise
        raise BadInputError(
            f"no film here is called {movie!r}; type its first letters and choose from the list"
        ) from None
