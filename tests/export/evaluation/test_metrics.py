"""Metrics: by hand on small lists, against implicit's own evaluation to 1e-6, and what must hold whatever the ranks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from implicit.cpu.als import AlternatingLeastSquares
from implicit.evaluation import ranking_metrics_at_k
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from matinee_export.evaluation import metrics
from matinee_export.evaluation.evaluate import HeldOut, evaluate
from matinee_export.evaluation.metrics import Ranks
from matinee_export.evaluation.scorers import DotScores


def _ranks(*users: tuple[list[int], int]) -> Ranks:
    """Ranks of users given as (ranks of the relevant movies, number of candidates), without ties."""
    rank = np.concatenate([np.array(r) for r, _ in users])
    return Ranks(
        user=np.repeat(np.arange(len(users)), [len(r) for r, _ in users]),
        rank=rank,
        middle=rank.astype(np.float64),
        relevant=np.array([len(r) for r, _ in users]),
        candidates=np.array([n for _, n in users]),
    )


def test_ndcg_discounts_by_log_rank_and_divides_by_the_best_order() -> None:
    ranks = _ranks(([1, 3], 10), ([2, 50], 100))
    best = 1 + 1 / np.log2(3)
    np.testing.assert_allclose(metrics.ndcg(ranks, 10), [(1 + 1 / 2) / best, (1 / np.log2(3)) / best])


def test_precision_divides_by_k_and_recall_by_what_is_relevant() -> None:
    ranks = _ranks(([1, 3, 11, 12], 20))
    assert metrics.precision(ranks, 10) == pytest.approx([0.2])
    assert metrics.recall(ranks, 10) == pytest.approx([0.5])


def test_the_two_normalisations_of_map_differ_where_more_is_relevant_than_fits() -> None:
    ranks = _ranks(([1, 2, 9], 10))
    assert metrics.average_precision(ranks, 2) == pytest.approx([1.0])
    assert metrics.average_precision_over_all(ranks, 2) == pytest.approx([2 / 3])


def test_auc_counts_pairs_in_the_right_order() -> None:
    ranks = _ranks(([1, 2], 5), ([4, 5], 5), ([2], 3))
    np.testing.assert_allclose(metrics.auc(ranks), [1.0, 0.0, 0.5])


def test_auc_counts_tied_pairs_half() -> None:
    tied = Ranks(np.array([0]), np.array([1]), np.array([2.0]), np.array([1]), np.array([3]))
    assert metrics.auc(tied) == pytest.approx([0.5])


def test_auc_is_a_half_where_every_candidate_is_relevant() -> None:
    assert metrics.auc(_ranks(([1, 2], 2))) == pytest.approx([0.5])


def test_coverage_is_the_listed_share_of_the_catalogue() -> None:
    assert metrics.coverage(np.array([[0, 1], [1, -1]]), 8) == 0.25


def test_novelty_is_the_mean_surprise_in_bits() -> None:
    likes = np.array([7.0, 1.0, 0.0])
    assert metrics.novelty(np.array([[0, 1], [0, -1]]), likes, 7) == pytest.approx((0 + 2 + 0) / 3)


@pytest.mark.parametrize("k", [1, 5, 10])
def test_metrics_agree_with_implicit_to_a_millionth(k: int) -> None:
    rng = np.random.default_rng(k)
    users = rng.normal(size=(60, 8)).astype(np.float32)
    movies = rng.normal(size=(150, 8)).astype(np.float32)
    cells = rng.random((60, 150))
    train = sparse.csr_matrix((cells < 0.1).astype(np.float32))
    test = sparse.csr_matrix(((cells > 0.85) & (rng.random((60, 1)) < 0.9)).astype(np.float32))
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(factors=8)
    model.user_factors, model.item_factors = users, movies
    theirs = ranking_metrics_at_k(model, train, test, K=k, show_progress=False, num_threads=1)

    held = HeldOut(np.flatnonzero(np.diff(test.indptr)), train, test, np.ones(150))
    ours = evaluate(DotScores(users, movies, np.ones(150)), held, k)
    means = ours.means()
    assert means[f"ndcg@{k}"] == pytest.approx(theirs["ndcg"], abs=1e-6)
    assert means[f"map@{k}"] == pytest.approx(theirs["map"], abs=1e-6)
    # implicit's "precision" is all hits over all that could have been hit, min(k, R) summed over users.
    relevant = np.diff(test.indptr)[held.users]
    hits = ours.per_user[f"precision@{k}"].sum() * k
    assert hits / np.minimum(relevant, k).sum() == pytest.approx(theirs["precision"], abs=1e-6)
    assert hits == pytest.approx((ours.per_user[f"recall@{k}"] * relevant).sum(), abs=1e-6)


def test_auc_over_the_whole_catalogue_agrees_with_implicit_where_nothing_was_seen() -> None:
    rng = np.random.default_rng(0)
    users = rng.normal(size=(30, 8)).astype(np.float32)
    movies = rng.normal(size=(90, 8)).astype(np.float32)
    test = sparse.csr_matrix((rng.random((30, 90)) > 0.9).astype(np.float32))
    nothing = sparse.csr_matrix((30, 90), dtype=np.float32)
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(factors=8)
    model.user_factors, model.item_factors = users, movies
    theirs = ranking_metrics_at_k(model, nothing, test, K=90, show_progress=False, num_threads=1)
    held = HeldOut(np.flatnonzero(np.diff(test.indptr)), nothing, test, np.ones(90))
    ours = evaluate(DotScores(users, movies, np.ones(90)), held).means()
    assert ours["auc"] == pytest.approx(theirs["auc"], abs=1e-6)


@st.composite
def _some_ranks(draw: st.DrawFn) -> Ranks:
    users = []
    for _ in range(draw(st.integers(1, 4))):
        n = draw(st.integers(1, 40))
        found = draw(st.sets(st.integers(1, n), min_size=1))
        users.append((sorted(found), n))
    return _ranks(*users)


@settings(max_examples=80)
@given(_some_ranks(), st.integers(1, 50))
def test_every_metric_is_between_zero_and_one(ranks: Ranks, k: int) -> None:
    for measure in (metrics.ndcg, metrics.precision, metrics.recall, metrics.average_precision):
        values = measure(ranks, k)
        assert values.min() >= 0
        assert values.max() <= 1 + 1e-12
    assert (metrics.average_precision_over_all(ranks, k) <= metrics.average_precision(ranks, k) + 1e-12).all()
    assert metrics.auc(ranks).min() >= 0
    assert metrics.auc(ranks).max() <= 1


@settings(max_examples=50)
@given(st.integers(1, 30), st.integers(0, 30), st.integers(1, 40))
def test_the_perfect_order_scores_one(relevant: int, others: int, k: int) -> None:
    ranks = _ranks((list(range(1, relevant + 1)), relevant + others))
    for measure in (metrics.ndcg, metrics.average_precision):
        assert measure(ranks, k) == pytest.approx([1.0])
    assert metrics.auc(ranks) == pytest.approx([1.0 if others else 0.5])


@settings(max_examples=50)
@given(_some_ranks(), st.integers(1, 30))
def test_a_longer_list_never_finds_less(ranks: Ranks, k: int) -> None:
    def found(length: int) -> NDArray[np.float64]:
        return metrics.recall(ranks, length)

    assert (found(k + 1) >= found(k)).all()
    assert found(40) == pytest.approx(np.ones(len(ranks.relevant)))
