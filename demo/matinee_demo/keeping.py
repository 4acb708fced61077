"""How much memory visits take, and which of them goes when all together take too much.

In: visitors, and visits that say their size. Out: bytes, and visits that are told to forget. What several visitors of
one visit share, as the steps that can be undone do, is counted once. Knows nothing of gradio or HTML.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from threading import Lock
from typing import Protocol
from weakref import WeakKeyDictionary

from PIL import Image

from matinee_demo.visitor import Visitor

ONE_VISIT = 50_000_000
"""Bytes of what one visitor told, with what can be undone; beyond it the first steps can no longer be undone."""

ALL_VISITS = 500_000_000
"""Bytes of what all visitors told and what was made of it; beyond it the visit that was idle longest is forgotten."""

_RATING = 250
"""Bytes of one rating with its film's name, rounded up; of a title or an id too."""


def told_bytes(visitors: Iterable[Visitor]) -> int:
    """Return how much memory visitors take together, what they share counted once."""
    sizes: dict[int, int] = {}
    for visitor in visitors:
        for thing, size in _things(visitor):
            sizes[id(thing)] = size
    return sum(sizes.values())


def _things(visitor: Visitor) -> Iterator[tuple[object, int]]:
    """All that can be large, with its bytes; an empty tuple is the same object everywhere."""
    taste = visitor.taste
    for many in (taste.ratings, visitor.seen, visitor.unmatched):
        yield many, _RATING * len(many)
    for review in taste.reviews:
        yield review, _RATING + sys.getsizeof(review.text)
    for poster in taste.posters:
        image = poster.image
        yield image, 4 * image.width * image.height if isinstance(image, Image.Image) else sys.getsizeof(image)
    for thumbnail in visitor.thumbnails:
        yield thumbnail, sys.getsizeof(thumbnail)


class Kept(Protocol):
    """A visit, as its keeper sees it."""

    @property
    def size(self) -> int:
        """Bytes it takes."""
        ...

    def forget(self) -> None:
        """Let go of all that takes memory."""
        ...


class Keeper:
    """Keeps visits together under a limit; safe to share between threads. Visits that end are not held.

    Args:
        limit: Bytes they may take together.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._visits: WeakKeyDictionary[Kept, None] = WeakKeyDictionary()  # the one that was idle longest first
        self._lock = Lock()

    def changed(self, visit: Kept) -> None:
        """Say that a visit has changed, and have others forget until all fit; call it holding no visit's lock."""
        with self._lock:
            self._visits.pop(visit, None)
            self._visits[visit] = None
            sizes = [(other, other.size) for other in list(self._visits)]
            over = sum(size for _, size in sizes) - self._limit
            leaving = []
            for other, size in sizes[:-1]:
                if over <= 0:
                    break
                leaving.append(other)
                over -= size
                del self._visits[other]
        for other in leaving:
            other.forget()


KEEPER = Keeper(ALL_VISITS)
