"""The films of the built-in sample: facts, and phrases that describe each film.

In: `films.csv` next to this module, one film per row; items of a list in a cell are separated by `|`. Out: `Film`
records, sorted by IMDb id. Ids, titles, years, genres, directors and scores are facts; themes, moods, pace, setting,
premise and highlight were written for Matinee and feed the made-up reviews and posters.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Film:
    """One real film.

    Attributes:
        imdb_id: `tt` and at least seven digits.
        title: title without the year.
        year: year of first release.
        genres: at least one, in the spelling of the paper's data ("Sci-Fi", "Film-Noir").
        director: one name, or several joined by " and ".
        score: IMDb score, 1.0 to 10.0, or None if unknown.
        themes: keys of the themes in `phrases/themes.json`, the most characteristic first.
        moods: keys of the moods in `phrases/moods.json`, the strongest first.
        pace: one of "slow", "steady", "brisk", "fast".
        setting: place and time of the story with a preposition: "in 1930s Los Angeles".
        premise: subject of the story as a noun phrase: "a chemist who ...".
        highlight: a memorable part as a noun phrase: "the diner scene".
    """

    imdb_id: str
    title: str
    year: int
    genres: tuple[str, ...]
    director: str
    score: float | None
    themes: tuple[str, ...]
    moods: tuple[str, ...]
    pace: str
    setting: str
    premise: str
    highlight: str


@cache
def load_films() -> tuple[Film, ...]:
    """Read every film of the sample, sorted by IMDb id."""
    text = resources.files(__package__).joinpath("films.csv").read_text(encoding="utf-8")
    return tuple(_film(row) for row in csv.DictReader(text.splitlines()))


def _film(row: dict[str, str]) -> Film:
    return Film(
        imdb_id=row["imdb_id"],
        title=row["title"],
        year=int(row["year"]),
        genres=tuple(row["genres"].split("|")),
        director=row["director"],
        score=float(row["score"]) if row["score"] else None,
        themes=tuple(row["themes"].split("|")),
        moods=tuple(row["moods"].split("|")),
        pace=row["pace"],
        setting=row["setting"],
        premise=row["premise"],
        highlight=row["highlight"],
    )
