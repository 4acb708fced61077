"""Which movie a review is about: by IMDb id where one is given, by title and year otherwise.

In: the movies of movies.csv as (id, title without year, year). Out: the id of the movie a review names. When several
movies have the title that was asked for, the one with the smallest id is meant, and the answer says so. Knows nothing
of files; the runtime's own `matinee.titles`, which forgives typing, serves visitors and is of no use to a strict join.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from matinee_export.data.readers.values import parse_id, split_title

LONGEST = 1000
"""Characters of a title that are compared; no title of a film has as many."""


class Found(NamedTuple):
    """The movie a review is about.

    Attributes:
        movie_id: Its id, or None where movies.csv has no such movie.
        shared: Whether other movies have the same title, and the same year where one was given.
    """

    movie_id: str | None
    shared: bool = False


class Titles:
    """Finds movies by id or title.

    Args:
        movies: (id, title without year, year or None) of every movie.
    """

    def __init__(self, movies: Iterable[tuple[str, str, int | None]]) -> None:
        self._ids: set[str] = set()
        self._dated: dict[tuple[str, int | None], list[str]] = {}
        self._undated: dict[str, list[str]] = {}
        self._remembered = lru_cache(maxsize=65536)(self._look_up)
        for movie_id, title, year in sorted(movies, key=lambda movie: movie[0]):
            if movie_id not in self._ids:
                self._ids.add(movie_id)
                self._dated.setdefault((_key(title), year), []).append(movie_id)
                self._undated.setdefault(_key(title), []).append(movie_id)

    def find(self, movie_id: str, title: str) -> Found:
        """Return the movie that a row of reviews.csv names.

        Args:
            movie_id: The row's id, in any spelling, or "".
            title: The row's title, with or without a year, or an id written in its place, or "".
        """
        return self._remembered(movie_id, title)

    def _look_up(self, movie_id: str, title: str) -> Found:
        return self._by_id(movie_id) or self._by_title(title) or Found(None)

    def _by_id(self, text: str) -> Found | None:
        movie_id = parse_id(text)
        return Found(movie_id) if movie_id in self._ids else None

    def _by_title(self, text: str) -> Found | None:
        title, year = split_title(text)
        # The year decides; a movie whose year movies.csv leaves open also answers to its title with any year.
        ids = (
            self._undated.get(_key(title), [])
            if year is None
            else self._dated.get((_key(title), year)) or self._dated.get((_key(title), None), [])
        )
        return Found(ids[0], shared=len(ids) > 1) if ids else self._by_id(text)


def _key(title: str) -> str:
    # The marks above one letter are sorted, in a time that grows with the square of their number.
    return unicodedata.normalize("NFC", " ".join(title.split())[:LONGEST]).casefold()
