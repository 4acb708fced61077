"""From a taste to what each model can use of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import EmptyTasteError, UnknownNameError
from matinee.evidence import BRIDGED, NEIGHBOURS, TEMPERATURE, Embeds, TasteEvidence, shorten
from matinee.exact import Mask, Rows, Vectors
from matinee.images import ImageSource
from matinee.index import Index
from matinee.models import MODELS, Evidence, Model
from matinee.taste import Poster, Rating, Review, Taste
from matinee.whitening import Whitening


class CountingEncoder:
    """Gives each text and poster the vector of the movie whose row it names, and counts what it is asked."""

    def __init__(self, vectors: Vectors) -> None:
        self.vectors = vectors
        self.asked: list[str] = []

    def text(self, text: str) -> Vectors:
        """Return the vector of the movie whose row is the last word."""
        self.asked.append(text)
        vector: Vectors = self.vectors[int(text.split()[-1])]
        return vector

    def poster(self, image: ImageSource) -> Vectors:
        """Return the vector of the movie whose row is the file's name."""
        self.asked.append(str(image))
        vector: Vectors = self.vectors[int(str(image))]
        return vector


@pytest.fixture
def models(world: ModuleType) -> dict[str, Model]:
    return {name: world.model(name) for name in MODELS}


@pytest.fixture
def encoders(models: Mapping[str, Model]) -> dict[str, CountingEncoder]:
    return {name: CountingEncoder(models[name].vectors) for name in ("bert", "resnet50", "clip")}


@pytest.fixture
def told(
    world: ModuleType, models: Mapping[str, Model], encoders: Mapping[str, CountingEncoder]
) -> Callable[..., TasteEvidence]:
    def tell(**parts: Any) -> TasteEvidence:  # noqa: ANN401 - the parts of a Taste
        return TasteEvidence(Taste(**parts), world.movies(), models, encoders.__getitem__)

    return tell


def _no_encoder(name: str) -> Embeds:
    raise AssertionError(f"nothing is to be read, and {name} was asked for")


def _with(world: ModuleType, name: str, **how: Any) -> Model:  # noqa: ANN401 - options of a Model
    model = world.model(name)
    return MODELS[name](model.vectors, model.index, model.popularity, model.params, **how)


def test_each_model_weighs_a_rating_by_its_own_choice(world: ModuleType, models: dict[str, Model]) -> None:
    models["bert"] = _with(world, "bert", choices={"ratings": "signed"})
    models["clip"] = _with(world, "clip", choices={"ratings": "liked"})
    evidence = TasteEvidence(Taste(ratings=(Rating("Film 0", 1),)), world.movies(), models, _no_encoder)
    assert [e.weight for e in evidence["bert"]] == [-1.0]
    assert [e.weight for e in evidence["als"]] == pytest.approx([-0.4])
    assert evidence["clip"] == ()


def test_words_are_whitened_for_the_model_that_reads_them(
    world: ModuleType, models: dict[str, Model], encoders: Mapping[str, CountingEncoder]
) -> None:
    whitening = Whitening(np.full(world.DIM, 0.2, np.float32), np.empty((0, world.DIM), np.float32))
    models["bert"] = _with(world, "bert", whitenings={"text": whitening})
    taste = Taste(reviews=(Review("like 5"),))
    evidence = TasteEvidence(taste, world.movies(), models, encoders.__getitem__)
    whitened = whitening.apply(models["bert"].vectors[5])
    np.testing.assert_array_equal(evidence["bert"][0].vector, whitened)
    nearest, _ = models["bert"].index.search(whitened, NEIGHBOURS)
    assert [e.movie for e in evidence["als"]] == nearest.tolist()


@pytest.mark.parametrize("name", MODELS)
def test_a_rated_movie_is_evidence_for_every_model(told: Callable[..., TasteEvidence], name: str) -> None:
    (evidence,) = told(ratings=(Rating("Film 3", 9),))[name]
    assert (evidence.movie, evidence.weight, evidence.kind, evidence.inferred) == (3, 0.9, "movie", False)
    assert evidence.label == "Film 3 (1953), which you rated 9"


def test_a_middling_rating_is_no_evidence(told: Callable[..., TasteEvidence]) -> None:
    assert told(ratings=(Rating("Film 3", 6),))["als"] == ()


def test_of_two_ratings_of_a_movie_the_last_one_counts(told: Callable[..., TasteEvidence]) -> None:
    (evidence,) = told(ratings=(Rating("Film 3", 2), Rating("Film 4", 6), Rating("film 3 (1953)", 8.5)))["als"]
    assert (evidence.weight, evidence.label) == (0.85, "Film 3 (1953), which you rated 8.5")


