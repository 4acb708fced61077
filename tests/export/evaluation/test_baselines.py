"""Baselines: each the formula it claims to be, however large the data, and as strong as validation rows can make it."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.errors import UnknownNameError
from matinee_export.data.interactions import Interactions
from matinee_export.evaluation import baselines
from matinee_export.evaluation.evaluate import HeldOut, Scores, evaluate


def _clusters(n_users: int, n_movies: int, seed: int = 0) -> Interactions:
    """Two camps with a camp of movies each; the newest half of the rows likes other movies than the oldest."""
    rng = np.random.default_rng(seed)
    users = np.repeat(np.arange(n_users), 12)
    days = rng.integers(0, 1000, len(users)).astype(np.float64)
    within = (n_movies // 2 * rng.random(len(users)) ** 2).astype(int)
    movies = n_movies // 2 * (users % 2) + np.where(days < 500, n_movies // 2 - 1 - within, within)
    ratings = rng.integers(5, 11, len(users)).astype(np.float32)
    unsure = rng.random(len(users)) < 0.05
    return Interactions(
        users.astype(np.int32), movies.astype(np.int32), ratings, unsure, n_users, n_movies + 3, days=days
    )


def _parts(rows: Interactions, last: float = 0.0) -> tuple[Interactions, Interactions]:
    held = rows.days >= last if last else np.random.default_rng(1).random(len(rows)) < 0.25
    return rows.where(~held), rows.where(held)


def _everybody(rows: Interactions) -> NDArray[np.int64]:
    return np.arange(rows.n_users)


def _ease_as_defined(liked: NDArray[np.float64], regularization: float) -> NDArray[np.float64]:
    inverse = np.linalg.inv(liked.T @ liked + regularization * np.eye(liked.shape[1]))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    return np.asarray(liked @ weights)


def _assert_same_where_something_speaks(found: NDArray[np.float32], direct: NDArray[np.float64]) -> None:
    speaks = np.abs(direct) > 1e-9
    np.testing.assert_allclose(found[speaks], direct[speaks], rtol=1e-4, atol=2e-5)
    assert (found[~speaks] < -1).all()


@pytest.mark.parametrize(("n_users", "n_movies"), [(30, 80), (200, 40)], ids=["fewer users", "fewer movies"])
def test_ease_is_the_closed_form_whichever_matrix_it_goes_through(n_users: int, n_movies: int) -> None:
    rows = _clusters(n_users, n_movies)
    direct = _ease_as_defined(rows.liked().toarray().astype(np.float64), 20.0)
    _assert_same_where_something_speaks(baselines.ease(rows, 20.0)(_everybody(rows)), direct)


def test_users_with_a_single_like_count_in_ease() -> None:
    rows = _clusters(30, 80)
    single = Interactions(
        np.arange(30, 90, dtype=np.int32),
        np.full(60, 3, np.int32),
        np.full(60, 9, np.float32),
        np.zeros(60, bool),
        90,
        rows.n_movies,
    )
    both = Interactions(rows.users, rows.movies, rows.ratings, rows.imputed, 90, rows.n_movies, days=rows.days).plus(
        single
    )
    direct = _ease_as_defined(both.liked().toarray().astype(np.float64), 20.0)
    _assert_same_where_something_speaks(baselines.ease(both, 20.0)(_everybody(both)), direct)


@pytest.mark.parametrize("cells", [10**9, 300])
def test_neighbours_are_the_most_similar_movies_by_the_shrunk_cosine(
    cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(baselines, "SIMILARITIES", cells)
    rows = _clusters(60, 40)
    liked = rows.liked().toarray().astype(np.float64)
    count = liked.sum(axis=0)
    similar = liked.T @ liked / (np.sqrt(np.outer(count, count)) + 5.0)
    np.fill_diagonal(similar, 0.0)
    everything = baselines.item_knn(rows, rows.n_movies, 5.0)(_everybody(rows))
    _assert_same_where_something_speaks(everything, liked @ similar)
    few = baselines.item_knn(rows, 3, 5.0)(_everybody(rows))
    assert (few > 0).any()
    lowest_kept = np.sort(similar, axis=1)[:, -3]
    sums = np.where(similar >= lowest_kept[:, None], similar, 0.0)
    assert (few <= liked @ sums + 1e-5).all()


@pytest.mark.parametrize("fit", [baselines.item_knn, baselines.ease])
def test_who_liked_nothing_gets_the_popularity_order(fit: Callable[[Interactions], Scores]) -> None:
    rows = _clusters(60, 40)
    rows = rows.where(rows.users != 7)
    silent = np.array([7])
    likes = baselines.popularity(rows)(silent)[0]
    assert (np.diff(likes[np.argsort(-fit(rows)(silent)[0], kind="stable")]) <= 0).all()


def test_a_movie_that_nothing_speaks_for_comes_after_all_that_something_does() -> None:
    rows = _clusters(60, 40)
    scores = baselines.item_knn(rows, 3, 5.0)(_everybody(rows))
    everything = baselines.item_knn(rows, rows.n_movies, 5.0)(_everybody(rows))
    never = ~rows.liked().toarray().any(axis=0)
    assert never.any()
    assert (scores[:, never] < 0).all()
    assert (everything[:, never].max(axis=1) < everything[:, ~never].min(axis=1) + 2).all()


def test_recent_popularity_prefers_what_is_liked_now() -> None:
    def rows(days: list[float]) -> Interactions:
        users, movies = np.arange(3, dtype=np.int32), np.array([0, 0, 1], np.int32)
        return Interactions(users, movies, np.full(3, 9, np.float32), np.zeros(3, bool), 3, 2, days=np.array(days))

    recent = baselines.recent_popularity(rows([0.0, math.nan, 3650.0]))(np.array([0]))
    assert recent[0, 1] > recent[0, 0] > 0
    undated = baselines.recent_popularity(rows([math.nan] * 3))(np.array([0]))
    assert undated.tolist() == [[2.0, 1.0]]


@pytest.mark.parametrize("name", list(baselines.TUNABLE))
def test_a_tuned_baseline_is_the_best_of_its_sweep_fitted_to_all_rows(name: str) -> None:
    train, validation = _parts(_clusters(80, 40))
    found = baselines.tune(name, train, validation)
    best = max(found.sweep, key=lambda tried: tried["ndcg@10"])
    assert {**found.setting, "ndcg@10": best["ndcg@10"]} == best
    fit = baselines.TUNABLE[name][0]
    users = np.arange(5)
    again = fit(train.plus(validation), **found.setting)
    np.testing.assert_array_equal(found.scores(users), again(users))
    alone = evaluate(fit(train, **found.setting), HeldOut.between(train, validation)).means()
    assert alone["ndcg@10"] == pytest.approx(best["ndcg@10"])


def test_a_short_half_life_is_chosen_where_tastes_changed() -> None:
    train, validation = _parts(_clusters(200, 40), last=850.0)
    found = baselines.tune("recent popularity", train, validation)
    held = HeldOut.between(train, validation)
    steady = evaluate(baselines.popularity(train), held).means()["ndcg@10"]
    assert max(tried["ndcg@10"] for tried in found.sweep) > steady
    assert found.setting["half_life"] < train.span / 2


def test_without_validation_likes_the_first_setting_is_taken() -> None:
    train, validation = _parts(_clusters(40, 40))
    nothing = validation.where(np.zeros(len(validation), bool))
    found = baselines.tune("EASE", train, nothing)
    assert found.setting == {name: value for name, value in found.sweep[0].items() if name != "ndcg@10"}


def test_undated_rows_leave_recent_popularity_nothing_to_choose() -> None:
    train, validation = (
        Interactions(p.users, p.movies, p.ratings, p.imputed, *p.shape) for p in _parts(_clusters(40, 40))
    )
    found = baselines.tune("recent popularity", train, validation)
    assert found.setting == {}
    popular = baselines.popularity(train.plus(validation))
    np.testing.assert_array_equal(found.scores(np.arange(2)), popular(np.arange(2)))


def test_what_cannot_be_tuned_lists_what_can() -> None:
    train, validation = _parts(_clusters(40, 40))
    with pytest.raises(UnknownNameError, match="EASE"):
        baselines.tune("chance", train, validation)
