"""The wall: posters of well-known films, so that a visitor can give a taste by clicking the ones they like.

In: a catalogue, and the visitor's verdicts. Out: the films of the wall, chosen once, and its HTML. One click means
liked, the next not for me, and the third takes that back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from matinee.catalogue import Catalogue, Movie
from matinee_demo.cards import Verdicts
from matinee_demo.templates import render
from matinee_demo.words import VERDICTS

PAGE, PAGES = 12, 5
"""Number of films on a page of the wall, and of pages."""

KNOWN = 8
"""The wall's films are chosen from the most liked films, this many times as many."""

SAYS = {"open": "liked", "liked": "not", "not": "not", "seen": "liked"}
"""The verdict that a click gives, a key of VERDICTS, by the film's state: its verdict so far, or "open" for none."""

AFTER = {state: "open" if word == state else word for state, word in SAYS.items()}
"""The state after that click: the same verdict again takes it back, as `visitor.with_verdict` does."""

TURNS = {state: (after, SAYS[after]) for state, after in AFTER.items()}
"""By state: the state after a click and the verdict of the click after it, for `static/presses.js` to show at once."""


def wall_movies(catalogue: Catalogue, size: int = PAGE * PAGES) -> list[Movie]:
    """Return well-known films of different genres and decades, the best known first.

    Chosen one by one by the number of likes, divided by how often the film's genres and decade are on the wall already.
    """
    order = np.argsort(-catalogue.liked, kind="stable")
    pool = [movie for movie in (catalogue[int(row)] for row in order[: size * KNOWN]) if movie.poster]
    genres: Counter[str] = Counter()
    decades: Counter[int | None] = Counter()
    chosen: list[Movie] = []
    while pool and len(chosen) < size:
        best = max(pool, key=lambda movie: (movie.liked + 1) / _repetition(movie, genres, decades))
        pool.remove(best)
        genres.update(best.genres)
        decades[_decade(best)] += 1
        chosen.append(best)
    return chosen


def render_wall(movies: Sequence[Movie], said: Verdicts, page: int) -> str:
    """Return one page of the wall of `movies`; after the last page comes the first."""
    pages = max(1, -(-len(movies) // PAGE))
    start = PAGE * (page % pages)
    bricks = [_brick(movie, said.get(movie.id, "open")) for movie in movies[start : start + PAGE]]
    return render("wall.html", bricks=bricks, turns=TURNS, more=pages > 1)


def _brick(movie: Movie, state: str) -> dict[str, Any]:
    return {"movie": movie, "state": state, "says": SAYS[state], "words": VERDICTS.get(state, "no opinion")}


def _repetition(movie: Movie, genres: Counter[str], decades: Counter[int | None]) -> float:
    repeated = sum(genres[genre] for genre in movie.genres) / max(1, len(movie.genres))
    return (1 + repeated) * (1 + decades[_decade(movie)])


def _decade(movie: Movie) -> int | None:
    return None if movie.year is None else movie.year // 10
