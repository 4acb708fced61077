"""Splits a dataset's reviews into training, validation and test rows; no other module does.

In: the `reviews` of a `Dataset`, a seed and a rule. Out: three arrays of row numbers, disjoint, sorted, covering every
row. The rule first takes the test rows from all rows, then the validation rows from the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from matinee.errors import BadInputError, UnknownNameError

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Row numbers of `Dataset.reviews`, each array sorted, int64."""

    train: Rows
    validation: Rows
    test: Rows


def split(reviews: pd.DataFrame, seed: int, by: str = "random", test: float = 0.2, validation: float = 0.1) -> Split:
    """Divide the rows of a dataset.

    Args:
        reviews: `Dataset.reviews`, n_rows long.
        seed: Seed of the random rule; the other rules depend on the rows alone.
        by: "random": a share of each rating's rows (as in the paper), imputed ratings being one group of their own;
            "time": the newest of all rows; "leave-last": the newest row of each reviewer with at least two. Of two
            rows of one day the later in the table is the newer, and rows without a date are the oldest.
        test: Share of all rows that are test rows, above 0 and below 1; ignored by leave-last.
        validation: Share of the other rows that are validation rows, 0 for none, below 1; leave-last takes
            one of each reviewer unless it is 0.

    Raises:
        UnknownNameError: No rule is called `by`.
        BadInputError: A share is out of its range.
    """
    if by not in _RULES:
        raise UnknownNameError("split", by, _RULES)
    if not (0 < test < 1 and 0 <= validation < 1):
        raise BadInputError(
            f"test is above 0 and below 1, validation at least 0 and below 1; got {test} and {validation}"
        )
    rng = np.random.default_rng(seed)
    rows = np.arange(len(reviews), dtype=np.int64)
    test_rows = _RULES[by](reviews, rows, test, rng)
    rest = np.setdiff1d(rows, test_rows, assume_unique=True)
    validation_rows = _RULES[by](reviews, rest, validation, rng) if validation else rest[:0]
    return Split(np.setdiff1d(rest, validation_rows, assume_unique=True), validation_rows, test_rows)


def _random(reviews: pd.DataFrame, rows: Rows, share: float, rng: np.random.Generator) -> Rows:
    """Take a share of each rating's rows, to within one row: every 1/share-th row, in random order within a rating."""
    rating = np.where(reviews["imputed"].to_numpy()[rows], 0, reviews["rating"].to_numpy()[rows])
    shuffled = rng.permutation(len(rows))
    by_rating = shuffled[np.argsort(rating[shuffled], kind="stable")]
    steps = np.floor(np.arange(len(rows) + 1) * share + rng.random()).astype(np.int64)
    return np.sort(rows[by_rating[np.diff(steps) > 0]])


def _by_time(reviews: pd.DataFrame, rows: Rows, share: float, rng: np.random.Generator) -> Rows:
    """Take the newest share of the rows."""
    ordered = _oldest_first(reviews, rows)
    return np.sort(ordered[len(rows) - round(share * len(rows)) :])


def _leave_last(reviews: pd.DataFrame, rows: Rows, share: float, rng: np.random.Generator) -> Rows:
    """Take the newest row of each reviewer who has more than one among the rows."""
    user = reviews["user"].to_numpy()
    newest = _oldest_first(reviews, rows)[::-1]
    _, first, count = np.unique(user[newest], return_index=True, return_counts=True)
    return np.sort(newest[first[count > 1]])


def _oldest_first(reviews: pd.DataFrame, rows: Rows) -> Rows:
    """Return the rows sorted by date, ties in row order, undated ones first (NaT is the smallest int64)."""
    return rows[np.argsort(reviews["date"].to_numpy()[rows].astype("datetime64[s]").astype(np.int64), kind="stable")]


_RULES: Mapping[str, Callable[[pd.DataFrame, Rows, float, np.random.Generator], Rows]] = {
    "random": _random,
    "leave-last": _leave_last,
    "time": _by_time,
}
