"""Why each model ranks a movie where it does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from matinee.bundle import Bundle
from matinee.errors import EmptyTasteError, UnknownNameError
from matinee.explanations import explain
from matinee.models import MODELS
from matinee.recommender import Recommender
from matinee.taste import Poster, Rating, Review, Taste
from matinee.where import Where

WEIGHTS = {"bpr": 1.0, "als": 2.0, "bert": 1.0, "clip": 0.5}
RATED = Taste(ratings=(Rating("Film 1", 9), Rating("Film 5", 8), Rating("Film 2", 2)))


@pytest.fixture(scope="module")
def recommender(
    world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Recommender:
    folder = world.write_bundle(tmp_path_factory.mktemp("explanations") / "bundle", tiny_encoder, WEIGHTS)
    return Recommender(Bundle.open(folder, threads=1))


TASTES: dict[str, Callable[[ModuleType], Taste]] = {
    "ratings": lambda world: RATED,
    "words": lambda world: Taste(reviews=(Review(world.WORDS[1]),)),
    "a poster": lambda world: Taste(posters=(Poster(world.poster(1)),)),
    "a dislike": lambda world: Taste(ratings=(Rating("Film 3", 1),)),
}


@pytest.mark.parametrize("kind", TASTES)
@pytest.mark.parametrize("where", [None, Where(genres=("crime", "space"), years=(1960, 2000))])
def test_every_pick_has_the_rank_and_the_reason_with_which_it_was_picked(
    world: ModuleType, recommender: Recommender, kind: str, where: Where | None
) -> None:
    told = recommender.hear(TASTES[kind](world))
    answers = recommender.recommend(told, k=6, where=where)
    for picks in answers.values():
        for pick in picks:
            explanation = explain(recommender, told, pick.movie.id, where)[pick.model]
            assert (explanation.rank, explanation.inferred) == (pick.rank, pick.inferred)
            assert explanation.score == pytest.approx(pick.score, rel=1e-6)
            if explanation.among >= 60:
                assert explanation.reason == pick.reason


def test_the_last_movie_of_all_is_said_to_fit_worse_than_all_others(recommender: Recommender) -> None:
    for model in MODELS:
        ranking = recommender.recommend(RATED, model, k=1000)[model]
        explanation = explain(recommender, RATED, ranking[150].movie.id)[model]
        assert explanation.rank == 151
        assert explanation.reason.endswith("; 150 movies fit better")


def test_a_model_without_anything_in_favour_of_a_movie_says_so(recommender: Recommender) -> None:
    bottom = recommender.recommend(RATED, "bert", k=150)["bert"][-1]
    assert explain(recommender, RATED, bottom.movie.id)["bert"].reason.startswith(
        ("nothing you gave counts in its favour", "reviewers write about it", "unlike")
    )


def test_models_answer_in_the_order_in_which_they_are_shown(recommender: Recommender) -> None:
    assert tuple(explain(recommender, RATED, "Film 13")) == recommender.models


def test_a_movie_that_a_model_does_not_know_has_no_rank(recommender: Recommender) -> None:
    explanations = explain(recommender, RATED, "Film 9")
    assert {explanation.rank for explanation in explanations.values()} == {None}
    assert {explanation.score for explanation in explanations.values()} == {None}
    assert explanations["bert"].reason == "unknown to this model: nobody wrote about it"
    assert "not among the" in explanations["hybrid"].reason


def test_a_movie_the_visitor_rated_is_ranked_as_if_they_had_not_seen_it(
    world: ModuleType, recommender: Recommender
) -> None:
    explanations = explain(recommender, RATED, "Film 1", Where(genres=("horror",)))
    horrors = len(world.members(3))
    for model in MODELS:
        assert explanations[model].rank == 1
        assert explanations[model].among == horrors + 1


def test_what_was_heard_once_is_explained_alike(world: ModuleType, recommender: Recommender) -> None:
    taste = TASTES["words"](world)
    assert explain(recommender, recommender.hear(taste), "Film 13") == explain(recommender, taste, "Film 13")


def test_a_bundle_without_a_hybrid_is_explained_without_it(
    world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path: Path
) -> None:
    folder = world.write_bundle(tmp_path / "bundle", tiny_encoder, {}, ("als",))
    assert list(explain(Recommender(Bundle.open(folder)), RATED, "Film 13")) == ["als"]


def test_an_explanation_is_plain_data(recommender: Recommender) -> None:
    data = explain(recommender, RATED, "Film 13")["als"].to_json()
    assert list(data) == ["model", "rank", "among", "score", "reason", "inferred", "quote"]


def test_what_cannot_be_asked_is_refused(recommender: Recommender) -> None:
    with pytest.raises(EmptyTasteError):
        explain(recommender, Taste(), "Film 1")
    with pytest.raises(UnknownNameError):
        explain(recommender, RATED, "zzz")
