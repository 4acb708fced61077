"""Reads the folders that GroupLens publishes as MovieLens: ratings of movies, without texts and without posters.

In: a folder in the layout of MovieLens 100K (u.data and, if it is there, u.item) or in that of MovieLens latest, 20M,
25M and 32M (ratings.csv and, if they are there, movies.csv and links.csv). Out: the two frames of a `RawDataset`, the
ratings in file order. Ratings of 0.5 to 5 stars are doubled to ratings of 1 to 10 (1 star is 2), so that a rating
of at least 7 means at least 3.5 stars.

A movie's id is its IMDb id if links.csv gives one; otherwise it is "ml" and MovieLens's own number, such as
"ml0000050", and the movie has no link. Ratings are parsed in blocks into arrays, so that the 25 million of ml-25m fit
in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from matinee.errors import DatasetError
from matinee_export.data.readers.columns import Column, match_columns
from matinee_export.data.readers.movielens_movies import (
    FRAME,
    MOVIE,
    Movie,
    read_links,
    read_movies_csv,
    read_u_item,
    refuse_nothing,
)
from matinee_export.data.readers.reader import Frames, Reader
from matinee_export.data.readers.table import Table

NOTE = "Ratings of MovieLens, without texts and posters; its stars are doubled to ratings of 1 to 10, so 1 star is 2."
"""The note on such a dataset in reports, unless the folder's dataset.json has one."""

STAR = 2.0
"""Rating points per star."""

FEWEST_STARS, MOST_STARS = 0.5, 5.0

ABSENT = ("review_id", "summary", "text", "spoiler", "helpful", "score", "poster")
"""Columns of other datasets that MovieLens lacks."""

_YEAR_10000 = 253_402_300_800  # in seconds since 1970; Python's dates end with the year 9999
_BLOCK = 500_000  # rows parsed at a time
_LINE = 16_384  # longest line in bytes, hundreds of times as long as a rating
_DIGITS = 40
_SPARE = 8  # surplus fields per row that are counted as an error of the row; with more, reading the file fails
_FIELDS = ("user", "movie", "stars", "seconds")
_RATING_COLUMNS = {
    "user": Column(("userId", "user"), "reviewer"),
    "movie": MOVIE,
    "stars": Column(("rating", "stars"), "rating"),
    "seconds": Column(("timestamp", "time"), "timestamp"),
}


def is_movielens(folder: Path) -> bool:
    """Return whether a folder is in a MovieLens layout: it has u.data or ratings.csv, and no reviews.csv."""
    return MOVIELENS_100K.detects(folder) or MOVIELENS_CSV.detects(folder)


def _read(layout: _Layout, folder: Path, set_aside: Counter[str], noted: Counter[str]) -> Frames:
    """Read a folder in the given layout; the other arguments are those of `Reader.read`."""
    ratings = _read_ratings(folder / layout.ratings, layout, set_aside, noted)
    if (folder / layout.movies).is_file():
        listed = layout.read_movies(folder, set_aside, noted)
    else:
        numbers = np.unique(ratings.movie).tolist()
        listed = [Movie(number, f"Movie {number}", None, ()) for number in numbers]
        noted[f"{layout.movies}: not there, movies are called by their number"] += len(listed)
    imdb = read_links(folder / "links.csv", set_aside, noted) if layout.links else {}
    movies = pd.DataFrame([movie.row(imdb) for movie in listed], columns=list(FRAME))
    reviews = _reviews(ratings, [movie.number for movie in listed], movies["movie_id"].tolist())
    if unknown := len(ratings.movie) - len(reviews):
        set_aside[f"{layout.ratings}: unknown movie"] += unknown
    refuse_nothing(layout.ratings, len(reviews), set_aside)
    noted[f"{layout.ratings}: stars doubled to a rating"] += len(reviews)
    absent = tuple(f"{layout.ratings}: {name}" for name in ABSENT)
    return Frames(movies.astype({"year": "Int16", "score": "float64"}), reviews, absent)


