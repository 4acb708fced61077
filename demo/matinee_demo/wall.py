"""The wall: posters of well-known films, so that a visitor who tells nothing else can click the ones they like.

In: a catalogue, and what the visitor said of films. Out: the films of the wall, chosen once, and its HTML. One click
says liked, the next not for me, the third takes that back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from matinee.catalogue import Catalogue, Movie
from matinee_demo.cards import Words
from matinee_demo.templates import render
from matinee_demo.words import VERDICTS

PAGE, PAGES = 12, 5
"""How many films the wall shows at a time, and how often it has others to show."""

KNOWN = 8
"""The wall's films are chosen among this many times as many, the most liked."""

SAYS = {"open": "liked", "liked": "not", "not": "not", "seen": "liked"}
"""What a click on a film says, a key of VERDICTS, by the film's state: what was said of it, or "open" for nothing."""

AFTER = {state: "open" if word == state else word for state, word in SAYS.items()}
"""The state after that click: saying the same again takes it back, as `visitor.with_word` does."""

TURNS = {state: (after, SAYS[after]) for state, after in AFTER.items()}
"""By state: the state after a click and what the next click says, for `static/presses.js` to show at once."""


def wall_movies(catalogue: Catalogue, size: int = PAGE * PAGES) -> list[Movie]:
    """Return films that many know and that differ in genres and decades, the best known first.

    Chosen one by one: the number of likes, divided by how often the film's genres and decade are on the wall already.
    """
    order = np.argsort(-catalogue.liked, kind="stable")
    pool = [movie for movie in (catalogue[int(row)] for row in order[: size * KNOWN]) if movie.poster]
    genres: Counter[str] = Counter()
    decades: Counter[int | None] = Counter()
    chosen: list[Movie] = []
    while pool and len(chosen) < size:
        best = max(pool, key=lambda movie: (movie.liked + 1) / _crowding(movie, genres, decades))
        pool.remove(best)
        genres.update(best.genres)
        decades[_decade(best)] += 1
        chosen.append(best)
    return chosen


def render_wall(movies: Sequence[Movie], said: Words, page: int) -> str:
    """Return one page of the wall of `movies`; pages go round."""
    pages = max(1, -(-len(movies) // PAGE))
    start = PAGE * (page % pages)
    bricks = [_brick(movie, said.get(movie.id, "open")) for movie in movies[start : start + PAGE]]
    return render("wall.html", bricks=bricks, turns=TURNS, more=pages > 1)


def _brick(movie: Movie, state: str) -> dict[str, Any]:
    return {"movie": movie, "state": state, "says": SAYS[state], "words": VERDICTS.get(state, "no opinion")}


def _crowding(movie: Movie, genres: Counter[str], decades: Counter[int | None]) -> float:
    crowd = sum(genres[genre] for genre in movie.genres) / max(1, len(movie.genres))
    return (1 + crowd) * (1 + decades[_decade(movie)])


def _decade(movie: Movie) -> int | None:
    return None if movie.year is None else movie.year // 10
