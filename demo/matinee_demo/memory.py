"""How much memory visits take, and which of them is forgotten when all together take too much.

In: visitors, and visits that report their size. Out: bytes, and calls of `forget`. What several steps of one visit
share is counted once.
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
"""Bytes of one visitor's taste with the steps that can be undone; beyond it the first steps are dropped."""

ALL_VISITS = 500_000_000
"""Bytes of all visits; beyond it the visit that was idle longest is forgotten."""

_RATING = 250
"""Bytes of one rating with its film's name, rounded up; of a title or an id too."""


def visitor_bytes(visitors: Iterable[Visitor]) -> int:
    """Return how much memory visitors take together, what they share counted once."""
    sizes: dict[int, int] = {}
    for visitor in visitors:
        for part, size in _parts(visitor):
            sizes[id(part)] = size
    return sum(sizes.values())


def _parts(visitor: Visitor) -> Iterator[tuple[object, int]]:
    """Every part that can be large, with its bytes; an empty tuple is the same object everywhere."""
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


class Forgettable(Protocol):
    """A visit, as far as its memory goes."""

    @property
    def size(self) -> int:
        """Bytes it takes."""
        ...

    def forget(self) -> None:
        """Release all that takes memory."""
        ...


class MemoryLimit:
    """Keeps visits together below a limit; safe to share between threads. It does not keep visits that end alive.

    Args:
        limit: Bytes they may take together.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._visits: WeakKeyDictionary[Forgettable, None] = WeakKeyDictionary()  # idle longest first
        self._lock = Lock()

    def changed(self, visit: Forgettable) -> None:
        """Note that a visit has changed, and have others forget until all fit; call it holding no visit's lock."""
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


VISITS = MemoryLimit(ALL_VISITS)