@dataclass(frozen=True)
class _Ratings:
    """Usable rows of the ratings file, (n,) each."""

    row: NDArray[np.int64]  # number in the file, from 1
    user: NDArray[np.int64]
    movie: NDArray[np.int64]
    stars: NDArray[np.float32]
    seconds: NDArray[np.int64]  # since 1970, or numpy's NaT


def _read_ratings(path: Path, layout: _Layout, set_aside: Counter[str], noted: Counter[str]) -> _Ratings:
    options = layout.options(path)
    try:
        _refuse_long_lines(path, layout)
        with catch_warnings():
            simplefilter("error", pd.errors.ParserWarning)  # pandas merely warns if the first row has too many fields
            with pd.read_csv(path, chunksize=_BLOCK, **options) as reader:
                blocks = [_usable(block, path.name, set_aside, noted) for block in reader]
    except (pd.errors.ParserError, pd.errors.ParserWarning, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise DatasetError(f"{path.name} cannot be read ({reason}); expected {layout.expected}") from None
    except OSError as error:
        raise DatasetError(f"{path.name} cannot be read: {error.strerror or error}") from None
    refuse_nothing(path.name, sum(len(block.row) for block in blocks), set_aside, f"; expected {layout.expected}")
    return _Ratings(*(np.concatenate(parts) for parts in zip(*(vars(b).values() for b in blocks), strict=True)))


def _refuse_long_lines(path: Path, layout: _Layout) -> None:
    """Raise DatasetError if a block of _LINE bytes has no line end: pandas takes minutes for a million fields."""
    with path.open("rb") as file:
        while (piece := file.read(_LINE)) and (b"\n" in piece or b"\r" in piece):
            pass
    if len(piece) == _LINE:
        raise DatasetError(f"{path.name} has a line of {_LINE:,} characters or more; expected {layout.expected}")


def _usable(block: pd.DataFrame, file: str, set_aside: Counter[str], noted: Counter[str]) -> _Ratings:
    """Return the usable rows of a block and count the others by the first reason that applies."""
    number = {name: _numbers(block[name]) for name in _FIELDS}
    stars = number["stars"]
    wrong = {
        "wrong number of fields": block.iloc[:, len(block.columns) - _SPARE :].notna().any(axis=1).to_numpy(),
        "no reviewer": ~_is_whole(number["user"]),
        "no movie": ~_is_whole(number["movie"]),
        "rating is not a number": np.isnan(stars),
        "rating outside 0.5 to 5 stars": ~np.isnan(stars) & ~((stars >= FEWEST_STARS) & (stars <= MOST_STARS)),
    }
    fine = np.ones(len(block), bool)
    for reason, rows in wrong.items():
        if count := int((rows & fine).sum()):
            set_aside[f"{file}: {reason}"] += count
        fine &= ~rows
    dated = _is_whole(number["seconds"]) & (number["seconds"] < _YEAR_10000)
    if undated := int((fine & ~dated).sum()):
        noted[f"{file}: date not understood"] += undated
    seconds = np.where(dated, number["seconds"], 0).astype(np.int64)
    seconds[~dated] = np.datetime64("NaT").astype(np.int64)
    whole = {name: number[name][fine].astype(np.int64) for name in ("user", "movie")}
    row = np.asarray(block.index, dtype=np.int64)[fine] + 1
    return _Ratings(row, whole["user"], whole["movie"], stars[fine].astype(np.float32), seconds[fine])


def _numbers(column: pd.Series[Any]) -> NDArray[np.float64]:
    """Return a column's numbers, NaN for texts that are none or longer than _DIGITS: pandas raises on 400 digits."""
    if not is_numeric_dtype(column):
        column = column.where(column.astype(str).str.len() <= _DIGITS)
    return pd.to_numeric(column, errors="coerce").to_numpy(np.float64)


def _is_whole(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which values are whole numbers from 0 to below 2^40, the range of valid ids and timestamps."""
    with np.errstate(invalid="ignore"):
        return np.asarray((values >= 0) & (values < 2.0**40) & (values == np.floor(values)))


def _reviews(ratings: _Ratings, numbers: Sequence[int], ids: Sequence[str]) -> pd.DataFrame:
    """Return the frame that `RawDataset.reviews` describes; ratings of movies not in `numbers` are left out."""
    id_of = dict(zip(numbers, ids, strict=True))
    rated, movie = np.unique(ratings.movie, return_inverse=True)
    names = [id_of.get(number, "") for number in rated.tolist()]
    categories = pd.Index(sorted(set(names) - {""}))
    code = categories.get_indexer(pd.Index(names))[movie]
    known = code >= 0
    people, user = np.unique(ratings.user[known], return_inverse=True)
    reviewers = pd.Index([f"movielens {number}" for number in people.tolist()])
    n = int(known.sum())
    index = pd.Index(ratings.row[known], name="row")
    wordless = pd.Series("", index, dtype=object)
    columns = {
        "review_id": wordless,
        "reviewer": pd.Categorical.from_codes(user, categories=reviewers),
        "movie_id": pd.Categorical.from_codes(code[known], categories=categories),
        "rating": ratings.stars[known] * np.float32(STAR),
        "summary": wordless,
        "text": wordless,
        "date": ratings.seconds[known].view("datetime64[s]"),
        "spoiler": pd.arrays.IntegerArray(np.zeros(n, np.int8), np.ones(n, np.bool_)),
        "helpful": np.full(n, -1, np.int32),
        "helpful_of": np.full(n, -1, np.int32),
    }
    return pd.DataFrame(columns, index)


def _tabbed(path: Path) -> dict[str, Any]:
    """Return the options with which pandas reads u.data."""
    return {"sep": "\t", "header": None, "names": _with_spare(_FIELDS), "encoding": "latin-1", **_PLAIN}


def _with_header(path: Path) -> dict[str, Any]:
    """Return the options with which pandas reads ratings.csv, whose columns may be in any order."""
    header = Table(path, _RATING_COLUMNS).header
    places = match_columns(path.name, header, _RATING_COLUMNS)
    ours = {place: name for name, place in places.items()}
    names = [ours.get(place, f"other {place}") for place in range(len(header))]
    return {"header": None, "skiprows": 1, "names": _with_spare(names), "encoding": "utf-8-sig", **_PLAIN}


def _with_spare(names: Sequence[str]) -> list[str]:
    return [*names, *(f"spare {number}" for number in range(_SPARE))]


_PLAIN: Mapping[str, Any] = {"index_col": False, "low_memory": False}


@dataclass(frozen=True)
class _Layout:
    """One of GroupLens's folder layouts.

    Attributes:
        ratings: Name of the ratings file.
        movies: Name of the movies file.
        options: Returns the options of pandas.read_csv for the ratings file, given its path.
        read_movies: Reads the movies file; takes the folder and the counters `set_aside` and `noted`.
        expected: Description of the ratings file's fields, for errors.
        links: Whether the layout may have a links.csv with IMDb ids.
    """

    ratings: str
    movies: str
    options: Callable[[Path], dict[str, Any]]
    read_movies: Callable[[Path, Counter[str], Counter[str]], list[Movie]]
    expected: str
    links: bool


def _reader(layout: _Layout) -> Reader:
    def detects(folder: Path) -> bool:
        return (folder / layout.ratings).is_file() and not (folder / "reviews.csv").exists()

    return Reader(f"{layout.ratings} of MovieLens", detects, partial(_read, layout), NOTE)


MOVIELENS_100K = _reader(
    _Layout("u.data", "u.item", _tabbed, read_u_item, "user, movie, stars and seconds with tabs between", False)
)
MOVIELENS_CSV = _reader(
    _Layout("ratings.csv", "movies.csv", _with_header, read_movies_csv, "userId,movieId,rating,timestamp", True)
)
