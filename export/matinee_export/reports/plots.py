"""Draws a report's plots, all of one look: legible on light and on dark paper, told apart without colour.

In: a title and numbers. Out: SVG text, the same bytes for the same numbers: transparent, with words and axes in the
colour of the text around it (`currentColor`; a middle grey where it stands alone), and words as words, so that they can
be searched. What is not finite is left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import matplotlib
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from matinee_export.reports.plot_style import (
    COLOURS,
    DASHES,
    MARKERS,
    drawing,
    figures,
    log_scale,
    name_columns,
    name_rows,
    short,
    words,
)


def bars(title: str, values: Mapping[str, float], xlabel: str = "", ylabel: str = "", horizontal: bool = False) -> str:
    """Draw a bar for each name, in order; horizontal ones go from the top and have their figure beside them."""
    drawn = [value if math.isfinite(value) else 0.0 for value in values.values()]
    with drawing(title, _height(len(values)) if horizontal else 2.9, xlabel, ylabel) as sheet:
        if horizontal:
            bar = sheet.axes.barh(range(len(drawn)), drawn, color=COLOURS[0], height=0.72)
            sheet.axes.bar_label(bar, [short(value) for value in values.values()], padding=3, fontsize=8.5)
            sheet.axes.margins(x=0.14)
            name_rows(sheet.axes, list(values))
        else:
            sheet.axes.bar(range(len(drawn)), drawn, color=COLOURS[0], width=0.8)
            name_columns(sheet.axes, list(values))
        figures(sheet.axes, "x" if horizontal else "y", whole=_whole(values.values()))
    return sheet.svg


def intervals(title: str, points: Mapping[str, tuple[float, float, float]], xlabel: str) -> str:
    """Draw a dot on a line for each name, from the top.

    Args:
        title: Stands above.
        points: Mean, lower and upper end of each.
        xlabel: What is measured.
    """
    with drawing(title, _height(len(points)), xlabel, "") as sheet:
        for row, (mean, low, high) in enumerate(points.values()):
            sheet.axes.plot([low, high], [row, row], color=COLOURS[0], linewidth=2)
            sheet.axes.plot([mean], [row], "o", color=COLOURS[0], markersize=6)
        name_rows(sheet.axes, list(points))
        figures(sheet.axes, "x")
    return sheet.svg


def lines(
    title: str, series: Mapping[str, Sequence[tuple[float, float]]], xlabel: str, ylabel: str, log_x: bool = False
) -> str:
    """Draw a line through the (x, y) points of each series; few enough points have a mark each."""
    with drawing(title, 3.1, xlabel, ylabel) as sheet:
        for number, (name, points) in enumerate(series.items()):
            sheet.axes.plot(
                [x for x, _ in points],
                [y for _, y in points],
                color=COLOURS[number % len(COLOURS)],
                linestyle=DASHES[number // len(COLOURS) % len(DASHES)],
                marker=MARKERS[number % len(MARKERS)] if len(points) <= 40 else "",
                markersize=5,
                label=words(name),
            )
        if log_x:
            log_scale(sheet.axes, "x", sorted({x for points in series.values() for x, _ in points}))
            figures(sheet.axes, "x")
        figures(sheet.axes, "y")
        sheet.legend(series)
    return sheet.svg


def grouped(title: str, groups: Mapping[str, Mapping[str, float]], ylabel: str) -> str:
    """Draw, for each group, a bar for each of its names; bars of the same name have the same colour."""
    names = list(dict.fromkeys(name for group in groups.values() for name in group))
    width = 0.84 / max(len(names), 1)
    with drawing(title, 3.1, "", ylabel) as sheet:
        for number, name in enumerate(names):
            heights = [group.get(name, math.nan) for group in groups.values()]
            sheet.axes.bar(
                [column + (number - (len(names) - 1) / 2) * width for column in range(len(groups))],
                [height if math.isfinite(height) else 0.0 for height in heights],
                width=width * 0.92,
                color=COLOURS[number % len(COLOURS)],
                hatch=("", "//", "..", "xx")[number // len(COLOURS) % 4],
                label=words(name),
            )
        name_columns(sheet.axes, list(groups))
        figures(sheet.axes, "y", whole=_whole(value for group in groups.values() for value in group.values()))
        sheet.legend(names)
    return sheet.svg


def heat(title: str, rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[float]], fmt: str) -> str:
    """Draw a table whose cells are coloured by their value, from dark (lowest) to bright.

    Args:
        title: Stands above.
        rows: Names of the rows, from the top.
        columns: Names of the columns.
        values: A value for each cell, (rows, columns); a cell whose value is not finite stays empty.
        fmt: How a value is written, such as ".3f".
    """
    known = [value for row in values for value in row if math.isfinite(value)]
    norm = Normalize(min(known, default=0), max(known, default=1))
    with drawing(title, 0.9 + 0.32 * len(rows), "", "") as sheet:
        for row, cells in enumerate(values):
            for column, value in enumerate(cells):
                if math.isfinite(value):
                    _cell(sheet.axes, column, row, float(norm(value)), format(value, fmt))
        sheet.axes.set_xlim(-0.5, len(columns) - 0.5)
        name_columns(sheet.axes, columns)
        name_rows(sheet.axes, rows)
        sheet.axes.set_ylim(len(rows) - 0.5, -0.5)
        sheet.axes.spines[:].set_visible(False)
    return sheet.svg


def histogram(
    title: str,
    edges: Sequence[float],
    series: Mapping[str, Sequence[float]],
    xlabel: str,
    ylabel: str,
    log_x: bool = False,
    log_y: bool = False,
) -> str:
    """Draw how many fall between each pair of neighbouring edges: the first series as bars, others as outlines.

    Args:
        title: Stands above.
        edges: Ends of the intervals, ascending; above 0 where `log_x`.
        series: How many fall into each interval, one less than there are edges, by the name of the series.
        xlabel: What is counted by.
        ylabel: What is counted.
        log_x: Whether the edges grow by factors.
        log_y: Whether the counts are shown by their logarithm.
    """
    widths = [high - low for low, high in pairwise(edges)]
    with drawing(title, 2.9, xlabel, ylabel) as sheet:
        for number, (name, counts) in enumerate(series.items()):
            colour = COLOURS[number % len(COLOURS)]
            if number == 0:
                sheet.axes.bar(edges[:-1], counts, widths, align="edge", color=colour, label=words(name))
            else:
                sheet.axes.stairs(counts, edges, color=colour, linewidth=1.8, baseline=None, label=words(name))
        if log_x:
            log_scale(sheet.axes, "x", _decades(edges[0], edges[-1]))
        if log_y:
            highest = max((count for counts in series.values() for count in counts), default=1)
            log_scale(sheet.axes, "y", _decades(1, highest))
            sheet.axes.set_ylim(0.6, 1.6 * highest)
        sheet.axes.set_xlim(edges[0], edges[-1])
        figures(sheet.axes, "x")
        figures(sheet.axes, "y", whole=_whole(count for counts in series.values() for count in counts))
        sheet.legend(series)
    return sheet.svg


def _height(names: int) -> float:
    """Return the height in inches of a plot with so many rows."""
    return 0.95 + 0.25 * max(names, 1)


def _whole(values: Iterable[float]) -> bool:
    return all(math.isfinite(value) and value == int(value) for value in values)


def _cell(axes: Axes, column: int, row: int, share: float, text: str) -> None:
    """Draw a cell of `heat`; `share` is where its value stands between the lowest (0) and the highest (1)."""
    axes.add_patch(Rectangle((column - 0.48, row - 0.47), 0.96, 0.94, color=matplotlib.colormaps["cividis"](share)))
    ink = "white" if share < 0.55 else "black"  # the side of cividis's middle on which each is the more legible
    axes.text(column, row, text, ha="center", va="center", color=ink, fontsize=8.5)


def _decades(low: float, high: float) -> list[float]:
    """Return 1, 10, 100 ... from low to high; with 2 and 5 between them where there are few."""
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = (1, 2, 5) if math.log10(high / low) < 2.2 else (1,)
    return [tick for e in exponents for step in steps if low <= (tick := step * 10.0**e) <= high * 1.001]
