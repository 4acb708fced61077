"""Users whom no model was trained on, folded in by the runtime: who they are, what they tell, how they are served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matinee.models import MODELS, Bert, Evidence, Query
from matinee.taste import LIKED
from matinee.weighting import weight
from matinee_export.data import clean, read_dataset
from matinee_export.data.interactions import Interactions
from matinee_export.evaluation.evaluate import HeldOut, evaluate
from matinee_export.models.factor_model import Setting
from matinee_export.models.factors import fit_factors
from matinee_export.study.experiments import fold_in as study
from matinee_export.study.experiments.fold_in import FoldedIn, fold_in, folded_scores, keep_out, runtime_model
from matinee_export.study.experiments.reproduced import split_a

SETTINGS: dict[str, Setting] = {
    "als": {"size": 8, "regularization": 1.0, "alpha": 5.0, "iterations": 15},
    "bpr": {"size": 8, "regularization": 0.01, "learning_rate": 0.05, "iterations": 150},
}
USERS, MOVIES = 150, 120


def _two_tastes(seed: int = 0) -> tuple[Interactions, Interactions]:
    """Train and test rows of users who like the even movies, or the odd ones, and rate the others low."""
    rng = np.random.default_rng(seed)
    rows = [(user, movie) for user in range(USERS) for movie in rng.choice(MOVIES, 30, replace=False).tolist()]
    users, movies = np.array(rows, dtype=np.int32).T
    ratings = np.where(users % 2 == movies % 2, 9.0, 3.0).astype(np.float32)
    everything = Interactions(users, movies, ratings, np.zeros(len(rows), np.bool_), USERS, MOVIES)
    to_test = rng.random(len(rows)) < 0.25
    return everything.where(~to_test), everything.where(to_test)


@pytest.fixture(scope="module")
def served() -> dict[str, FoldedIn]:
    return fold_in(*_two_tastes(), SETTINGS)


def test_a_fifth_of_the_users_of_movielens_100k_is_189() -> None:
    assert keep_out(943, study.SHARE, 0).sum() == 189


def test_who_is_kept_out_depends_on_the_seed_alone() -> None:
    np.testing.assert_array_equal(keep_out(50, 0.2, 1), keep_out(50, 0.2, 1))
    assert (keep_out(50, 0.2, 1) != keep_out(50, 0.2, 2)).any()


def test_both_are_asked_about_the_same_users_and_only_those_kept_out(served: dict[str, FoldedIn]) -> None:
    newcomers = np.flatnonzero(keep_out(USERS, study.SHARE, 0))
    for result in served.values():
        np.testing.assert_array_equal(result.folded.users, result.trained.users)
        assert set(result.folded.users) <= set(newcomers)


@pytest.mark.parametrize("kind", ["als", "bpr", "ease"])
def test_a_taste_is_recognised_in_users_never_trained_on(served: dict[str, FoldedIn], kind: str) -> None:
    assert served[kind].folded.means()["auc"] > served["popularity"].folded.means()["auc"] + 0.15
    assert served[kind].lost("auc") < 0.05


@pytest.mark.parametrize("kind", ["als", "bpr"])
def test_models_are_fitted_without_the_users_kept_out(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    train, test = _two_tastes()
    newcomers = keep_out(USERS, study.SHARE, 0)
    met: list[bool] = []

    def watching(kind: str, rows: Interactions, setting: Setting, seed: int) -> object:
        met.append(bool(newcomers[rows.users].any()))
        return fit_factors(kind, rows, setting, seed)

    monkeypatch.setattr(study, "fit_factors", watching)
    fold_in(train, test, {kind: SETTINGS[kind]})
    assert met == [False, True]


def test_als_folds_a_user_in_as_implicit_solves_for_one_who_was_trained() -> None:
    train, _ = _two_tastes()
    only_likes = train.where(train.is_like)
    fitted = fit_factors("als", only_likes, {**SETTINGS["als"], "iterations": 60})
    model = runtime_model("als", fitted.item_factors, only_likes, fitted.params)
    folded = folded_scores(model, only_likes, np.arange(USERS))
    np.testing.assert_allclose(folded.users, fitted.user_factors, atol=2e-2 * np.abs(fitted.user_factors).max())


@pytest.mark.parametrize("name", list(MODELS))
def test_any_runtime_model_can_be_folded_into(name: str) -> None:
    train, test = _two_tastes()
    kinds = np.eye(3, dtype=np.float32)[np.arange(MOVIES) % 2]
    noise = np.random.default_rng(0).normal(scale=0.1, size=kinds.shape).astype(np.float32)
    vectors = (kinds + noise) / np.linalg.norm(kinds + noise, axis=1, keepdims=True)
    model = runtime_model(name, vectors.astype(np.float32), train, {"alpha": 5.0, "regularization": 0.1})
    held = HeldOut.between(train, test).only_users(keep_out(USERS, 0.2, 0))
    scores = folded_scores(model, train, held.users)
    assert scores.known_users.sum() == len(held.users)
    assert evaluate(scores, held).means()["auc"] > 0.7  # half the others are of the same kind


def test_users_tell_their_ratings_and_not_what_was_imputed(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[list[tuple[int, float]]] = []
    answer = Bert.query

    def listen(self: Bert, given: Sequence[Evidence]) -> Query:
        told.append(_said(given))
        return answer(self, given)

    monkeypatch.setattr(Bert, "query", listen)
    rows = Interactions(
        users=np.array([1, 0, 1, 1], np.int32),
        movies=np.array([3, 0, 2, 1], np.int32),
        ratings=np.array([9, 8, 2, 10], np.float32),
        imputed=np.array([False, False, False, True]),
        n_users=2,
        n_movies=4,
    )
    vectors = np.eye(4, dtype=np.float32)
    folded_scores(runtime_model("bert", vectors, rows), rows, np.array([1]))
    every = replace(rows, liked_from=0.0)
    folded_scores(runtime_model("bert", vectors, every), every, np.array([1]))
    assert told == [[(3, weight(9.0)), (2, weight(2.0))], [(3, 0.9), (2, 0.2)]]
    assert rows.liked_from == LIKED


def _said(given: Sequence[Evidence]) -> list[tuple[int, float]]:
    return [(item.movie, round(item.weight, 6)) for item in given if item.movie is not None]


@pytest.mark.slow
def test_newcomers_of_movielens_are_served_almost_as_well_as_those_trained_on(ml_100k: Path) -> None:
    sides = split_a(clean(read_dataset(ml_100k)))
    settings: dict[str, Setting] = {
        "als": {"size": 32, "regularization": 30.0, "alpha": 5.0, "iterations": 20},
        "bpr": {"size": 32, "regularization": 0.03, "learning_rate": 0.02, "iterations": 100},
    }
    served = fold_in(sides.train, sides.test, settings)
    assert {len(result.folded.users) for result in served.values()} == {189}
    assert served["als"].lost() < 0.02
    assert served["bpr"].lost() < 0.02
    assert served["als"].folded.means()["ndcg@10"] > served["popularity"].folded.means()["ndcg@10"] + 0.2
