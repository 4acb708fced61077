"""The wall of well-known films: which ones, and what a click does."""

from __future__ import annotations

import re

import pytest

from matinee.catalogue import Catalogue, Movie
from matinee_demo.visitor import Visitor, verdicts_of, with_verdict
from matinee_demo.wall import PAGE, TURNS, render_wall, wall_movies
from matinee_demo.words import VERDICTS


def _movie(number: int, genre: str, year: int | None, liked: int, *, poster: bool = True) -> Movie:
    name = f"tt{number:07}"
    return Movie(name, f"Film {number}", year, (genre,), liked=liked, poster=f"posters/{name}.jpg" if poster else None)


CROWDED = [_movie(number, "Drama", 1994, 1000 - number) for number in range(30)]
RARE = [_movie(100, "Western", 1952, 200), _movie(101, "Horror", 1980, 190), _movie(102, "Comedy", None, 180)]
MOVIES = Catalogue([*CROWDED, *RARE])


def test_the_best_known_film_comes_first_and_rarer_kinds_are_among_the_first() -> None:
    chosen = wall_movies(MOVIES, size=8)
    assert chosen[0] is CROWDED[0]
    assert {movie.genres[0] for movie in chosen} == {"Drama", "Western", "Horror", "Comedy"}


def test_no_film_is_there_twice_and_none_without_a_poster() -> None:
    chosen = wall_movies(Catalogue([*CROWDED, *RARE, _movie(200, "Drama", 2001, 5000, poster=False)]), size=40)
    assert len({movie.id for movie in chosen}) == len(chosen) == len(CROWDED) + len(RARE)


def test_a_catalogue_without_posters_has_an_empty_wall() -> None:
    assert wall_movies(Catalogue([_movie(1, "Drama", 1990, 5, poster=False)])) == []
    assert "Other films" not in render_wall([], {}, 0)


def _brick(visitor: Visitor, movie: Movie) -> dict[str, str]:
    """The attributes of a film's button on the wall."""
    html = render_wall([movie], verdicts_of(visitor, MOVIES), 0)
    return dict(re.findall(r'([\w-]+)="([^"]*)"', html[html.index("<button") :].partition(">")[0]))


def _state(visitor: Visitor, movie: Movie) -> str:
    return verdicts_of(visitor, MOVIES).get(movie.id, "open")


def test_clicks_go_from_liked_to_not_for_me_to_no_opinion_and_round() -> None:
    visitor, states = Visitor(), []
    for _ in range(4):
        brick = _brick(visitor, RARE[0])
        visitor = with_verdict(visitor, MOVIES, brick["data-movie"], brick["data-said"])
        states.append(_state(visitor, RARE[0]))
    assert states == ["liked", "not", "open", "liked"]


@pytest.mark.parametrize("word", ["", *VERDICTS])
def test_what_the_browser_shows_at_once_is_what_the_server_answers(word: str) -> None:
    visitor = with_verdict(Visitor(), MOVIES, RARE[0].id, word) if word else Visitor()
    before = _brick(visitor, RARE[0])
    state, says = TURNS[_state(visitor, RARE[0])]
    after = with_verdict(visitor, MOVIES, RARE[0].id, before["data-said"])
    assert state == _state(after, RARE[0])
    assert _brick(after, RARE[0])["data-said"] == says
    assert f"mt-{state}" in _brick(after, RARE[0])["class"]


def test_after_the_last_page_comes_the_first() -> None:
    movies = wall_movies(MOVIES, size=30)
    first, second = render_wall(movies, {}, 0), render_wall(movies, {}, 1)
    assert first.count("mt-brick") == PAGE
    assert movies[0].id in first
    assert movies[0].id not in second
    assert movies[PAGE].id in second
    assert render_wall(movies, {}, 3) == first
