"""Describes a dataset folder with the figures of the paper's section 2, each beside the paper's own where it has one.

In: a dataset as read and as cleaned. Out: a `Profile`: figures, distributions, what was set aside. As in the paper,
figures about reviews count the usable rows before duplicates are dropped, and figures about ratings the ratings given,
not the imputed ones. Knows nothing of how it is shown, which is `profile_report`'s business.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from matinee_export.dataset.clean import Dataset
from matinee_export.dataset.paper import PAPER
from matinee_export.dataset.read import RawDataset

Value = int | float | str | None


class Figure(NamedTuple):
    """One figure of a profile.

    Attributes:
        key: Section and name, such as "ratings.mean".
        label: What it is, in words.
        value: The figure; None where the dataset has nothing to count.
        paper: The paper's own figure, or None.
    """

    key: str
    label: str
    value: Value
    paper: Value


@dataclass(frozen=True)
class Profile:
    """What a dataset holds.

    Attributes:
        name: The dataset's name.
        made_up: Whether it was invented.
        note: A sentence about it, or "".
        figures: The figures, section by section.
        distributions: Rows by value, for plots: "ratings" (1 to 10, rounded down), "review_years", "movie_years".
        set_aside: How much was not used, by reason.
        noted: How often something odd was met in what was used, by kind.
        absent: Optional columns that the files lack.
    """

    name: str
    made_up: bool
    note: str
    figures: tuple[Figure, ...]
    distributions: dict[str, dict[int, int]]
    set_aside: dict[str, int]
    noted: dict[str, int]
    absent: tuple[str, ...]


def profile(raw: RawDataset, dataset: Dataset) -> Profile:
    """Describe a dataset.

    Args:
        raw: The folder as read.
        dataset: The same, cleaned.
    """
    sections = {
        "reviews": _reviews(raw, dataset),
        "per_reviewer": _spread(raw.reviews["reviewer"].value_counts()),
        "per_movie": _spread(raw.reviews["movie_id"].value_counts()),
        "ratings": _ratings(raw.reviews["rating"]),
        "dates": _dates(raw.reviews["date"].dropna()),
        "spoilers": _spoilers(raw.reviews["spoiler"]),
        "helpful": _helpful(raw.reviews),
        "movies": _movies(raw, dataset),
        "scores": _scores(dataset.movies["score"]),
        "genres": _genres(dataset.movies["genres"]),
    }
    figures = tuple(
        Figure(f"{section}.{name}", label, _plain(value), PAPER.get(f"{section}.{name}"))
        for section, found in sections.items()
        for name, label, value in found
    )
    distributions = {
        "ratings": _distribution(np.floor(raw.reviews["rating"])),
        "review_years": _distribution(raw.reviews["date"].dt.year),
        "movie_years": _distribution(dataset.movies["year"]),
    }
    return Profile(
        name=dataset.name,
        made_up=dataset.made_up,
        note=dataset.note,
        figures=figures,
        distributions=distributions,
        set_aside=dataset.set_aside,
        noted=dataset.noted,
        absent=dataset.absent,
    )


Counted = Iterator[tuple[str, str, Any]]


def _reviews(raw: RawDataset, dataset: Dataset) -> Counted:
    written = raw.reviews["text"][raw.reviews["text"] != ""]
    yield "rows", "rows that can be used", len(raw.reviews)
    yield "duplicates", "duplicate rows dropped", len(raw.reviews) - len(dataset.reviews)
    yield "cleaned", "reviews after cleaning", len(dataset.reviews)
    yield "reviewers", "reviewers", raw.reviews["reviewer"].nunique()
    yield "movies", "movies reviewed", raw.reviews["movie_id"].nunique()
    yield "texts", "with a text", len(written)
    yield "text_length", "mean length of a text, characters", written.str.len().mean()


def _spread(numbers: pd.Series[Any]) -> Counted:
    yield "mean", "mean", numbers.mean()
    yield "sd", "standard deviation", numbers.std()
    yield "max", "most", numbers.max()
    yield "min", "fewest", numbers.min()


def _ratings(ratings: pd.Series[Any]) -> Counted:
    given = ratings.dropna().astype("float64")
    yield "given", "given", len(given)
    yield "missing", "missing, imputed in cleaning", len(ratings) - len(given)
    yield "mean", "mean", given.mean()
    yield "sd", "standard deviation", given.std()
    yield "mode", "commonest", _commonest(given)[0]


def _dates(dates: pd.Series[Any]) -> Counted:
    day, count = _commonest(dates)
    yield "given", "rows with a date", len(dates)
    yield "first", "first", dates.min()
    yield "last", "last", dates.max()
    yield "distinct", "different dates", dates.nunique()
    yield "commonest", "commonest date", day
    yield "commonest_count", "rows of that date", count


def _spoilers(flags: pd.Series[Any]) -> Counted:
    yield "yes", "yes", (flags == 1).sum()
    yield "no", "no", (flags == 0).sum()
    yield "unknown", "not said", flags.isna().sum()


def _helpful(reviews: pd.DataFrame) -> Counted:
    """Yield the ten commonest votes, and those the paper counts."""
    voted = reviews.loc[reviews["helpful_of"] >= 0, ["helpful", "helpful_of"]]
    counts = {f"[{yes}, {of}]": n for (yes, of), n in _by_count(voted.value_counts())}
    yield "given", "rows with votes", len(voted)
    for votes in dict.fromkeys([*list(counts)[:10], *_paper_names("helpful")]):
        yield votes, votes, counts.get(votes, 0)


def _movies(raw: RawDataset, dataset: Dataset) -> Counted:
    titles = dataset.movies.groupby(["title", "year"], dropna=False).size()
    yield "rows", "rows that can be used", len(raw.movies)
    yield "duplicates", "duplicate rows dropped", len(raw.movies) - len(dataset.movies)
    yield "cleaned", "movies after cleaning", len(dataset.movies)
    yield "shared_titles", "titles (with year) of several movies", (titles > 1).sum()
    yield "no_year", "without a year", dataset.movies["year"].isna().sum()
    yield "posters", "with a poster", (dataset.movies["poster"] != "").sum()


def _scores(scores: pd.Series[Any]) -> Counted:
    yield "given", "movies with a score", scores.count()
    yield "mean", "mean", scores.mean()
    yield "sd", "standard deviation", scores.std()
    yield "min", "lowest", scores.min()
    yield "max", "highest", scores.max()


def _genres(genres: pd.Series[Any]) -> Counted:
    counts = dict(_by_count(genres.explode().value_counts()))
    for name in dict.fromkeys([*counts, *_paper_names("genres")]):
        yield name, name, counts.get(name, 0)


def _paper_names(section: str) -> list[str]:
    return [key.partition(".")[2] for key in PAPER if key.startswith(f"{section}.")]


def _by_count(counts: pd.Series[Any]) -> list[tuple[Any, int]]:
    """Return (value, count), the commonest first, equals by value: the same on every machine."""
    return sorted(((value, int(n)) for value, n in counts.items()), key=lambda pair: (-pair[1], pair[0]))


def _commonest(values: pd.Series[Any]) -> tuple[Any, int]:
    return next(iter(_by_count(values.value_counts())), (None, 0))


def _distribution(values: pd.Series[Any]) -> dict[int, int]:
    counts = dict(_by_count(values.value_counts()))
    return {int(value): counts[value] for value in sorted(counts)}


def _plain(value: Any) -> Value:  # noqa: ANN401 - numpy and pandas scalars come in, plain values go out
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, (int, np.integer)):
        return int(value)
    return None if pd.isna(value) or math.isinf(value) else float(value)
