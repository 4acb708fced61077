"""Profiles of the content models: the means they are, the rows they never look at, and the leak test."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from tests.export.content_vectors import profiles

from matinee.exact import unit
from matinee.weighting import WEIGHTINGS
from matinee_export.data.interactions import Interactions
from matinee_export.embedding.vectors import ReviewVectors
from matinee_export.evaluation import baselines
from matinee_export.evaluation.evaluate import HeldOut, evaluate
from matinee_export.models.content import Profiles, randomised
from matinee_export.models.content_settings import IMPUTED, POOLINGS, SPACES, ContentSettings
from matinee_export.models.registry import CONTENT_MODELS

EAST, NORTH = np.array([1, 0], np.float32), np.array([0, 1], np.float32)


def _reviews(rows: list[tuple[int, int, float]], imputed: tuple[int, ...] = ()) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["user", "movie", "rating"])
    table["imputed"] = table.index.isin(imputed)
    return table.astype({"user": "int32", "movie": "int32", "rating": "float32"})


def _texts(vectors: dict[int, NDArray[np.float32]]) -> ReviewVectors:
    return ReviewVectors(np.array(list(vectors), np.int64), np.stack(list(vectors.values())).astype(np.float32))


def test_a_bert_movie_is_the_mean_of_its_reviews_by_rating() -> None:
    reviews = _reviews([(0, 0, 10.0), (1, 0, 5.0)])
    found = profiles("bert", reviews, [0, 1], 1, texts=_texts({0: EAST, 1: NORTH}))
    np.testing.assert_allclose(found.movies, unit(np.array([[1.0, 0.5]], np.float32)))
    np.testing.assert_allclose(found.users[0], EAST)


def test_an_imputed_rating_weighs_a_text_and_a_missing_one_counts_seven_tenths() -> None:
    reviews = _reviews([(0, 0, 5.0), (1, 0, np.nan)], imputed=(0,))
    found = profiles("bert", reviews, [0, 1], 1, texts=_texts({0: EAST, 1: NORTH}))
    np.testing.assert_allclose(found.movies, unit(np.array([[0.5, 0.7]], np.float32)))


def test_a_row_without_a_rating_of_its_own_is_a_seven_of_its_user_or_dropped() -> None:
    reviews = _reviews([(0, 0, 2.0), (0, 1, 10.0)], imputed=(0,))
    texts = _texts({0: EAST, 1: NORTH})
    kept = profiles("bert", reviews, [0, 1], 2, texts=texts)
    np.testing.assert_allclose(kept.users, unit(np.array([[0.7, 1.0]], np.float32)))
    dropped = profiles("bert", reviews, [0, 1], 2, ContentSettings(imputed="dropped"), texts=texts)
    np.testing.assert_allclose(dropped.users, [NORTH])
    assert not dropped.movies[0].any()


def test_a_user_is_the_weighted_sum_of_their_texts_and_of_the_movies_they_rated_without_one() -> None:
    reviews = _reviews([(0, 0, 10.0), (1, 1, 10.0), (2, 0, 10.0), (2, 1, 8.0), (0, 1, 8.0)])
    found = profiles("bert", reviews, range(5), 2, texts=_texts({0: EAST, 1: NORTH}))
    np.testing.assert_allclose(found.users[2], unit(np.array([[1.0, 0.8]], np.float32))[0])
    np.testing.assert_allclose(found.users[0], found.users[2])


def test_where_a_user_likes_nothing_the_crowd_speaks_for_them() -> None:
    reviews = _reviews([(0, 0, 10.0), (1, 1, 10.0), (2, 1, 10.0), (3, 0, 1.0)])
    posters = np.stack([EAST, NORTH])
    found = profiles("resnet50", reviews, range(4), 2, posters=posters)
    crowd = np.array([1, 2]) / np.sqrt(5)
    np.testing.assert_allclose(found.users[3], unit((crowd - 0.4 * EAST)[None].astype(np.float32))[0], rtol=1e-6)


@pytest.mark.parametrize(
    ("pooling", "expected"),
    [
        ("rated", (1.0, 0.4)),
        ("even", (1.0, 1.0)),
        ("signed", (1.0, -1 / 3)),
        ("helpful", (9 / 10, 1 / 4)),
    ],
)
def test_the_reviews_of_a_movie_weigh_what_the_pooling_says(pooling: str, expected: tuple[float, float]) -> None:
    reviews = _reviews([(0, 0, 10.0), (1, 0, 4.0)]).assign(helpful=[8, 0], helpful_of=[8, 2])
    found = profiles("bert", reviews, [0, 1], 1, ContentSettings(pooling=pooling), texts=_texts({0: EAST, 1: NORTH}))
    np.testing.assert_allclose(found.movies, unit(np.array([expected], np.float32)), rtol=1e-6)


def test_attention_goes_to_the_reviews_that_agree_with_the_others() -> None:
    reviews = _reviews([(0, 0, 5.0), (1, 0, 5.0), (2, 0, 10.0)])
    texts = _texts({0: EAST, 1: EAST, 2: NORTH})
    even, attended = (
        profiles("bert", reviews, range(3), 1, ContentSettings(pooling=pooling), texts=texts).movies[0]
        for pooling in ("even", "attention")
    )
    cosines = even[[0, 0, 1]]
    weights = np.exp(cosines / 0.1)
    np.testing.assert_allclose(
        attended, unit(np.array([[weights[0] + weights[1], weights[2]]], np.float32))[0], rtol=1e-5
    )
    assert attended[0] > even[0]


def test_what_is_not_a_train_row_is_never_looked_at() -> None:
    reviews = _reviews([(0, 0, 10.0), (0, 0, 10.0), (0, 1, 10.0), (1, 1, 9.0)])
    texts = _texts({0: EAST, 1: NORTH, 2: NORTH})
    posters = np.stack([EAST, NORTH])
    for found in (
        profiles("bert", reviews, [0], 2, texts=texts),
        profiles("clip", reviews, [0], 2, texts=texts, posters=posters * 0),
        profiles("resnet50", reviews, [0], 2, posters=posters),
    ):
        np.testing.assert_allclose(found.users, np.stack([EAST, np.zeros(2)]))
    assert not profiles("bert", reviews, [0], 2, texts=texts).movies[1].any()
    assert not profiles("bert", reviews, [], 2, texts=texts).movies.any()


def test_a_resnet50_user_is_the_mean_of_the_posters_they_liked() -> None:
    reviews = _reviews([(0, 0, 10.0), (0, 1, 7.0), (0, 2, 6.9), (1, 2, 8.0)], imputed=(3,))
    posters = np.array([[2, 0], [0, 3], [-5, -5]], np.float32)
    liked = ContentSettings(ratings="liked", imputed="dropped")
    found = profiles("resnet50", reviews, range(4), 3, liked, posters=posters)
    np.testing.assert_allclose(found.users[0], unit(np.array([[1.0, 0.7]], np.float32))[0], rtol=1e-6)
    assert not found.users[1].any()


def test_a_clip_movie_is_the_average_of_poster_and_reviews_whichever_exist() -> None:
    reviews = _reviews([(0, 0, 10.0), (0, 0, 1.0), (0, 1, 9.0)])
    texts = _texts({0: EAST, 1: EAST, 2: EAST})
    posters = np.array([[0, 9], [0, 0], [0, 2], [0, 0]], np.float32)
    found = profiles("clip", reviews, range(3), 4, texts=texts, posters=posters)
    half = np.sqrt(0.5)
    np.testing.assert_allclose(found.movies, [[half, half], [1, 0], [0, 1], [0, 0]], rtol=1e-6)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_clip_movie_has_the_share_of_its_poster_that_is_chosen(share: float) -> None:
    reviews = _reviews([(0, 0, 10.0), (0, 1, 10.0)])
    posters = np.array([[0, 9], [0, 0]], np.float32)
    texts = _texts({0: EAST, 1: EAST})
    found = profiles("clip", reviews, [0, 1], 2, ContentSettings(poster=share), texts=texts, posters=posters)
    np.testing.assert_allclose(found.movies, [unit(np.array([[1 - share, share]], np.float32))[0], EAST], rtol=1e-6)


def test_texts_read_from_a_memory_mapped_file_give_the_same_profiles(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    reviews = _reviews([(u, u % 7, 8.0) for u in range(50)])
    vectors = unit(rng.standard_normal((50, 16), dtype=np.float32))
    np.save(tmp_path / "vectors.npy", vectors)
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    one = profiles("bert", reviews, range(40), 7, texts=ReviewVectors(np.arange(50), vectors))
    two = profiles("bert", reviews, range(40), 7, texts=ReviewVectors(np.arange(50), mapped))
    np.testing.assert_array_equal(one.movies, two.movies)
    np.testing.assert_array_equal(one.users, two.users)


def test_random_vectors_are_unit_rows_and_keep_the_gaps() -> None:
    vectors = np.array([[3, 4, 0], [0, 0, 0], [1, 1, 1]], np.float32)
    random = randomised(vectors, seed=1)
    np.testing.assert_allclose(np.linalg.norm(random, axis=1), [1, 0, 1], rtol=1e-6)
    np.testing.assert_array_equal(random, randomised(vectors, seed=1))
    assert not np.allclose(random, randomised(vectors, seed=2))


class _World:
    """Users and movies with tastes in a hidden space; reviews and posters show where a movie lies, with noise."""

    def __init__(self) -> None:
        rng = np.random.default_rng(7)
        n_users, n_movies, hidden, dim = 200, 300, 6, 384
        tastes, movies = (unit(rng.standard_normal((n, hidden), dtype=np.float32)) for n in (n_users, n_movies))
        closeness = tastes @ movies.T + 0.15 * rng.standard_normal((n_users, n_movies))
        users = np.repeat(np.arange(n_users), 30)
        watched = np.argsort(-closeness, axis=1)[:, :30].ravel()
        ratings = rng.integers(6, 11, len(users))
        self.reviews = _reviews(list(zip(users.tolist(), watched.tolist(), ratings.tolist(), strict=True)))
        shown = unit(movies @ rng.standard_normal((hidden, dim), dtype=np.float32))
        noise = rng.standard_normal((len(users), dim), dtype=np.float32)
        self.texts = ReviewVectors(np.arange(len(users)), unit(shown[watched] + 0.03 * noise))
        self.posters = unit(shown + 0.01 * rng.standard_normal((n_movies, dim), dtype=np.float32))
        order = rng.permutation(len(users))
        self.train, test = np.sort(order[1500:]), np.sort(order[:1500])
        train_rows = Interactions.of(self.reviews, self.train, n_movies)
        self.n_movies = n_movies
        self.everything = np.arange(len(users))
        self.held = HeldOut.between(train_rows, Interactions.of(self.reviews, test, n_movies))

    def ndcg(self, profiles: Profiles) -> float:
        return evaluate(profiles.scores(self.held.likes), self.held).means()["ndcg@10"]


@pytest.fixture(scope="module")
def world() -> _World:
    return _World()


def _profiles(
    world: _World, model: str, settings: ContentSettings, texts: ReviewVectors, posters: NDArray[np.float32]
) -> Profiles:
    return profiles(model, world.reviews, world.train, world.n_movies, settings, texts=texts, posters=posters)


VALUES = {
    "ratings": tuple(WEIGHTINGS),
    "pooling": tuple(POOLINGS),
    "space": tuple(SPACES),
    "imputed": tuple(IMPUTED),
    "poster": (0.0, 1.0),
}
EVERY_CHOICE = [
    (name, choice, value)
    for name, model in CONTENT_MODELS.items()
    for choice in model.settings
    for value in VALUES[choice]
]


@pytest.mark.slow
@pytest.mark.parametrize(("model", "name", "value"), EVERY_CHOICE)
def test_true_vectors_rank_well_and_random_ones_at_chance(
    world: _World, model: str, name: str, value: str | float
) -> None:
    settings = CONTENT_MODELS[model].defaults.but(name, value)
    chance = evaluate(baselines.random_order(world.n_movies), world.held).means()["ndcg@10"]
    assert world.ndcg(_profiles(world, model, settings, world.texts, world.posters)) > 4 * chance
    random = ReviewVectors(world.texts.rows, randomised(world.texts.vectors))
    leak_free = world.ndcg(_profiles(world, model, settings, random, randomised(world.posters, 10)))
    assert leak_free == pytest.approx(chance, abs=0.02)


def test_the_leak_test_finds_profiles_that_saw_held_out_rows(world: _World) -> None:
    random = randomised(world.posters)
    leaking = profiles("resnet50", world.reviews, world.everything, world.n_movies, posters=random)
    assert world.ndcg(leaking) > 0.5
