"""Describes the dataset for a bundle: one catalogue entry per movie, and the dataset's entry in the manifest.

In: a dataset and the rows that the shipped models are fitted to. Out: `Catalogue` and `DatasetInfo`. The counts and
quotes of the catalogue come from those rows alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from matinee.catalogue import Catalogue, Movie, Quote
from matinee.manifest import DatasetInfo
from matinee_export.bundle.quotes import choose_quotes
from matinee_export.data import Dataset
from matinee_export.data.interactions import Interactions


def list_movies(dataset: Dataset, rows: npt.NDArray[np.int64], posters: Sequence[Path | None]) -> Catalogue:
    """Return the catalogue, in the row order of the movie table.

    Args:
        dataset: The dataset.
        rows: Rows of the review table that counts and quotes come from.
        posters: File of each movie's poster; None for a movie without a readable one.
    """
    n = len(dataset.movies)
    known = Interactions.of(dataset.reviews, rows, n)
    texts = dataset.reviews.iloc[rows]
    texts = texts[texts["text"] != ""]
    given = np.bincount(known.movies[~known.imputed], minlength=n)  # (n_movies,)
    liked = np.bincount(known.movies[known.is_like], minlength=n)  # (n_movies,)
    written = np.bincount(texts["movie"], minlength=n)  # (n_movies,)
    quotes = choose_quotes(dataset, rows)
    columns = dataset.movies[["movie_id", "title", "year", "genres", "score", "link"]].itertuples(index=False)
    return Catalogue(
        [
            Movie(
                id=movie_id,
                title=title,
                year=None if pd.isna(year) else int(year),
                genres=tuple(genres),
                score=None if pd.isna(score) else round(float(score), 1),
                link=link,
                poster=None if posters[row] is None else f"posters/{movie_id}.jpg",
                ratings=int(given[row]),
                reviews=int(written[row]),
                liked=int(liked[row]),
                quote=Quote(*quotes[row]) if row in quotes else None,
            )
            for row, (movie_id, title, year, genres, score, link) in enumerate(columns)
        ]
    )


def describe(dataset: Dataset, posters: Sequence[Path | None]) -> DatasetInfo:
    """Return the dataset's entry in the manifest."""
    reviews, readable = dataset.reviews, sum(path is not None for path in posters)
    refused = int((dataset.movies["poster"] != "").sum()) - readable
    return DatasetInfo(
        name=dataset.name,
        made_up=dataset.made_up,
        note=dataset.note,
        counts={
            "movies": len(dataset.movies),
            "reviewers": int(reviews["user"].nunique()),
            "ratings": int((~reviews["imputed"]).sum()),
            "texts": int((reviews["text"] != "").sum()),
            "posters": readable,
        },
        set_aside=dataset.set_aside | ({"poster that cannot be read": refused} if refused else {}),
    )
