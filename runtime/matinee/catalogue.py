"""The movies of a bundle, in the row order that every vector file shares.

In: `catalogue.jsonl`, one JSON object a line. Out: `Movie` records and the arrays that filters work on. The module
`titles` finds movies by title.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Meta

from matinee import records
from matinee.errors import BundleError
from matinee.records import Count, Words

LARGEST = 2_000_000_000
"""Most bytes of a catalogue's file: millions of movies."""

Title = Annotated[str, Meta(max_length=2_000)]


@dataclass(frozen=True)
class Quote:
    """A spoiler-free line that someone wrote about a movie."""

    text: Words
    reviewer: Title


@dataclass(frozen=True)
class Movie:
    """One movie of the catalogue.

    Attributes:
        id: IMDb id, such as "tt0113277".
        title: Title without the year.
        year: Year of release, or None where the dataset has none.
        genres: Genre names.
        score: IMDb score from 1 to 10, or None.
        link: Web address of its IMDb page, or "".
        poster: Poster file relative to the bundle, or None.
        ratings: Number of ratings it has in the training rows.
        reviews: Number of review texts it has in the training rows.
        liked: Number of those ratings that are at least 7.
        quote: A spoiler-free line of a review, or None.
    """

    id: Annotated[str, Meta(min_length=1, max_length=200)]
    title: Title
    year: Annotated[int, Meta(ge=0, le=9999)] | None = None
    genres: tuple[Title, ...] = ()
    score: Annotated[float, Meta(ge=0, le=10)] | None = None
    link: Title = ""
    poster: Title | None = None
    ratings: Count = 0
    reviews: Count = 0
    liked: Count = 0
    quote: Quote | None = None

    def __str__(self) -> str:
        return self.title if self.year is None else f"{self.title} ({self.year})"

    def to_json(self) -> dict[str, Any]:
        """Return the movie as the JSON object of its catalogue line."""
        return asdict(self)


class Catalogue(Sequence[Movie]):
    """All movies of a bundle; position in it is the movie's row in every vector file.

    Args:
        movies: The movies in row order.
    """

    def __init__(self, movies: Sequence[Movie]) -> None:
        self._movies = tuple(movies)

    @classmethod
    def load(cls, path: Path) -> Catalogue:
        """Read `catalogue.jsonl`; raises BundleError naming the line that is not a movie, or a duplicate id."""
        lines = records.read_bytes(path, LARGEST).splitlines()
        decoder = msgspec.json.Decoder(Movie)
        try:
            movies = [decoder.decode(line) for line in lines]
        except (msgspec.MsgspecError, RecursionError, ValueError):
            movies = [_movie(line, f"{path.name} line {number}") for number, line in enumerate(lines, start=1)]
        twice = [movie for movie, times in Counter(movie.id for movie in movies).items() if times > 1]
        if twice:
            raise BundleError(f"{path.name} has several movies with the id {twice[0]!r}; build the bundle again")
        return cls(movies)

    def save(self, path: Path) -> None:
        """Write the movies as `catalogue.jsonl`."""
        lines = (json.dumps(m.to_json(), ensure_ascii=False, sort_keys=True) + "\n" for m in self._movies)
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)

    def __getitem__(self, row: Any) -> Any:  # noqa: ANN401 - Sequence's overloads of int and slice
        return self._movies[row]

    def __len__(self) -> int:
        return len(self._movies)

    def __iter__(self) -> Iterator[Movie]:
        return iter(self._movies)

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row of each movie by its IMDb id."""
        return {movie: row for row, movie in enumerate(self._column("id"))}

    @cached_property
    def years(self) -> npt.NDArray[np.float64]:
        """Year of each movie, (n_movies,), NaN where unknown."""
        return _numbers(self._column("year"))

    @cached_property
    def scores(self) -> npt.NDArray[np.float64]:
        """IMDb score of each movie, (n_movies,), NaN where unknown."""
        return _numbers(self._column("score"))

    @cached_property
    def liked(self) -> npt.NDArray[np.int64]:
        """How many training ratings of at least 7 each movie has, (n_movies,): its popularity."""
        return np.array(self._column("liked"), dtype=np.int64)

    @cached_property
    def ratings(self) -> npt.NDArray[np.int64]:
        """How many training ratings each movie has, (n_movies,), imputed ones not counted."""
        return np.array(self._column("ratings"), dtype=np.int64)

    @cached_property
    def genres(self) -> tuple[str, ...]:
        """Every genre that occurs, sorted."""
        return tuple(sorted({genre for genres in self._column("genres") for genre in genres}))

    def _column(self, name: str) -> list[Any]:
        """The field called `name` of every movie."""
        return [getattr(movie, name) for movie in self._movies]


def _movie(line: bytes, name: str) -> Movie:
    try:
        return records.decode(line, Movie, name)
    except BundleError as error:
        raise BundleError(str(error).replace(f"{name} is damaged", f"{name} is not a movie")) from None


def _numbers(values: Sequence[float | None]) -> npt.NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