@pytest.mark.parametrize("name", ["bert", "clip"])
def test_words_reach_a_model_that_reads_them_as_their_vector(
    told: Callable[..., TasteEvidence], models: Mapping[str, Model], name: str
) -> None:
    (evidence,) = told(reviews=(Review("slow and rainy like 5", rating=8),))[name]
    assert (evidence.weight, evidence.kind, evidence.movie, evidence.inferred) == (0.8, "text", None, False)
    assert evidence.label == '"slow and rainy like 5"'
    np.testing.assert_array_equal(evidence.vector, models[name].vectors[5])


@pytest.mark.parametrize("name", ["bpr", "als", "resnet50"])
def test_words_reach_other_models_through_the_movies_nearest_in_bert(
    told: Callable[..., TasteEvidence], models: Mapping[str, Model], name: str
) -> None:
    evidence = told(reviews=(Review("like 5"),))[name]
    nearest, scores = models["bert"].index.search(models["bert"].vectors[5], NEIGHBOURS)
    assert [item.movie for item in evidence] == nearest.tolist()
    assert all(item.inferred and item.kind == "text" for item in evidence)
    softmax = np.exp(scores / TEMPERATURE) / np.exp(scores / TEMPERATURE).sum()
    np.testing.assert_allclose([item.weight for item in evidence], BRIDGED * 0.7 * softmax, rtol=1e-4)
    assert evidence[0].label == "Film 5 (1955), which your words bring to mind"


@pytest.mark.parametrize("name", ["bpr", "als", "bert"])
def test_a_poster_reaches_other_models_through_the_movies_nearest_in_resnet50(
    told: Callable[..., TasteEvidence], models: Mapping[str, Model], name: str
) -> None:
    evidence = told(posters=(Poster("6", "cat.jpg"),))[name]
    nearest, _ = models["resnet50"].index.search(models["resnet50"].vectors[6], NEIGHBOURS)
    assert [item.movie for item in evidence] == nearest.tolist()
    assert evidence[0].label == "Film 6 (1956), which your poster cat.jpg brings to mind"


@pytest.mark.parametrize(("label", "called"), [("cat.jpg", "your poster cat.jpg"), ("your poster", "your poster")])
def test_a_poster_reaches_a_model_that_sees_as_its_vector(
    told: Callable[..., TasteEvidence], label: str, called: str
) -> None:
    (evidence,) = told(posters=(Poster("6", label),))["clip"]
    assert (evidence.kind, evidence.label, evidence.weight, evidence.inferred) == ("poster", called, 0.7, False)


def test_words_of_dislike_push_away_over_the_bridge_too(told: Callable[..., TasteEvidence]) -> None:
    evidence = told(reviews=(Review("like 5", rating=1),))["als"]
    assert all(item.weight < 0 for item in evidence)
    assert sum(item.weight for item in evidence) == pytest.approx(-0.2, rel=1e-5)


def test_a_review_of_a_movie_is_words_to_readers_and_the_movie_to_others(told: Callable[..., TasteEvidence]) -> None:
    evidence = told(reviews=(Review("like 5", movie="Film 3", rating=9),))
    assert [(e.kind, e.movie, e.weight) for e in evidence["bert"]] == [("text", None, 0.9)]
    assert [(e.kind, e.movie, e.weight) for e in evidence["als"]] == [("movie", 3, 0.9)]
    assert not evidence["als"][0].inferred


def test_a_review_without_rating_takes_the_rating_given_beside_it(told: Callable[..., TasteEvidence]) -> None:
    evidence = told(reviews=(Review("like 5", movie="Film 3"),), ratings=(Rating("Film 3", 2),))
    assert [e.weight for e in evidence["als"]] == pytest.approx([-0.3])
    assert [e.weight for e in evidence["bert"]] == pytest.approx([-0.3, -0.3])


def test_two_reviews_of_a_movie_name_it_once(told: Callable[..., TasteEvidence]) -> None:
    evidence = told(reviews=(Review("like 5", movie="Film 3"), Review("like 6", movie="Film 3")))
    assert [e.movie for e in evidence["als"]] == [3]
    assert evidence["als"][0].label == "Film 3 (1953), which you reviewed"
    assert len(evidence["bert"]) == 2


def test_everything_is_embedded_once_for_each_encoder(
    told: Callable[..., TasteEvidence], encoders: Mapping[str, CountingEncoder]
) -> None:
    evidence = told(reviews=(Review("like 5"), Review("like 6", movie="Film 3")), posters=(Poster("7"),))
    for _ in range(2):
        for name in MODELS:
            assert evidence[name]
    assert encoders["bert"].asked == ["like 5", "like 6"]
    assert encoders["resnet50"].asked == ["7"]
    assert sorted(encoders["clip"].asked) == ["7", "like 5", "like 6"]


