"""Exact search: inner products of movies with a query, the k largest of them, and checks of a search's arguments.

In: movie vectors (n_movies, dim) float32 and a query (dim,). Out: scores (n_movies,) float32, and rows int64 with their
scores, best first.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matinee.errors import BadInputError

Rows = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


def products(vectors: Vectors, query: Vectors) -> Vectors:
    """Return the inner product of every row of `vectors` (n, dim) with `query` (dim,), (n,) float32.

    It runs on the calling thread only: memory is the limit, not the core, and the BLAS threads that `@` would use only
    wait for each other, a hundred times as long when several visitors are served at once.
    """
    return np.asarray(np.vecdot(vectors, query), dtype=np.float32)


def unit(vectors: Vectors) -> Vectors:
    """Return the rows of `vectors` (n, dim) scaled to length 1, float32; zero rows stay zero."""
    vectors = np.asarray(vectors, dtype=np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    scaled: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return scaled


def best(rows: Rows, scores: Vectors, k: int) -> tuple[Rows, Vectors]:
    """Return the k of `rows` (ascending) with the highest scores, and these scores; best first, equal ones by row."""
    if k < len(rows) // 2:
        worst = np.partition(scores, len(scores) - k)[len(scores) - k]
        kept = np.flatnonzero(scores >= worst)
        rows, scores = rows[kept], scores[kept]
    order = np.argsort(-scores, kind="stable")[:k]
    return rows[order], scores[order]


def check_k(k: int) -> None:
    """Raise BadInputError unless k, how many to find, is at least 1."""
    if k < 1:
        raise BadInputError(f"k is at least 1, not {k}")


def check_allowed(allowed: Mask | None, n_movies: int) -> None:
    """Raise BadInputError unless a filter, where there is one, is bool of shape (n_movies,)."""
    if allowed is not None and (allowed.shape != (n_movies,) or allowed.dtype != np.bool_):
        raise BadInputError(
            f"a filter for this index is bool of shape ({n_movies},), not {allowed.dtype} of shape {allowed.shape}"
        )
