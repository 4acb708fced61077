"""The blocks that a report consists of, as plain data.

Sentences, headings, cells and alt texts may contain **bold**, `code` and [links](https://example.org); pass text from a
dataset, such as a title or a genre, through `plain`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

PLOTS = "plots"
"""Folder of plots and pictures, next to the report."""


@dataclass(frozen=True)
class Heading:
    """A heading; those of level 2 and 3 are listed in the table of contents.

    Attributes:
        level: 2 to 4; 1 is the document's title.
        text: Text of the heading.
    """

    level: int
    text: str

    def __post_init__(self) -> None:
        if self.level not in (2, 3, 4):
            raise ValueError(f"a heading's level is 2, 3 or 4, got {self.level}")


@dataclass(frozen=True)
class Text:
    """One paragraph."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list, one line for each item."""

    items: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A table, its first column left-aligned and the others right-aligned.

    Attributes:
        header: Names of the columns.
        rows: The cells, row by row; every row has as many as the header.
        note: A line under the table, or "".
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.header):
                raise ValueError(f"a row has {len(row)} cells, the header {len(self.header)}: {list(row)}")


@dataclass(frozen=True)
class Plot:
    """A plot.

    Attributes:
        name: Name of its file without ".svg": lower-case letters, digits and hyphens.
        svg: SVG text, as returned by `matinee_export.reports.plots`.
        alt: One or two sentences with its content and main figures, the alternative text and the caption.
    """

    name: str
    svg: str
    alt: str

    def __post_init__(self) -> None:
        _check_name(self.name)

    @property
    def file(self) -> str:
        """Path of its file, relative to the report."""
        return f"{PLOTS}/{self.name}.svg"


@dataclass(frozen=True)
class Picture:
    """A photograph.

    Attributes:
        name: Name of its file without ".jpg": lower-case letters, digits and hyphens.
        jpeg: A JPEG file's bytes.
        alt: One or two sentences on its content, the alternative text and the caption.
    """

    name: str
    jpeg: bytes
    alt: str

    def __post_init__(self) -> None:
        _check_name(self.name)

    @property
    def file(self) -> str:
        """Path of its file, relative to the report."""
        return f"{PLOTS}/{self.name}.jpg"


Block = Heading | Text | Bullets | Table | Plot | Picture


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise ValueError(f"the name of a plot is of lower-case letters, digits and single hyphens, got {name!r}")
