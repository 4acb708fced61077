"""Cleans a dataset as the paper does: duplicate rows are dropped, a missing rating becomes the movie's mean.

In: a `RawDataset`. Out: a `Dataset`, whose movies have the row order that every vector file will share. Imputed ratings
are marked, so that training and evaluation can leave them out, and `impute` recomputes them from chosen rows only.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from matinee.errors import DatasetError
from matinee_export.data.readers.folder import RawDataset


@dataclass(frozen=True)
class Dataset:
    """A dataset ready for use.

    Attributes:
        name: The dataset's name.
        folder: Where it was read from; poster paths are relative to it.
        movies: movie_id, title (without year), year (Int16), genres (list of str), score (float64, NaN where missing),
            link, poster ("" where there is none); sorted by movie_id, the index being the movie's row.
        reviews: review_id, reviewer (category), user (int32, the reviewer's code from 0), movie (int32, row of
            `movies`), rating (float32, 1 to 10), imputed (bool), summary, text, date (datetime64[s], NaT where
            missing), spoiler (Int8: 0, 1 or NA), helpful and helpful_of (int32); in file order. A review_id is "row-N"
            (N: the row's number in the file) where the file has none; ids that the file repeats are kept.
        set_aside: How many rows, or posters of rows, were not used, by reason.
        noted: How often each kind of oddity was found in rows that were used all the same.
        absent: Optional columns that the files lack.
        made_up: Whether the dataset is invented, like the built-in sample.
        note: A sentence about the dataset, or "".
    """

    name: str
    folder: Path
    movies: pd.DataFrame
    reviews: pd.DataFrame
    set_aside: dict[str, int]
    noted: dict[str, int]
    absent: tuple[str, ...] = ()
    made_up: bool = False
    note: str = ""


def clean(raw: RawDataset) -> Dataset:
    """Drop duplicates, impute missing ratings and number movies and reviewers.

    A review is a duplicate if every column, including its id, equals that of an earlier row; a movie, if its id does.

    Raises:
        DatasetError: No row has a rating.
    """
    movies = raw.movies.drop_duplicates("movie_id").sort_values("movie_id", ignore_index=True)
    reviews = raw.reviews.drop_duplicates()
    dropped = {
        "movies.csv: duplicate row": len(raw.movies) - len(movies),
        "reviews.csv: duplicate row": len(raw.reviews) - len(reviews),
    }
    return Dataset(
        name=raw.name,
        folder=raw.folder,
        movies=movies,
        reviews=_numbered(reviews, movies),
        set_aside=dict(sorted((raw.set_aside | {k: n for k, n in dropped.items() if n}).items())),
        noted=raw.noted,
        absent=raw.absent,
        made_up=raw.made_up,
        note=raw.note,
    )


def impute(
    rating: npt.NDArray[np.float32], movie: npt.NDArray[np.int32], given: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float32]:
    """Return the ratings with missing ones replaced by the mean of the movie's given ratings.

    A movie without a given rating takes the mean of all given ratings. To keep test rows out of the means of training
    rows, pass `given` as false for the test rows and take only the training rows of the result.

    Args:
        rating: Rating of each row, (n_rows,), 1 to 10; ignored where not given.
        movie: Row of each review's movie in the movie table, (n_rows,).
        given: Which ratings are kept and averaged, (n_rows,).

    Raises:
        DatasetError: No rating is given.
    """
    if not given.any():
        raise DatasetError("reviews.csv has no rating from 1 to 10 in any row; expected some in its rating column")
    count = np.bincount(movie[given], minlength=int(movie.max()) + 1)  # (n_movies,)
    total = np.bincount(movie[given], weights=rating[given], minlength=len(count))  # (n_movies,)
    overall = total.sum() / count.sum()
    mean = np.divide(total, count, out=np.full(len(count), overall), where=count > 0)
    return np.where(given, rating, mean[movie]).astype(np.float32)


def _numbered(reviews: pd.DataFrame, movies: pd.DataFrame) -> pd.DataFrame:
    """Return the reviews in the columns of `Dataset.reviews`."""
    reviewer = reviews["reviewer"].cat.remove_unused_categories()
    reviewer = reviewer.cat.reorder_categories(sorted(reviewer.cat.categories))
    rows = pd.Index(movies["movie_id"]).get_indexer(reviews["movie_id"].cat.categories)
    movie = rows[reviews["movie_id"].cat.codes].astype(np.int32)
    rating = reviews["rating"].to_numpy()
    review_id = reviews["review_id"].copy()
    missing_id = (review_id == "").to_numpy()
    review_id[missing_id] = [f"row-{row}" for row in reviews.index[missing_id]]
    columns = {
        "review_id": review_id,
        "reviewer": reviewer,
        "user": reviewer.cat.codes.astype(np.int32),
        "movie": movie,
        "rating": impute(rating, movie, ~np.isnan(rating)),
        "imputed": np.isnan(rating),
        "summary": reviews["summary"],
        "text": reviews["text"],
        "date": reviews["date"],
        "spoiler": reviews["spoiler"],
        "helpful": reviews["helpful"].clip(lower=0),
        "helpful_of": reviews["helpful_of"].clip(lower=0),
    }
    return pd.DataFrame(columns).reset_index(drop=True)
