"""Measures how much memory visits take, and forgets the longest idle ones when all together take too much.

In: visitors, and visits that report their size. Out: bytes, and calls of `forget`. Objects that several undo steps of
one visit share are counted once.
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
"""Maximum bytes of one visitor's taste with its undo steps; beyond it the oldest steps are dropped."""

ALL_VISITS = 500_000_000
"""Maximum bytes of all visits; beyond it the visit that was idle longest is forgotten."""

_RATING = 250
"""Bytes of one rating with its film's name, rounded up; also used for a title or an id."""


def visitor_bytes(visitors: Iterable[Visitor]) -> int:
    """Return the bytes that visitors take together, with shared objects counted once."""
    sizes: dict[int, int] = {}
    for visitor in visitors:
        for part, size in _parts(visitor):
            sizes[id(part)] = size
    return sum(sizes.values())


def _parts(visitor: Visitor) -> Iterator[tuple[object, int]]:
    """Yield every part that can be large, with its bytes; empty tuples are one shared object, which takes none."""
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
    """The members of a visit that `MemoryLimit` uses."""

    @property
    def size(self) -> int:
        """Bytes that the visit takes."""
        ...

    def forget(self) -> None:
        """Release all that takes memory."""
        ...


class MemoryLimit:
    """Keeps visits together below a limit; safe to share between threads. It holds weak references to visits only.

    Args:
        limit: Bytes they may take together.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._visits: WeakKeyDictionary[Forgettable, None] = WeakKeyDictionary()  # idle longest first
        self._lock = Lock()

    def changed(self, visit: Forgettable) -> None:
        """Record that a visit has changed, and forget others until all fit; call it without holding a visit's lock."""
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
