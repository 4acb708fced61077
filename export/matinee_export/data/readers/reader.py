"""What a reader of dataset folders is: how a layout is recognised, and what reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd


class Frames(NamedTuple):
    """What a reader returns: the movies, the reviews and the absent columns, as `folder.RawDataset` describes them."""

    movies: pd.DataFrame
    reviews: pd.DataFrame
    absent: tuple[str, ...]


@dataclass(frozen=True)
class Reader:
    """One layout of a dataset folder.

    Attributes:
        layout: What such a folder holds, in a few words, for the error that lists the layouts.
        detects: Tells whether a folder is in this layout, by its files' names.
        read: Reads it. Takes the folder, and two counters: of rows that could not be used, by reason, and of what was
            met that did not stop a row from being used, by kind. Raises DatasetError where a file is not in its layout.
        note: What a report says of such a dataset where its folder says nothing itself.
    """

    layout: str
    detects: Callable[[Path], bool]
    read: Callable[[Path, Counter[str], Counter[str]], Frames]
    note: str = ""
