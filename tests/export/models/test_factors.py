"""BPR and ALS: reproducible, chosen on validation rows alone, shaped for fold-in, as good as published figures."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from matinee.errors import BadInputError, BuildError, UnknownNameError
from matinee_export.data.interactions import Interactions
from matinee_export.evaluation import baselines
from matinee_export.evaluation.evaluate import HeldOut, evaluate
from matinee_export.models.bpr import with_popularity
from matinee_export.models.factor_model import Factors
from matinee_export.models.factor_tuning import clearly_better, half_lives, parse_sizes, train_factors
from matinee_export.models.factors import fit_factors

KINDS = ("als", "bpr")
SMALL = {
    "als": {"size": 8, "iterations": 5, "regularization": 5.0, "alpha": 5.0},
    "bpr": {"size": 8, "iterations": 30, "regularization": 0.02, "learning_rate": 0.05},
}


def _tastes(seed: int = 0) -> tuple[Interactions, Interactions]:
    """Train and validation rows of 90 users in three camps over 121 movies, the last of which nobody rated."""
    rng = np.random.default_rng(seed)
    users = np.repeat(np.arange(90), 20)
    movies = 40 * (users % 3) + (40 * rng.random(len(users)) ** 1.5).astype(int)
    ratings = rng.integers(5, 11, len(users))
    ratings[users == 89] = 3
    everything = Interactions(
        users.astype(np.int32),
        movies.astype(np.int32),
        ratings.astype(np.float32),
        rng.random(len(users)) < 0.1,
        90,
        121,
    )
    to_validation = rng.random(len(users)) < 0.25
    return everything.where(~to_validation), everything.where(to_validation)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_factors(kind: str) -> None:
    train, _ = _tastes()
    one, two, other = (fit_factors(kind, train, SMALL[kind], seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.item_factors, two.item_factors)
    np.testing.assert_array_equal(one.user_factors, two.user_factors)
    assert not np.array_equal(one.item_factors, other.item_factors)


@pytest.mark.parametrize("kind", KINDS)
def test_what_nobody_liked_has_a_zero_row(kind: str) -> None:
    train, _ = _tastes()
    fitted = fit_factors(kind, train, SMALL[kind])
    likes = train.liked().toarray()
    np.testing.assert_array_equal(fitted.item_factors.any(axis=1), likes.any(axis=0))
    np.testing.assert_array_equal(fitted.user_factors.any(axis=1), likes.any(axis=1))
    assert not fitted.item_factors[120].any()
    assert not fitted.user_factors[89].any()


def test_bpr_keeps_the_item_bias_in_its_last_column() -> None:
    train, _ = _tastes()
    fitted = fit_factors("bpr", train, SMALL["bpr"])
    known = fitted.user_factors.any(axis=1)
    assert fitted.item_factors.shape == (121, 9)
    assert (fitted.user_factors[known, -1] == 1).all()
    likes = np.asarray(train.liked().sum(axis=0)).ravel()
    assert np.corrcoef(fitted.item_factors[likes > 0, -1], np.log(likes[likes > 0]))[0, 1] > 0.9


def test_als_users_are_the_closed_form_of_their_own_likes() -> None:
    """Fold-in as the runtime does it: (Y'Y + Y'(C - I)Y + reg I)^-1 Y'C p with c = alpha * rating / 10."""
    train, _ = _tastes()
    setting = {**SMALL["als"], "iterations": 60}
    fitted = fit_factors("als", train, setting)
    y = fitted.item_factors.astype(np.float64)
    confidence = train.confidence()[5].toarray().ravel() * setting["alpha"]
    liked = confidence > 0
    left = y.T @ y + (y[liked].T * (confidence[liked] - 1)) @ y[liked] + setting["regularization"] * np.eye(8)
    folded = np.linalg.solve(left, y[liked].T @ confidence[liked])
    trained = fitted.user_factors[5]
    assert folded @ trained / np.linalg.norm(folded) / np.linalg.norm(trained) > 0.999


@pytest.mark.parametrize("kind", KINDS)
def test_the_sweep_records_every_fit_and_the_best_one_is_taken(kind: str) -> None:
    train, validation = _tastes()
    weak = {**SMALL[kind], "iterations": 1}
    lines: list[str] = []
    found = train_factors(kind, train, validation, (4, 8), grid=(weak, SMALL[kind]), log=lines.append)
    best = max(found.sweep, key=lambda tried: tried["ndcg@10"])
    assert [tried["size"] for tried in found.sweep] == [4, 4, 8]
    assert {**found.params, "ndcg@10": best["ndcg@10"]} == best
    assert len(lines) == 3
    assert lines[0].startswith(f"{kind} ")


