"""The slider from familiar to surprising: what it changes, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.bundle import Bundle
from matinee.catalogue import Catalogue
from matinee.errors import BadInputError
from matinee.exact import Vectors
from matinee.index import Index
from matinee.models import MODELS, ScoredMovie
from matinee.recommender import Pick, Recommender
from matinee.surprise import DEEP, DEEPEST, pool_size, rerank
from matinee.taste import Rating, Taste

EVERY = (*MODELS, "hybrid")
RATED = Taste(ratings=(Rating("Film 1", 9), Rating("Film 5", 8)))
SLIDER = (0.0, 0.5, 1.0)


@pytest.fixture(scope="module")
def recommender(
    world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Recommender:
    weights = dict.fromkeys(MODELS, 1.0)
    folder = world.write_bundle(tmp_path_factory.mktemp("surprise") / "bundle", tiny_encoder, weights)
    return Recommender(Bundle.open(folder, threads=1))


def _choices(rows: Sequence[int], fillers: Sequence[int] = ()) -> list[ScoredMovie]:
    known = [ScoredMovie(row, 1.0 - place / 1000, "als", None) for place, row in enumerate(rows)]
    return known + [ScoredMovie(row, 0.0, "als", None, filler=True) for row in fillers]


def test_at_0_every_answer_is_the_models_own(recommender: Recommender) -> None:
    assert recommender.recommend(RATED, surprise=0.0) == recommender.recommend(RATED)


@pytest.mark.parametrize("surprise", [0.3, 1])
def test_picks_keep_their_scores_and_reasons_and_pass_the_same_filters(
    recommender: Recommender, surprise: float
) -> None:
    for model, picks in recommender.recommend(RATED, k=10, surprise=surprise).items():
        assert [pick.rank for pick in picks] == list(range(1, 11))
        assert {pick.movie.title for pick in picks}.isdisjoint({"Film 1", "Film 5"})
        own = {pick.movie.id: pick for pick in recommender.recommend(RATED, model, k=DEEP * 10)[model]}
        for pick in picks:
            assert (pick.score, pick.inferred) == (own[pick.movie.id].score, own[pick.movie.id].inferred)
            assert model == "hybrid" or pick.reason == own[pick.movie.id].reason


def test_a_list_as_long_as_the_catalogue_has_every_movie_once(world: ModuleType, recommender: Recommender) -> None:
    for picks in recommender.recommend(RATED, k=10_000, surprise=0.7).values():
        assert len({pick.movie.id for pick in picks}) == len(picks) == world.N - 2


@pytest.mark.parametrize("surprise", [-0.1, 1.1, float("nan"), float("inf"), "much", None])
def test_what_is_no_number_from_0_to_1_is_refused(recommender: Recommender, surprise: object) -> None:
    with pytest.raises(BadInputError, match="from 0, familiar, to 1, surprising, not"):
        recommender.stream(RATED, surprise=surprise)  # type: ignore[arg-type]  # that is what is refused


@given(surprise=st.floats(0, 1), k=st.integers(1, 70), rows=st.permutations(range(60)))
def test_it_chooses_from_what_it_is_given_and_fillers_come_last(
    world: ModuleType, surprise: float, k: int, rows: list[int]
) -> None:
    models = {"als": world.model("als")}
    pool = _choices(rows[:50], rows[50:])
    chosen = rerank(pool, k, surprise, models, world.POPULARITY)
    assert len(chosen) == min(k, 60)
    assert len({choice.movie for choice in chosen}) == len(chosen)
    assert set(chosen) <= set(pool)
    assert [choice.filler for choice in chosen] == sorted(choice.filler for choice in chosen)


def test_at_1_the_likest_and_best_known_of_the_pool_are_left_for_last(world: ModuleType) -> None:
    models = {"bert": world.model("bert")}
    rows = [*world.members(0)[:12], *world.members(1)[:1], *world.members(2)[:1]]
    first = [choice.movie for choice in rerank(_choices(rows), 3, 1.0, models, np.zeros(world.N, np.int64))]
    assert {world.cluster(row) for row in first} == {0, 1, 2}
    alone = rerank(_choices(rows[:12]), 1, 1.0, models, world.POPULARITY)
    assert alone[0].movie == min(rows[:12], key=lambda row: world.POPULARITY[row])


def test_the_model_that_tells_best_which_movies_are_alike_is_asked(world: ModuleType) -> None:
    bert, others = world.model("bert"), world.finish(np.random.default_rng(0).permutation(world.vectors("als")))
    als = MODELS["als"](others, Index.build(others), world.POPULARITY, world.PARAMS["als"])
    pool = _choices(range(40))
    by_bert, by_als, by_either = (
        rerank(pool, 10, 0.8, models, np.zeros(world.N, np.int64))
        for models in ({"bert": bert}, {"als": als}, {"als": als, "bert": bert})
    )
    assert by_either == by_bert
    assert by_either != by_als


def test_without_any_model_to_compare_movies_popularity_alone_counts(world: ModuleType) -> None:
    rows = list(range(20))
    chosen = [choice.movie for choice in rerank(_choices(rows), 20, 1.0, {}, world.POPULARITY)]
    assert chosen == sorted(rows, key=lambda row: world.POPULARITY[row])


def test_only_so_many_movies_come_into_question() -> None:
    assert [pool_size(k) for k in (1, 10, 200, 5000)] == [DEEP, 10 * DEEP, DEEPEST, 5000]


def _popularity(picks: Sequence[Pick]) -> float:
    return float(np.mean([pick.movie.liked for pick in picks]))


def _diversity(catalogue: Catalogue, vectors: Vectors, picks: Sequence[Pick]) -> float:
    """Mean cosine distance of each two picks that there are vectors of."""
    rows = [catalogue.rows[pick.movie.id] for pick in picks]
    known = vectors[[row for row in rows if vectors[row].any()]]
    cosines = known @ known.T
    return float(1 - cosines[np.triu_indices(len(known), 1)].mean())


@pytest.mark.parametrize("model", ["bpr", "als", "bert", "hybrid"])
def test_on_the_sample_picks_become_less_known_and_less_alike_step_by_step(sample_bundle: Path, model: str) -> None:
    recommender = Recommender(Bundle.open(sample_bundle))
    catalogue, vectors = recommender.bundle.catalogue, recommender.members["bert"].vectors
    liked = np.argsort(-catalogue.liked)[:60].tolist()
    tastes = [
        Taste(ratings=tuple(Rating(catalogue[row].id, 9) for row in liked[start : start + 3]))
        for start in range(0, 60, 3)
    ]
    popularity, diversity = [], []
    for surprise in SLIDER:
        lists = [recommender.recommend(taste, model, surprise=surprise)[model] for taste in tastes]
        popularity.append(np.mean([_popularity(picks) for picks in lists]))
        diversity.append(np.mean([_diversity(catalogue, vectors, picks) for picks in lists]))
    assert popularity == sorted(popularity, reverse=True)
    assert diversity == sorted(diversity)
    assert popularity[0] > 1.3 * popularity[2]
    assert diversity[2] > 1.1 * diversity[0]
