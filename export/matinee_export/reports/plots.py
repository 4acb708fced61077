"""Draws the plots of reports in a common style, legible on light and dark pages and without colour vision.

In: a title and numbers. Out: SVG text, the same bytes for the same numbers: transparent, with words and axes in the
colour of the surrounding text (`currentColor`; a middle grey in a file of its own), and words as text, so that they can
be searched. NaN and infinite values are not drawn.
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
    """Draw one bar per name, in order; horizontal bars start at the top and are labelled with their values."""
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
    """Draw one interval with its mean per name, from the top.

    Args:
        title: Title above the plot.
        points: Mean, lower and upper end of the interval, by name.
        xlabel: Label of the horizontal axis.
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
    """Draw a line through the (x, y) points of each series, with markers on series of at most 40 points."""
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
    """Draw one group of bars per entry of `groups`, one bar per name; a name has the same colour in all groups."""
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
    """Draw a table whose cells are coloured by their value, from dark (lowest) to bright (highest).

    Args:
        title: Title above the plot.
        rows: Names of the rows, from the top.
        columns: Names of the columns.
        values: A value for each cell, (rows, columns); cells with NaN or infinity stay empty.
        fmt: Format of a value, such as ".3f".
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
    """Draw histograms over common intervals, the first series as bars, others as outlines.

    Args:
        title: Title above the plot.
        edges: Ends of the intervals, ascending; above 0 if `log_x`.
        series: Counts in the intervals, one fewer than there are edges, by the name of the series.
        xlabel: Label of the horizontal axis.
        ylabel: Label of the vertical axis, the unit of the counts.
        log_x: Whether the horizontal axis is logarithmic.
        log_y: Whether the vertical axis is logarithmic.
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
    """Return the height in inches of a plot with this many rows."""
    return 0.95 + 0.25 * max(names, 1)


def _whole(values: Iterable[float]) -> bool:
    return all(math.isfinite(value) and value == int(value) for value in values)


def _cell(axes: Axes, column: int, row: int, share: float, text: str) -> None:
    """Draw a cell of `heat`; `share` is its value scaled from 0 (lowest) to 1 (highest)."""
    axes.add_patch(Rectangle((column - 0.48, row - 0.47), 0.96, 0.94, color=matplotlib.colormaps["cividis"](share)))
    ink = "white" if share < 0.55 else "black"  # the more legible of the two on this shade of cividis
    axes.text(column, row, text, ha="center", va="center", color=ink, fontsize=8.5)


def _decades(low: float, high: float) -> list[float]:
    """Return the powers of ten from low to high, with their multiples by 2 and 5 if there are few."""
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = (1, 2, 5) if math.log10(high / low) < 2.2 else (1,)
    return [tick for e in exponents for step in steps if low <= (tick := step * 10.0**e) <= high * 1.001]
