"""Identifies the columns of a dataset's CSV file by known spellings, or raises an error for a missing one.

In: a header, as the list of names in the file. Out: the position of each column by Matinee's own name for it. Spellings
are compared ignoring case, spaces, underscores and punctuation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from matinee.errors import DatasetError

LONGEST = 200
"""Largest number of characters of a column's name; longer names match no column."""

LISTED = 200
"""Number of leading columns among which the error looks for a name similar to a missing one."""


@dataclass(frozen=True)
class Column:
    """A column of a dataset file.

    Attributes:
        spellings: Every known spelling, the preferred one first; if a file has several, the earliest of them is used.
        required: Name of a group of columns, at least one of which the file must have; "" for an optional column.
    """

    spellings: tuple[str, ...]
    required: str = ""


MOVIE_COLUMNS: Mapping[str, Column] = {
    "movie_id": Column(
        ("imdbId", "imdb", "tconst", "imdb_title_id", "imdb_movie_id", "title_id", "movie_imdb_id", "movie_id"), "id"
    ),
    "title": Column(
        ("Title", "movie_title", "movie", "name", "movie_name", "primary_title", "film", "film_title"), "title"
    ),
    "year": Column(("Year", "release_year", "start_year", "title_year", "movie_year")),
    "genres": Column(("Genre", "genres", "movie_genre", "movie_genres", "genre_list")),
    "score": Column(
        ("IMDB Score", "score", "imdb_rating", "movie_score", "average_rating", "avg_rating", "vote_average", "rating")
    ),
    "link": Column(("Imdb Link", "link", "url", "imdb_url", "movie_link", "movie_url", "imdb_title_link")),
    "poster": Column(
        (
            *(
                "Poster",
                "poster_path",
                "poster_file",
                "poster_image",
                "image_path",
                "image",
                "image_file",
                "image_name",
            ),
            *("img", "img_path", "img_file", "movie_poster", "path", "file", "filename"),
        )
    ),
}
"""The columns of movies.csv."""

REVIEW_COLUMNS: Mapping[str, Column] = {
    "review_id": Column(("review_id", "id", "rid")),
    "reviewer": Column(
        ("reviewer", "user", "username", "reviewer_name", "reviewer_id", "user_id", "author", "critic"), "reviewer"
    ),
    "movie": Column(("movie", "movie_title", "title", "movie_name", "film", "film_title"), "movie"),
    "movie_id": Column(
        ("imdbId", "imdb", "tconst", "imdb_title_id", "imdb_movie_id", "title_id", "movie_imdb_id", "movie_id"), "movie"
    ),
    "rating": Column(("rating", "review_rating", "user_rating", "stars", "score", "review_score", "rate"), "rating"),
    "summary": Column(("review_summary", "summary", "review_title", "headline", "review_headline")),
    "date": Column(("review_date", "date", "created", "created_at", "review_time")),
    "spoiler": Column(("spoiler_tag", "spoiler", "is_spoiler", "spoilers", "has_spoiler", "spoiler_flag")),
    "text": Column(
        ("review_detail", "review", "text", "review_text", "review_body", "content", "body", "comment", "detail"),
        "text",
    ),
    "helpful": Column(("helpful", "helpful_votes", "helpfulness", "votes", "review_helpful")),
}
"""The columns of reviews.csv."""


def fold(name: str) -> str:
    """Return a column's name normalized for comparison: letters and digits, lower case; "" if longer than LONGEST.

    >>> fold("IMDB Score"), fold("imdb_score")
    ('imdbscore', 'imdbscore')
    """
    return "".join(letter for letter in name.casefold() if letter.isalnum()) if len(name) <= LONGEST else ""


def match_columns(file: str, header: Sequence[str], columns: Mapping[str, Column]) -> dict[str, int]:
    """Find each column in a header.

    Args:
        file: Name of the file, for the error.
        header: The names in the file, in order.
        columns: The columns to find, by Matinee's name for them.

    Returns:
        The position in the header of every column found, by Matinee's name for it.

    Raises:
        DatasetError: A required column is missing. The message names file, column, header and known spellings.
    """
    places = {fold(name): place for place, name in reversed(list(enumerate(header)))}
    found = {
        ours: next(places[fold(spelling)] for spelling in column.spellings if fold(spelling) in places)
        for ours, column in columns.items()
        if any(fold(spelling) in places for spelling in column.spellings)
    }
    met = {columns[ours].required for ours in found}
    missing = [group for group in dict.fromkeys(c.required for c in columns.values()) if group and group not in met]
    if missing:
        raise DatasetError(_missing_columns(file, header, columns, missing))
    return found


def _missing_columns(file: str, header: Sequence[str], columns: Mapping[str, Column], missing: Sequence[str]) -> str:
    """Return a one-line message with the missing columns, the header found and the known spellings."""
    wanted = [_expectation(header, columns, group) for group in missing]
    shown = ", ".join(repr(name[:40]) for name in header[:20]) + (", ..." if len(header) > 20 else "")
    separator = _other_separator(header)
    hint = f"; it seems to be separated by {separator!r}, save it with commas" if separator else ""
    return f"{file} has no column for {' and none for '.join(wanted)}; found {shown}{hint}"


def _expectation(header: Sequence[str], columns: Mapping[str, Column], group: str) -> str:
    spellings = [s for column in columns.values() if column.required == group for s in column.spellings]
    folded = {fold(name): name for name in header[:LISTED]}
    near = [folded[m] for s in spellings for m in get_close_matches(fold(s), folded, n=1, cutoff=0.7)]
    nearest = f", nearest found {near[0]!r}" if near else ""
    return f"the {group} (expected {', '.join(repr(s) for s in spellings)}{nearest})"


def _other_separator(header: Sequence[str]) -> str:
    """Return the separator (";", tab or "|") that a one-column header seems to use, or ""."""
    return next((mark for mark in (";", "\t", "|") if len(header) == 1 and mark in header[0]), "")
