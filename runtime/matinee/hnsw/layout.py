"""The layout of an HNSW graph's file, and checks that native code can safely search it.

In: a file's bytes and the offsets in it, as `usearch_layout` and `hnswlib_layout` find them. Out: nothing, or a
ValueError that names the problem. The libraries use every level, count and neighbour of a file without checking
bounds, so a file is opened only after all of these were checked. The file must not be changed from then on: usearch
keeps reading it through its mapping, and hnswlib reads it once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matinee.exact import Rows, Vectors

Bytes = npt.NDArray[np.uint8]
Records = npt.NDArray[Any]

MOST_LINKS = 512
"""Maximum number of neighbours of a movie above level 0; `matinee.hnsw.LIBRARIES` builds with 32 at most."""

MOST_LEVELS = 100
"""Maximum number of levels above level 0; a graph of a million movies has 5."""

AT_ONCE = 8192
"""Number of lists checked at a time: 1 to 2 MB, which stay in the CPU cache."""

SAMPLE = 5
"""Number of vectors compared to see whether a graph was built over a matrix."""

ROUNDING = 2.0**-10
"""Allowed rounding error of a float16 number, relative to the largest absolute value."""

STEP = 2.0**-24
"""Distance between the smallest float16 numbers, the least rounding error that is allowed."""


@dataclass(frozen=True)
class Layout:
    """The parts of a graph file with n nodes; a list is a count (uint32) and a fixed number of nodes (uint32 each).

    Attributes:
        data: The whole file, (n_bytes,).
        keys: The row of each node, (n,) uint64.
        vectors: The vector of each node, (n, dim) float16 or float32.
        levels: The highest level on which each node has a list, (n,) int64, none below 0.
        entry: The node at which a search begins.
        top: The level on which a search begins.
        links: Capacity in nodes of a list above level 0.
        links_base: Capacity in nodes of a list of level 0.
        at_base: The byte at which each node's list of level 0 begins, (n,) int64.
        at_upper: The byte at which each node's lists of level 1 and up begin, one after the other, (n,) int64.
    """

    data: Bytes
    keys: npt.NDArray[np.uint64]
    vectors: npt.NDArray[np.floating[Any]]
    levels: Rows
    entry: int
    top: int
    links: int
    links_base: int
    at_base: Rows
    at_upper: Rows

    def check(self) -> None:
        """Raise ValueError unless a search stays within the lists of this file."""
        if not len(self.levels):
            return
        if self.entry >= len(self.levels) or not self.levels[self.entry] == self.top == self.levels.max():
            raise ValueError("its searches do not begin on its highest level")
        if self.top > MOST_LEVELS:
            raise ValueError(f"it has {self.top} levels, and here it has {MOST_LEVELS} at most")
        self._check_lists(self.at_base, np.zeros_like(self.levels), self.links_base)
        owner = np.repeat(np.arange(len(self.levels)), self.levels)
        level = 1 + np.arange(len(owner)) - before(self.levels)[owner]
        self._check_lists(self.at_upper[owner] + (level - 1) * list_bytes(self.links), level, self.links)

    def _check_lists(self, at: Rows, level: Rows, room: int) -> None:
        """Raise ValueError unless all neighbours in the lists at bytes `at` (m,) have a list on that `level` (m,)."""
        dtype = np.dtype(("<u4", (1 + room,)))
        highest, level = self.levels.astype(np.int8), level.astype(np.int8)  # one byte each, since access is random
        for start in range(0, len(at), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            lists = scattered(self.data, dtype, at[some])  # (m, 1 + room)
            counts, nodes = lists[:, :1], lists[:, 1:]
            if counts.max() > room:
                raise ValueError("a movie has more neighbours than there is room for")
            without = (nodes >= len(self.levels)) | (highest.take(nodes, mode="clip") < level[some, None])
            if (without & (np.arange(room) < counts)).any():
                raise ValueError("a movie has a neighbour that is not on its level")

    def belongs(self, rows: Rows, vectors: Vectors) -> bool:
        """Whether the graph was built over `rows` (m,) of `vectors`; compares all rows but only SAMPLE vectors."""
        if self.vectors.shape != (len(rows), vectors.shape[1]) or not np.array_equal(np.sort(self.keys), rows):
            return False
        some = np.unique(np.linspace(0, max(0, len(rows) - 1), min(SAMPLE, len(rows)), dtype=np.int64))
        kept, given = self.vectors[some].astype(np.float32), vectors[self.keys[some]]
        return bool((np.abs(kept - given) <= max(STEP, ROUNDING * np.abs(given).max(initial=0.0))).all())


def list_bytes(room: int) -> int:
    """Return the size in bytes of a list with a capacity of `room` nodes."""
    return 4 * (1 + room)


def before(sizes: Rows) -> Rows:
    """Return, for each of `sizes` (n,), the sum of those before it, (n,)."""
    return np.asarray(np.cumsum(sizes) - sizes)


def records(data: Bytes, dtype: np.dtype[Any], at: int, count: int) -> Records:
    """Return `count` consecutive records from byte `at` on, (count,); raises ValueError if the file is too short."""
    end = at + count * dtype.itemsize
    if end > len(data):
        raise ValueError("it ends too soon")
    return data[at:end].view(dtype)


def scattered(data: Bytes, dtype: np.dtype[Any], at: Rows) -> Records:
    """Return copies of the records at bytes `at` (m,), (m, ...); all of them must lie within `data`."""
    anywhere = np.ndarray(len(data) - dtype.itemsize + 1, f"V{dtype.itemsize}", data, strides=(1,))
    return np.ndarray((len(at),), dtype, anywhere[at])


def expect(head: np.void, wanted: Mapping[str, int]) -> None:
    """Raise ValueError unless the record `head` has the `wanted` value in every field named there."""
    for name, value in wanted.items():
        if int(head[name]) != value:
            raise ValueError(f"its {name} is {head[name]}, and here it is {value}")


def check_links(links: int, links_base: int) -> None:
    """Raise ValueError unless the capacities of lists are at least 2 and within MOST_LINKS."""
    if not (2 <= links <= MOST_LINKS and links <= links_base <= 2 * MOST_LINKS):
        raise ValueError(f"its movies have {links} and {links_base} links, and here they have 2 to {MOST_LINKS}")