@pytest.mark.parametrize("kind", KINDS)
def test_the_final_fit_knows_train_and_validation_rows(kind: str) -> None:
    train, validation = _tastes()
    found = train_factors(kind, train, validation, (8,), grid=(SMALL[kind],))
    again = fit_factors(kind, train.plus(validation), SMALL[kind])
    np.testing.assert_array_equal(found.item_factors, again.item_factors)


@pytest.mark.parametrize("kind", KINDS)
def test_without_validation_likes_the_first_setting_is_taken(kind: str) -> None:
    train, validation = _tastes()
    nothing = validation.where(np.zeros(len(validation), bool))
    found = train_factors(kind, train, nothing, (4, 8), grid=(SMALL[kind],))
    assert found.params["size"] == 4


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_liked_is_an_error_that_says_so(kind: str) -> None:
    train, validation = _tastes()
    with pytest.raises(BuildError, match="nothing to learn from"):
        train_factors(kind, train.where(train.ratings < 7), validation, (4,))


def test_an_unknown_kind_lists_the_known_ones() -> None:
    train, validation = _tastes()
    with pytest.raises(UnknownNameError, match="als"):
        train_factors("als2", train, validation, (4,))


def test_sizes_are_auto_or_a_list() -> None:
    assert parse_sizes("50, 100,200", 10) == (50, 100, 200)
    assert max(parse_sizes("auto", 5_000)) < max(parse_sizes("auto", 50_000)) < max(parse_sizes("AUTO", 10**7))


@pytest.mark.parametrize("kind", KINDS)
def test_saved_factors_come_back_whole(kind: str, tmp_path: Path) -> None:
    train, validation = _tastes()
    found = train_factors(kind, train, validation, (4,), grid=(SMALL[kind],))
    found.save(tmp_path)
    again = Factors.load(tmp_path)
    assert (again.kind, again.params, again.made_by, again.sweep) == (
        found.kind,
        found.params,
        found.made_by,
        found.sweep,
    )
    np.testing.assert_array_equal(again.item_factors, found.item_factors)
    np.testing.assert_array_equal(again.user_factors, found.user_factors)


def test_factors_say_what_made_them_and_which_bpr_it_is() -> None:
    train, _ = _tastes()
    made_by = {kind: fit_factors(kind, train, SMALL[kind[-3:]]).made_by for kind in ("als", "bpr", "plain-bpr")}
    assert made_by["als"] == made_by["plain-bpr"] == f"implicit {version('implicit')}"
    assert made_by["bpr"] == f"implicit {version('implicit')}, popularity put back into the item biases"


def test_bpr_is_the_plain_one_with_popularity_put_back() -> None:
    train, _ = _tastes()
    plain = fit_factors("plain-bpr", train, SMALL["bpr"])
    ours = fit_factors("bpr", train, SMALL["bpr"])
    np.testing.assert_array_equal(with_popularity(plain, train.liked()).item_factors, ours.item_factors)
    np.testing.assert_array_equal(plain.item_factors[:, :-1], ours.item_factors[:, :-1])


def _changing_tastes() -> tuple[Interactions, Interactions]:
    """Rows over 1,000 days in whose second half each camp moved on to the next camp's movies; the newest held out."""
    train, validation = _tastes()
    rows = train.plus(validation)
    days = np.random.default_rng(3).integers(0, 1000, len(rows)).astype(np.float64)
    movies = np.where(days < 500, rows.movies, (rows.movies + 40) % 120).astype(np.int32)
    rows = replace(rows, movies=movies, days=days)
    return rows.where(days < 850), rows.where(days >= 850)


def test_half_lives_are_shares_of_the_time_the_likes_span() -> None:
    train, _ = _changing_tastes()
    span = train.where(train.is_like).span
    assert half_lives(train) == (round(span / 2), round(span / 6), round(span / 20))
    assert half_lives(_tastes()[0]) == ()


def test_als_lets_old_likes_fade_where_tastes_changed() -> None:
    train, validation = _changing_tastes()
    found = train_factors("als", train, validation, (8,), grid=(SMALL["als"],))
    steady, *fading = found.sweep
    assert [tried["half_life"] for tried in fading] == list(half_lives(train))
    assert found.params["half_life"] in half_lives(train)
    assert max(tried["ndcg@10"] for tried in fading) > steady["ndcg@10"]


