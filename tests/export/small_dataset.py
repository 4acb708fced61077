"""Writes a small dataset folder in the paper's schema: two kinds of films, and reviewers who like one kind."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

MOVIES = 36
REVIEWERS = 48
WORDS = ("a tense heist, gangster and police thriller", "a touching wedding romance with a wonderful love story")
BARE = (6, 7)
"""Movies of which the dataset knows neither year nor score."""

COLOURS = ((30, 60, 200), (230, 120, 160))


def kind(movie: int) -> int:
    """Kind of a movie, and of the reviewer with that number: 0 crime, 1 romance."""
    return movie % 2


def title(movie: int) -> str:
    """Title of a movie as both tables have it."""
    return f"Film number {movie}" + ("" if movie in BARE else f" ({1960 + movie})")


def write_small_dataset(folder: Path) -> Path:
    """Write movies.csv, reviews.csv and posters/ into `folder`; return it."""
    draw = np.random.default_rng(11)
    (folder / "posters").mkdir(parents=True)
    _write(folder / "movies.csv", [_movie(movie) for movie in range(MOVIES)])
    for movie in range(MOVIES):
        noise = draw.integers(-25, 26, (48, 32, 3))
        pixels = np.clip(np.array(COLOURS[kind(movie)]) + noise, 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(folder / "posters" / f"{movie + 1}.jpg")
    _write(folder / "reviews.csv", _reviews(draw))
    return folder


def _movie(movie: int) -> dict[str, object]:
    return {
        "imdbId": movie + 1,
        "Imdb Link": f"http://www.imdb.com/title/tt{movie + 1:07d}",
        "Title": title(movie),
        "IMDB Score": "" if movie in BARE else 5 + movie % 40 / 10,
        "Genre": ("Crime|Thriller", "Romance")[kind(movie)],
        "Poster": f"posters/{movie + 1}.jpg",
    }


def _reviews(draw: np.random.Generator) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for reviewer in range(REVIEWERS):
        for movie in draw.choice(MOVIES, size=14, replace=False).tolist():
            rows.append(_review(len(rows), reviewer, movie, draw))
    return rows


def _review(number: int, reviewer: int, movie: int, draw: np.random.Generator) -> dict[str, object]:
    liked = kind(movie) == kind(reviewer)
    rating = int(draw.integers(7, 11) if liked else draw.integers(1, 6))
    text = f"{WORDS[kind(movie)]}, film {movie}, {'superb' if liked else 'boring'}"
    written = draw.random() < 0.5
    return {
        "review_id": f"r{number}",
        "reviewer": f"reviewer {reviewer}",
        "movie": title(movie),
        "rating": "" if written and draw.random() < 0.1 else rating,
        "review_summary": "seen it" if written else "",
        "review_date": f"{1 + number % 28} July {2000 + movie % 20}",
        "spoiler_tag": 0,
        "review_detail": text if written else "",
        "helpful": "['1', '2']",
    }


def _write(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
