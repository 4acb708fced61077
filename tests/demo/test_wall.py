"""The wall of well-known films: which ones, and what a click says."""

from __future__ import annotations

from matinee.catalogue import Catalogue, Movie
from matinee_demo.wall import PAGE, render_wall, wall_movies


def _movie(number: int, genre: str, year: int | None, liked: int, *, poster: bool = True) -> Movie:
    name = f"tt{number:07}"
    return Movie(name, f"Film {number}", year, (genre,), liked=liked, poster=f"posters/{name}.jpg" if poster else None)


CROWDED = [_movie(number, "Drama", 1994, 1000 - number) for number in range(30)]
RARE = [_movie(100, "Western", 1952, 200), _movie(101, "Horror", 1980, 190), _movie(102, "Comedy", None, 180)]


def test_the_best_known_film_comes_first_and_rarer_kinds_are_among_the_first() -> None:
    chosen = wall_movies(Catalogue([*CROWDED, *RARE]), size=8)
    assert chosen[0] is CROWDED[0]
    assert {movie.genres[0] for movie in chosen} == {"Drama", "Western", "Horror", "Comedy"}


def test_no_film_is_there_twice_and_none_without_a_poster() -> None:
    chosen = wall_movies(Catalogue([*CROWDED, *RARE, _movie(200, "Drama", 2001, 5000, poster=False)]), size=40)
    assert len({movie.id for movie in chosen}) == len(chosen) == len(CROWDED) + len(RARE)


def test_a_catalogue_without_posters_has_an_empty_wall() -> None:
    assert wall_movies(Catalogue([_movie(1, "Drama", 1990, 5, poster=False)])) == []
    assert "Other films" not in render_wall([], {}, 0)


def test_clicks_go_from_liked_to_not_for_me_to_no_opinion() -> None:
    said = {"": "liked", "liked": "not", "not": "not"}
    for before, click in said.items():
        html = render_wall(RARE, {RARE[0].id: before} if before else {}, 0)
        assert f'data-movie="{RARE[0].id}" data-said="{click}"' in html


def test_pages_go_round() -> None:
    movies = wall_movies(Catalogue([*CROWDED, *RARE]), size=30)
    first, second = render_wall(movies, {}, 0), render_wall(movies, {}, 1)
    assert first.count("mt-brick") == PAGE
    assert movies[0].id in first
    assert movies[0].id not in second
    assert movies[PAGE].id in second
    assert render_wall(movies, {}, 3) == first
