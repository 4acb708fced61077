"""One sentence for each pick."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.catalogue import Catalogue, Movie, Quote
from matinee.models import MODELS, Evidence, Kind, ScoredMovie, specs
from matinee.reasons import brief, quote, sentence, with_quote

RONIN = Movie("tt0122690", "Ronin", 1998, quote=Quote("Tense from the first minute.", "someone"))
RATED = Evidence(0.9, "Heat (1995), which you rated 9", "movie", movie=3)
VECTOR = np.ones(4, np.float32)


def _reason(model: str, because: Evidence | None, ranker: str | None = None) -> str:
    return sentence(ScoredMovie(0, 1.0, model, because), ranker or model)


def _quote(model: str, because: Evidence | None, movie: Movie = RONIN) -> Quote | None:
    return quote(ScoredMovie(0, 1.0, model, because), movie)


def _given(kind: Kind, label: str, weight: float = 0.7) -> Evidence:
    return Evidence(weight, label, kind, vector=VECTOR)


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("bpr", "liked by viewers who also like Heat (1995), which you rated 9"),
        ("als", "liked by viewers who also like Heat (1995), which you rated 9"),
        ("bert", "reviewers write about it as they do about Heat (1995), which you rated 9"),
        ("resnet50", "its poster looks like that of Heat (1995), which you rated 9"),
        ("clip", "its poster and reviews are close to those of Heat (1995), which you rated 9"),
    ],
)
def test_a_rated_movie_is_named_with_what_the_model_goes_by(model: str, reason: str) -> None:
    assert _reason(model, RATED) == reason


def test_the_visitors_words_are_repeated() -> None:
    assert _reason("clip", _given("text", '"slow, rainy"')) == 'close to what you wrote: "slow, rainy"'


@pytest.mark.parametrize(
    ("model", "because"),
    [("bert", RATED), ("bert", _given("text", '"slow, rainy"')), ("clip", _given("text", '"slow, rainy"'))],
)
def test_a_reason_that_comes_from_what_reviewers_write_has_a_reviewers_words(model: str, because: Evidence) -> None:
    said = _quote(model, because)
    assert said == RONIN.quote
    assert with_quote("close to it", said) == 'close to it; reviewers say: "Tense from the first minute."'


@pytest.mark.parametrize(
    ("model", "because"),
    [
        ("clip", RATED),
        ("resnet50", _given("poster", "your poster")),
        ("bert", None),
        ("bert", Evidence(-0.3, "Cats (2019), which you rated 2", "movie", movie=1)),
        ("clip", _given("text", '"boring"', -0.3)),
        ("bert", Evidence(0.1, "Se7en (1995), which your poster brings to mind", "poster", movie=5, inferred=True)),
        ("als", Evidence(0.1, "Se7en (1995), which your words bring to mind", "text", movie=5, inferred=True)),
    ],
)
def test_no_other_reason_has_any(model: str, because: Evidence | None) -> None:
    assert _quote(model, because) is None
    assert with_quote("close to it", None) == "close to it"


def test_no_reviewer_is_quoted_where_none_said_anything() -> None:
    assert _quote("bert", _given("text", '"slow, rainy"'), Movie("tt0000001", "Silent")) is None


def test_a_poster_is_called_by_its_name() -> None:
    assert _reason("resnet50", _given("poster", "your poster cat.jpg")) == "looks like your poster cat.jpg"


@pytest.mark.parametrize("model", MODELS)
def test_an_inferred_reason_says_from_what(model: str) -> None:
    near = Evidence(0.1, "Se7en (1995), which your words bring to mind", "text", movie=5, inferred=True)
    reason = _reason(model, near)
    assert reason.endswith("Se7en (1995), which your words bring to mind")
    assert "you wrote" not in reason


@pytest.mark.parametrize(
    ("because", "reason"),
    [
        (Evidence(-0.3, "Cats (2019), which you rated 2", "movie", movie=1), "unlike Cats (2019), which you rated 2"),
        (_given("text", '"boring"', -0.3), 'far from what you wrote: "boring"'),
        (_given("poster", "your poster", -0.3), "looks unlike your poster"),
    ],
)
def test_a_dislike_is_named_as_one(because: Evidence, reason: str) -> None:
    assert _reason("clip", because) == reason


def test_a_popular_pick_claims_nothing_else() -> None:
    assert _reason("als", None) == "many viewers liked it"


def test_a_filler_says_that_it_is_unknown_to_the_model() -> None:
    filler = ScoredMovie(0, 0.0, "als", None, filler=True)
    assert sentence(filler, "als").startswith("unknown to this model")


def test_the_hybrid_says_which_model_speaks() -> None:
    assert _reason("resnet50", RATED, ranker="hybrid").startswith("ResNet50: its poster looks like that of Heat")


def test_every_model_has_a_name_to_speak_by() -> None:
    for model in MODELS:
        assert _reason(model, RATED, ranker="hybrid").casefold().startswith(f"{model}: ")


def test_braces_in_a_title_are_only_braces() -> None:
    odd = Evidence(0.9, "{0} {title}, which you rated 9", "movie", movie=1)
    assert _reason("als", odd).endswith("{0} {title}, which you rated 9")


def test_a_long_quote_is_cut_after_a_word_and_kept_on_one_line() -> None:
    said = _quote(
        "bert", _given("text", '"x"'), Movie("tt0000001", "Long", quote=Quote("word\n\t\x00" * 200, "someone"))
    )
    assert said is not None
    assert said.text.endswith("word…")
    assert len(said.text) <= 100
    assert said.text.isprintable()


FILMS = Catalogue([RONIN, Movie("tt0113277", "Heat", 1995), Movie("tt0114369", "{0} Se7en", 1995)])


@pytest.mark.parametrize(
    ("model", "because", "words"),
    [
        ("als", Evidence(0.9, "", "movie", movie=1, rating=9.0), "because you liked Heat"),
        ("bpr", Evidence(0.7, "", "movie", movie=1), "because you liked Heat"),
        ("als", Evidence(0.1, "", "movie", movie=1, rating=6.0), "because you rated Heat 6"),
        ("bert", Evidence(0.9, "", "movie", movie=1, rating=9.0), "reviewed like Heat"),
        ("resnet50", Evidence(0.9, "", "movie", movie=1, rating=9.0), "looks like Heat"),
        ("clip", Evidence(-0.3, "", "movie", movie=1, rating=2.0), "unlike Heat"),
        ("als", Evidence(0.1, "", "text", movie=2, inferred=True), "liked along with {0} Se7en"),
        ("als", Evidence(0.1, "", "text", movie=0, inferred=True), "your words bring it to mind"),
        ("clip", _given("text", '"slow, rainy"'), "close to your words"),
        ("clip", _given("text", '"boring"', -0.3), "far from your words"),
        ("resnet50", _given("poster", "your poster cat.jpg"), "looks like your poster"),
        ("als", None, "many viewers liked it"),
    ],
)
def test_a_card_says_it_in_a_few_words(model: str, because: Evidence | None, words: str) -> None:
    assert brief(ScoredMovie(0, 1.0, model, because), FILMS, model) == words
    assert brief(ScoredMovie(0, 1.0, model, because), FILMS, "hybrid") == f"{specs()[model].title}: {words}"


def test_a_card_of_a_filler_claims_nothing_else() -> None:
    assert "unknown to this model" in brief(ScoredMovie(0, 0.0, "als", None, filler=True), FILMS, "hybrid")
