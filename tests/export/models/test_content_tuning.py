"""The choices that the paper left open: each is measured on validation rows, and the winner is taken."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.export.content_vectors import content_of

from matinee.exact import unit
from matinee_export.data import Split
from matinee_export.embedding.vectors import ReviewVectors
from matinee_export.models.content_tuning import VALUES, ProfileChoices, choose_profiles
from matinee_export.models.registry import CONTENT_MODELS
from matinee_export.models.training import SplitData

USERS, MOVIES, EACH, TASTES, DIM = 120, 150, 20, 6, 48


def _question(seed: int = 0, common: float = 4.0) -> SplitData:
    """Users who rate what is near their taste 8, and vectors that show where a movie lies beside a `common` part.

    Common to all vectors is a direction that is stronger than what tells them apart, and of a length that differs.
    """
    draw = np.random.default_rng(seed)
    tastes, places = (unit(draw.standard_normal((n, TASTES), dtype=np.float32)) for n in (USERS, MOVIES))
    near = tastes @ places.T + 0.2 * draw.standard_normal((USERS, MOVIES))
    movie = np.argsort(-near, axis=1)[:, :EACH].ravel()
    reviews = pd.DataFrame({"user": np.repeat(np.arange(USERS), EACH), "movie": movie}).astype("int32")
    reviews["rating"] = np.full(len(reviews), 8, np.float32)
    reviews["imputed"] = False
    shown = places @ draw.standard_normal((TASTES, DIM), dtype=np.float32)
    shared = unit(draw.standard_normal((1, DIM), dtype=np.float32))
    rows = np.flatnonzero(draw.random(len(reviews)) < 0.5).astype(np.int64)

    def seen(movies: np.ndarray) -> np.ndarray:
        strength = common * draw.uniform(0.2, 3, (len(movies), 1))
        noise = 0.4 * draw.standard_normal((len(movies), DIM))
        return unit((shown[movies] + strength * shared + noise).astype(np.float32))

    texts = ReviewVectors(rows, seen(movie[rows]))
    posters = seen(np.arange(MOVIES))
    side = draw.permutation(len(reviews))
    train, validation, test = (np.sort(part) for part in np.split(side, [1600, 2000]))
    return SplitData(
        reviews=reviews,
        facts=np.zeros((MOVIES, 1), np.float32),
        split=Split(train, validation, test),
        content=content_of(texts, posters),
        seed=seed,
    )


@pytest.fixture(scope="module")
def question() -> SplitData:
    return _question()


@pytest.fixture(scope="module")
def chosen(question: SplitData) -> ProfileChoices:
    return choose_profiles(question, lambda line: None)


def test_every_value_of_every_choice_is_measured_and_one_of_each_is_the_winner(chosen: ProfileChoices) -> None:
    asked = [
        (name, choice, value)
        for name, model in CONTENT_MODELS.items()
        for choice in model.settings
        for value in VALUES[choice]
    ]
    assert [(one.model, one.choice, one.value) for one in chosen.tried] == asked
    winners = {(one.model, one.choice): one.value for one in chosen.tried if one.chosen}
    assert winners == {
        (model, choice): value
        for model, settings in chosen.settings.items()
        for choice, value in CONTENT_MODELS[model].choices(settings).items()
    }
    assert set(Counter((one.model, one.choice) for one in chosen.tried if one.chosen).values()) == {1}


@pytest.mark.parametrize("model", CONTENT_MODELS)
def test_taking_away_what_all_have_in_common_is_chosen_where_it_helps(chosen: ProfileChoices, model: str) -> None:
    figures = {one.value: one for one in chosen.tried if (one.model, one.choice) == (model, "space")}
    assert chosen.settings[model].space != "raw"
    assert figures[chosen.settings[model].space].ndcg100 > figures["raw"].ndcg100
    assert figures["raw"].p < 0.05


def test_a_choice_that_makes_no_difference_stays_as_it_was(chosen: ProfileChoices) -> None:
    for model, settings in chosen.settings.items():
        default = CONTENT_MODELS[model].defaults
        assert (settings.ratings, settings.imputed) == (default.ratings, default.imputed)
    assert {one.p for one in chosen.tried if one.choice == "ratings"} == {1.0}


def test_test_rows_have_no_part_in_any_choice(question: SplitData, chosen: ProfileChoices) -> None:
    reviews, test = question.reviews.copy(), question.split.test
    reviews.loc[test, "rating"] = 1
    reviews.loc[test, "movie"] = reviews.loc[test, "movie"].to_numpy()[::-1]
    texts = question.content.texts["bert"]
    changed = np.where(np.isin(texts.rows, test)[:, None], -texts.vectors, texts.vectors)
    vectors = replace(texts, vectors=changed)
    content = replace(question.content, texts={"bert": vectors, "clip": vectors})
    assert choose_profiles(replace(question, reviews=reviews, content=content), lambda line: None) == chosen


def test_a_model_without_vectors_is_not_chosen_for(question: SplitData) -> None:
    blank = np.zeros((MOVIES, DIM), np.float32)
    content = replace(question.content, posters={**question.content.posters, "resnet50": blank})
    found = choose_profiles(replace(question, content=content), lambda line: None)
    assert set(found.settings) == {"bert", "clip"}


def test_where_no_validation_row_asks_everything_stays_as_it_was(question: SplitData) -> None:
    split = replace(question.split, validation=question.split.validation[:0])
    said: list[str] = []
    found = choose_profiles(replace(question, split=split), said.append)
    defaults = {name: model.defaults for name, model in CONTENT_MODELS.items()}
    assert (found.settings, found.tried, found.users) == (defaults, (), 0)
    assert len(said) == len(defaults)


def test_a_dislike_never_speaks_for_a_movie_even_where_that_would_measure_best(question: SplitData) -> None:
    bad = question.reviews["user"] % 2 == 0
    train = np.isin(question.reviews.index, question.split.train)
    reviews = question.reviews.assign(rating=np.where(bad & train, 2, 8).astype(np.float32))
    found = choose_profiles(replace(question, reviews=reviews), lambda line: None)
    figures = {one.value: one for one in found.tried if (one.model, one.choice) == ("bert", "ratings")}
    assert figures["scaled"].ndcg100 > figures["gentle"].ndcg100
    assert not figures["scaled"].chosen


def test_a_choice_that_leaves_a_model_nothing_loses(question: SplitData) -> None:
    reviews = question.reviews.assign(imputed=np.isin(question.reviews.index, question.content.texts["bert"].rows))
    found = choose_profiles(replace(question, reviews=reviews), lambda line: None)
    dropped = next(one for one in found.tried if (one.model, one.choice, one.value) == ("bert", "imputed", "dropped"))
    assert (dropped.ndcg100, dropped.chosen) == (0.0, False)
