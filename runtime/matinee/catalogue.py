"""The movies of a bundle, in the row order that every vector file shares.

In: `catalogue.jsonl`, one JSON object a line. Out: `Movie` records and the arrays that filters work on. Knows nothing
of models; finding a movie by what a person typed is the business of `titles`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
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


class Catalogue(Sequence[Movie]):
    """All movies of a bundle; position in it is the movie's row in every vector file.

    Args:
        movies: The movies in row order.
    """

    def __init__(self, movies: Sequence[Movie]) -> None:
        self._movies = tuple(movies)

    @classmethod
    def load(cls, path: Path) -> Catalogue:
        """Read `catalogue.jsonl`; raises BundleError naming the line that is not a movie."""
        movies = []
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    movies.append(Movie.from_json(json.loads(line)))
                except (ValueError, TypeError, KeyError) as error:
                    raise BundleError(
                        f"{path.name} line {number} is not a movie ({error}); build the bundle again"
                    ) from None
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
        return {movie.id: row for row, movie in enumerate(self._movies)}

    @cached_property
    def years(self) -> npt.NDArray[np.float64]:
        """Year of each movie, (n_movies,), NaN where unknown."""
        return np.array([np.nan if m.year is None else m.year for m in self._movies], dtype=np.float64)

    @cached_property
    def scores(self) -> npt.NDArray[np.float64]:
        """IMDb score of each movie, (n_movies,), NaN where unknown."""
        return np.array([np.nan if m.score is None else m.score for m in self._movies], dtype=np.float64)

    @cached_property
    def liked(self) -> npt.NDArray[np.int64]:
        """How many training ratings of at least 7 each movie has, (n_movies,): its popularity."""
        return np.array([m.liked for m in self._movies], dtype=np.int64)

    @cached_property
    def ratings(self) -> npt.NDArray[np.int64]:
        """How many training ratings each movie has, (n_movies,), imputed ones not counted."""
        return np.array([m.ratings for m in self._movies], dtype=np.int64)

    @cached_property
    def genres(self) -> tuple[str, ...]:
        """Every genre that occurs, sorted."""
        return tuple(sorted({genre for movie in self._movies for genre in movie.genres}))
