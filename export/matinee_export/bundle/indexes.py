"""A model's index, with the cheapest settings that find enough of the true neighbours.

In: movie vectors and user vectors of one model. Out: an index, the recall it was measured to have, and how it was made.
Users are what an index is asked for, and none of them is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matinee import hnsw
from matinee.exact import Rows, Vectors
from matinee.index import Index

K = 10
"""How many neighbours recall is measured over."""

QUERIES = 500
"""How many users' vectors recall is measured with."""

ENOUGH = 0.995
"""The recall@10 at which no better settings are looked for."""

EFFORTS = (50, 75, 100, 150, 200, 300, 400, 600, 800)
"""How many candidates a search keeps (HNSW's ef_search), cheapest first."""


@dataclass(frozen=True)
class ChosenIndex:
    """An index and what is known of it.

    Attributes:
        index: The index.
        recall: Its recall@10 against exact search.
        made: How it was made, as `matinee.manifest.ModelInfo.index` has it.
    """

    index: Index
    recall: float
    made: dict[str, str | float]


def choose_index(vectors: Vectors, users: Vectors, library: str, seed: int) -> ChosenIndex:
    """Try the shapes of `library` and growing effort until the index finds ENOUGH; else take what found most.

    Args:
        vectors: Movie vectors, (n_movies, dim) float32.
        users: User vectors, (n_users, dim) float32; zero rows are users that the model does not know.
        library: One of `matinee.hnsw.LIBRARIES`.
        seed: Draws the users to ask for, and the graph where the library draws one.

    Raises:
        BundleError: `vectors` is not a matrix of finite numbers.
        MissingExtraError: The library is not installed.
        UnknownNameError: No library is called so.
    """
    queries = _queries(users, vectors, seed)
    best: ChosenIndex | None = None
    for shape in hnsw.library(library).shapes:
        index = Index.build(vectors, seed, library=library, shape=shape)
        effort, found = least_effort(index, queries)
        if best is None or found > best.recall:
            best = ChosenIndex(index, found, {"library": library, **shape._asdict(), "ef_search": effort})
        if found >= ENOUGH:
            break
    assert best is not None  # every library lists a shape
    return best


def least_effort(index: Index, queries: Vectors) -> tuple[int, float]:
    """Set the least effort with which an index finds ENOUGH, else the least that finds most; return it and the recall.

    Args:
        index: The index; its graph is asked however few the movies.
        queries: What it is asked, (n_queries, dim) float32.
    """
    truth = [index.search_exactly(query, K)[0] for query in queries]
    tried: dict[int, float] = {}
    for effort in EFFORTS:
        index.graph.effort = effort
        tried[effort] = recall(index, queries, K, truth)
        if tried[effort] >= ENOUGH:
            break
    index.graph.effort = max(tried, key=lambda effort: tried[effort])
    return index.graph.effort, tried[index.graph.effort]


def recall(index: Index, queries: Vectors, k: int, truth: Sequence[Rows] | None = None) -> float:
    """Return the share of the exact top k that the HNSW graph finds, averaged over `queries` (n_queries, dim).

    Args:
        index: The index; its graph is asked however few the movies.
        queries: What it is asked.
        k: How many neighbours.
        truth: The rows that exact search finds for each query, where they are already known.
    """
    possible = min(k, int(index.known.sum()))
    if not len(queries) or not possible:
        return 1.0
    if truth is None:
        truth = [index.search_exactly(query, k)[0] for query in queries]
    found = [len(np.intersect1d(index.search_graph(q, k)[0], rows)) for q, rows in zip(queries, truth, strict=True)]
    return float(np.mean(found)) / possible


def _queries(users: Vectors, vectors: Vectors, seed: int) -> Vectors:
    """Return some of the users that the model knows, (n, dim): what an index is asked; some movies if it knows none."""
    asked = users if users.any() else vectors
    known = np.flatnonzero(asked.any(axis=1))
    return np.asarray(asked[np.random.default_rng(seed).permutation(known)[:QUERIES]], dtype=np.float32)
