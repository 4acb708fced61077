"""HNSW graphs by usearch: mapped into memory when opened, so that a search reads only the parts it walks through.

In and out: see `matinee.graphs`. Several threads may search at once; usearch lets one of them in at a time.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from usearch.index import Index

from matinee.exact import Rows, Vectors
from matinee.graphs import Shape, portions

KINDS = {"float16": "f16", "float32": "f32"}
SAMPLE = 5
"""How many vectors are compared to see whether a graph belongs to a matrix."""

ROUNDING = 2.0**-10
"""How far a number of 16 bits may be from the one it stands for, as a share of the largest."""


class UsearchGraph:
    """A `matinee.graphs.Graph`. usearch draws the levels of its graph alike each time and takes no seed."""

    def __init__(self, index: Index) -> None:
        self._index = index

    @property
    def effort(self) -> int:
        """HNSW's ef."""
        return int(self._index.expansion_search)

    @effort.setter
    def effort(self, effort: int) -> None:
        self._index.expansion_search = effort  # type: ignore[misc]  # usearch's own annotations lose the setter

    def reach(self, query: Vectors, wanted: int) -> Rows:
        """Return rows of about the `wanted` largest inner products."""
        return np.asarray(self._index.search(query, wanted, threads=1).keys).astype(np.int64)

    def holds(self, rows: Rows, vectors: Vectors) -> bool:
        """Whether it was built over these rows of these vectors."""
        if len(self._index) != len(rows) or (len(rows) and self._index.ndim != vectors.shape[1]):
            return False
        if not np.array_equal(np.sort(np.asarray(self._index.keys)), rows):
            return False
        some = rows[np.unique(np.linspace(0, max(0, len(rows) - 1), min(SAMPLE, len(rows)), dtype=np.int64))]
        kept = np.array([self._index.get(int(row)) for row in some], dtype=np.float32).reshape(len(some), -1)
        near = ROUNDING * np.abs(vectors[some]).max(initial=0.0)
        return bool((np.abs(kept - vectors[some]) <= near).all())

    def save(self, path: Path) -> None:
        """Write it to the file `path`."""
        self._index.save(str(path))


def build(vectors: Vectors, rows: Rows, shape: Shape, seed: int) -> UsearchGraph:
    """Build a graph; `seed` changes nothing."""
    index = Index(
        ndim=vectors.shape[1],
        metric="ip",
        dtype=KINDS[shape.numbers],
        connectivity=shape.links,
        expansion_add=shape.ef_construction,
    )
    for some in portions(rows):
        index.add(some.astype(np.uint64), np.ascontiguousarray(vectors[some]), threads=1)
    return UsearchGraph(index)


def open(path: Path, dim: int, size: int) -> UsearchGraph:
    """Map the graph in `path` into memory."""
    index = Index.restore(str(path), view=True)
    if index is None:
        raise ValueError("it says nothing of itself")
    return UsearchGraph(index)
