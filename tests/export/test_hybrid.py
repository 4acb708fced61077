"""Weights of the hybrid: found on validation rows, never worse there than the best single model."""

from __future__ import annotations

import numpy as np
import pytest

from matinee_export import hybrid
from matinee_export.evaluate import HeldOut, Scores, evaluate
from matinee_export.hybrid import tune_hybrid
from matinee_export.interactions import Interactions
from matinee_export.scorers import FusedScores


def _question() -> tuple[dict[str, Scores], HeldOut]:
    """Two models that each see half of the truth, and one that sees nothing."""
    rng = np.random.default_rng(3)
    one, two = rng.standard_normal((2, 120, 150)).astype(np.float32)
    liked = np.argsort(-(one + two), axis=1)[:, :12]
    users = np.repeat(np.arange(120), 12).astype(np.int32)
    everything = Interactions(
        users, liked.ravel().astype(np.int32), np.full(1440, 9, np.float32), np.zeros(1440, bool), 120, 150
    )
    to_validation = rng.random(1440) < 0.4
    held = HeldOut.between(everything.where(~to_validation), everything.where(to_validation))
    noise = rng.standard_normal((120, 150)).astype(np.float32)
    return {"noise": lambda u: noise[u], "one": lambda u: one[u], "two": lambda u: two[u]}, held


def test_models_that_complete_each_other_are_joined_and_noise_is_left_out() -> None:
    models, held = _question()
    lines: list[str] = []
    fusion = tune_hybrid(models, held, report=lines.append)
    assert sum(fusion.weights.values()) == pytest.approx(1)
    assert min(fusion.weights["one"], fusion.weights["two"]) > 0.2
    assert fusion.weights["noise"] < 0.1
    assert fusion.ndcg > max(fusion.alone.values())
    assert len(lines) == 1


def test_the_figure_found_is_the_one_that_evaluation_gives() -> None:
    models, held = _question()
    fusion = tune_hybrid(models, held)
    measured = evaluate(FusedScores(models, fusion.weights, held.seen), held).means()["ndcg@10"]
    assert measured == pytest.approx(fusion.ndcg, abs=1e-3)


def test_the_search_is_reproducible_and_may_look_at_some_users_only(monkeypatch: pytest.MonkeyPatch) -> None:
    models, held = _question()
    monkeypatch.setattr(hybrid, "CELLS", 150 * 60)
    fusion = tune_hybrid(models, held, seed=5)
    assert fusion.users == 60
    assert fusion == tune_hybrid(models, held, seed=5)


def test_a_single_model_has_all_the_weight() -> None:
    models, held = _question()
    assert tune_hybrid({"one": models["one"]}, held).weights == {"one": 1.0}


def test_with_nobody_to_ask_the_models_count_alike() -> None:
    models, held = _question()
    nobody = held.only_users(np.zeros(120, bool))
    assert tune_hybrid(models, nobody).weights == pytest.approx(dict.fromkeys(models, 1 / 3))
