"""ALS fold-in: what training would have found, and parts that explain it."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest

from matinee.errors import BadInputError
from matinee.exact import Vectors
from matinee.index import Index
from matinee.models import Als, Evidence

ALPHA, REGULARIZATION = 4.0, 0.7


@pytest.fixture(scope="module")
def trained() -> Any:  # noqa: ANN401 - implicit ships no types
    """`implicit`'s ALS, trained on who liked what in two halves of a small catalogue."""
    implicit = pytest.importorskip("implicit.cpu.als", reason="implicit comes with the export extra")
    from scipy import sparse
    from threadpoolctl import threadpool_limits

    draw = np.random.default_rng(0)
    half = np.arange(80)[:, None] % 2 == np.arange(60)[None] % 2
    ratings = np.where(draw.random((80, 60)) < np.where(half, 0.4, 0.03), draw.integers(7, 11, (80, 60)), 0)
    with threadpool_limits(1, "blas"):  # implicit warns of more
        model = implicit.AlternatingLeastSquares(
            factors=12, regularization=REGULARIZATION, alpha=ALPHA, iterations=10, random_state=0, num_threads=1
        )
        model.fit(sparse.csr_matrix(ratings / 10), show_progress=False)
    return model


def _fold_in(trained: Any, values: dict[int, float]) -> Vectors:  # noqa: ANN401 - implicit ships no types
    """Implicit's own answer for a user with these values of `user_items`."""
    from scipy.sparse import csr_matrix

    row = csr_matrix((list(values.values()), ([0] * len(values), list(values))), shape=(1, 60))
    return np.asarray(trained.recalculate_user(0, row))


def _als(vectors: Vectors) -> Als:
    params = {"alpha": ALPHA, "regularization": REGULARIZATION}
    return Als(vectors, Index.build(vectors), np.arange(len(vectors)), params)


def _about(row: int, weight: float) -> Evidence:
    return Evidence(weight, f"movie {row}", "movie", movie=row)


@pytest.mark.parametrize("values", [{3: 1.0}, {0: 0.7, 2: 0.9, 4: 1.0, 31: 0.8}, {7: 0.05, 9: 0.1}])
def test_likes_fold_in_to_what_implicit_computes(trained: Any, values: dict[int, float]) -> None:  # noqa: ANN401
    query = _als(trained.item_factors).query([_about(row, value) for row, value in values.items()])
    np.testing.assert_allclose(query.vector, _fold_in(trained, values), atol=1e-4)


def test_a_dislike_is_what_implicit_calls_a_negative_value(trained: Any) -> None:  # noqa: ANN401
    query = _als(trained.item_factors).query([_about(2, 0.9), _about(5, 0.8), _about(7, -0.4), _about(8, -0.1)])
    negative = {row: -(1 + ALPHA * weight) / ALPHA for row, weight in {7: 0.4, 8: 0.1}.items()}
    np.testing.assert_allclose(query.vector, _fold_in(trained, {2: 0.9, 5: 0.8, **negative}), atol=1e-4)


def test_evidence_on_one_movie_adds_up_as_in_one_cell(trained: Any) -> None:  # noqa: ANN401
    query = _als(trained.item_factors).query([_about(2, 0.05), _about(2, 0.1), _about(9, 0.9)])
    np.testing.assert_allclose(query.vector, _fold_in(trained, {2: 0.15, 9: 0.9}), atol=1e-4)


def test_the_parts_are_the_contributions_that_implicit_explains(trained: Any) -> None:  # noqa: ANN401
    from scipy.sparse import csr_matrix

    values = {0: 0.7, 2: 0.9, 4: 1.0}
    query = _als(trained.item_factors).query([_about(row, value) for row, value in values.items()])
    row = csr_matrix((list(values.values()), ([0] * 3, list(values))), shape=(1, 60))
    _, contributions, _ = trained.explain(0, row, itemid=6)
    mine = dict(zip(values, query.parts @ trained.item_factors[6], strict=True))
    assert mine == pytest.approx(dict(contributions), abs=1e-4)


def test_the_recommended_are_the_ones_implicit_recommends(trained: Any) -> None:  # noqa: ANN401
    values = {0: 0.7, 2: 0.9, 4: 1.0}
    als = _als(trained.item_factors)
    chosen = als.rank({"als": [_about(row, value) for row, value in values.items()]}, 10)
    scores = trained.item_factors @ _fold_in(trained, values)
    assert [choice.movie for choice in chosen] == np.argsort(-scores)[:10].tolist()


def test_dislikes_alone_are_the_popular_mean_less_what_they_explain(world: ModuleType) -> None:
    als = world.model("als")
    dislikes = [world.about(row, -0.4) for row in (1, 5)]
    factors = als.vectors.astype(np.float64)
    confidence = 5.0 * 0.4
    gram = factors.T @ factors + 0.5 * np.eye(world.DIM)
    extra = confidence * factors[[1, 5]].T @ factors[[1, 5]]
    expected = np.linalg.solve(gram + extra, gram @ als.popular_mean)
    np.testing.assert_allclose(als.query(dislikes).vector, expected, atol=1e-5)


def test_texts_and_posters_are_refused(world: ModuleType) -> None:
    words = Evidence(0.9, "words", "text", vector=np.ones(world.DIM, np.float32))
    with pytest.raises(BadInputError, match="als reads movie evidence, not the vector of a text"):
        world.model("als").query([words])
