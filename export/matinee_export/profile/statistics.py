"""Describes a dataset by the statistics of the paper's section 2, with the published value where there is one.

In: a dataset as read and as cleaned. Out: a `Profile`: figures and distributions before and after cleaning, and counts
of rows set aside. Before cleaning, only given ratings are counted; after cleaning, imputed ones as well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from matinee_export.data.clean import Dataset
from matinee_export.data.readers.folder import RawDataset
from matinee_export.profile.paper import PAPER
from matinee_export.profile.sections import Side, distributions, figures

Value = int | float | str | None

READ, CLEANED = "as read", "after cleaning"
"""Names of the figures before and after cleaning."""


class Figure(NamedTuple):
    """One statistic of a profile.

    Attributes:
        key: Section and name, such as "ratings.mean".
        label: Its description in the report.
        read: Its value before cleaning; None if there is no data for it.
        cleaned: Its value after cleaning; None if there is no data for it.
        paper: The value published in the paper, or None.
    """

    key: str
    label: str
    read: Value
    cleaned: Value
    paper: Value


class Distribution(NamedTuple):
    """The number of rows with each value, before and after cleaning.

    Attributes:
        read: Count by value as written, such as "8" or "2005-07", in ascending order.
        cleaned: The same after cleaning.
    """

    read: dict[str, int]
    cleaned: dict[str, int]


@dataclass(frozen=True)
class Profile:
    """The statistics of a dataset.

    Attributes:
        name: The dataset's name.
        made_up: Whether it is invented.
        note: A sentence about it, or "".
        figures: The figures, section by section.
        distributions: By name: "ratings" (reviews by rating, to the nearest whole), "reviews_of_a_reviewer" and
            "reviews_of_a_movie" (reviewers and movies by how many reviews they have), "review_months" and
            "review_years" (reviews), "text_lengths" (reviews by characters; each key is the lower end of an interval
            that reaches to the next key), "scores" (movies, to one decimal), "movie_years" (movies).
        set_aside: Numbers of rows and posters that were not used, by reason.
        noted: How often each kind of oddity was found in rows that were used all the same.
        absent: Optional columns that the files lack.
    """

    name: str
    made_up: bool
    note: str
    figures: tuple[Figure, ...]
    distributions: dict[str, Distribution]
    set_aside: dict[str, int]
    noted: dict[str, int]
    absent: tuple[str, ...]


def profile(raw: RawDataset, dataset: Dataset) -> Profile:
    """Return the profile of a dataset.

    Args:
        raw: The dataset as read.
        dataset: The same dataset, cleaned.
    """
    read, cleaned = Side.as_read(raw, dataset), Side.after_cleaning(dataset)
    after = figures(cleaned, shown=read)
    before, then = distributions(read), distributions(cleaned)
    return Profile(
        name=dataset.name,
        made_up=dataset.made_up,
        note=dataset.note,
        figures=tuple(
            Figure(key, label, _plain(value), _plain(after[key][1]), PAPER.get(key))
            for key, (label, value) in figures(read, shown=read).items()
        ),
        distributions={name: Distribution(before[name], then[name]) for name in before},
        set_aside=dataset.set_aside,
        noted=dataset.noted,
        absent=dataset.absent,
    )


def _plain(value: Any) -> Value:  # noqa: ANN401 - numpy and pandas scalars come in, plain values go out
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, (int, np.integer)):
        return int(value)
    return None if pd.isna(value) or math.isinf(value) else float(value)


def say(value: Value) -> str:
    """Format a figure for the report: 1,234 or 7.12, a text unchanged, "–" for None."""
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"
