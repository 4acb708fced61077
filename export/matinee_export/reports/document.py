"""A whole report: a title and blocks, which can be written as Markdown, as an HTML page or as a folder.

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
"""Names of the Markdown and the HTML file in the folder that `Document.save` writes."""

REPORT = "report"
"""Kind of that folder, as `matinee.folders` marks it."""


@dataclass(frozen=True)
class Document:
    """A report.

    Attributes:
        title: Plain text, in which markup has no effect.
        blocks: Content of the report, in order.
    """

    title: str
    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        names = [block.name for block in self.blocks if isinstance(block, Plot | Picture)]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"several plots are named {', '.join(twice)}")

    def markdown(self) -> str:
        """Return the report as Markdown that links plots and pictures by relative paths, plots/NAME.svg or .jpg."""
        return markdown.to_page(self.title, self.blocks)

    def html(self) -> str:
        """Return the report as one HTML page with embedded plots and pictures."""
        return page.to_page(self.title, self.blocks)

    def save(self, folder: str | Path, beside: Mapping[str, bytes] = MappingProxyType({})) -> None:
        """Write REPORT.md, report.html and plots/ into a folder, replacing an earlier report there.

        Args:
            folder: The folder to write.
            beside: Further files to write into the folder: content by name.

        Raises:
            BuildError: The folder exists and is not a report.
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
