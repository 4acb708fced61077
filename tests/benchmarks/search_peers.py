"""The libraries that search is measured beside, each called as its own documentation does, with the same graph.

In: vectors and a file name. Out: a `Peer` that answers one query at a time on one thread. Knows nothing of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tests.benchmarks.clusters import Vectors

Rows = npt.NDArray[Any]
LINKS, EF_CONSTRUCTION = 16, 200
AT_ONCE = 20_000
"""How many vectors are handed over together, so that a mapped file is never copied as a whole."""


@dataclass(frozen=True)
class Peer:
    """A library's index, opened.

    Args:
        search: Returns the rows of the k nearest of one query, best first.
        set_ef: Sets how many candidates a search keeps; None where nothing is approximated.
    """

    search: Callable[[Vectors, int], Rows]
    set_ef: Callable[[int], object] | None


def hnswlib(vectors: Vectors, path: Path) -> Peer:
    """By hnswlib; builds `path` where it is not there."""
    import hnswlib

    if not path.exists():
        index = hnswlib.Index(space="ip", dim=vectors.shape[1])
        index.init_index(max_elements=len(vectors), M=LINKS, ef_construction=EF_CONSTRUCTION, random_seed=0)
        for start in range(0, len(vectors), AT_ONCE):
            some = vectors[start : start + AT_ONCE]
            index.add_items(some, np.arange(start, start + len(some)), num_threads=1)
        index.save_index(str(path))
    index = hnswlib.Index(space="ip", dim=vectors.shape[1])
    index.load_index(str(path))
    return Peer(lambda query, k: index.knn_query(query, k=k, num_threads=1)[0][0], index.set_ef)


def usearch(vectors: Vectors, path: Path) -> Peer:
    """Usearch with 32-bit numbers; builds `path` where it is not there."""
    from usearch.index import Index

    if not path.exists():
        index = Index(
            ndim=vectors.shape[1], metric="ip", dtype="f32", connectivity=LINKS, expansion_add=EF_CONSTRUCTION
        )
        for start in range(0, len(vectors), AT_ONCE):
            some = np.ascontiguousarray(vectors[start : start + AT_ONCE])
            index.add(np.arange(start, start + len(some), dtype=np.uint64), some, threads=1)
        index.save(str(path))
    opened = Index.restore(str(path), view=True)
    assert opened is not None, "the file was written above"

    def set_ef(ef: int) -> None:
        opened.expansion_search = ef  # type: ignore[misc]  # usearch defines its setter far from its getter

    return Peer(lambda query, k: opened.search(query, k, threads=1).keys, set_ef)


def faiss(vectors: Vectors, path: Path) -> Peer:
    """Faiss's HNSW over flat vectors; builds `path` where it is not there."""
    import faiss

    if not path.exists():
        index = faiss.IndexHNSWFlat(vectors.shape[1], LINKS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = EF_CONSTRUCTION
        for start in range(0, len(vectors), AT_ONCE):
            index.add(np.ascontiguousarray(vectors[start : start + AT_ONCE]))
        faiss.write_index(index, str(path))
    index = faiss.read_index(str(path))

    def set_ef(ef: int) -> None:
        index.hnsw.efSearch = ef

    return Peer(lambda query, k: index.search(query[None], k)[1][0], set_ef)


def numpy_exact(vectors: Vectors, path: Path) -> Peer:
    """Every inner product by numpy, and the k largest of them; needs no file."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, "blas")  # from here on: threads of BLAS that wait for more would disturb those who come after

    def search(query: Vectors, k: int) -> Rows:
        scores = vectors @ query
        best = np.argpartition(-scores, k)[:k]
        return best[np.argsort(-scores[best])]

    return Peer(search, None)


PEERS: dict[str, Callable[[Vectors, Path], Peer]] = {
    "hnswlib": hnswlib,
    "usearch": usearch,
    "faiss HNSW": faiss,
    "numpy exact": numpy_exact,
}
