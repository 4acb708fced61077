"""Draws a map of all movies for each model: positions in the plane in which movies similar in the model are close.

In: movie vectors (n_movies, dim) float32, a zero row for a movie unknown to the model. Out: positions (n_movies, 2)
float32 from -1 to 1, NaN for unknown movies. The same vectors give the same bytes on the same machine.

This is t-SNE (van der Maaten and Hinton 2008) over cosine distances, in a form that is fast and keeps the global
structure: it starts from the first principal components (Kobak and Berens 2019), and uses the nearest neighbours only,
all with the same weight instead of weights fitted to a perplexity (Damrich et al. 2023 find that this makes no
difference). The learning rate is n / exaggeration (Belkina et al. 2019). The repulsion between all pairs is computed by
convolution on a grid (Linderman et al. 2019, "Fast interpolation-based t-SNE"), so that a step takes time linear in the
number of movies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import fft, sparse
from threadpoolctl import threadpool_limits

Points = npt.NDArray[np.float64]

COMPONENTS = 50
"""Number of principal components in which neighbours are searched; further ones add only noise to a map."""

SEED, SPARE, ITERATIONS = 0, 10, 3
"""Randomised PCA: seed of the random directions, number of directions beyond those wanted, and rounds of iteration."""

NEIGHBOURS = 15
"""Number of nearest movies that attract a movie; t-SNE with a perplexity of 10 has the same reach."""

EARLY, LATE = 150, 350
"""Number of steps with exaggerated attraction, which forms regions, and of steps without, which spreads them."""

EXAGGERATION = 12.0
"""Factor of the attraction in the EARLY steps; the original paper has 4, and every implementation since 12."""

SPACING, FEWEST = 0.5, 40
"""Distance of grid lines, in the units of the map while it is drawn, and minimum number of cells each way."""

CHUNK = 1024
"""Rows of the distance matrix that are computed at once."""


def draw_map(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the position of every movie, (n_movies, 2) float32 from -1 to 1, NaN where its vector (dim,) is zero."""
    positions = np.full((len(vectors), 2), np.nan, dtype=np.float32)
    known = np.flatnonzero(np.any(vectors, axis=1))
    if len(known):
        with threadpool_limits(1, "blas"):  # several threads add in varying order, which moves a map visibly
            positions[known] = _fitted(_embedded(_components(vectors[known])))
    return positions


def _embedded(points: Points) -> Points:
    """Return the positions (n, 2) of `points` (n, components)."""
    start = _two(points)
    if len(points) <= 3:
        return start
    edges = attraction(points)
    return descend(edges, 1e-4 * start / max(float(start[:, 0].std()), 1e-12))


def _components(vectors: npt.NDArray[np.float32]) -> Points:
    """Return the principal components (n, <= COMPONENTS) of `vectors` scaled to unit length, most important first.

    They are found by subspace iteration from random directions (Halko, Martinsson and Tropp 2011, algorithms 4.4 and
    5.1).
    """
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    centred = unit - unit.mean(axis=0)
    wanted = min(COMPONENTS, *centred.shape)
    probe = np.random.default_rng(SEED).standard_normal((centred.shape[1], wanted + SPARE), dtype=np.float32)
    basis = centred @ probe  # (n, wanted + SPARE)
    for _ in range(ITERATIONS):
        basis = centred @ (centred.T @ np.linalg.qr(basis)[0])
    basis = np.linalg.qr(basis)[0]
    left, sizes, _ = np.linalg.svd(basis.T @ centred, full_matrices=False)
    return np.asarray((basis @ left * sizes)[:, :wanted], dtype=np.float64)


def _two(points: Points) -> Points:
    """Return the first two columns, padded with zeros if there are fewer."""
    return np.pad(points[:, :2], ((0, 0), (0, max(0, 2 - points.shape[1]))))


