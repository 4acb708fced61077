"""Maps of all movies: what they keep near, and that the quick way to draw them is the exact one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee_export.bundle.maps import Points, attraction, draw_map, pull, push

RANDOM = np.random.default_rng(7)


def _clusters(n: int, dim: int, clusters: int, noise: float = 0.3) -> np.ndarray:
    random = np.random.default_rng(n)
    centres = random.normal(size=(clusters, dim))
    return (centres[np.arange(n) % clusters] + noise * random.normal(size=(n, dim))).astype(np.float32)


@pytest.mark.parametrize("dim", [8, 40, 200])
def test_movies_of_a_kind_are_neighbours_on_the_map(dim: int) -> None:
    positions = draw_map(_clusters(300, dim, 5, noise=0.2)).astype(np.float64)
    distances = ((positions[:, None] - positions[None]) ** 2).sum(axis=2)
    np.fill_diagonal(distances, np.inf)
    nearest = np.argsort(distances, axis=1)[:, :10]
    assert (nearest % 5 == (np.arange(300) % 5)[:, None]).mean() > 0.97


def test_it_just_fits_and_what_is_not_known_has_no_place() -> None:
    vectors = _clusters(120, 16, 4)
    vectors[[3, 77]] = 0
    positions = draw_map(vectors)
    assert positions.dtype == np.float32
    assert positions.shape == (120, 2)
    assert np.flatnonzero(np.isnan(positions).any(axis=1)).tolist() == [3, 77]
    known = positions[~np.isnan(positions[:, 0])]
    assert np.abs(known).max() == pytest.approx(1)
    assert (known.max(axis=0) + known.min(axis=0)) == pytest.approx([0, 0], abs=1e-6)


def test_how_long_a_vector_is_does_not_matter() -> None:
    vectors = _clusters(100, 8, 3)
    lengths = 2.0 ** RANDOM.integers(-3, 4, (100, 1)).astype(np.float32)  # exact in floating point
    assert np.array_equal(draw_map(vectors), draw_map(vectors * lengths))


def test_the_same_vectors_give_the_same_bytes() -> None:
    vectors = _clusters(200, 24, 4)
    assert draw_map(vectors).tobytes() == draw_map(vectors.copy()).tobytes()


@pytest.mark.slow
@given(n=st.integers(0, 8), dim=st.integers(1, 5), alike=st.booleans())
@settings(max_examples=25)
def test_a_handful_of_movies_and_equal_ones_have_places_too(n: int, dim: int, alike: bool) -> None:
    vectors = np.ones((n, dim), np.float32) if alike else _clusters(n, dim, 2) if n else np.ones((0, dim), np.float32)
    positions = draw_map(vectors)
    assert positions.shape == (n, 2)
    assert np.isfinite(positions).all()
    assert (np.abs(positions) <= 1).all()


def test_each_movie_gives_its_neighbours_the_same_and_a_pair_has_the_mean_of_both() -> None:
    points = np.array([[0.0], [1.0], [3.0], [7.0]])
    assert attraction(points, 1).toarray() * 8 == pytest.approx(
        np.array([[0, 2, 0, 0], [2, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]])
    )


def _exact(positions: Points) -> tuple[Points, Points]:
    """w_ij, zero for i = j, (n, n), and y_i - y_j, (n, n, 2)."""
    between = positions[:, None] - positions[None]
    weights = 1 / (1 + (between**2).sum(axis=2))
    np.fill_diagonal(weights, 0)
    return weights, between


@pytest.mark.parametrize("size", [1e-3, 1.0, 30.0])
def test_the_repulsion_read_off_a_grid_is_that_between_all_pairs(size: float) -> None:
    positions = size * RANDOM.normal(size=(400, 2))
    weights, between = _exact(positions)
    exact = (weights[:, :, None] ** 2 * between).sum(axis=1) / weights.sum()
    assert np.linalg.norm(push(positions) - exact) < 0.05 * np.linalg.norm(exact)


def test_the_attraction_is_that_between_all_pairs() -> None:
    positions = RANDOM.normal(size=(60, 2))
    edges = attraction(RANDOM.normal(size=(60, 4)), 5)
    weights, between = _exact(positions)
    exact = ((edges.toarray() * weights)[:, :, None] * between).sum(axis=1)
    assert np.allclose(pull(edges, positions), exact, atol=1e-12)
