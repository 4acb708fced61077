"""Finds the movie that a review is about, by IMDb id if one is given, otherwise by title and year.

In: the movies of movies.csv as (id, title without year, year). Out: the id of the movie that a review names. If several
movies have the same title, the one with the smallest id is used and marked as ambiguous. The join is exact, unlike the
runtime's `matinee.titles`, which tolerates typing errors. Reads no files.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from matinee_export.data.readers.values import parse_id, split_title

LONGEST = 1000
"""Number of characters of a title that are compared, more than any film title has."""


class Found(NamedTuple):
    """The movie that a review is about.

    Attributes:
        movie_id: Its id, or None if movies.csv has no such movie.
        shared: Whether other movies have the same title, and the same year if one was given.
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
        """Return the movie named in a row of reviews.csv.

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
        # Title and year must match; a movie without a year in movies.csv matches its title with any year.
        ids = (
            self._undated.get(_key(title), [])
            if year is None
            else self._dated.get((_key(title), year)) or self._dated.get((_key(title), None), [])
        )
        return Found(ids[0], shared=len(ids) > 1) if ids else self._by_id(text)


def _key(title: str) -> str:
    # Cut first: normalization takes time quadratic in the number of combining marks on one letter.
    return unicodedata.normalize("NFC", " ".join(title.split())[:LONGEST]).casefold()
