"""The sweep over sizes and the ablation of BPR: every fit measured on every question, and what they show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matinee_export.data.interactions import Interactions
from matinee_export.evaluation.evaluate import HeldOut, evaluate
from matinee_export.models.factors import fit_factors
from matinee_export.study.experiments import bpr_ablation
from matinee_export.study.experiments import sweep as module
from matinee_export.study.experiments.bpr_ablation import AS_IT_COMES, fit_with_implicit, fit_written_out
from matinee_export.study.experiments.sweep import ALS, BPR, PLAIN_ALS, PLAIN_BPR, questions, sweep


def _rows(seed: int = 0) -> tuple[Interactions, Interactions, Interactions]:
    """Train, validation and test rows of 120 users in two camps over 80 movies, a few of which are liked by most."""
    rng = np.random.default_rng(seed)
    users = np.repeat(np.arange(120), 18)
    movies = 40 * (users % 2) + (40 * rng.random(len(users)) ** 2.5).astype(int)
    everything = Interactions(
        users.astype(np.int32),
        movies.astype(np.int32),
        rng.integers(6, 11, len(users)).astype(np.float32),
        np.zeros(len(users), bool),
        120,
        80,
    )
    side = rng.choice(3, len(users), p=(0.7, 0.1, 0.2))
    train, validation, test = (everything.where(side == wanted) for wanted in range(3))
    return train, validation, test


@pytest.mark.slow
def test_every_size_of_every_curve_is_measured_on_every_question() -> None:
    train, validation, test = _rows()
    lines: list[str] = []
    curves = sweep(train, questions(train, validation=validation, test=test), sizes=(4, 200), log=lines.append)
    assert [curve.name for curve in curves] == [PLAIN_BPR, BPR, PLAIN_ALS, ALS]
    assert len(lines) == 8
    for curve in curves:
        assert [point.size for point in curve.points] == [4, 200]
        assert list(curve.at(200)) == ["train", "validation", "test"]
        assert [x for x, _ in curve.series("test", "auc")] == [4, 200]
        assert all(0 < y <= 1 for _, y in curve.series("validation", "ndcg@10"))


def test_a_curve_says_with_what_it_was_made() -> None:
    train, _, test = _rows()
    by_name = {curve.name: curve for curve in sweep(train, questions(train, test=test), sizes=(4,))}
    assert "popularity" in by_name[BPR].made_by
    assert "popularity" not in by_name[PLAIN_BPR].made_by
    assert by_name[BPR].setting == by_name[PLAIN_BPR].setting
    assert by_name[PLAIN_ALS].setting["alpha"] == 10
    assert "size" not in by_name[ALS].setting


def test_the_figures_of_a_point_are_those_of_the_fit() -> None:
    train, _, test = _rows()
    curve = {curve.name: curve for curve in sweep(train, questions(train, test=test), sizes=(4,), seed=3)}[ALS]
    held = HeldOut.between(train, test)
    again = evaluate(fit_factors("als", train, {**curve.setting, "size": 4}, 3).scores(held.likes), held).means()
    assert curve.at(4)["test"] == again


def test_only_so_many_users_are_asked_about_their_own_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    train, _, test = _rows()
    everybody = questions(train, test=test)
    monkeypatch.setattr(module, "TRAIN_USERS", 30)
    some = questions(train, test=test)
    assert len(some["train"].users) == 30 < len(everybody["train"].users)
    np.testing.assert_array_equal(some["test"].users, everybody["test"].users)


@pytest.mark.slow
def test_more_factors_remember_more_and_need_not_recommend_better() -> None:
    train, _, test = _rows()
    curve = {curve.name: curve for curve in sweep(train, questions(train, test=test), sizes=(2, 64))}[PLAIN_ALS]
    (_, few), (_, many) = curve.series("train", "auc")
    assert many > few
    (_, few), (_, many) = curve.series("test", "auc")
    assert many < few


def test_the_descent_written_out_is_that_of_implicit() -> None:
    train, _, test = _rows()
    recipe = replace(AS_IT_COMES, size=8, learning_rate=0.05, epochs=60)
    held = HeldOut.between(train, test)
    auc = []
    for fit in (fit_with_implicit, fit_written_out):
        items, users = fit(train.liked(), recipe, 0)
        scores = users @ items.T
        auc.append(evaluate(lambda users, scores=scores: scores[users], held).means()["auc"])  # type: ignore[misc]  # a default binds
    assert auc[0] == pytest.approx(auc[1], abs=0.03)


def test_the_descent_written_out_is_reproducible() -> None:
    train, _, _ = _rows()
    recipe = replace(AS_IT_COMES, size=4, epochs=2)
    one, two, other = (fit_written_out(train.liked(), recipe, seed)[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, other)


def test_without_biases_the_last_column_stays_zero() -> None:
    train, _, _ = _rows()
    items, users = fit_written_out(train.liked(), replace(AS_IT_COMES, size=4, epochs=2, biases=False), 0)
    assert not items[:, -1].any()
    assert (users[:, -1] == 1).all()


def test_a_liked_movie_is_never_drawn_to_lose_unless_it_may_be() -> None:
    """Whoever likes all movies but one can lose nothing but that one."""
    users, movies = np.zeros(3, np.int32), np.arange(3, dtype=np.int32)
    all_but_one = Interactions(users, movies, np.full(3, 9, np.float32), np.zeros(3, bool), 1, 4)
    recipe = replace(AS_IT_COMES, size=2, learning_rate=0.1, regularization=0.0, epochs=20, uniform=True)
    fair = fit_written_out(all_but_one.liked(), recipe, 0)[0][:, -1]
    assert (fair[:3] >= fair[3]).all()
    assert fair[3] < -0.5


def test_the_ablation_has_a_row_for_every_change_and_shows_what_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    train, validation, test = _rows()
    quick = tuple(
        (name, fit, replace(recipe, size=8, learning_rate=0.05, epochs=40))
        for name, fit, recipe in bpr_ablation.CHANGES
        if recipe.uniform or recipe.put_back or recipe in (AS_IT_COMES, bpr_ablation.SMALLER)
    )
    monkeypatch.setattr(bpr_ablation, "CHANGES", quick)
    rows = {row.changed: row for row in bpr_ablation.bpr_ablation(train, validation, test)}
    assert list(rows) == [name for name, _, _ in quick]
    plain = rows["nothing: implicit as it comes"]
    for better in ("popularity put back into the item biases", "32 factors, written out, the loser drawn uniformly"):
        assert rows[better].test > plain.test
        assert rows[better].validation > plain.validation
