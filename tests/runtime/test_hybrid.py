"""The hybrid: reciprocal rank fusion of its members."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from matinee.models import Hybrid


def _hybrid(world: ModuleType, weights: dict[str, float], members: tuple[str, ...] = ("als", "bert", "clip")) -> Hybrid:
    return Hybrid({name: world.model(name) for name in members}, weights, world.POPULARITY)


def test_a_score_is_the_weighted_sum_of_reciprocal_ranks(world: ModuleType) -> None:
    weights = {"als": 2.0, "bert": 1.0, "clip": 0.5}
    told = world.tell(world.about(0), world.about(1, 0.5))
    points = np.zeros(world.N)
    for name, weight in weights.items():
        for rank, choice in enumerate(world.model(name).rank(told, 200), start=1):
            points[choice.movie] += 0 if choice.filler else weight / (60 + rank)
    for choice in _hybrid(world, weights).rank(told, 30):
        assert choice.score == pytest.approx(points[choice.movie])
        assert (points > choice.score + 1e-12).sum() < 30


def test_a_member_alone_keeps_its_order(world: ModuleType) -> None:
    told = world.tell(world.about(0))
    alone = [choice.movie for choice in _hybrid(world, {"bert": 1.0}).rank(told, 50)]
    assert alone == [choice.movie for choice in world.model("bert").rank(told, 50)]


def test_the_reason_is_that_of_the_member_that_contributes_most(world: ModuleType) -> None:
    told = {"als": [world.about(0)], "bert": [world.about(1)], "clip": []}
    chosen = _hybrid(world, {"als": 1.0, "bert": 1.0}).rank(told, 20)
    assert {choice.model for choice in chosen} == {"als", "bert"}
    for choice in chosen:
        assert choice.because in told[choice.model]
        assert world.cluster(choice.because.movie) == world.cluster(choice.movie)


def test_a_member_without_weight_is_not_even_asked(world: ModuleType) -> None:
    chosen = _hybrid(world, {"als": 1.0, "bert": 0.0}).rank({"als": [world.about(0)]}, 20)
    assert {choice.model for choice in chosen if not choice.filler} == {"als"}


@pytest.mark.parametrize("weights", [{}, {"als": 0.0}, {"elsewhere": 1.0}])
def test_without_weights_all_members_count_alike(world: ModuleType, weights: dict[str, float]) -> None:
    told = world.tell(world.about(0), world.about(1))
    equal = _hybrid(world, {"als": 3.0, "bert": 3.0, "clip": 3.0}).rank(told, 20)
    assert [c.movie for c in _hybrid(world, weights).rank(told, 20)] == [c.movie for c in equal]


def test_a_weight_for_a_member_that_is_missing_is_no_obstacle(world: ModuleType) -> None:
    assert _hybrid(world, {"als": 1.0, "resnet50": 5.0}).rank(world.tell(world.about(0)), 5)


def test_a_movie_that_one_member_knows_comes_before_those_that_none_does(world: ModuleType) -> None:
    als, bert = world.model("als"), world.model("bert")
    vectors = als.vectors.copy()
    vectors[:] = 0
    vectors[7] = 1
    only = type(als)(vectors, type(als.index).build(vectors), als.popularity, als.params)
    chosen = Hybrid({"als": only, "bert": bert}, {}, world.POPULARITY).rank(world.tell(world.about(7)), world.N)
    assert [choice.filler for choice in chosen].count(True) == len(world.UNKNOWN)
    assert chosen[0].movie == 7
