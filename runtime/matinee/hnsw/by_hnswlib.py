"""HNSW graphs built and searched with hnswlib, which reads a graph into memory as a whole when it is opened.

In and out: see `matinee.hnsw`. Several threads may search a graph in parallel.
"""

from __future__ import annotations

from pathlib import Path

import hnswlib
import numpy as np

from matinee.exact import Rows, Vectors
from matinee.hnsw import Shape, portions
from matinee.hnsw.layout import Layout


class HnswlibGraph:
    """A `matinee.hnsw.Graph`; `effort` is not saved by hnswlib, so it is set when the file is opened."""

    def __init__(self, index: hnswlib.Index) -> None:
        self._index = index

    @property
    def effort(self) -> int:
        """HNSW's ef: how many candidates a search keeps."""
        return int(self._index.ef)

    @effort.setter
    def effort(self, effort: int) -> None:
        self._index.set_ef(effort)

    def reach(self, query: Vectors, wanted: int) -> Rows:
        """Return `wanted` rows with about the largest inner products, or none where the search finds fewer."""
        try:
            labels, _ = self._index.knn_query(query, k=wanted, num_threads=1)
        except RuntimeError:  # hnswlib raises this where its search reached fewer than k rows
            return np.empty(0, dtype=np.int64)
        return np.asarray(labels[0], dtype=np.int64)

    def save(self, path: Path) -> None:
        """Write the graph to the file `path`."""
        self._index.save_index(str(path))


def build(vectors: Vectors, rows: Rows, shape: Shape, seed: int) -> HnswlibGraph:
    """Build a graph whose levels are sampled with `seed`; hnswlib stores float32 whatever `shape.numbers` is."""
    index = hnswlib.Index(space="ip", dim=vectors.shape[1])
    index.init_index(
        max_elements=max(1, len(rows)), M=shape.links, ef_construction=shape.ef_construction, random_seed=seed
    )
    for some in portions(rows):
        index.add_items(vectors[some], some, num_threads=1)
    return HnswlibGraph(index)


def open(path: Path, layout: Layout) -> HnswlibGraph:
    """Read the graph in `path` into memory."""
    size, dim = layout.vectors.shape
    index = hnswlib.Index(space="ip", dim=dim)
    index.load_index(str(path), max_elements=max(1, size))
    return HnswlibGraph(index)