def test_als_keeps_old_likes_whole_where_fading_does_not_help() -> None:
    train, validation = _tastes()
    together = train.plus(validation)
    days = np.random.default_rng(4).integers(0, 1000, len(together)).astype(np.float64)
    train, validation = (
        replace(p, days=d) for p, d in zip((train, validation), np.split(days, [len(train)]), strict=True)
    )
    nothing = validation.where(np.zeros(len(validation), bool))
    found = train_factors("als", train, nothing, (8,), grid=(SMALL["als"],))
    assert len(found.sweep) == 4
    assert found.params["half_life"] == 0


def test_clearly_better_is_by_more_than_one_standard_error() -> None:
    other = np.zeros(100)
    noise = np.random.default_rng(0).standard_normal(100)
    noise -= noise.mean()
    assert clearly_better(noise + 0.2, other)
    assert not clearly_better(noise + 0.05, other)
    assert not clearly_better(other, other)
    assert not clearly_better(np.ones(1), np.zeros(1))
    assert not clearly_better(np.empty(0), np.empty(0))


def test_bpr_knows_no_age() -> None:
    train, validation = _changing_tastes()
    found = train_factors("bpr", train, validation, (8,), grid=(SMALL["bpr"],))
    assert len(found.sweep) == 1


@pytest.mark.parametrize("text", ["", "fifty", "10,,20", "0", "-5", "10;20"])
def test_sizes_that_are_neither_are_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="50,100,200"):
        parse_sizes(text, 10)


@pytest.fixture(scope="module")
def split_a(ml_100k: Path) -> tuple[Interactions, HeldOut]:
    """MovieLens 100K, 75/25 stratified by movie, every rating a like: the split of published tables."""
    table = np.loadtxt(ml_100k / "u.data", dtype=np.int64)
    users, movies, ratings = table[:, 0] - 1, table[:, 1] - 1, 2.0 * table[:, 2]
    rng = np.random.default_rng(42)
    place = np.empty(len(table))
    order = np.lexsort((rng.random(len(table)), movies))
    counts = np.bincount(movies)
    starts = np.cumsum(counts) - counts
    place[order] = (np.arange(len(table)) - starts[movies[order]]) / counts[movies[order]]
    everything = Interactions(
        users.astype(np.int32),
        movies.astype(np.int32),
        ratings.astype(np.float32),
        np.zeros(len(table), bool),
        943,
        1682,
        liked_from=0,
    )
    train = everything.where(place < 0.75)
    return train, HeldOut.between(train, everything.where(place >= 0.75))


def test_als_reaches_its_published_figures(split_a: tuple[Interactions, HeldOut]) -> None:
    train, held = split_a
    ones = Interactions(
        train.users, train.movies, np.full(len(train), 10, np.float32), train.imputed, *train.shape, liked_from=0
    )
    setting = {"size": 32, "regularization": 30.0, "alpha": 5.0, "iterations": 20}
    figures = evaluate(fit_factors("als", ones, setting).scores(held.likes), held).means()
    assert figures["ndcg@10"] == pytest.approx(0.4835, abs=0.012)
    assert figures["precision@10"] == pytest.approx(0.4201, abs=0.012)


@pytest.mark.slow
def test_bpr_is_at_least_as_good_as_the_best_published_bpr(split_a: tuple[Interactions, HeldOut]) -> None:
    train, held = split_a
    setting = {"size": 64, "regularization": 0.03, "learning_rate": 0.02, "iterations": 100}
    figures = evaluate(fit_factors("bpr", train, setting).scores(held.likes), held).means()
    assert figures["ndcg@10"] > 0.445
    assert figures["map_all@10"] > 0.134


def test_popularity_and_ease_reach_their_published_figures(split_a: tuple[Interactions, HeldOut]) -> None:
    train, held = split_a
    assert evaluate(baselines.popularity(train), held).means()["ndcg@10"] == pytest.approx(0.2524, abs=0.012)
    assert evaluate(baselines.ease(train, 500.0), held).means()["ndcg@10"] == pytest.approx(0.4829, abs=0.012)


def test_who_likes_only_what_nobody_else_likes_is_unknown_and_not_rounding_error() -> None:
    users = np.repeat(np.arange(20), 4)
    movies = np.concatenate([np.arange(4) + 4 * (user % 2) for user in range(19)] + [np.full(4, 9)])
    ratings = np.full(len(users), 9, np.float32)
    alone = Interactions(users.astype(np.int32), movies.astype(np.int32), ratings, np.zeros(len(users), bool), 20, 10)
    fitted = fit_factors("als", alone, {"size": 8, "iterations": 20, "regularization": 10.0, "alpha": 5.0})
    assert not fitted.item_factors[9].any()
    assert not fitted.user_factors[19].any()
    assert fitted.item_factors[:8].any(axis=1).all()
