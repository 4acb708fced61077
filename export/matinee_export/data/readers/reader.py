"""The type of a dataset reader: a function that recognises a folder layout and one that reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd


class Frames(NamedTuple):
    """The result of a reader: movies, reviews and absent columns, as described in `folder.RawDataset`."""

    movies: pd.DataFrame
    reviews: pd.DataFrame
    absent: tuple[str, ...]


@dataclass(frozen=True)
class Reader:
    """The reader of one layout of dataset folders.

    Attributes:
        layout: The files of such a folder, in a few words, for the error that lists the layouts.
        detects: Returns whether a folder is in this layout, judging by its file names.
        read: Reads a folder. Takes the folder and two counters that it adds to: unusable rows by reason, and oddities
            in used rows by kind. Raises DatasetError if a file is not as expected.
        note: The note on such a dataset in reports, unless the folder's dataset.json has one.
    """

    layout: str
    detects: Callable[[Path], bool]
    read: Callable[[Path, Counter[str], Counter[str]], Frames]
    note: str = ""
