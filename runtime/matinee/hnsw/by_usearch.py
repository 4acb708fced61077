"""HNSW graphs by usearch: mapped into memory when opened, so that a search reads only the parts it walks through.

In and out: see `matinee.hnsw`. Several threads may search at once; usearch serves one of them at a time.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from usearch.index import Index

from matinee.exact import Rows, Vectors
from matinee.hnsw import Shape, portions
from matinee.hnsw.layout import Bytes, Layout

KINDS = {"float16": "f16", "float32": "f32"}


class UsearchGraph:
    """A `matinee.hnsw.Graph`. usearch draws the levels of its graph alike each time and takes no seed."""

    def __init__(self, index: Index, data: Bytes | None = None) -> None:
        self._index = index
        self._data = data  # what usearch reads without holding on to it

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


def open(path: Path, layout: Layout) -> UsearchGraph:
    """Take the graph from the bytes of `path` that were looked at, which stay mapped as long as the graph is there."""
    index = Index.restore(layout.data.data, view=True)
    if index is None:
        raise ValueError("it has no description of its graph")
    return UsearchGraph(index, layout.data)
