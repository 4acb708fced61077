"""The hybrid: its members' scores, standardised, weighted by visitor and movie, and added up."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from matinee.blend import COLD_BELOW, Weights, prior, sampled, share, standardise, strength
from matinee.models import Hybrid
from matinee.models.cold_start import COLD_START, ColdStartAls


def _hybrid(world: ModuleType, **weights: float) -> Hybrid:
    members = {name: world.model(name) for name in ("als", "bert", "clip")}
    made: Hybrid = world.hybrid(members, {name: Weights(weight, weight, 0.0) for name, weight in weights.items()})
    return made


def test_a_score_is_the_weighted_sum_of_standardised_scores_and_the_prior(world: ModuleType) -> None:
    weights = {"als": Weights(0.5, 2.0, 0.0), "bert": Weights(1.0, 0.25, 0.75)}
    members = {name: world.model(name) for name in weights}
    told = world.tell(world.about(0), world.about(1, 0.5))
    s = 2 / (2 + 5)
    expected = (1 - s) * world.prior()[:, 0] + s * world.prior()[:, 1]
    for name, model in members.items():
        scores = model.vectors @ model.query(told[name]).vector
        z = (scores - scores.mean()) / scores.std()
        expected = (
            expected + ((1 - s) * weights[name].few + s * weights[name].many + world.COLD * weights[name].cold) * z
        )
    chosen = world.hybrid(members, weights).rank(told, world.N)
    assert [c.movie for c in chosen[:30]] == np.argsort(-expected, kind="stable")[:30].tolist()
    assert [c.score for c in chosen] == pytest.approx([expected[c.movie] for c in chosen], abs=1e-4)


def test_the_more_a_visitor_liked_the_more_the_weights_for_many_count(world: ModuleType) -> None:
    members = {name: world.model(name) for name in ("als", "bert")}
    hybrid = world.hybrid(members, {"als": Weights(0.0, 1.0, 0.0), "bert": Weights(1.0, 0.0, 0.0)})

    def told(likes: int) -> dict[str, list[object]]:
        return {
            "als": [world.about(row) for row in world.members(1)[:likes]],
            "bert": [world.about(world.members(2)[0])],
        }

    def of_als(likes: int) -> int:
        return sum(world.cluster(c.movie) == 1 for c in hybrid.rank(told(likes), 20))

    assert of_als(1) < of_als(20)


def test_movies_near_to_what_was_given_do_not_count_as_liked(world: ModuleType) -> None:
    members = {"als": world.model("als")}
    hybrid = world.hybrid(members, {"als": Weights(0.0, 1.0, 0.0)})
    inferred = {"als": [world.about(row, inferred=True) for row in world.members(1)]}
    assert all(choice.because is None for choice in hybrid.rank(inferred, 5))
    assert all(choice.because is not None for choice in hybrid.rank({"als": [world.about(1)]}, 5))


def test_a_member_alone_keeps_its_order(world: ModuleType) -> None:
    model = world.model("bert")
    flat = np.zeros((world.N, 2), np.float32)
    hybrid = Hybrid({"bert": model}, {"bert": Weights(1, 1, 0)}, type(world.hybrid({}, {}).movies)(flat, world.COLD))
    told = world.tell(world.about(0))
    assert [c.movie for c in hybrid.rank(told, 50)] == [c.movie for c in model.rank(told, 50)]


def test_the_reason_is_that_of_the_member_that_contributes_most(world: ModuleType) -> None:
    told = {"als": [world.about(0)], "bert": [world.about(1)], "clip": []}
    chosen = _hybrid(world, als=1.0, bert=1.0).rank(told, 20)
    assert {choice.model for choice in chosen} == {"als", "bert"}
    for choice in chosen:
        assert choice.because is not None
        assert choice.because in told[choice.model]
        assert world.cluster(choice.because.movie) == world.cluster(choice.movie)


def test_a_member_without_weight_is_not_even_asked(world: ModuleType) -> None:
    chosen = _hybrid(world, als=1.0, bert=0.0).rank({"als": [world.about(0)]}, 20)
    assert {choice.model for choice in chosen} == {"als"}


def test_weights_of_a_model_that_the_bundle_lacks_are_no_obstacle(world: ModuleType) -> None:
    assert {c.model for c in _hybrid(world, als=1.0, resnet50=5.0).rank(world.tell(world.about(0)), 5)} == {"als"}


def test_without_any_evidence_the_prior_decides(world: ModuleType) -> None:
    chosen = _hybrid(world, als=1.0, bert=1.0).rank({"als": [], "bert": []}, 10)
    assert [c.movie for c in chosen] == np.argsort(-world.POPULARITY, kind="stable")[:10].tolist()
    assert all(c.because is None and c.model == "hybrid" for c in chosen)


def test_every_movie_can_be_chosen_also_one_that_no_member_knows(world: ModuleType) -> None:
    told = world.tell(world.about(0))
    chosen = _hybrid(world, als=1.0, bert=1.0).rank(told, world.N)
    assert sorted(c.movie for c in chosen) == list(range(world.N))
    assert set(world.UNKNOWN) <= {c.movie for c in chosen}


def test_the_cold_start_answers_the_visitor_whom_als_folded_in_and_speaks_in_its_name(world: ModuleType) -> None:
    als, other = world.model("als"), world.model("bert")
    guessed = ColdStartAls(als, np.roll(als.vectors, 1, axis=0), other.index.build(np.roll(als.vectors, 1, axis=0)))
    told = {"als": [world.about(0)]}
    np.testing.assert_array_equal(guessed.query(told["als"]).vector, als.query(told["als"]).vector)
    hybrid = world.hybrid({"als": als, COLD_START: guessed}, {COLD_START: Weights(1.0, 1.0, 0.0)})
    chosen = hybrid.rank(told, 10)
    assert {world.cluster(c.movie) for c in chosen} == {1}
    assert {c.model for c in chosen} == {"als"}


def test_in_a_large_catalogue_what_the_members_propose_is_enough(
    world: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = world.tell(world.about(0), world.about(5, 0.4))
    hybrid = _hybrid(world, als=1.0, bert=0.5, clip=0.5)
    everything = [c.movie for c in hybrid.rank(told, 10)]
    monkeypatch.setattr("matinee.models.hybrid.EXACT_UP_TO", 0)
    monkeypatch.setattr("matinee.models.hybrid.POOL", 30)
    assert [c.movie for c in hybrid.rank(told, 10, np.arange(world.N) != 3)] == [m for m in everything if m != 3][:10]


def test_scores_that_do_not_tell_movies_apart_add_nothing() -> None:
    flat = np.full((2, 7), 3.0, np.float32)
    assert not standardise(flat, flat).any()
    assert not standardise(np.zeros((1, 7), np.float32), np.zeros((1, 7), np.float32)).any()


def test_the_formula_serves_one_visitor_and_many_alike() -> None:
    strengths = strength(np.array([0.0, 5.0, 45.0]))
    assert strengths.tolist() == [0.0, 0.5, 0.9]
    cold = np.array([True, False])
    many = share(Weights(1.0, 3.0, 0.5), strengths[:, None], cold)
    assert many.tolist() == pytest.approx(np.array([[1.5, 1.0], [2.5, 2.0], [3.3, 2.8]]), abs=1e-6)
    for row, one in zip(many, strengths, strict=True):
        assert share(Weights(1.0, 3.0, 0.5), np.array([one]), cold).tolist() == row.tolist()
    assert prior(np.array([[0, 2], [4, 4]], np.float32), strengths[:, None]).tolist() == [
        [0, 4],
        [1, 4],
        [pytest.approx(1.8), 4],
    ]


def test_the_sample_to_standardise_over_is_all_movies_where_there_are_few() -> None:
    assert sampled(5).tolist() == [0, 1, 2, 3, 4]
    assert len(np.unique(sampled(5000))) == 1024
    assert COLD_BELOW == 3
