"""Reads the layout of the paper's dataset: movies.csv, reviews.csv and posters/; joins every review to its movie.

Columns are found by their spellings, see `columns`. The CSVs are read row by row and every text is stored once.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd

from matinee.errors import DatasetError
from matinee_export.data.readers.columns import MOVIE_COLUMNS, REVIEW_COLUMNS, fold
from matinee_export.data.readers.movies import FILE as MOVIES
from matinee_export.data.readers.movies import read_movies
from matinee_export.data.readers.reader import Frames, Reader
from matinee_export.data.readers.reviews import FILE as REVIEWS
from matinee_export.data.readers.reviews import read_reviews
from matinee_export.data.readers.table import Table
from matinee_export.data.readers.titles import Titles


def is_paper(folder: Path) -> bool:
    """Return whether a folder has movies.csv and reviews.csv."""
    return all((folder / name).is_file() for name in (MOVIES, REVIEWS))


def read_paper(folder: Path, set_aside: Counter[str], noted: Counter[str]) -> Frames:
    """Read a folder for which `is_paper` is true; the arguments are those of `Reader.read`."""
    movie_table, review_table = Table(folder / MOVIES, MOVIE_COLUMNS), Table(folder / REVIEWS, REVIEW_COLUMNS)
    _check_ids_agree(movie_table, review_table)
    movies = read_movies(movie_table, folder, set_aside, noted)
    reviews = read_reviews(review_table, _titles(movies), set_aside, noted)
    absent = tuple(f"{table.path.name}: {name}" for table in (movie_table, review_table) for name in table.absent)
    return Frames(movies, reviews, absent)


def _titles(movies: pd.DataFrame) -> Titles:
    years = [None if pd.isna(year) else int(year) for year in movies["year"]]
    return Titles(zip(movies["movie_id"], movies["title"], years, strict=True))


def _check_ids_agree(movies: Table, reviews: Table) -> None:
    """Raise DatasetError if reviews.csv's id column is in movies.csv, but is not the column read as the id there."""
    ours, theirs = movies.spelling("movie_id"), reviews.spelling("movie_id")
    if theirs and fold(theirs) != fold(ours) and fold(theirs) in map(fold, movies.header):
        raise DatasetError(
            f"{REVIEWS} names movies by {theirs!r}, but {MOVIES} has both {theirs!r} and {ours!r}, and takes {ours!r} "
            f"for the IMDb id; give {REVIEWS} a column {ours!r}, or remove its {theirs!r}"
        )


PAPER = Reader(layout=f"{MOVIES}, {REVIEWS} and posters/", detects=is_paper, read=read_paper)
