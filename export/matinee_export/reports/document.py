"""A whole report: a title and blocks, and the three forms it is written in.

In: blocks. Out: Markdown, an HTML page, or a folder with both and the plots; the same bytes for the same blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from matinee import folders
from matinee_export.reports import markdown, page
from matinee_export.reports.blocks import PLOTS, Block, Picture, Plot

MARKDOWN, HTML = "REPORT.md", "report.html"
"""What the report's two forms are called in the folder that `Document.save` writes."""

REPORT = "report"
"""What kind of folder that is."""


@dataclass(frozen=True)
class Document:
    """A report.

    Attributes:
        title: In plain words: no mark has a meaning in it.
        blocks: What it holds, in order.
    """

    title: str
    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        names = [block.name for block in self.blocks if isinstance(block, Plot | Picture)]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"several plots are named {', '.join(twice)}")

    def markdown(self) -> str:
        """Return it as Markdown, with plots and pictures by their paths beside it, plots/NAME.svg or .jpg."""
        return markdown.to_page(self.title, self.blocks)

    def html(self) -> str:
        """Return it as one HTML page, plots and pictures inside."""
        return page.to_page(self.title, self.blocks)

    def save(self, folder: str | Path, beside: Mapping[str, bytes] = MappingProxyType({})) -> None:
        """Write REPORT.md, report.html and plots/ as a folder, which takes the place of an earlier report there.

        Args:
            folder: Where it goes.
            beside: Content of further files, by name.

        Raises:
            BuildError: Something that is not a report is there.
        """
        with folders.writing(folder, REPORT) as new:
            (new / PLOTS).mkdir()
            for name, content in (*self._files(), *beside.items()):
                (new / name).write_bytes(content)

    def _files(self) -> Iterator[tuple[str, bytes]]:
        for block in self.blocks:
            if isinstance(block, Plot):
                yield block.file, block.svg.encode()
            elif isinstance(block, Picture):
                yield block.file, block.jpeg
        yield MARKDOWN, self.markdown().encode()
        yield HTML, self.html().encode()
