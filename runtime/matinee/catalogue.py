"""The movies of a bundle, in the row order that every vector file shares.

In: `catalogue.jsonl`, one JSON object a line. Out: `Movie` records and the arrays that filters work on. Knows nothing
of models; finding a movie by what a person typed is the business of `titles`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from matinee.errors import BundleError


@dataclass(frozen=True)
class Quote:
    """A spoiler-free line that someone wrote about a movie."""

    text: str
    reviewer: str


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

    id: str
    title: str
    year: int | None = None
    genres: tuple[str, ...] = ()
    score: float | None = None
    link: str = ""
    poster: str | None = None
    ratings: int = 0
    reviews: int = 0
    liked: int = 0
    quote: Quote | None = None

    def __str__(self) -> str:
        return self.title if self.year is None else f"{self.title} ({self.year})"

    def to_json(self) -> dict[str, Any]:
        """Return the movie as the JSON object of its catalogue line."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Movie:
        """Read a movie from the JSON object of its catalogue line."""
        quote = data.get("quote")
        return cls(**{**data, "genres": tuple(data["genres"]), "quote": Quote(**quote) if quote else None})


_FIELDS = {field.name for field in fields(Movie)}


class _Stored(Sequence[Movie]):
    """The movies of a catalogue file, each made from its JSON object when it is first asked for.

    A question looks at a few movies and at a column or two, and making ten thousand records takes as long as reading
    them.

    Args:
        path: The file.

    Raises:
        BundleError: A line is not a movie; it is named.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.name
        lines = path.read_bytes().splitlines()
        try:
            self._rows: list[Any] = json.loads(b"[" + b",".join(lines) + b"]")
        except ValueError:
            self._rows = [self._parsed(number, line) for number, line in enumerate(lines, start=1)]
        self._movies: list[Movie | None] = [None] * len(self._rows)
        for row, data in enumerate(self._rows):
            if type(data) is not dict or data.keys() != _FIELDS:
                self._movies[row] = self._made(row)

    def __getitem__(self, row: Any) -> Any:  # noqa: ANN401 - Sequence's overloads of int and slice
        if isinstance(row, slice):
            return tuple(self[i] for i in range(*row.indices(len(self))))
        movie = self._movies[row]
        if movie is None:
            movie = self._movies[row] = self._made(range(len(self))[row])
        return movie

    def __len__(self) -> int:
        return len(self._movies)

    def column(self, name: str) -> list[Any]:
        """The field called `name` of every movie, without making a record of each."""
        pairs = zip(self._rows, self._movies, strict=True)
        return [data[name] if movie is None else getattr(movie, name) for data, movie in pairs]

    def _parsed(self, number: int, line: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
        try:
            return json.loads(line)
        except ValueError as error:
            raise self._no_movie(number, error) from None

    def _made(self, row: int) -> Movie:
        try:
            return Movie.from_json(self._rows[row])
        except (TypeError, KeyError, AttributeError) as error:
            raise self._no_movie(row + 1, error) from None

    def _no_movie(self, number: int, error: Exception) -> BundleError:
        return BundleError(f"{self._file} line {number} is not a movie ({error}); build the bundle again")


class Catalogue(Sequence[Movie]):
    """All movies of a bundle; position in it is the movie's row in every vector file.

    Args:
        movies: The movies in row order.
    """

    def __init__(self, movies: Sequence[Movie]) -> None:
        self._movies = movies if isinstance(movies, _Stored) else tuple(movies)

    @classmethod
    def load(cls, path: Path) -> Catalogue:
        """Read `catalogue.jsonl`; raises BundleError naming the line that is not a movie."""
        return cls(_Stored(path))

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
        return self._movies.column(name) if isinstance(self._movies, _Stored) else [getattr(m, name) for m in self]


def _numbers(values: Sequence[float | None]) -> npt.NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
