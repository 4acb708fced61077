"""Writes a report as Markdown (GitHub's dialect), with links to plots and pictures in files next to it.

In: a title and blocks. Out: text, the same for the same blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

from matinee_export.reports.blocks import Block, Bullets, Heading, Picture, Plot, Table, Text
from matinee_export.reports.inline import plain, to_markdown


def to_page(title: str, blocks: Sequence[Block]) -> str:
    """Return a report as Markdown.

    Args:
        title: Plain text, in which markup has no effect.
        blocks: Content of the report, in order.
    """
    return "\n\n".join([f"# {to_markdown(plain(title))}", *map(_block, blocks)]) + "\n"


@singledispatch
def _block(block: object) -> str:
    raise TypeError(f"not a block of a report: {type(block).__name__}")


@_block.register
def _(block: Heading) -> str:
    return f"{'#' * block.level} {to_markdown(block.text)}"


@_block.register
def _(block: Text) -> str:
    return to_markdown(block.text)


@_block.register
def _(block: Bullets) -> str:
    return "\n".join(f"- {to_markdown(item)}" for item in block.items)


@_block.register
def _(block: Table) -> str:
    rule = "| --- |" + " ---: |" * (len(block.header) - 1)
    table = "\n".join([_line(block.header), rule, *map(_line, block.rows)])
    return f"{table}\n\n{to_markdown(block.note)}" if block.note else table


@_block.register
def _(block: Plot | Picture) -> str:
    return f"![{to_markdown(block.alt)}]({block.file})"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(to_markdown(cell).replace("|", "\\|") for cell in cells) + " |"
