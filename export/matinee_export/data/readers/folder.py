"""Reads a dataset folder in any known layout.

In: a folder, with an optional `dataset.json` {"name", "made_up", "note"}. Out: a `RawDataset`: the usable rows,
duplicates included, and counts of unusable ones by reason. `clean` handles duplicates and missing ratings.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from unicodedata import category

import pandas as pd

from matinee.errors import DatasetError
from matinee_export.data.readers.movies import FILE as MOVIES
from matinee_export.data.readers.registry import READERS
from matinee_export.data.readers.reviews import FILE as REVIEWS

ABOUT = "dataset.json"
LONGEST_ABOUT = 10_000
"""Largest number of bytes read of dataset.json, which holds a name and a few sentences."""

_LAYOUTS = f"a dataset folder holds {', or '.join(reader.layout for reader in READERS)}"


@dataclass(frozen=True)
class RawDataset:
    """A dataset folder as read: parsed, joined, not yet cleaned.

    Attributes:
        name: The dataset's name.
        folder: Where it was read from.
        movies: movie_id, title, year (Int16), genres (list of str), score (float64), link, poster; in file order.
        reviews: review_id ("" where the file has none), reviewer (category), movie_id (category), rating (float32, NaN
            where missing), summary, text, date (datetime64[s]), spoiler (Int8), helpful and helpful_of (int32, -1
            where not given); in file order, the index being the row's number in the file, from 1.
        set_aside: How many rows, or posters of rows, could not be used, by reason.
        noted: How often each kind of oddity was found in rows that were used all the same.
        absent: Optional columns that the files lack, such as "reviews.csv: spoiler".
        made_up: Whether the dataset is invented, like the built-in sample.
        note: A sentence about the dataset, or "".
    """

    name: str
    folder: Path
    movies: pd.DataFrame
    reviews: pd.DataFrame
    set_aside: dict[str, int]
    noted: dict[str, int]
    absent: tuple[str, ...]
    made_up: bool = False
    note: str = ""


def read_dataset(folder: str | Path) -> RawDataset:
    """Read a dataset folder.

    Args:
        folder: A folder with movies.csv, reviews.csv and, usually, posters/; or a MovieLens folder.

    Raises:
        DatasetError: The folder or a file is missing, a file is not CSV, a required column is missing, or no row can
            be used. The message names the file, what was found and what was expected.
    """
    try:
        return _read(Path(folder))
    except OSError as error:  # a file that was found may be gone, or locked, when it is opened
        raise DatasetError(f"{folder} cannot be read: {error.strerror or error}; {_LAYOUTS}") from None


def _read(folder: Path) -> RawDataset:
    reader = next((reader for reader in READERS if reader.detects(folder)), None)
    if reader is None:
        raise _unknown_layout(folder)
    about = _read_about(folder / ABOUT)
    set_aside: Counter[str] = Counter()
    noted: Counter[str] = Counter()
    frames = reader.read(folder, set_aside, noted)
    return RawDataset(
        name=about.get("name") or folder.resolve().name,
        folder=folder,
        movies=frames.movies,
        reviews=frames.reviews,
        set_aside=dict(sorted(set_aside.items())),
        noted=dict(sorted(noted.items())),
        absent=frames.absent,
        made_up=about.get("made_up", False),
        note=about.get("note", reader.note),
    )


def _unknown_layout(folder: Path) -> DatasetError:
    """Return the error for a folder in no known layout, with the files found and a file that may need renaming."""
    if not folder.is_dir():
        return DatasetError(f"{folder} is {'not a folder' if folder.exists() else 'not there'}; {_LAYOUTS}")
    names = sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    files = [name if name.isprintable() else ascii(name) for name in names]
    missing = next((name for name in (MOVIES, REVIEWS) if name not in files), MOVIES)
    nearest = get_close_matches(missing, [file for file in files if file not in (MOVIES, REVIEWS)], n=1)
    listed = ", ".join(files[:10]) + (", ..." if len(files) > 10 else "") if files else "no files"
    hint = f" (rename {nearest[0]!r}?)" if nearest else ""
    return DatasetError(f"there is no {missing} in {folder}; found {listed}{hint}; {_LAYOUTS}")


def _read_about(path: Path) -> dict[str, Any]:
    """Return the content of dataset.json, {} if there is no such file."""
    if not path.is_file():
        return {}
    kinds: dict[str, type] = {"name": str, "made_up": bool, "note": str}
    try:
        with path.open("rb") as file:
            about = json.loads(file.read(LONGEST_ABOUT).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise DatasetError(f"{path.name} is not JSON ({error}); mend it or remove it") from None
    if not isinstance(about, dict) or not all(_is_a(kinds[key], about[key]) for key in kinds if key in about):
        raise DatasetError(
            f'{path.name} is not understood; expected {{"name": text, "made_up": true or false, "note": text}}'
        )
    return about


def _is_a(kind: type, value: object) -> bool:
    """Return whether a value of dataset.json has its type and, if a text, no control characters or surrogates."""
    sound = not isinstance(value, str) or all(category(letter) not in ("Cc", "Cs") for letter in value)
    return isinstance(value, kind) and sound