def test_the_movies_nearest_to_something_are_searched_once(
    told: Callable[..., TasteEvidence], models: Mapping[str, Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    index, searched = models["bert"].index, []
    search = index.search

    def count(query: Vectors, k: int, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        searched.append(query)
        return search(query, k, allowed)

    monkeypatch.setattr(index, "search", count)
    evidence = told(reviews=(Review("like 5"), Review("like 6")))
    assert all(evidence[name] for name in ("bpr", "als", "resnet50"))
    assert len(searched) == 2


def test_nothing_is_embedded_for_a_model_that_is_not_asked(
    told: Callable[..., TasteEvidence], encoders: Mapping[str, CountingEncoder]
) -> None:
    assert told(reviews=(Review("like 5"),), posters=(Poster("7"),))["bert"]
    assert encoders["clip"].asked == []


def test_a_movie_that_a_model_does_not_know_reaches_it_over_a_bridge(
    world: ModuleType, models: dict[str, Model], encoders: Mapping[str, CountingEncoder]
) -> None:
    als = models["als"]
    vectors = als.vectors.copy()
    nearest, _ = models["bert"].index.search(models["bert"].vectors[3], 4)
    vectors[nearest] = 0
    models["als"] = type(als)(vectors, Index.build(vectors), als.popularity, als.params)
    taste = Taste(ratings=(Rating("Film 3", 9),))
    evidence = TasteEvidence(taste, world.movies(), models, encoders.__getitem__)["als"]
    assert len(evidence) == NEIGHBOURS
    assert set(nearest.tolist()).isdisjoint(item.movie for item in evidence)
    assert all(item.inferred and item.label.endswith("which is close to Film 3 (1953)") for item in evidence)


def test_a_movie_that_no_model_knows_is_no_evidence(told: Callable[..., TasteEvidence], world: ModuleType) -> None:
    evidence = told(ratings=(Rating(f"Film {world.UNKNOWN[0]}", 9),))
    assert all(evidence[name] == () for name in MODELS)


def test_without_a_model_that_reads_them_words_are_no_evidence(world: ModuleType, models: dict[str, Model]) -> None:
    taste = Taste(reviews=(Review("like 5"),))
    assert TasteEvidence(taste, world.movies(), {"als": models["als"]}, _no_encoder)["als"] == ()


def test_without_bert_the_bridge_goes_through_clip(
    world: ModuleType, models: dict[str, Model], encoders: Mapping[str, CountingEncoder]
) -> None:
    few = {name: models[name] for name in ("als", "clip")}
    taste = Taste(reviews=(Review("like 5"),))
    evidence = TasteEvidence(taste, world.movies(), few, encoders.__getitem__)["als"]
    assert evidence[0].movie == 5


def test_rated_and_reviewed_movies_are_seen_and_no_bridge_leads_to_them(told: Callable[..., TasteEvidence]) -> None:
    evidence = told(reviews=(Review("like 5", movie="Film 4"), Review("like 5")), ratings=(Rating("Film 5", 6),))
    assert np.flatnonzero(~evidence.unseen).tolist() == [4, 5]
    assert {4, 5}.isdisjoint(item.movie for item in evidence["als"] if item.inferred)


def test_an_empty_taste_is_refused(told: Callable[..., TasteEvidence]) -> None:
    with pytest.raises(EmptyTasteError, match="give a review, a rating or a poster"):
        told()


@pytest.mark.parametrize("part", [{"ratings": (Rating("Flim 3x9", 9),)}, {"reviews": (Review("good", "zzzz"),)}])
def test_an_unknown_movie_is_refused(told: Callable[..., TasteEvidence], part: dict[str, tuple[object, ...]]) -> None:
    with pytest.raises(UnknownNameError, match="no movie is called"):
        told(**part)


def test_it_is_a_mapping_over_the_models(told: Callable[..., TasteEvidence]) -> None:
    evidence = told(ratings=(Rating("Film 3", 9),))
    assert list(evidence) == list(MODELS)
    assert len(evidence) == len(MODELS)
    assert all(isinstance(item, Evidence) for item in evidence["als"])


@given(st.text(max_size=300), st.integers(5, 80))
def test_shortened_text_is_short_printable_and_on_one_line(text: str, letters: int) -> None:
    short = shorten(text, letters)
    assert len(short) <= letters
    assert short == "" or short.isprintable()


def test_short_text_is_left_as_it_is() -> None:
    assert shorten("slow,\n rainy", 60) == "slow, rainy"
    assert shorten("one two three four", 12) == "one two…"
