"""Interactions: when rows were written, how old ones fade, and that fading leaves the likes as heavy as they were."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee_export.data.interactions import Interactions


def _dated(days: list[float], ratings: list[float] | None = None) -> Interactions:
    n = len(days)
    return Interactions(
        users=np.arange(n, dtype=np.int32),
        movies=np.arange(n, dtype=np.int32),
        ratings=np.array(ratings or [10.0] * n, np.float32),
        imputed=np.zeros(n, bool),
        n_users=n,
        n_movies=n,
        days=np.array(days),
    )


def _reviews() -> pd.DataFrame:
    table = pd.DataFrame({"user": [0, 1, 1], "movie": [0, 0, 1], "rating": [9.0, 8.0, 2.0], "imputed": False})
    return table.astype({"user": "int32", "movie": "int32", "rating": "float32"})


def test_days_come_from_the_dates_of_the_review_table() -> None:
    dates = pd.Series(["1970-01-11", None, "2020-01-01"]).astype("datetime64[s]")
    some = Interactions.of(_reviews().assign(date=dates), [0, 1], n_movies=2)
    np.testing.assert_array_equal(some.days, [10.0, np.nan])


def test_a_table_without_dates_gives_rows_without_a_day() -> None:
    some = Interactions.of(_reviews(), [0, 1], n_movies=2)
    assert np.isnan(some.days).all()
    assert some.span == 0
    assert some.liked(30.0).sum() == 2


def test_days_stay_with_their_rows() -> None:
    rows = _dated([1.0, 2.0, 3.0])
    late = rows.where(np.array([False, True, True]))
    assert late.days.tolist() == [2.0, 3.0]
    assert late.plus(rows).days.tolist() == [2.0, 3.0, 1.0, 2.0, 3.0]


def test_age_is_counted_from_the_newest_like_and_undated_likes_are_as_old_as_the_oldest() -> None:
    rows = _dated([100.0, 90.0, np.nan, 80.0, 500.0], [10.0, 7.0, 8.0, 9.0, 1.0])
    assert rows.span == 420
    np.testing.assert_allclose(rows.liked(10.0).diagonal(), [1, 1 / 2, 1 / 4, 1 / 4, 0])


def test_of_two_likes_of_one_movie_the_newer_counts() -> None:
    pair = np.zeros(2, np.int32)
    twice = Interactions(pair, pair, np.full(2, 9, np.float32), pair > 0, 1, 1, days=np.array([0.0, 10.0]))
    assert twice.liked(10.0).toarray().tolist() == [[1.0]]


def test_fading_moves_confidence_from_old_likes_to_recent_ones() -> None:
    rows = _dated([0.0, 10.0], [8.0, 8.0])
    old, new = rows.confidence(10.0).diagonal()
    assert new == pytest.approx(2 * old)
    assert old + new == pytest.approx(1.6)


@given(
    st.lists(st.tuples(st.floats(0, 9000), st.integers(1, 10)), min_size=1, max_size=30),
    st.floats(1.0, 20_000),
)
def test_the_likes_together_weigh_as_much_whatever_the_half_life(
    rows: list[tuple[float, int]], half_life: float
) -> None:
    days, ratings = zip(*rows, strict=True)
    dated = _dated(list(days), [float(r) for r in ratings])
    whole, faded = dated.confidence(), dated.confidence(half_life)
    assert faded.sum() == pytest.approx(whole.sum(), rel=1e-4)
    assert (faded.diagonal() > 0).sum() <= (whole.diagonal() > 0).sum()
