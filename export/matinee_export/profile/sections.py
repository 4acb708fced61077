"""Computes the statistics of a profile, section by section, by the same code before and after cleaning.

In: a `Side`, the tables before or after cleaning in a common form. Out: figures by key and counts by value. As in the
paper, standard deviations are sample deviations (n - 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from matinee_export.data.clean import Dataset
from matinee_export.data.readers.folder import RawDataset
from matinee_export.profile.paper import PAPER

Counted = Iterator[tuple[str, str, Any]]
"""Name, label and value of each figure of a section."""

_MOST_VOTES = 10  # number of the commonest helpful votes that are listed


@dataclass(frozen=True)
class Side:
    """A dataset's tables before or after cleaning, in one form for both.

    Attributes:
        reviews: reviewer, movie, rating (float64, NaN where missing), imputed (bool), length (characters of the text),
            date, spoiler (Int8), helpful and helpful_of (-1 where not given).
        movies: movie_id, title, year, genres, score, poster, as in `Dataset.movies`.
        duplicate_reviews: Duplicate rows among the reviews.
        duplicate_movies: Duplicate rows among the movies.
    """

    reviews: pd.DataFrame
    movies: pd.DataFrame
    duplicate_reviews: int
    duplicate_movies: int

    @classmethod
    def as_read(cls, raw: RawDataset, dataset: Dataset) -> Side:
        """Return the side before cleaning; duplicates are counted by comparison with `dataset`, the cleaned one."""
        return cls(
            _reviews(raw.reviews, "movie_id", np.zeros(len(raw.reviews), dtype=bool)),
            raw.movies,
            len(raw.reviews) - len(dataset.reviews),
            len(raw.movies) - len(dataset.movies),
        )

    @classmethod
    def after_cleaning(cls, dataset: Dataset) -> Side:
        """Return the side after cleaning."""
        imputed = dataset.reviews["imputed"].to_numpy()
        return cls(_reviews(dataset.reviews, "movie", imputed), dataset.movies, 0, 0)


def figures(side: Side, shown: Side) -> dict[str, tuple[str, Any]]:
    """Return the label and value of every figure by its key, such as "ratings.mean".

    Args:
        side: The tables to describe.
        shown: The tables whose genres and commonest helpful votes are listed, besides those in the paper.
    """
    reviews, movies = side.reviews, side.movies
    sections: dict[str, Counted] = {
        "reviews": _totals(side),
        "per_reviewer": _spread(reviews["reviewer"].value_counts()),
        "per_movie": _spread(reviews["movie"].value_counts()),
        "ratings": _ratings(reviews),
        "dates": _dates(reviews["date"].dropna()),
        "spoilers": _spoilers(reviews["spoiler"]),
        "helpful": _helpful(reviews, list(_votes(shown.reviews))[:_MOST_VOTES]),
        "texts": _texts(reviews["length"]),
        "movies": _movies(side),
        "scores": _scores(movies["score"]),
        "genres": _genres(movies["genres"], list(_genre_counts(shown.movies["genres"]))),
    }
    return {f"{section}.{name}": (label, value) for section, found in sections.items() for name, label, value in found}


def distributions(side: Side) -> dict[str, dict[str, int]]:
    """Return the counts by value of each distribution in `Profile.distributions`, by its name."""
    reviews, movies = side.reviews, side.movies
    dates = reviews["date"].dropna()
    lengths = reviews["length"][reviews["length"] > 0]
    return {
        "ratings": _counts(np.floor(reviews["rating"].dropna() + 0.5).astype(int)),
        "reviews_of_a_reviewer": _counts(reviews["reviewer"].value_counts()),
        "reviews_of_a_movie": _counts(reviews["movie"].value_counts()),
        "review_months": {f"{m[:4]}-{m[4:]}": n for m, n in _counts(dates.dt.year * 100 + dates.dt.month).items()},
        "review_years": _counts(dates.dt.year),
        "text_lengths": _binned(lengths),
        "scores": _counts(movies["score"].dropna().round(1)),
        "movie_years": _counts(movies["year"].dropna()),
    }


def edges(lowest: int, highest: int, per_octave: int) -> list[int]:
    """Return ends of intervals, whole numbers in steps of equal ratio, from `lowest` or below to above `highest`.

    Args:
        lowest: The smallest value, at least 1.
        highest: The largest value, at least `lowest`.
        per_octave: Number of steps in a doubling; small numbers have fewer, since ends are whole.
    """
    start = int(np.floor(per_octave * np.log2(lowest)))
    stop = int(np.floor(per_octave * np.log2(highest))) + 2
    powers = {round(2 ** (step / per_octave)) for step in range(start, stop)}
    found = sorted(power for power in powers if power > 0)
    return found if found[-1] > highest else [*found, highest + 1]


def _reviews(reviews: pd.DataFrame, movie: str, imputed: Any) -> pd.DataFrame:  # noqa: ANN401 - a bool array
    columns = {name: reviews[name] for name in ("reviewer", "date", "spoiler", "helpful", "helpful_of")}
    return pd.DataFrame(
        {
            **columns,
            "movie": reviews[movie],
            "rating": reviews["rating"].astype("float64"),
            "imputed": imputed,
            "length": reviews["text"].str.len().astype("int64"),
        }
    )


def _totals(side: Side) -> Counted:
    yield "rows", "rows", len(side.reviews)
    yield "duplicates", "of them duplicate rows", side.duplicate_reviews
    yield "cleaned", "rows without duplicates", len(side.reviews) - side.duplicate_reviews
    yield "reviewers", "reviewers", side.reviews["reviewer"].nunique()
    yield "movies", "movies reviewed", side.reviews["movie"].nunique()


def _spread(numbers: pd.Series[Any]) -> Counted:
    yield "mean", "mean", numbers.mean()
    yield "sd", "standard deviation", numbers.std()
    yield "median", "median", _whole(numbers.median())
    yield "max", "most", numbers.max()
    yield "min", "fewest", numbers.min()


def _ratings(reviews: pd.DataFrame) -> Counted:
    ratings = reviews["rating"].dropna()
    yield "given", "given", len(ratings) - reviews["imputed"].sum()
    yield "missing", "missing", reviews["rating"].isna().sum()
    yield "imputed", "imputed", reviews["imputed"].sum()
    yield "mean", "mean", ratings.mean()
    yield "sd", "standard deviation", ratings.std()
    yield "mode", "commonest", _whole(_commonest(ratings)[0])


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


def _helpful(reviews: pd.DataFrame, commonest: list[str]) -> Counted:
    counts = _votes(reviews)
    yield "given", "rows with votes", sum(counts.values())
    for votes in dict.fromkeys([*commonest, *_paper_names("helpful")]):
        yield votes, votes, counts.get(votes, 0)


def _votes(reviews: pd.DataFrame) -> dict[str, int]:
    voted = reviews.loc[reviews["helpful_of"] >= 0, ["helpful", "helpful_of"]]
    return {f"[{yes}, {of}]": n for (yes, of), n in _by_count(voted.value_counts())}


def _texts(lengths: pd.Series[Any]) -> Counted:
    written = lengths[lengths > 0]
    yield "given", "reviews with a text", len(written)
    yield "mean", "mean length, characters", written.mean()
    yield "sd", "standard deviation", written.std()
    yield "median", "median", _whole(written.median())
    yield "max", "longest", written.max()
    yield "min", "shortest", written.min()


def _movies(side: Side) -> Counted:
    movies = side.movies
    ids = movies.groupby(["title", "year"], dropna=False)["movie_id"].nunique()
    yield "rows", "rows", len(movies)
    yield "duplicates", "of them duplicate rows", side.duplicate_movies
    yield "cleaned", "rows without duplicates", len(movies) - side.duplicate_movies
    yield "shared_titles", "titles (with year) of several movies", (ids > 1).sum()
    yield "no_year", "without a year", movies["year"].isna().sum()
    yield "no_genre", "without a genre", (movies["genres"].str.len() == 0).sum()
    yield "posters", "with a poster", (movies["poster"] != "").sum()


def _scores(scores: pd.Series[Any]) -> Counted:
    yield "given", "movies with a score", scores.count()
    yield "mean", "mean", scores.mean()
    yield "sd", "standard deviation", scores.std()
    yield "median", "median", scores.median()
    yield "min", "lowest", scores.min()
    yield "max", "highest", scores.max()


def _genres(genres: pd.Series[Any], listed: list[str]) -> Counted:
    counts = _genre_counts(genres)
    for name in dict.fromkeys([*listed, *_paper_names("genres")]):
        yield name, name, counts.get(name, 0)


def _genre_counts(genres: pd.Series[Any]) -> dict[str, int]:
    return dict(_by_count(genres.explode().value_counts()))


def _paper_names(section: str) -> list[str]:
    return [key.partition(".")[2] for key in PAPER if key.startswith(f"{section}.")]


def _by_count(counts: pd.Series[Any]) -> list[tuple[Any, int]]:
    """Return (value, count) pairs, the commonest first and equal counts by value, so that the order is fixed."""
    return sorted(((value, int(n)) for value, n in counts.items()), key=lambda pair: (-pair[1], pair[0]))


def _commonest(values: pd.Series[Any]) -> tuple[Any, int]:
    return next(iter(_by_count(values.value_counts())), (None, 0))


def _whole(value: Any) -> Any:  # noqa: ANN401 - a number, or None
    """Return a whole number as an int, any other value unchanged."""
    return int(value) if value is not None and value % 1 == 0 else value


def _counts(values: pd.Series[Any]) -> dict[str, int]:
    return {str(value): int(n) for value, n in values.value_counts().sort_index().items()}


def _binned(lengths: pd.Series[Any]) -> dict[str, int]:
    """Count lengths in intervals of equal ratio, two per doubling; keys are the lower ends."""
    if lengths.empty:
        return {}
    ends = edges(int(lengths.min()), int(lengths.max()), per_octave=2)
    found, _ = np.histogram(lengths, ends)
    return {str(low): int(n) for low, n in zip(ends, found, strict=False)}
