"""Published figures, run again: the rows of the published split, and the figures that were published for it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee_export.data import clean, read_dataset
from matinee_export.study.experiments import reproduced
from matinee_export.study.experiments.reproduced import (
    PUBLISHED,
    Reproduction,
    SplitA,
    reproduce,
    split_a,
    stratified_by_movie,
)

TRAIN_DIGEST = "ee63a61835a76a3920d72bac8b55c5936120a76c0cb9e73d8a81e9d6eafd24f0"
TEST_DIGEST = "d78b60bb4742536a70a40aed37f69da8cb6b7a2a375b0795547682cd7e601d51"
"""sha256 of the row numbers (little-endian int64) that recommenders 1.2.1 itself gives for MovieLens 100K."""


@pytest.fixture(scope="module")
def sides(ml_100k: Path) -> SplitA:
    return split_a(clean(read_dataset(ml_100k)))


@pytest.fixture(scope="module")
def reproduction(ml_100k: Path) -> Reproduction:
    return reproduce(clean(read_dataset(ml_100k)))


def test_the_split_is_the_published_one_to_the_row(ml_100k: Path) -> None:
    movies = clean(read_dataset(ml_100k)).reviews["movie"].to_numpy()
    train, test = stratified_by_movie(movies, reproduced.TRAIN_SHARE, reproduced.SEED)
    digests = [hashlib.sha256(rows.astype("<i8").tobytes()).hexdigest() for rows in (train, test)]
    assert (len(train), len(test)) == (75_066, 24_934)
    assert digests == [TRAIN_DIGEST, TEST_DIGEST]


@given(st.lists(st.integers(0, 6), max_size=60), st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), st.integers(0, 3))
def test_each_movie_keeps_its_share_to_within_one_row(movies: list[int], share: float, seed: int) -> None:
    kept, others = stratified_by_movie(np.array(movies, dtype=np.int32), share, seed)
    assert sorted([*kept, *others]) == list(range(len(movies)))
    for movie in set(movies):
        mine = sum(movies[row] == movie for row in kept)
        assert abs(mine - share * movies.count(movie)) <= 0.5


@given(st.lists(st.integers(0, 4), min_size=1, max_size=40), st.permutations(range(5)))
def test_how_movies_are_numbered_does_not_change_the_split(movies: list[int], names: list[int]) -> None:
    renamed = stratified_by_movie(np.array([names[movie] for movie in movies]), 0.75, 42)
    for ours, theirs in zip(stratified_by_movie(np.array(movies), 0.75, 42), renamed, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_every_rating_is_relevant_and_nothing_seen_is_asked_for(sides: SplitA) -> None:
    assert sides.is_published
    assert sides.held.relevant.nnz == 24_934
    assert sides.held.relevant.multiply(sides.held.seen).nnz == 0


def test_tuning_sees_the_train_side_alone(sides: SplitA) -> None:
    inner = sides.for_tuning()
    pairs = [set(zip(side.users.tolist(), side.movies.tolist(), strict=True)) for side in (inner.train, inner.test)]
    outer = set(zip(sides.train.users.tolist(), sides.train.movies.tolist(), strict=True))
    assert pairs[0] | pairs[1] == outer
    assert not pairs[0] & pairs[1]
    assert len(pairs[1]) == pytest.approx(0.2 * len(outer), rel=0.02)


@pytest.mark.parametrize(
    ("run", "beside", "within"),
    [
        ("popularity", "popularity, re-run", 0.001),
        ("EASE", "EASE with lambda 500, re-run", 0.003),
        ("ALS, every rating alike", "implicit's ALS with 32 factors, re-run", 0.003),
        ("ALS, implicit's defaults", "implicit's ALS by default, re-run", 0.01),
        ("BPR, implicit's defaults", "implicit's BPR by default, re-run", 0.02),
    ],
)
def test_a_published_run_comes_out_as_it_was_published(
    reproduction: Reproduction, run: str, beside: str, within: float
) -> None:
    found = reproduction.run(run)
    assert found.beside == beside
    for metric, value in PUBLISHED[beside].items():
        assert found.metrics.means()[metric] == pytest.approx(value, abs=within), metric


def test_matinees_own_models_are_tuned_to_no_less_than_the_published_ones(reproduction: Reproduction) -> None:
    assert reproduction.is_published_split
    ndcg = {run.name: run.metrics.means()["ndcg@10"] for run in reproduction.runs}
    assert ndcg["ALS, Matinee's"] >= 0.480
    assert ndcg["BPR, Matinee's"] >= 0.440
    for name in ("ALS, Matinee's", "BPR, Matinee's"):
        run = reproduction.run(name)
        best = max(run.sweep, key=lambda tried: tried["ndcg@10"])
        assert {key: value for key, value in best.items() if key != "ndcg@10"} == run.setting


def test_without_the_popularity_put_back_the_same_bpr_ranks_far_worse(reproduction: Reproduction) -> None:
    plain = reproduction.run("BPR, Matinee's setting without popularity put back")
    ours = reproduction.run("BPR, Matinee's")
    assert plain.setting == ours.setting
    assert plain.metrics.means()["ndcg@10"] < ours.metrics.means()["ndcg@10"] - 0.1


def test_every_run_is_measured_on_the_same_users(reproduction: Reproduction, sides: SplitA) -> None:
    for run in reproduction.runs:
        np.testing.assert_array_equal(run.metrics.users, sides.held.users)
        assert len(run.metrics.per_user["ndcg@10"]) == 943