def attraction(points: Points, neighbours: int = NEIGHBOURS) -> sparse.coo_array:
    """Return how strongly pairs of `points` (n, dim) attract each other, symmetric (n, n), adding up to 1.

    Each point gives equal weight to each of its nearest neighbours by Euclidean distance; the weight of a pair is the
    mean of both directions.
    """
    n = len(points)
    k = min(neighbours, n - 1)
    nearest = np.concatenate([_nearest(points, start, k) for start in range(0, n, CHUNK)])  # (n, k)
    given = sparse.csr_array((np.ones(n * k), nearest.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    return sparse.coo_array((given + given.T) / (2 * n * k))


def _nearest(points: Points, start: int, k: int) -> npt.NDArray[np.int64]:
    """Return the k nearest other points of each of the CHUNK points from `start` on, (<= CHUNK, k)."""
    block = points[start : start + CHUNK]
    distances = (points**2).sum(axis=1) - 2 * block @ points.T
    distances[np.arange(len(block)), start + np.arange(len(block))] = np.inf
    return np.argpartition(distances, k - 1, axis=1)[:, :k]


def descend(edges: sparse.coo_array, start: Points) -> Points:
    """Return the positions (n, 2) after gradient descent with momentum and gains from `start` (n, 2)."""
    positions = start.copy()
    velocity, gains = np.zeros_like(positions), np.ones_like(positions)
    rate = len(start) / EXAGGERATION
    for step in range(EARLY + LATE):
        exaggeration, momentum = (EXAGGERATION, 0.5) if step < EARLY else (1.0, 0.8)
        gradient = exaggeration * pull(edges, positions) - push(positions)
        same = np.sign(gradient) == np.sign(velocity)
        gains = np.maximum(np.where(same, gains * 0.8, gains + 0.2), 0.01)
        velocity = momentum * velocity - rate * gains * gradient
        positions += velocity
        positions -= positions.mean(axis=0)
    return positions


def pull(edges: sparse.coo_array, positions: Points) -> Points:
    """Return sum_j p_ij w_ij (y_i - y_j), (n, 2), where w_ij = 1 / (1 + |y_i - y_j|^2)."""
    rows, columns = edges.coords
    x, y = (axis[rows] - axis[columns] for axis in positions.T)  # (edges,) each
    weights = edges.data / (1 + x * x + y * y)
    return np.column_stack([np.bincount(rows, weights * between, len(positions)) for between in (x, y)])


def push(positions: Points) -> Points:
    """Return sum_j w_ij^2 (y_i - y_j) / sum_kl w_kl, (n, 2), both sums without pairs of a point and itself.

    Points are spread onto a grid as charges, convolution turns charges into potentials, and potentials are interpolated
    at the points.
    """
    grid = Grid.over(positions)
    charges = np.column_stack([np.ones(len(positions)), positions])  # (n, 3)
    ones, *moments = grid.potentials(charges, lambda square: 1 / (1 + square) ** 2)  # (n,) each
    total = grid.total(lambda square: 1 / (1 + square))
    return np.asarray((positions * ones[:, None] - np.column_stack(moments)) / max(total, 1e-12))


@dataclass(frozen=True, eq=False)
class Grid:
    """A square grid over points; values are spread to and interpolated from the 4 x 4 nodes nearest to each point.

    Attributes:
        weights: Cubic Lagrange weights of each point's nodes, (n, 16); each row adds up to 1.
        spread: The same weights as a sparse matrix over all nodes, (n, lines * lines).
        lines: Number of nodes each way.
        spacing: Distance between neighbouring nodes.
    """

    weights: Points
    spread: sparse.csr_array
    lines: int
    spacing: float

    @classmethod
    def over(cls, positions: Points) -> Grid:
        """Return a grid that covers `positions` (n, 2)."""
        low = positions.min(axis=0)
        span = max(float((positions.max(axis=0) - low).max()), 1e-9)
        cells = max(FEWEST, int(np.ceil(span / SPACING)))
        spacing, lines = span / cells, cells + 4
        scaled = (positions - low) / spacing
        cell = np.minimum(scaled.astype(np.int64), cells)  # (n, 2); node 0 lies one before the first point
        x, y = np.moveaxis(_lagrange(scaled - cell), 1, 0)  # (n, 4) each
        weights = (x[:, :, None] * y[:, None, :]).reshape(-1, 16)
        across = (cell[:, :1] + np.arange(4))[:, :, None]
        nodes = across * lines + (cell[:, 1:] + np.arange(4))[:, None, :]
        starts = np.arange(0, weights.size + 1, 16)
        shape = (len(positions), lines * lines)
        return cls(weights, sparse.csr_array((weights.ravel(), nodes.ravel(), starts), shape=shape), lines, spacing)

    def potentials(self, charges: Points, kernel: Callable[[Points], Points]) -> Points:
        """Return sum_j kernel(|y_i - y_j|^2) charges[j, c] at every point i for every column c, (n_columns, n).

        Args:
            charges: (n, n_columns).
            kernel: Takes squared distances.
        """
        size = fft.next_fast_len(2 * self.lines - 1, real=True)
        offset = np.minimum(np.arange(size), size - np.arange(size)) * self.spacing
        response = fft.rfft2(kernel(np.add.outer(offset**2, offset**2)))
        placed = (self.spread.T @ charges).T.reshape(-1, self.lines, self.lines)
        spectrum = fft.rfft2(placed, s=(size, size)) * response
        felt = fft.irfft2(spectrum, s=(size, size))[:, : self.lines, : self.lines]
        return np.asarray((self.spread @ felt.reshape(len(placed), -1).T).T)

    def total(self, kernel: Callable[[Points], Points]) -> float:
        """Return the sum of kernel(|y_i - y_j|^2) over all pairs of different points."""
        nodes = self.spacing * np.stack(np.divmod(np.arange(16), 4), axis=1)  # (16, 2)
        between = kernel(((nodes[:, None] - nodes) ** 2).sum(axis=2))  # (16, 16)
        itself = ((self.weights @ between) * self.weights).sum()  # the grid's terms of a point with itself
        return float(self.potentials(np.ones((len(self.weights), 1)), kernel).sum() - itself)


def _lagrange(t: Points) -> Points:
    """Return weights (..., 4) of the nodes at -1, 0, 1 and 2 for `t` from 0 to 1: exact for cubic polynomials."""
    before, after, beyond = t + 1, t - 1, t - 2
    weights = [-t * after * beyond / 6, before * after * beyond / 2, -before * t * beyond / 2, before * t * after / 6]
    return np.stack(weights, axis=-1)


def _fitted(positions: Points) -> Points:
    """Return `positions` (n, 2) moved, and scaled by one factor, so that they just fit from -1 to 1."""
    low, high = positions.min(axis=0), positions.max(axis=0)
    half = max(float((high - low).max()) / 2, 1e-12)
    return np.asarray(np.clip((positions - (low + high) / 2) / half, -1, 1))
