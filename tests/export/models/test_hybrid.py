"""Weights of the hybrid: learned on validation rows, for visitors with few and many likes, and for cold movies."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from matinee.blend import Weights
from matinee.index import Index
from matinee.models import Als, Evidence
from matinee.models.hybrid import Hybrid, Movies
from matinee_export.data.interactions import Interactions
from matinee_export.evaluation.evaluate import HeldOut, Metrics, evaluate
from matinee_export.evaluation.scorers import DotScores
from matinee_export.models import hybrid
from matinee_export.models.cold_start import guess_factors, movie_facts
from matinee_export.models.factor_model import Factors
from matinee_export.models.factors import fit_factors
from matinee_export.models.hybrid import Fusion, cold_movies, learn_hybrid, popularity_features

USERS, MOVIES, DIM = 160, 200, 6
Asked = tuple[dict[str, DotScores], Interactions, Interactions, Interactions]


@pytest.fixture(scope="module")
def asked() -> Asked:
    """Two models that each see half of the truth and one that sees noise; train, validation and test rows."""
    rng = np.random.default_rng(3)
    parts = [(rng.standard_normal((USERS, DIM)), rng.standard_normal((MOVIES, DIM))) for _ in range(3)]
    one, two, noise = [DotScores(u.astype(np.float32), m.astype(np.float32), np.ones(MOVIES)) for u, m in parts]
    truth = sum(u @ m.T for u, m in parts[:2]) + rng.gumbel(size=(USERS, MOVIES))
    liked = np.argsort(-truth, axis=1)[:, :15]
    rows = _interactions(np.repeat(np.arange(USERS), 15), liked.ravel())
    side = rng.choice(3, len(rows), p=[0.5, 0.25, 0.25])
    train, validation, test = (rows.where(side == which) for which in range(3))
    return {"one": one, "two": two, "noise": noise}, train, validation, test


def _interactions(users: NDArray[np.int64], movies: NDArray[np.int64]) -> Interactions:
    n = len(users)
    ratings, imputed = np.full(n, 9, np.float32), np.zeros(n, bool)
    return Interactions(users.astype(np.int32), movies.astype(np.int32), ratings, imputed, USERS, MOVIES)


def _measured(fusion: Fusion, members: dict[str, DotScores], train: Interactions, test: Interactions) -> Metrics:
    return evaluate(fusion.scores(members, train), HeldOut.between(train, test))


def test_models_that_complete_each_other_are_joined_and_noise_is_left_out(asked: Asked) -> None:
    members, train, validation, test = asked
    lines: list[str] = []
    fusion = learn_hybrid(members, train, HeldOut.between(train, validation), log=lines.append)
    assert min(fusion.weights["one"].many, fusion.weights["two"].many) > 0.3
    assert max(fusion.weights["noise"]) < 0.15
    assert len(lines) == 1
    held = HeldOut.between(train, test)
    alone = {name: evaluate(member, held).means()["ndcg@10"] for name, member in members.items()}
    assert _measured(fusion, members, train, test).means()["ndcg@10"] > 1.2 * max(alone.values())


@pytest.mark.slow
def test_learning_is_reproducible_and_may_look_at_some_users_only(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    members, train, validation, _ = asked
    monkeypatch.setattr(hybrid, "USERS", 60)
    held = HeldOut.between(train, validation)
    first, second = (learn_hybrid(members, train, held, seed=5) for _ in range(2))
    assert first.users == 60
    assert first.weights == second.weights
    np.testing.assert_array_equal(first.popularity, second.popularity)
    assert learn_hybrid(members, train, held, seed=6).weights != first.weights


def test_weights_of_members_are_never_negative(asked: Asked) -> None:
    members, train, validation, _ = asked
    backwards = {**members, "backwards": DotScores(-members["one"].users, members["one"].movies, np.ones(MOVIES))}
    fusion = learn_hybrid(backwards, train, HeldOut.between(train, validation))
    assert all(weight >= 0 for weights in fusion.weights.values() for weight in weights)
    assert max(fusion.weights["backwards"]) == 0


def test_with_nobody_to_ask_the_models_count_alike(asked: Asked) -> None:
    members, train, validation, _ = asked
    nobody = HeldOut.between(train, validation).only_users(np.zeros(USERS, bool))
    fusion = learn_hybrid(members, train, nobody)
    assert set(fusion.weights.values()) == {Weights(1.0, 1.0, 0.0)}
    assert not fusion.prior(train).any()


def test_where_only_the_crowd_is_right_the_prior_says_so() -> None:
    rng = np.random.default_rng(0)
    odds = np.exp(rng.normal(size=MOVIES))
    movies = np.concatenate([rng.choice(MOVIES, 20, False, odds / odds.sum()) for _ in range(USERS)])
    rows = _interactions(np.repeat(np.arange(USERS), 20), movies)
    to_train = rng.random(len(rows)) < 0.6
    train, validation = rows.where(to_train), rows.where(~to_train)
    by_users, by_movies = (rng.standard_normal((n, 4)).astype(np.float32) for n in (USERS, MOVIES))
    noise = DotScores(by_users, by_movies, np.ones(MOVIES))
    fusion = learn_hybrid({"noise": noise}, train, HeldOut.between(train, validation))
    likes = np.asarray(train.liked().sum(axis=0)).ravel()
    assert np.corrcoef(fusion.prior(train)[:, 1], np.log1p(likes))[0, 1] > 0.9


def test_cold_movies_are_those_with_fewer_than_three_given_ratings() -> None:
    users, movies = np.array([0, 1, 0, 1, 2, 3]), np.array([0, 0, 1, 1, 1, 2])
    rows = _interactions(users, movies)
    assert np.flatnonzero(~cold_movies(rows)).tolist() == [1]
    features = popularity_features(rows)
    assert features.shape == (MOVIES, 7)
    np.testing.assert_allclose(features[:, :3].mean(axis=0), 0, atol=1e-5)
    assert features[1, 3:].tolist() == [0, 0, 0, 0]


def test_a_genre_that_someone_likes_reaches_movies_that_nobody_has_rated() -> None:
    movies = pd.DataFrame({"genres": [["Crime"], ["Love"]] * 20, "year": [1990 + i % 4 for i in range(40)]}).astype(
        {"year": "Int16"}
    )
    users, liked = np.divmod(np.arange(400), 10)
    rows = Interactions(
        users.astype(np.int32),
        (4 * (liked % 5) + users % 2).astype(np.int32),
        np.full(400, 9, np.float32),
        np.zeros(400, bool),
        40,
        40,
    )
    factors = fit_factors("als", rows, {"size": 4, "regularization": 1.0, "alpha": 5.0, "iterations": 10})
    likes = np.asarray(rows.liked().sum(axis=0)).ravel()
    guessed = guess_factors(factors, movie_facts(movies), likes)
    never = np.flatnonzero(likes == 0)
    scores = factors.user_factors[0] @ guessed[never].T
    assert scores[never % 2 == 0].min() > scores[never % 2 == 1].max()
    assert guessed.shape == factors.item_factors.shape


def test_facts_of_a_movie_without_a_year_or_a_genre_are_those_of_the_middle() -> None:
    movies = pd.DataFrame({"genres": [["Crime"], [], ["Love"]], "year": [1950, None, 1990]}).astype({"year": "Int16"})
    facts = movie_facts(movies)
    assert facts[:, :2].tolist() == [[1, 0], [0, 0], [0, 1]]
    assert np.isfinite(facts).all()
    assert facts[1, 2 + 4] == pytest.approx(1.0)  # 1970, half-way


def test_the_runtime_ranks_a_user_as_evaluation_does() -> None:
    """What was measured is what is served: ALS folded in, the prior, the strength and cold movies alike."""
    rng = np.random.default_rng(1)
    users, movies = (
        np.repeat(np.arange(USERS), 12),
        np.concatenate([rng.choice(MOVIES, 12, False) for _ in range(USERS)]),
    )
    rows = _interactions(users, movies)
    als = fit_factors("als", rows, {"size": 8, "regularization": 5.0, "alpha": 5.0, "iterations": 15})
    fusion = Fusion({"als": Weights(0.4, 1.2, 0.3)}, rng.normal(0, 0.3, (7, 2)).astype(np.float32), 1)
    model = Als(als.item_factors, Index.build(als.item_factors), np.ones(MOVIES, np.int64), als.params)
    served = Hybrid({"als": model}, fusion.weights, Movies(fusion.prior(rows), cold_movies(rows)))
    mine = movies[users == 7]
    evidence = [Evidence(0.9, "", "movie", movie=int(m)) for m in mine]
    allowed = ~np.isin(np.arange(MOVIES), mine)
    ranked = [choice.movie for choice in served.rank({"als": evidence}, 20, allowed)]
    folded = Factors("als", als.item_factors, model.query(evidence).vector[None], als.params, "")
    scores = fusion.scores({"als": folded.scores(np.ones(MOVIES))}, rows)
    measured = hybrid.BlendedScores(scores.members, scores.weights, scores.prior, scores.cold, np.array([12.0]))(
        np.array([0])
    )[0]
    measured[mine] = -np.inf
    assert ranked == np.argsort(-measured, kind="stable")[:20].tolist()
