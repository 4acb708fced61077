"""Measures how much two versions of a network differ on real inputs.

In: two sets of vectors of the same inputs, (n, dim) each, or a network and its inputs. Out: one number per measure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from matinee_export.encoders.networks.towers import Array, Vectors

NEIGHBOURS = 10
BATCH = 16
SINGLES = 8

Run = Callable[[Sequence[Array]], Vectors]


def embed(run: Run, rows: Sequence[Array]) -> Vectors:
    """Return the vectors of `rows`, (n, dim), computed in batches of BATCH in the order given."""
    return np.concatenate([run(rows[i : i + BATCH]) for i in range(0, len(rows), BATCH)])


def largest_difference(one: Vectors, other: Vectors) -> float:
    """Return the largest absolute difference between corresponding entries."""
    return float(np.abs(one - other).max())


def mean_cosine(one: Vectors, other: Vectors) -> float:
    """Return the mean over rows of the cosine between the two versions of a row, -1 to 1."""
    return float((_unit(one) * _unit(other)).sum(axis=1).mean())


def neighbour_overlap(one: Vectors, other: Vectors) -> float:
    """Return the mean share of a row's nearest other rows (at most NEIGHBOURS) that both versions agree on, 0 to 1."""
    k = min(NEIGHBOURS, len(one) - 1)
    if k < 1:
        return 1.0
    pairs = zip(_nearest(one, k), _nearest(other, k), strict=True)
    return float(np.mean([len(np.intersect1d(a, b)) / k for a, b in pairs]))


def batch_independence(run: Run, rows: Sequence[Array]) -> float:
    """Return the smallest cosine of a row's vectors computed alone and in a batch, over SINGLES rows of all lengths."""
    order = sorted(range(len(rows)), key=lambda i: rows[i].shape[-1])
    spread = [rows[order[i]] for i in np.linspace(0, len(rows) - 1, min(SINGLES, len(rows))).astype(int)]
    alone = np.concatenate([run([row]) for row in spread])
    return float((_unit(alone) * _unit(run(spread))).sum(axis=1).min())


def _nearest(vectors: Vectors, k: int) -> Array:
    """Return, for each row, the indices of its k nearest other rows by cosine, (n, k)."""
    unit = _unit(vectors)
    scores = unit @ unit.T
    np.fill_diagonal(scores, -np.inf)
    return np.argsort(-scores, axis=1, kind="stable")[:, :k]


def _unit(vectors: Vectors) -> Array:
    wide = vectors.astype(np.float64)
    return np.asarray(wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1e-30))
