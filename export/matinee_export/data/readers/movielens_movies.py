"""Reads the movies of a MovieLens folder: u.item of MovieLens 100K, or movies.csv and links.csv of the later ones.

In: the folder. Out: a `Movie` for each usable line, in file order, its title with the article in front, and the IMDb
ids that links.csv gives.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from matinee.errors import DatasetError
from matinee_export.data.readers.columns import Column
from matinee_export.data.readers.table import Table, count_list
from matinee_export.data.readers.values import parse_genres, parse_id, parse_year, split_title

FRAME = ("movie_id", "title", "year", "genres", "score", "link", "poster")
"""The columns of `RawDataset.movies`."""

GENRES = (
    *("Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama", "Fantasy"),
    *("Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western"),
)
"""Genres of u.item's flags, in their order; the flag before them stands for "unknown"."""

MOVIE = Column(("movieId", "movie", "item_id"), "movie")
"""The column with MovieLens's own movie number."""

_MOVIE_COLUMNS = {"movie": MOVIE, "title": Column(("title",), "title"), "genres": Column(("genres", "genre"))}
_LINK_COLUMNS = {"movie": MOVIE, "imdb": Column(("imdbId", "imdb"), "IMDb id")}
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_KIND = re.compile(r"\s*\((?:V|TV|VG)\)$")  # "(1995) (V)": made for video
_ARTICLE = re.compile(r"(.+?), (The|An?|Les?|La|L'|Il|Lo|El|L[ao]s|Une?|Una|Der|Die|Das|Den|Det|O|Os|As)( \(.*)?")


@dataclass(frozen=True)
class Movie:
    """A movie of a usable line: MovieLens's number for it, title without the year, year and genres."""

    number: int
    title: str
    year: int | None
    genres: Sequence[str]

    def row(self, imdb: Mapping[int, str]) -> tuple[Any, ...]:
        """Return the movie as a row of `FRAME`, with id and link from `imdb`, or an id from its number and no link."""
        real = imdb.get(self.number)
        link = f"https://www.imdb.com/title/{real}/" if real else ""
        return real or f"ml{self.number:07d}", self.title, self.year, list(self.genres), np.nan, link, ""


def read_u_item(folder: Path, set_aside: Counter[str], noted: Counter[str]) -> list[Movie]:
    """Read u.item: number | title | release date | video release date | address | 19 genre flags, in Latin-1."""
    movies: list[Movie] = []
    rejected: Counter[str] = Counter()
    with (folder / "u.item").open(encoding="latin-1", newline="\n") as lines:
        for line in filter(str.strip, lines):
            fields = line.rstrip("\r\n").split("|", len(GENRES) + 6)
            if len(fields) != len(GENRES) + 6:
                rejected["u.item: wrong number of fields"] += 1
                continue
            flags = [genre for genre, flag in zip(GENRES, fields[6:], strict=True) if flag == "1"]
            movie = _movie(fields[0], fields[1], flags, released=fields[2].rpartition("-")[2])
            _keep(movie, "u.item", movies, rejected)
    return _kept("u.item", movies, rejected, set_aside)


def read_movies_csv(folder: Path, set_aside: Counter[str], noted: Counter[str]) -> list[Movie]:
    """Read MovieLens's movies.csv: movieId, title with year, genres with | between."""
    movies: list[Movie] = []
    rejected: Counter[str] = Counter()
    for _, (number, title, genres) in Table(folder / "movies.csv", _MOVIE_COLUMNS).rows(rejected):
        if (known := parse_genres(genres)) is None:
            noted["movies.csv: genres not understood"] += 1
        _keep(_movie(number, title, known or []), "movies.csv", movies, rejected)
    return _kept("movies.csv", movies, rejected, set_aside)


def _movie(number: str, title_text: str, genres: Sequence[str], released: str = "") -> Movie | str:
    """Return the movie, or the reason why its line cannot be used."""
    title, year = split_title(_KIND.sub("", title_text.strip()))
    if not _NUMBER.fullmatch(number.strip()):
        return "no usable id"
    return Movie(int(number), _in_order(title), year or parse_year(released), genres) if title else "no title"


def _in_order(title: str) -> str:
    """Move a title's article to the front: "Matrix, The" to "The Matrix", "Haine, La (It)" to "La Haine (It)"."""
    if not (match := _ARTICLE.fullmatch(title)):
        return title
    name, article, rest = match.groups(default="")
    space = "" if article.endswith("'") else " "
    return f"{article}{space}{name}{rest}"


def _keep(movie: Movie | str, file: str, movies: list[Movie], rejected: Counter[str]) -> None:
    if isinstance(movie, Movie):
        movies.append(movie)
    else:
        rejected[f"{file}: {movie}"] += 1


def _kept(file: str, movies: list[Movie], rejected: Counter[str], set_aside: Counter[str]) -> list[Movie]:
    set_aside.update(rejected)
    refuse_nothing(file, len(movies), rejected)
    return movies


def read_links(path: Path, set_aside: Counter[str], noted: Counter[str]) -> dict[int, str]:
    """Read links.csv; return IMDb ids by MovieLens's number. An id given to several movies is kept for the first."""
    if not path.is_file():
        return {}
    imdb: dict[int, str] = {}
    taken: set[str] = set()
    for _, (number, id_text) in Table(path, _LINK_COLUMNS).rows(set_aside):
        movie_id = parse_id(id_text)
        if movie_id is None or not _NUMBER.fullmatch(number.strip()):
            noted[f"{path.name}: no usable id"] += 1
        elif movie_id in taken:
            noted[f"{path.name}: IMDb id shared by several movies"] += 1
        else:
            imdb[int(number)] = movie_id
            taken.add(movie_id)
    return imdb


def refuse_nothing(file: str, usable: int, reasons: Mapping[str, int], expected: str = "") -> None:
    """Raise DatasetError if `usable`, the number of usable rows of `file`, is 0, with the counts of its `reasons`."""
    if not usable:
        mine = {reason: count for reason, count in reasons.items() if reason.startswith(f"{file}: ")}
        reasons_given = count_list(mine) if mine else "it has none"
        raise DatasetError(f"no row of {file} can be used ({reasons_given}){expected}")
