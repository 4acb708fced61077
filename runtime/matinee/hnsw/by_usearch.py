"""HNSW graphs built and searched with usearch, which maps a graph's file, so a search reads only parts of it.

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
    """A `matinee.hnsw.Graph`. usearch samples the levels of a graph the same way each time and takes no seed."""

    def __init__(self, index: Index, data: Bytes | None = None) -> None:
        self._index = index
        self._data = data  # usearch reads these bytes without keeping a reference to them

    @property
    def effort(self) -> int:
        """HNSW's ef: how many candidates a search keeps."""
        return int(self._index.expansion_search)

    @effort.setter
    def effort(self, effort: int) -> None:
        self._index.expansion_search = effort  # type: ignore[misc]  # usearch's own annotations lose the setter

    def reach(self, query: Vectors, wanted: int) -> Rows:
        """Return about the `wanted` rows with the largest inner products."""
        return np.asarray(self._index.search(query, wanted, threads=1).keys).astype(np.int64)

    def save(self, path: Path) -> None:
        """Write the graph to the file `path`."""
        self._index.save(str(path))


def build(vectors: Vectors, rows: Rows, shape: Shape, seed: int) -> UsearchGraph:
    """Build a graph; `seed` is ignored, since usearch takes none."""
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
    """Open the graph from the checked, mapped bytes of `path`; they stay mapped as long as the graph exists."""
    index = Index.restore(layout.data.data, view=True)
    if index is None:
        raise ValueError("it has no description of its graph")
    return UsearchGraph(index, layout.data)
