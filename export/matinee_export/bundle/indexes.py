"""Builds a model's index with the cheapest settings that reach the required recall.

In: movie vectors and user vectors of one model. Out: an index, its measured recall, and the settings it was built with.
User vectors are the queries, and none of them is in the index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matinee import hnsw
from matinee.exact import Rows, Vectors
from matinee.index import Index

K = 10
"""Number of neighbours that recall is measured over."""

QUERIES = 500
"""Maximum number of user vectors that recall is measured with."""

ENOUGH = 0.995
"""The recall@10 at which the search for better settings stops."""

EFFORTS = (50, 75, 100, 150, 200, 300, 400, 600, 800)
"""Numbers of candidates that a search keeps (HNSW's ef_search), cheapest first."""


@dataclass(frozen=True)
class ChosenIndex:
    """An index, its recall and its settings.

    Attributes:
        index: The index.
        recall: Its recall@10 against exact search.
        made: The library and its settings, in the form of `matinee.manifest.ModelInfo.index`.
    """

    index: Index
    recall: float
    made: dict[str, str | float]


def choose_index(vectors: Vectors, users: Vectors, library: str, seed: int) -> ChosenIndex:
    """Try the shapes of `library`, each with growing effort, until recall reaches ENOUGH; else return the best index.

    Args:
        vectors: Movie vectors, (n_movies, dim) float32.
        users: User vectors, (n_users, dim) float32; zero rows are users unknown to the model.
        library: One of `matinee.hnsw.LIBRARIES`.
        seed: Seed of the sample of queries, and of the graph if the library draws it at random.

    Raises:
        BundleError: `vectors` is not a matrix of finite numbers.
        MissingExtraError: The library is not installed.
        UnknownNameError: `library` is not in LIBRARIES.
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
    """Set and return the least effort with recall ENOUGH, or else with the highest recall, and that recall.

    Args:
        index: The index; its graph is searched even if there are few enough movies for exact search.
        queries: Query vectors, (n_queries, dim) float32.
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
        index: The index; its graph is searched even if there are few enough movies for exact search.
        queries: Query vectors.
        k: Number of neighbours.
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
    """Return a sample of the known users' vectors as queries, (n, dim); of the movies' vectors if no user is known."""
    asked = users if users.any() else vectors
    known = np.flatnonzero(asked.any(axis=1))
    return np.asarray(asked[np.random.default_rng(seed).permutation(known)[:QUERIES]], dtype=np.float32)
