"""The built-in sample dataset of real films with made-up reviewers, reviews and posters; needs no download.

In: a folder and a seed. Out: `movies.csv`, `reviews.csv`, `posters/*.jpg` and `dataset.json` in that folder, in the
paper's schema. The same seed gives the same bytes.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from matinee_sample.films import Film, load_films
from matinee_sample.posters import draw_poster
from matinee_sample.reviewers import invent_reviewers
from matinee_sample.rows import REVIEW_COLUMNS, movie_title, review_rows
from matinee_sample.tastes import watch

__all__ = ["SAMPLE", "Film", "load_films", "write_sample", "write_tables"]

SAMPLE = "sample"
"""Name of the built-in sample, and the value of `--data` that selects it."""

MOVIE_COLUMNS = ("imdbId", "Imdb Link", "Title", "IMDB Score", "Genre", "Poster")
_REVIEWERS = 340
_VIEWINGS = 12_000
_ABOUT = {
    "name": SAMPLE,
    "made_up": True,
    "note": "Films are real (ids, titles, years, genres, scores); reviewers, ratings, reviews and posters are made up.",
}


def write_sample(folder: Path, seed: int = 0) -> None:
    """Write the whole sample dataset into `folder`, which is created if it does not exist.

    Args:
        folder: files of the same names in it are replaced.
        seed: decides reviewers, ratings and reviews; 0 or above.
    """
    write_tables(folder, seed)
    (folder / "posters").mkdir(exist_ok=True)
    for film in load_films():
        draw_poster(film, folder / _poster(film))


def write_tables(folder: Path, seed: int = 0) -> None:
    """Write the sample without its posters; arguments as for `write_sample`."""
    rng = np.random.Generator(np.random.PCG64(seed))
    films = load_films()
    reviewers = invent_reviewers(_REVIEWERS, rng)
    viewings = watch(films, reviewers, _VIEWINGS, rng)
    folder.mkdir(parents=True, exist_ok=True)
    _write_csv(folder / "movies.csv", MOVIE_COLUMNS, map(_movie_row, films))
    _write_csv(folder / "reviews.csv", REVIEW_COLUMNS, review_rows(films, reviewers, viewings, rng))
    (folder / "dataset.json").write_text(json.dumps(_ABOUT, indent=2) + "\n", encoding="utf-8")


def _movie_row(film: Film) -> dict[str, str]:
    link = f"http://www.imdb.com/title/{film.imdb_id}"
    score = "" if film.score is None else str(film.score)
    cells = (_number(film), link, movie_title(film), score, "|".join(film.genres), _poster(film))
    return dict(zip(MOVIE_COLUMNS, cells, strict=True))


def _number(film: Film) -> str:
    """Return the IMDb id in the form of the paper's data: no letters, no leading zeros."""
    return str(int(film.imdb_id.removeprefix("tt")))


def _poster(film: Film) -> str:
    return f"posters/{_number(film)}.jpg"


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
