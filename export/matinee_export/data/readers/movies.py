"""Parses movies.csv into a frame with a row for each usable line.

In: the opened table and the dataset folder. Out: movie_id, title (without year), year (Int16), genres (list of str),
score (float64, NaN where missing), link, poster (relative path or ""), in file order.
"""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import TypeVar

import pandas as pd

from matinee.errors import DatasetError
from matinee_export.data.readers.posters import Posters
from matinee_export.data.readers.table import Table, count_list
from matinee_export.data.readers.values import parse_genres, parse_id, parse_score, parse_year, split_title

T = TypeVar("T")

FILE = "movies.csv"
_FRAME = ["movie_id", "title", "year", "genres", "score", "link", "poster"]


def read_movies(table: Table, folder: Path, set_aside: Counter[str], noted: Counter[str]) -> pd.DataFrame:
    """Parse every row of movies.csv.

    Args:
        table: movies.csv, opened with MOVIE_COLUMNS.
        folder: The dataset folder, for posters.
        set_aside: Counts unusable rows and posters, by reason.
        noted: Counts oddities in rows that are used all the same, by kind.

    Raises:
        DatasetError: The file is not CSV, or no row of it can be used.
    """
    posters = Posters(folder)
    rejected: Counter[str] = Counter()
    rows = []
    for _, (id_text, title_text, year_text, genres, score_text, link, poster) in table.rows(rejected):
        movie_id = parse_id(id_text)
        title, year = split_title(title_text)
        if movie_id is None or not title:
            rejected[f"{FILE}: {'no title' if movie_id else 'no usable id'}"] += 1
            continue
        year = year or parse_year(year_text)
        link = link.strip() or f"https://www.imdb.com/title/{movie_id}/"
        path = posters.find(movie_id, poster, set_aside, noted)
        listed = _known(parse_genres(genres), [], "genres", noted)
        score = _known(parse_score(score_text), math.nan, "score", noted)
        rows.append((movie_id, title, year, listed, score, link, path))
    set_aside.update(rejected)
    if not rows:
        raise DatasetError(f"no row of {FILE} can be used ({count_list(rejected)}); each needs an IMDb id and a title")
    return pd.DataFrame(rows, columns=_FRAME).astype({"year": "Int16", "score": "float64"})


def _known(value: T | None, missing: T, what: str, noted: Counter[str]) -> T:
    """Return `value`; if it is None, count a field of kind `what` that was not understood and return `missing`."""
    if value is None:
        noted[f"{FILE}: {what} not understood"] += 1
    return missing if value is None else value
