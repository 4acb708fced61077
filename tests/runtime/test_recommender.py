"""The whole way from a taste to picks, over a real bundle with real, small encoders."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from matinee.bundle import Bundle
from matinee.encoders import Encoder
from matinee.errors import (
    BadImageError,
    BadInputError,
    BundleError,
    EmptyTasteError,
    MatineeError,
    UnknownNameError,
)
from matinee.models import MODELS, Evidence, Model, Query
from matinee.recommender import Pick, Recommender
from matinee.taste import Poster, Rating, Review, Taste
from matinee.where import Where

WEIGHTS = {"bpr": 1.0, "als": 1.0, "bert": 1.0, "resnet50": 1.0, "clip": 1.0}
EVERY = (*MODELS, "hybrid")
RATED = Taste(ratings=(Rating("Film 1", 9), Rating("Film 5", 8)))


@pytest.fixture(scope="module")
def recommender(
    world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Recommender:
    folder = world.write_bundle(tmp_path_factory.mktemp("world") / "bundle", tiny_encoder, WEIGHTS)
    return Recommender(Bundle.open(folder, threads=1))


def _clusters(world: ModuleType, picks: Sequence[Pick]) -> list[int]:
    return [world.GENRES.index(pick.movie.genres[0]) for pick in picks]


def _ids(picks: Sequence[Pick]) -> list[str]:
    return [pick.movie.id for pick in picks]


def _png(world: ModuleType, number: int) -> bytes:
    file = io.BytesIO()
    world.poster(number).save(file, "PNG")
    return file.getvalue()


TASTES: dict[str, Callable[[ModuleType], Taste]] = {
    "ratings": lambda world: RATED,
    "words": lambda world: Taste(reviews=(Review(world.WORDS[1]),)),
    "a poster": lambda world: Taste(posters=(Poster(_png(world, 1), "blue.png"),)),
    "a review of a movie": lambda world: Taste(reviews=(Review(world.WORDS[1], "Film 1", 9),)),
    "everything": lambda world: Taste((Review(world.WORDS[1]),), (Rating("Film 1", 10),), (Poster(world.poster(1)),)),
}


@pytest.mark.parametrize("kind", TASTES)
def test_every_model_answers_every_taste_with_what_is_like_it(
    world: ModuleType, recommender: Recommender, kind: str
) -> None:
    answers = recommender.recommend(TASTES[kind](world), k=10)
    assert tuple(answers) == EVERY
    for model, picks in answers.items():
        assert [pick.rank for pick in picks] == list(range(1, 11))
        assert {pick.model for pick in picks} == {model}
        assert _clusters(world, picks).count(1) >= 8, model
        assert all(pick.reason and pick.reason.isprintable() for pick in picks)


@pytest.mark.parametrize(
    ("kind", "inferred"),
    [
        ("ratings", set()),
        ("words", {"bpr", "als", "resnet50"}),
        ("a poster", {"bpr", "als", "bert"}),
        ("a review of a movie", set()),
    ],
)
def test_picks_are_inferred_where_the_model_could_not_read_what_was_given(
    world: ModuleType, recommender: Recommender, kind: str, inferred: set[str]
) -> None:
    answers = recommender.recommend(TASTES[kind](world), k=5)
    assert {m for m in MODELS if all(pick.inferred for pick in answers[m])} == inferred
    assert {m for m in MODELS if any(pick.inferred for pick in answers[m])} == inferred


@pytest.mark.parametrize(
    ("model", "kind", "reason"),
    [
        ("als", "ratings", "liked by viewers who also like Film"),
        ("als", "words", "which your words bring to mind"),
        ("bert", "words", 'close to what you wrote: "gangster heist and police"'),
        ("bert", "a poster", "which your poster blue.png brings to mind"),
        ("resnet50", "a poster", "looks like your poster blue.png"),
        ("clip", "a poster", "looks like your poster blue.png"),
    ],
)
def test_a_reason_says_what_brought_the_pick(
    world: ModuleType, recommender: Recommender, model: str, kind: str, reason: str
) -> None:
    picks = recommender.recommend(TASTES[kind](world), model, k=5)[model]
    assert any(reason in pick.reason for pick in picks)


def test_the_hybrid_says_which_model_speaks(recommender: Recommender) -> None:
    for pick in recommender.recommend(RATED, "hybrid")["hybrid"]:
        assert pick.reason.split(":")[0] in {"BPR", "ALS", "BERT", "ResNet50", "CLIP"}


@pytest.mark.parametrize("model", EVERY)
def test_one_model_answers_as_it_does_among_all(recommender: Recommender, model: str) -> None:
    assert recommender.recommend(RATED, model) == {model: recommender.recommend(RATED)[model]}


def test_each_model_makes_up_its_mind_about_a_visitor_once_and_remembers_nothing_of_them(
    recommender: Recommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def counting(model: Model) -> Callable[[Sequence[Evidence]], Query]:
        query = model.query

        def count(evidence: Sequence[Evidence]) -> Query:
            asked.append(model.name)
            return query(evidence)

        return count

    for name in MODELS:
        model = recommender.members[name]
        monkeypatch.setattr(model, "query", counting(model))
    heard = recommender.hear(RATED)
    first, again = recommender.recommend(heard, k=5), recommender.recommend(heard, k=5)
    assert first == again
    assert sorted(asked) == sorted(MODELS)
    recommender.recommend(recommender.hear(RATED), k=5)
    assert sorted(asked) == sorted([*MODELS, *MODELS])


def test_movies_that_were_rated_or_reviewed_are_never_picked(world: ModuleType, recommender: Recommender) -> None:
    taste = Taste((Review(world.WORDS[1], "Film 9", 3),), (Rating("Film 1", 9), Rating("Film 5", 6)))
    for picks in recommender.recommend(taste, k=1000).values():
        assert len(picks) == world.N - 3
        assert {"Film 1", "Film 5", "Film 9"}.isdisjoint(pick.movie.title for pick in picks)


def test_every_pick_passes_the_filters_and_the_list_is_full(recommender: Recommender) -> None:
    where = Where(genres=("space", "horror"), years=(1960, 2000), min_score=6, exclude=("Film 22",))
    for picks in recommender.recommend(RATED, k=10, where=where).values():
        assert len(picks) == 10
        for pick in picks:
            assert pick.movie.genres[0] in ("Space", "Horror")
            assert 1960 <= (pick.movie.year or 0) <= 2000
            assert (pick.movie.score or 0) >= 6
            assert pick.movie.title != "Film 22"


def test_filters_that_nothing_passes_give_empty_lists(recommender: Recommender) -> None:
    answers = recommender.recommend(RATED, where=Where(years=(1800, 1801)))
    assert answers == {model: [] for model in EVERY}


def test_dislikes_alone_are_answered_by_every_model(world: ModuleType, recommender: Recommender) -> None:
    taste = Taste(ratings=tuple(Rating(f"Film {row}", 1) for row in world.members(2)[:8]))
    for picks in recommender.recommend(taste, k=10).values():
        assert len(picks) == 10
        assert _clusters(world, picks).count(2) <= 2


def test_middling_ratings_alone_bring_what_many_like(recommender: Recommender) -> None:
    for model, picks in recommender.recommend(Taste(ratings=(Rating("Film 3", 6),)), k=3).items():
        assert all(pick.reason.endswith("many viewers liked it") for pick in picks), model


def test_answers_come_one_by_one_in_order_and_say_how_long_they_took(recommender: Recommender) -> None:
    answers = list(recommender.stream(RATED, k=4))
    assert [answer.model for answer in answers] == list(EVERY)
    assert all(answer.milliseconds > 0 and len(answer.picks) == 4 for answer in answers)


def test_the_first_answer_does_not_wait_for_the_others(world: ModuleType, recommender: Recommender) -> None:
    taste = Taste(ratings=(Rating("Film 1", 9),), posters=(Poster(world.poster(1)), Poster(b"not an image")))
    stream = recommender.stream(taste, k=3)
    with pytest.raises(BadImageError):
        list(stream)
    words = Taste(reviews=(Review(world.WORDS[1]),))
    assert next(recommender.stream(words, k=3)).model == "bpr"


BAD: dict[str, tuple[type[MatineeError], str, dict[str, Any]]] = {
    "an empty taste": (EmptyTasteError, "nothing to go on", {"taste": Taste()}),
    "an unknown model": (UnknownNameError, "did you mean 'als' or 'all'", {"model": "alss"}),
    "a model like no other": (UnknownNameError, "valid: 'bpr', 'als', 'bert', .*'hybrid', 'all'", {"model": "?"}),
    "no picks": (BadInputError, "a whole number from 1, not 0", {"k": 0}),
    "fewer than no picks": (BadInputError, "not -3", {"k": -3}),
    "half a pick": (BadInputError, r"not 1\.5", {"k": 1.5}),
    "picks in words": (BadInputError, "not 'ten'", {"k": "ten"}),
    "an unknown movie": (UnknownNameError, "no movie is called", {"taste": Taste(ratings=(Rating("zzz", 9),))}),
    "an unknown genre": (UnknownNameError, "no genre is called", {"where": Where(genres=("Westren",))}),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_asked_is_refused_before_anything_is_answered(recommender: Recommender, case: str) -> None:
    error, message, asked = BAD[case]
    with pytest.raises(error, match=message):
        recommender.stream(**{"taste": RATED, **asked})


def test_a_poster_that_cannot_be_read_is_refused_in_one_sentence(recommender: Recommender) -> None:
    with pytest.raises(BadImageError):
        recommender.recommend(Taste(posters=(Poster(b"not an image"),)), "resnet50")


def test_k_beyond_the_catalogue_is_clamped(world: ModuleType, recommender: Recommender) -> None:
    assert all(len(picks) == world.N - 2 for picks in recommender.recommend(RATED, k=10**9).values())


def test_the_same_question_has_the_same_answer(world: ModuleType, recommender: Recommender) -> None:
    taste = TASTES["everything"](world)
    assert recommender.recommend(taste) == recommender.recommend(taste)


def test_what_was_heard_once_is_answered_as_the_taste_itself(world: ModuleType, recommender: Recommender) -> None:
    taste = TASTES["everything"](world)
    told = recommender.hear(taste)
    assert recommender.hear(told) is told
    assert recommender.recommend(told, k=5) == recommender.recommend(taste, k=5)
    assert recommender.recommend(told, "als", where=Where(genres=("space",))) == recommender.recommend(
        taste, "als", where=Where(genres=("space",))
    )


def test_another_way_to_the_encoders_may_be_given(world: ModuleType, recommender: Recommender) -> None:
    asked: list[str] = []

    def encoders(name: str) -> Encoder:
        asked.append(name)
        return recommender.bundle.encoder(name)

    taste = TASTES["words"](world)
    assert recommender.recommend(recommender.hear(taste, encoders), k=5) == recommender.recommend(taste, k=5)
    assert asked == ["bert", "clip"]


def test_visitors_may_be_served_from_several_threads(world: ModuleType, recommender: Recommender) -> None:
    fresh = Recommender(Bundle.open(recommender.bundle.path, threads=1))
    tastes = [TASTES[kind](world) for kind in TASTES] * 3
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda taste: fresh.recommend(taste, k=5), tastes))
    assert together == [recommender.recommend(taste, k=5) for taste in tastes]


@pytest.mark.parametrize(
    ("names", "weights", "models"),
    [
        (("als",), {}, ("als",)),
        (("bpr", "bert"), {"bert": 1.0}, ("bpr", "bert", "hybrid")),
        (("clip", "als"), {"als": 1.0, "bert": 2.0}, ("als", "clip", "hybrid")),
    ],
)
def test_all_means_the_models_of_the_bundle(
    world: ModuleType,
    tiny_encoder: Callable[..., Path],
    tmp_path: Path,
    names: tuple[str, ...],
    weights: dict[str, float],
    models: tuple[str, ...],
) -> None:
    small = Recommender(Bundle.open(world.write_bundle(tmp_path / "bundle", tiny_encoder, weights, names), threads=1))
    assert small.models == models
    taste = TASTES["words"](world)
    answers = small.recommend(taste, k=5)
    assert tuple(answers) == models
    assert all(len(picks) == 5 for picks in answers.values())


def test_words_to_a_bundle_that_cannot_read_bring_what_many_like(
    world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path: Path
) -> None:
    small = Recommender(Bundle.open(world.write_bundle(tmp_path / "bundle", tiny_encoder, {}, ("als",)), threads=1))
    assert {pick.reason for pick in small.recommend(TASTES["words"](world))["als"]} == {"many viewers liked it"}


def test_a_damaged_index_is_refused_by_name(
    world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = world.write_bundle(tmp_path / "bundle", tiny_encoder, {}, ("als",))
    (folder / "models" / "als" / "index.usearch").write_bytes(b"x" * 100)
    monkeypatch.setattr("matinee.index.EXACT_NUMBERS", 0)
    monkeypatch.setattr("matinee.index.VISITED", 0)
    with pytest.raises(BundleError, match=r"models/als/index\.usearch"):
        Recommender(Bundle.open(folder)).recommend(RATED)


def test_an_index_that_no_question_needs_is_not_read(
    world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path: Path
) -> None:
    folder = world.write_bundle(tmp_path / "bundle", tiny_encoder, {}, ("als",))
    (folder / "models" / "als" / "index.usearch").write_bytes(b"x" * 100)
    assert Recommender(Bundle.open(folder)).recommend(RATED, k=3)["als"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"taste": None},
        {"taste": {"ratings": []}},
        {"model": None},
        {"model": ["als"]},
        {"k": "ten"},
        {"k": None},
        {"where": 5},
        {"surprise": "x"},
        {"surprise": None},
    ],
)
def test_an_argument_of_another_type_is_refused_in_one_sentence(
    recommender: Recommender, wrong: dict[str, Any]
) -> None:
    with pytest.raises(BadInputError, match=r"^[^\n]+$"):
        recommender.recommend(**{"taste": RATED, **wrong})
