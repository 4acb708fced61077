"""Describes a dataset folder with the figures of the paper's section 2, each beside the paper's own where it has one.

In: a dataset as read and as cleaned. Out: a `Profile`: figures and distributions before and after cleaning, what was
set aside. Before cleaning, ratings are those given; after it, imputed ones are counted with them.
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
"""What the figures before and after cleaning are called."""


class Figure(NamedTuple):
    """One figure of a profile.

    Attributes:
        key: Section and name, such as "ratings.mean".
        label: What it is, in words.
        read: The figure before cleaning; None where there is nothing to count.
        cleaned: The figure after cleaning; None where there is nothing to count.
        paper: The paper's own figure, or None.
    """

    key: str
    label: str
    read: Value
    cleaned: Value
    paper: Value


class Distribution(NamedTuple):
    """How many have each value, before and after cleaning.

    Attributes:
        read: Count by value as written, such as "8" or "2005-07", in ascending order.
        cleaned: The same after cleaning.
    """

    read: dict[str, int]
    cleaned: dict[str, int]


@dataclass(frozen=True)
class Profile:
    """What a dataset holds.

    Attributes:
        name: The dataset's name.
        made_up: Whether it was invented.
        note: A sentence about it, or "".
        figures: The figures, section by section.
        distributions: By name: "ratings" (reviews by rating, to the nearest whole), "reviews_of_a_reviewer" and
            "reviews_of_a_movie" (reviewers and movies by how many reviews they have), "review_months" and
            "review_years" (reviews), "text_lengths" (reviews by characters, each key the least of its interval, the
            next key's being beyond it), "scores" (movies, to one decimal), "movie_years" (movies).
        set_aside: How much was not used, by reason.
        noted: How often something odd was met in what was used, by kind.
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
    """Describe a dataset.

    Args:
        raw: The folder as read.
        dataset: The same, cleaned.
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
    """Return a figure as a reader sees it: 1,234, 7.12, a date as it is, "–" where there is none."""
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"
