"""Writes a report as one self-contained HTML page, with embedded style, plots and pictures.

In: a title and blocks. Out: HTML, the same for the same blocks; in light or dark colours as set in the reader's system,
readable on a phone, without scripts.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator, Sequence
from functools import singledispatch
from pathlib import Path

from matinee_export.reports.blocks import Block, Bullets, Heading, Picture, Plot, Table, Text
from matinee_export.reports.inline import fold, to_html, to_text

_STYLE = Path(__file__).with_name("page.css")
_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
{contents}<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def to_page(title: str, blocks: Sequence[Block]) -> str:
    """Return a report as an HTML page.

    Args:
        title: Plain text, in which markup has no effect.
        blocks: Content of the report, in order.
    """
    anchors = list(_anchors(blocks))
    return _PAGE.format(
        title=html.escape(fold(title)),
        style=_STYLE.read_text(encoding="utf-8"),
        contents=_contents(blocks, anchors),
        body="\n".join(map(_anchored, blocks, anchors)),
    )


def _anchors(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield one HTML id per block: a unique one for each heading, "" for other blocks."""
    taken: set[str] = {block.name for block in blocks if isinstance(block, Plot | Picture)}
    for block in blocks:
        if not isinstance(block, Heading):
            yield ""
            continue
        stem = re.sub(r"\W+", "-", to_text(block.text).casefold()).strip("-") or "section"
        anchor, number = stem, 1
        while anchor in taken:
            number += 1
            anchor = f"{stem}-{number}"
        taken.add(anchor)
        yield anchor


def _contents(blocks: Sequence[Block], anchors: Sequence[str]) -> str:
    """Return a list of links to the headings of level 2 and 3, "" if there are fewer than two."""
    links = [
        f'<li class="level-{block.level}"><a href="#{anchor}">{html.escape(to_text(block.text))}</a></li>'
        for block, anchor in zip(blocks, anchors, strict=True)
        if isinstance(block, Heading) and block.level <= 3
    ]
    listed = "\n".join(links)
    return f'<nav aria-label="Contents">\n<ul>\n{listed}\n</ul>\n</nav>\n' if len(links) > 1 else ""


def _anchored(block: Block, anchor: str) -> str:
    if isinstance(block, Heading):
        return f'<h{block.level} id="{anchor}">{to_html(block.text)}</h{block.level}>'
    return _block(block)


@singledispatch
def _block(block: object) -> str:
    raise TypeError(f"not a block of a report: {type(block).__name__}")


@_block.register
def _(block: Text) -> str:
    return f"<p>{to_html(block.text)}</p>"


@_block.register
def _(block: Bullets) -> str:
    return "<ul>\n" + "".join(f"<li>{to_html(item)}</li>\n" for item in block.items) + "</ul>"


@_block.register
def _(block: Table) -> str:
    note = f"<caption>{to_html(block.note)}</caption>\n" if block.note else ""
    head = "".join(f'<th scope="col">{to_html(cell)}</th>' for cell in block.header)
    body = "".join(map(_row, block.rows))
    table = f"<table>\n{note}<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>"
    return f'<div class="wide" tabindex="0">\n{table}\n</div>'


def _row(cells: Sequence[str]) -> str:
    rest = "".join(f"<td{'' if ' ' in cell else ' class=word'}>{to_html(cell)}</td>" for cell in cells[1:])
    return f'<tr><th scope="row">{to_html(cells[0])}</th>{rest}</tr>\n'


@_block.register
def _(block: Plot) -> str:
    label = f'<svg role="img" aria-labelledby="{block.name}-alt"'
    drawing = block.svg[block.svg.index("<svg") :].rstrip()
    drawing = re.sub(r'( id="|href="#|url\(#)', rf"\g<1>{block.name}-", drawing).replace("<svg", label, 1)
    caption = f'<figcaption id="{block.name}-alt">{to_html(block.alt)}</figcaption>'
    return f'<figure id="{block.name}">\n{drawing}\n{caption}\n</figure>'


@_block.register
def _(block: Picture) -> str:
    data = base64.b64encode(block.jpeg).decode()
    image = f'<img alt="{html.escape(to_text(block.alt))}" src="data:image/jpeg;base64,{data}">'
    caption = f'<figcaption aria-hidden="true">{to_html(block.alt)}</figcaption>'
    return f'<figure id="{block.name}" class="picture">\n{image}\n{caption}\n</figure>'
