"""Every row is a training, a validation or a test row, by one of three rules and a seed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import BadInputError, UnknownNameError
from matinee_export.data import split

RULES = ["random", "leave-last", "time"]
DAYS = st.none() | st.integers(0, 9)


def reviews_of(rows: list[tuple[int, int, bool, int | None]]) -> pd.DataFrame:
    """Make reviews of (user, rating, imputed, day of 2005 or None)."""
    dates = [np.datetime64("NaT") if day is None else np.datetime64("2005-01-01") + day for *_, day in rows]
    return pd.DataFrame(
        {
            "user": np.array([row[0] for row in rows], dtype=np.int32),
            "rating": np.array([row[1] for row in rows], dtype=np.float32),
            "imputed": np.array([row[2] for row in rows], dtype=bool),
            "date": np.array(dates, dtype="datetime64[s]"),
        }
    )


def many(n: int = 1000) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    users, ratings, days = rng.integers(0, 60, n), rng.integers(1, 11, n), rng.integers(0, 400, n)
    return reviews_of(
        [(int(u), int(r), bool(i), int(d)) for u, r, i, d in zip(users, ratings, users < 9, days, strict=True)]
    )


anything = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 10), st.booleans(), DAYS), max_size=60).map(reviews_of)
shares = st.tuples(st.floats(0.01, 0.9), st.floats(0, 0.9))


@given(anything, st.sampled_from(RULES), st.integers(0, 99), shares)
def test_the_three_parts_are_sorted_disjoint_and_cover_every_row(
    reviews: pd.DataFrame, by: str, seed: int, share: tuple[float, float]
) -> None:
    parts = split(reviews, seed, by, *share)
    rows = np.concatenate([parts.train, parts.validation, parts.test])
    assert np.sort(rows).tolist() == list(range(len(reviews)))
    for part in (parts.train, parts.validation, parts.test):
        assert part.dtype == np.int64
        assert (np.diff(part) > 0).all()


@given(anything, st.sampled_from(RULES), st.integers(0, 99))
def test_the_same_seed_gives_the_same_split(reviews: pd.DataFrame, by: str, seed: int) -> None:
    first, second = split(reviews, seed, by), split(reviews, seed, by)
    assert first.train.tolist() == second.train.tolist()
    assert first.test.tolist() == second.test.tolist()


@given(anything, st.integers(0, 99), st.floats(0.01, 0.9))
def test_random_takes_the_share_of_every_rating_to_within_a_row(reviews: pd.DataFrame, seed: int, share: float) -> None:
    test = split(reviews, seed, "random", test=share).test
    stratum = reviews["rating"].where(~reviews["imputed"], 0)
    taken = stratum.iloc[test].value_counts()
    for value, size in stratum.value_counts().items():
        assert abs(taken.get(value, 0) - share * size) <= 1 + 1e-9


@given(anything, st.integers(0, 99))
def test_time_tests_on_nothing_older_than_what_it_trains_on(reviews: pd.DataFrame, seed: int) -> None:
    parts = split(reviews, seed, "time")
    day = reviews["date"].to_numpy().astype("datetime64[s]").astype(np.int64)
    for older, newer in ((parts.train, parts.validation), (parts.validation, parts.test), (parts.train, parts.test)):
        if len(older) and len(newer):
            assert day[older].max() <= day[newer].min()


@given(anything, st.integers(0, 99))
def test_leave_last_takes_each_reviewers_newest_row_and_leaves_one_to_train_on(
    reviews: pd.DataFrame, seed: int
) -> None:
    parts = split(reviews, seed, "leave-last")
    user, day = reviews["user"].to_numpy(), reviews["date"].to_numpy().astype("datetime64[s]").astype(np.int64)
    assert set(user[parts.train]) == set(user)
    assert len(set(user[parts.test])) == len(parts.test) == (reviews["user"].value_counts() > 1).sum()
    assert len(set(user[parts.validation])) == len(parts.validation) == (reviews["user"].value_counts() > 2).sum()
    for row in parts.test:
        mine = np.flatnonzero(user == user[row])
        assert row == mine[day[mine] == day[mine].max()][-1]


def test_another_seed_gives_another_random_split_and_the_same_one_by_date() -> None:
    reviews = many()
    assert split(reviews, 0).test.tolist() != split(reviews, 1).test.tolist()
    assert split(reviews, 0, "time").test.tolist() == split(reviews, 1, "time").test.tolist()


@pytest.mark.parametrize("by", ["random", "time"])
def test_shares_are_of_all_rows_and_of_the_rest(by: str) -> None:
    parts = split(many(), 0, by)
    assert (len(parts.train), len(parts.validation), len(parts.test)) == (720, 80, 200)


@pytest.mark.parametrize("by", RULES)
def test_no_validation_rows_are_cut_when_none_are_asked_for(by: str) -> None:
    assert len(split(many(), 0, by, validation=0).validation) == 0


def test_rows_of_one_day_are_taken_from_the_end_of_the_file() -> None:
    reviews = reviews_of([(0, 5, False, 3)] * 5)
    assert split(reviews, 0, "time", validation=0.25).test.tolist() == [4]
    assert split(reviews, 0, "leave-last").test.tolist() == [4]
    assert split(reviews, 0, "leave-last").validation.tolist() == [3]


def test_rows_without_a_date_are_the_oldest() -> None:
    reviews = reviews_of([(0, 5, False, 3), (0, 5, False, 1), (0, 5, False, None), (0, 5, False, None)])
    assert split(reviews, 0, "leave-last").test.tolist() == [0]
    assert split(reviews, 0, "leave-last").validation.tolist() == [1]


def test_an_unknown_rule_lists_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"^no split is called 'leave-one'; did you mean 'leave-last'\?$"):
        split(many(10), 0, "leave-one")


@pytest.mark.parametrize(("test", "validation"), [(0, 0.1), (1, 0.1), (0.2, -0.1), (0.2, 1), (float("nan"), 0.1)])
def test_a_share_out_of_range_is_refused(test: float, validation: float) -> None:
    with pytest.raises(BadInputError, match=f"got {test} and {validation}$"):
        split(many(10), 0, test=test, validation=validation)
