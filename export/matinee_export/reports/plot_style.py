"""The common style of all plots, and the conversion of a plot to reproducible SVG text.

In: matplotlib axes that a plot was drawn on. Out: SVG text whose words and axes have the colour of the surrounding text
(`currentColor`).
"""

from __future__ import annotations

import io
import math
import re
import textwrap
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from matinee_export.reports.inline import fold

WIDTH = 5.2
"""Width of every plot in inches; small, so that its words are readable on a phone."""

GREY = "#767676"
"""Colour of words and axes, equally far from white and black: contrast 4.5:1 and 4.6:1 (as defined in WCAG 2.2)."""

COLOURS = ("#3a7ebf", "#cf7d1f", "#17967a", "#b0569b", "#c8501e", "#8c7a2e", "#5a6fd8", "#7a8a94")
"""Colours of series: Okabe and Ito's (2008) for the colour-blind, adjusted to a contrast of 3:1 on white and black."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p", "*")
DASHES = ("-", "--", ":", "-.")
_LOOK = {
    "axes.axisbelow": True,
    "axes.edgecolor": GREY,
    "axes.labelcolor": GREY,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that the layout is the same on every machine
    "font.size": 9.5,
    "grid.alpha": 0.3,
    "grid.color": GREY,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "savefig.transparent": True,
    "svg.fonttype": "none",
    "svg.hashsalt": "matinee",
    "text.color": GREY,
    "text.parse_math": False,
    "xtick.color": GREY,
    "ytick.color": GREY,
}
_LONGEST = 36  # most characters of a name; longer ones are cut
_LINE = 58  # most characters in a line of a title
_ACROSS = 60  # characters that fit in a row under the columns
_ASLANT = 14  # slanted names that fit in a row under the columns
_SHORT = 5  # most characters of a name that is never slanted


class Sheet:
    """A plot that is being drawn.

    Attributes:
        axes: The matplotlib axes to draw on.
        svg: The finished plot as SVG text; "" before `finish`.
    """

    def __init__(self, height: float) -> None:
        self._figure = Figure(figsize=(WIDTH, height), layout="constrained")
        self.axes: Axes = self._figure.add_subplot()
        self.svg = ""

    def legend(self, names: Iterable[str]) -> None:
        """Draw a legend of the series under the plot, in order, if there is more than one."""
        drawn = dict(zip(*reversed(self.axes.get_legend_handles_labels()), strict=True))
        labels = list(dict.fromkeys(map(words, names)))
        if len(labels) > 1:
            handles = [drawn[label] for label in labels]
            self._figure.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 4), fontsize=9)

    def finish(self) -> None:
        """Convert the plot to SVG text and store it in `svg`."""
        text = io.StringIO()
        with warnings.catch_warnings():  # characters of other scripts are rendered by the SVG's viewer
            warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
            self._figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
        self.svg = _bare(text.getvalue())


@contextmanager
def drawing(title: str, height: float, xlabel: str, ylabel: str) -> Iterator[Sheet]:
    """Yield a sheet to draw on; after the `with` block its `svg` holds the finished plot.

    Args:
        title: Title above the plot, left-aligned.
        height: Height in inches.
        xlabel: Name of the horizontal axis, or "".
        ylabel: Name of the vertical axis, or "".
    """
    with matplotlib.style.context(["default", _LOOK]):
        sheet = Sheet(height)
        sheet.axes.set_title("\n".join(textwrap.wrap(fold(title), _LINE)))
        sheet.axes.set_xlabel(fold(xlabel))
        sheet.axes.set_ylabel(fold(ylabel))
        yield sheet
        sheet.finish()


def words(name: str) -> str:
    """Return a name as shown in a plot: on one line, cut to _LONGEST characters."""
    name = fold(name)
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def short(value: float) -> str:
    """Format a number in few characters, such as 12,345 or 0.0123; "–" for NaN and infinity."""
    if not math.isfinite(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"


def name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Label the rows of a plot, the first one at the top."""
    axes.set_yticks(range(len(names)), [words(name) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)


def name_columns(axes: Axes, names: Sequence[str]) -> None:
    """Label the columns of a plot; labels of many columns are thinned out, and long ones slanted."""
    shown = [words(name) for name in names]
    longest = max(map(len, shown), default=0)
    wide = longest > _SHORT
    places = _places(shown, len(shown) / (_ASLANT if wide else _ACROSS / (longest + 1.5)))
    axes.set_xticks(places, [shown[place] for place in places])
    axes.tick_params(axis="x", length=0)
    if wide and sum(len(shown[place]) + 2 for place in places) > _ACROSS:
        for label in axes.get_xticklabels():
            label.set(rotation=35, ha="right", rotation_mode="anchor")


def _places(names: Sequence[str], step: float) -> list[int]:
    """Return the indices of the columns to label, about one in `step`; if the names are numbers, the round ones."""
    if step <= 1 or not all(map(str.isdecimal, names)):
        return list(range(0, len(names), max(math.ceil(step), 1)))
    round_step = next((every for every in (2, 5, 10, 20, 50) if every >= step), math.ceil(step / 100) * 100)
    return [place for place, name in enumerate(names) if int(name) % round_step == 0]


def figures(axes: Axes, which: Literal["x", "y"], whole: bool = False) -> None:
    """Format an axis's tick labels in few characters and draw faint grid lines; with `whole`, only at whole numbers."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    if whole and isinstance(locator := axis.get_major_locator(), MaxNLocator):
        locator.set_params(integer=True)
    axis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    axes.grid(visible=True, axis=which)
    axes.tick_params(axis=which, length=0 if which == "y" else 3)


def log_scale(axes: Axes, which: Literal["x", "y"], ticks: Sequence[float]) -> None:
    """Make an axis logarithmic, with labels only at `ticks`."""
    axes.set(**{f"{which}scale": "log"})
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(FixedLocator(list(ticks)))
    axis.set_minor_locator(NullLocator())


def _bare(svg: str) -> str:
    """Return matplotlib's SVG without metadata, styles and ids, in the surrounding text's colour and a system font."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r" <metadata>.*?</metadata>\n", "", svg, flags=re.DOTALL)
    svg = re.sub(r" <defs>\n  <style.*?</style>\n </defs>\n", "", svg, flags=re.DOTALL)
    svg = re.sub(r' id="(?:figure|axes|patch|line2d|matplotlib|text|[xy]tick|legend|PolyCollection)[^"]*"', "", svg)
    svg = svg.replace("font-family: 'DejaVu Sans'", "font-family: system-ui, 'DejaVu Sans', sans-serif")
    svg = svg.replace(GREY, "currentColor")
    return svg.replace("<svg ", f'<svg color="{GREY}" stroke-linejoin="round" ', 1)
