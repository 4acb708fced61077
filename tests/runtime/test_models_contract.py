"""What every model does, the hybrid included: one contract, tested on each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import numpy as np
import pytest

from matinee.errors import BadInputError
from matinee.exact import Mask
from matinee.models import MODELS, Evidence, Hybrid, Ranker, ScoredMovie

pytestmark = pytest.mark.parametrize("name", [*MODELS, "hybrid"])


@pytest.fixture
def ranker(world: ModuleType, name: str) -> Ranker:
    made: Ranker = world.ranker(name)
    return made


def _rows(choices: list[ScoredMovie]) -> list[int]:
    return [found.movie for found in choices]


def _only(n: int, rows: list[int]) -> Mask:
    mask = np.zeros(n, dtype=np.bool_)
    mask[rows] = True
    return mask


def test_it_answers_in_its_own_name_and_the_hybrid_in_those_of_its_members(
    world: ModuleType, ranker: Ranker, name: str
) -> None:
    named = {found.model for found in ranker.rank(world.tell(world.about(0), world.about(1)), 20)}
    assert named <= (set(ranker.members) if isinstance(ranker, Hybrid) else {name})
    assert named


def test_a_liked_movie_brings_those_like_it(world: ModuleType, ranker: Ranker) -> None:
    for number in range(world.CLUSTERS):
        liked = [world.about(row) for row in world.members(number)[:3]]
        chosen = _rows(ranker.rank(world.tell(*liked), 10))
        assert sum(world.cluster(row) == number for row in chosen) >= 9


def test_k_is_clamped_to_the_catalogue_and_no_movie_comes_twice(world: ModuleType, ranker: Ranker) -> None:
    assert sorted(_rows(ranker.rank(world.tell(world.about(0)), 10_000))) == list(range(world.N))


@pytest.mark.parametrize("k", [1, 7, 160])
def test_scores_never_rise(world: ModuleType, ranker: Ranker, k: int) -> None:
    scores = [found.score for found in ranker.rank(world.tell(world.about(0), world.about(1, -0.3)), k)]
    assert len(scores) == k
    assert scores == sorted(scores, reverse=True)


def test_a_shorter_list_is_the_beginning_of_a_longer_one(world: ModuleType, ranker: Ranker) -> None:
    told = world.tell(world.about(0), world.about(5))
    assert _rows(ranker.rank(told, 40))[:6] == _rows(ranker.rank(told, 6))


def test_a_filter_is_respected_and_filled(world: ModuleType, ranker: Ranker) -> None:
    for rows in ([3], [2, 9, 50, 70], list(range(0, world.N, 5))):
        chosen = ranker.rank(world.tell(world.about(0)), len(rows) + 3, _only(world.N, rows))
        assert sorted(_rows(chosen)) == rows


def test_a_filter_that_nothing_passes_gives_an_empty_list(world: ModuleType, ranker: Ranker) -> None:
    assert ranker.rank(world.tell(world.about(0)), 5, _only(world.N, [])) == []


def test_movies_it_knows_nothing_of_come_last_the_most_liked_first(world: ModuleType, ranker: Ranker) -> None:
    for evidence in ([world.about(0)], [world.about(0, -0.4)], []):
        chosen = ranker.rank(world.tell(*evidence), world.N)
        if ranker.name == "hybrid":  # it has a prior for every movie
            assert not any(found.filler for found in chosen)
            continue
        last = sorted(world.UNKNOWN, key=lambda row: -world.POPULARITY[row])
        assert _rows(chosen)[-len(last) :] == last
        assert [found.filler for found in chosen] == [row in world.UNKNOWN for row in _rows(chosen)]


def test_the_same_question_has_the_same_answer(world: ModuleType, ranker: Ranker, name: str) -> None:
    told = world.tell(world.about(0), world.about(1, -0.2), world.about(6, 0.1, inferred=True))
    first, again, anew = ranker.rank(told, 30), ranker.rank(told, 30), world.ranker(name).rank(told, 30)
    for other in (again, anew):
        assert [(c.movie, c.score, c.because) for c in first] == [(c.movie, c.score, c.because) for c in other]


def test_the_order_of_evidence_does_not_matter(world: ModuleType, ranker: Ranker) -> None:
    evidence = [world.about(0), world.about(1, 0.7), world.about(2, -0.3)]
    first, other = ranker.rank(world.tell(*evidence), 20), ranker.rank(world.tell(*evidence[::-1]), 20)
    assert _rows(first) == _rows(other)
    np.testing.assert_allclose([c.score for c in first], [c.score for c in other], rtol=1e-4)


def test_a_pick_is_because_of_the_evidence_like_it(world: ModuleType, ranker: Ranker) -> None:
    evidence = [world.about(0), world.about(1)]
    for found in ranker.rank(world.tell(*evidence), 12):
        assert found.because is not None
        assert found.because in evidence
        assert world.cluster(found.because.movie) == world.cluster(found.movie)
        assert found.model in MODELS


def test_a_pick_is_inferred_when_its_evidence_is(world: ModuleType, ranker: Ranker) -> None:
    chosen = ranker.rank(world.tell(world.about(0, 0.5, inferred=True), world.about(1, 0.5)), 40)
    near = {world.cluster(found.movie): found.inferred for found in chosen[:20]}
    assert near == {0: True, 1: False}


def test_a_dislike_pushes_its_like_away(world: ModuleType, ranker: Ranker) -> None:
    likes = [world.about(row) for row in (0, 4, 1, 5)]
    dislikes = [world.about(row, -0.4) for row in world.members(1)[5:15]]

    def share_of_the_disliked(*evidence: Evidence) -> int:
        return sum(world.cluster(row) == 1 for row in _rows(ranker.rank(world.tell(*evidence), 20)))

    assert share_of_the_disliked(*likes, *dislikes) < share_of_the_disliked(*likes)


def test_dislikes_alone_still_bring_movies_and_not_those_like_them(world: ModuleType, ranker: Ranker) -> None:
    dislikes = [world.about(row, -0.4) for row in world.members(2)[:8]]
    chosen = _rows(ranker.rank(world.tell(*dislikes), 20))
    indifferent = _rows(ranker.rank(world.tell(), 20))
    assert len(chosen) == 20
    assert sum(world.cluster(row) == 2 for row in chosen) < max(1, sum(world.cluster(row) == 2 for row in indifferent))


def test_without_evidence_it_recommends_what_many_like_and_says_so(world: ModuleType, ranker: Ranker) -> None:
    chosen = ranker.rank(world.tell(), 5)
    assert len(chosen) == 5
    assert all(found.because is None and not found.inferred and not found.filler for found in chosen)


def test_the_popular_mean_is_that_of_the_movies_weighted_by_how_many_like_them(world: ModuleType, name: str) -> None:
    for model in [world.model(name)] if name in MODELS else world.ranker(name).members.values():
        known = np.delete(np.arange(world.N), world.UNKNOWN)
        expected = np.average(model.vectors[known], axis=0, weights=world.POPULARITY[known])
        np.testing.assert_allclose(model.popular_mean, expected, atol=1e-5)


def test_where_nobody_liked_anything_the_popular_mean_is_the_plain_one(world: ModuleType, name: str) -> None:
    for model in [world.model(name)] if name in MODELS else world.ranker(name).members.values():
        unliked = type(model)(model.vectors, model.index, np.zeros_like(model.popularity), model.params)
        np.testing.assert_allclose(unliked.popular_mean, model.vectors[model.index.known].mean(axis=0), atol=1e-5)


@pytest.mark.parametrize("idle", ["weightless", "unknown"])
def test_evidence_that_says_nothing_changes_nothing(world: ModuleType, ranker: Ranker, idle: str) -> None:
    nothing = world.about(3, 0.0) if idle == "weightless" else world.about(world.UNKNOWN[0])
    for others in ([], [world.about(0)]):
        assert _rows(ranker.rank(world.tell(*others, nothing), 20)) == _rows(ranker.rank(world.tell(*others), 20))


@pytest.mark.parametrize("row", [-1, 160, None])
def test_a_movie_that_is_not_there_is_refused(world: ModuleType, ranker: Ranker, row: int | None) -> None:
    with pytest.raises(BadInputError, match=f"0 to 159, not {row}"):
        ranker.rank(world.tell(Evidence(0.9, "no such movie", "movie", movie=row)), 5)


def test_a_filter_of_another_catalogue_is_refused(world: ModuleType, ranker: Ranker) -> None:
    with pytest.raises(BadInputError, match=r"shape \(160,\)"):
        ranker.rank(world.tell(world.about(0)), 5, np.ones(7, dtype=np.bool_))


def test_k_below_one_is_refused(world: ModuleType, ranker: Ranker) -> None:
    with pytest.raises(BadInputError, match="k is at least 1, not 0"):
        ranker.rank(world.tell(world.about(0)), 0)


def test_many_visitors_may_be_served_at_once(world: ModuleType, ranker: Ranker) -> None:
    def ask(row: int) -> list[int]:
        return _rows(ranker.rank(world.tell(world.about(row)), 10))

    rows = [row for row in range(40) if row not in world.UNKNOWN]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, rows)) == [ask(row) for row in rows]
