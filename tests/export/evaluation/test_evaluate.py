"""Evaluation: what is asked and what left out, how ties and gaps are treated, and that blocks do not matter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from matinee.errors import BuildError
from matinee_export.data.interactions import Interactions
from matinee_export.evaluation import baselines, evaluate
from matinee_export.evaluation.evaluate import HeldOut
from matinee_export.evaluation.ranking import movies_of_keys, sort_keys, tie_order
from matinee_export.evaluation.scorers import DotScores


def _interactions(
    rows: list[tuple[int, int, float]], shape: tuple[int, int], imputed: tuple[int, ...] = ()
) -> Interactions:
    users, movies, ratings = (np.array(column) for column in zip(*rows, strict=True))
    return Interactions(
        users.astype(np.int32),
        movies.astype(np.int32),
        ratings.astype(np.float32),
        np.isin(np.arange(len(rows)), imputed),
        *shape,
    )


def _fixed(scores: list[list[float]]) -> evaluate.Scores:
    table = np.array(scores, dtype=np.float32)
    return lambda users: table[users]


def test_interactions_come_from_the_chosen_rows_of_the_review_table() -> None:
    reviews = pd.DataFrame(
        {
            "user": np.array([0, 1, 2], np.int32),
            "movie": np.array([1, 0, 1], np.int32),
            "rating": np.array([8, 9, 3], np.float32),
            "imputed": [False, True, False],
        }
    )
    some = Interactions.of(reviews, np.array([0, 1]), n_movies=2)
    assert some.shape == (3, 2)
    assert some.liked().toarray().tolist() == [[0, 1], [0, 0], [0, 0]]
    assert some.seen().toarray().tolist() == [[0, 1], [1, 0], [0, 0]]


def test_of_two_ratings_of_one_movie_the_higher_counts() -> None:
    twice = _interactions([(0, 1, 9.0), (0, 1, 7.0), (0, 0, 10.0)], (1, 2))
    np.testing.assert_allclose(twice.confidence().toarray(), [[1.0, 0.9]])
    assert twice.liked().toarray().tolist() == [[1, 1]]


def test_seen_movies_are_not_candidates() -> None:
    train = _interactions([(0, 0, 2.0)], (1, 3))
    test = _interactions([(0, 1, 9.0)], (1, 3))
    measured = evaluate.evaluate(_fixed([[9, 5, 1]]), HeldOut.between(train, test), k=1)
    assert measured.per_user["ndcg@1"].tolist() == [1.0]
    assert measured.per_user["auc"].tolist() == [1.0]


def test_a_movie_reviewed_without_a_rating_counts_as_seen_and_never_as_liked() -> None:
    train = _interactions([(0, 0, 9.0), (1, 1, 9.0)], (2, 3), imputed=(0,))
    test = _interactions([(0, 0, 9.0), (0, 2, 9.0), (1, 2, 9.0)], (2, 3), imputed=(1,))
    held = HeldOut.between(train, test)
    assert held.users.tolist() == [1]
    assert held.likes.tolist() == [0, 1, 0]


def test_a_like_below_seven_is_no_like() -> None:
    train = _interactions([(0, 0, 9.0)], (1, 3))
    assert HeldOut.between(train, _interactions([(0, 1, 6.9)], (1, 3))).users.size == 0
    assert HeldOut.between(train, _interactions([(0, 1, 7.0)], (1, 3))).users.tolist() == [0]


def test_the_train_question_removes_nothing() -> None:
    train = _interactions([(0, 0, 9.0), (0, 1, 3.0)], (1, 3))
    measured = evaluate.evaluate(_fixed([[3, 2, 1]]), HeldOut.on_train(train), k=1)
    assert measured.per_user["auc"].tolist() == [1.0]


def test_nobody_to_ask_gives_empty_figures_and_no_crash() -> None:
    train = _interactions([(0, 0, 9.0)], (1, 3))
    means = evaluate.evaluate(_fixed([[1, 2, 3]]), HeldOut.between(train, train)).means()
    assert np.isnan(means["ndcg@10"])
    assert means["coverage@10"] == 0


def test_a_list_longer_than_what_is_left_stays_short() -> None:
    train = _interactions([(0, 0, 9.0)], (1, 3))
    test = _interactions([(0, 1, 9.0)], (1, 3))
    measured = evaluate.evaluate(_fixed([[1, 2, 3]]), HeldOut.between(train, test), k=10)
    assert measured.coverage == pytest.approx(2 / 3)
    assert measured.per_user["precision@10"].tolist() == [0.1]


def test_scores_that_are_no_numbers_are_refused() -> None:
    train = _interactions([(0, 0, 9.0)], (1, 2))
    test = _interactions([(0, 1, 9.0)], (1, 2))
    with pytest.raises(BuildError, match="not a finite number"):
        evaluate.evaluate(_fixed([[1, np.nan]]), HeldOut.between(train, test))


def _random_question(seed: int = 0) -> tuple[Interactions, HeldOut]:
    rng = np.random.default_rng(seed)
    rows = [(u, m, float(rng.integers(1, 11))) for u in range(80) for m in rng.choice(200, 25, replace=False)]
    everything = _interactions(rows, (80, 200))
    to_test = rng.random(len(rows)) < 0.3
    train = everything.where(~to_test)
    return train, HeldOut.between(train, everything.where(to_test))


def test_blocks_of_users_do_not_change_a_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    train, held = _random_question()
    whole = evaluate.evaluate(baselines.popularity(train), held)
    monkeypatch.setattr(evaluate, "BLOCK_CELLS", 200 * 7)
    blocked = evaluate.evaluate(baselines.popularity(train), held)
    assert blocked.means() == whole.means()
    for name, values in whole.per_user.items():
        np.testing.assert_array_equal(blocked.per_user[name], values)


def test_a_model_that_cannot_tell_movies_apart_is_at_chance() -> None:
    _, held = _random_question()
    same = evaluate.evaluate(lambda users: np.zeros((len(users), 200), np.float32), held).means()
    assert same["auc"] == pytest.approx(0.5)
    assert same["recall@10"] == pytest.approx(10 / 182, abs=0.03)


def test_groups_of_users_and_movies_are_parts_of_the_same_question() -> None:
    train, held = _random_question()
    scores = baselines.popularity(train)
    early = np.arange(80) < 30
    part, whole = evaluate.evaluate(scores, held.only_users(early)), evaluate.evaluate(scores, held)
    np.testing.assert_array_equal(part.per_user["ndcg@10"], whole.per_user["ndcg@10"][early[held.users]])
    cold = held.only_movies(held.likes <= 5)
    assert set(cold.relevant.indices) <= set(np.flatnonzero(held.likes <= 5))
    assert evaluate.evaluate(scores, cold).means()["auc"] < whole.means()["auc"]


@settings(max_examples=60)
@given(
    arrays(
        np.float32,
        st.tuples(st.integers(1, 4), st.integers(1, 12)),
        elements=st.sampled_from([-3.5, -1.0, -0.0, 0.0, 1e-30, -1e-30, 0.25, 2.0, 3e38, -3e38]),
    )
)
def test_keys_sort_by_the_scores_and_then_by_the_tie_order(scores: NDArray[np.float32]) -> None:
    ties = tie_order(scores.shape[1])
    keys = sort_keys(scores, ties)
    for row, keys_of_row in zip(scores, keys, strict=True):
        expected = sorted(range(len(row)), key=lambda i: (row[i], ties[i]))
        assert np.argsort(keys_of_row).tolist() == expected
        assert movies_of_keys(np.sort(keys_of_row), ties).tolist() == expected


def test_movies_without_a_vector_come_last_in_popularity_order() -> None:
    users = np.array([[-1.0, 0.0]], np.float32)
    movies = np.array([[1, 0], [0, 0], [2, 0], [0, 0]], np.float32)
    scores = DotScores(users, movies, likes=np.array([1.0, 5.0, 1.0, 9.0]))(np.array([0]))
    assert np.argsort(-scores[0]).tolist() == [0, 2, 3, 1]


def test_users_without_a_vector_get_the_crowds_answer() -> None:
    scorer = DotScores(np.zeros((1, 2), np.float32), np.eye(2, dtype=np.float32), likes=np.array([1.0, 5.0]))
    assert scorer(np.array([0])).tolist() == [[1.0, 5.0]]
    assert scorer.known_users.tolist() == [False]


def test_popularity_and_neighbours_beat_chance_where_tastes_cluster() -> None:
    rng = np.random.default_rng(1)
    rows = [
        (u, 100 * (u % 2) + int(m), 9.0) for u in range(80) for m in np.unique((100 * rng.random(20) ** 2).astype(int))
    ]
    everything = _interactions(rows, (80, 200))
    to_test = rng.random(len(rows)) < 0.3
    train = everything.where(~to_test)
    held = HeldOut.between(train, everything.where(to_test))
    ndcg = {
        name: evaluate.evaluate(scores, held).means()["ndcg@10"]
        for name, scores in {
            "random": baselines.random_order(200),
            "popularity": baselines.popularity(train),
            "knn": baselines.item_knn(train),
            "ease": baselines.ease(train, 20.0),
        }.items()
    }
    assert ndcg["random"] < ndcg["popularity"] < min(ndcg["knn"], ndcg["ease"])
