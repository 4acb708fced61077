"""The one look of all plots, and how a drawing becomes SVG text that is the same bytes every time.

In: matplotlib axes, as a plot has filled them. Out: SVG text whose words and axes take the colour of the text around
them (`currentColor`).
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
"""Width of every plot in inches; small, so that its words can still be read on a phone."""

GREY = "#767676"
"""As far from white as from black: 4.5:1 on the one and 4.6:1 on the other (contrast ratio of WCAG 2.2)."""

COLOURS = ("#3a7ebf", "#cf7d1f", "#17967a", "#b0569b", "#c8501e", "#8c7a2e", "#5a6fd8", "#7a8a94")
"""Colours of series, after Okabe and Ito's (2008) for the colour-blind, moved to 3:1 on both white and black."""

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
_LONGEST = 36  # characters of a name
_LINE = 58  # characters of a title in one line
_ACROSS = 60  # characters that fit side by side under columns
_ASLANT = 14  # names that fit side by side when they are aslant
_SHORT = 5  # characters of a name that is never aslant


class Sheet:
    """A plot that is being drawn.

    Attributes:
        axes: Where to draw.
        svg: The drawing as SVG text, once it is done.
    """

    def __init__(self, height: float) -> None:
        self._figure = Figure(figsize=(WIDTH, height), layout="constrained")
        self.axes: Axes = self._figure.add_subplot()
        self.svg = ""

    def legend(self, names: Iterable[str]) -> None:
        """Name the series under the plot, in order, where there is more than one."""
        drawn = dict(zip(*reversed(self.axes.get_legend_handles_labels()), strict=True))
        labels = list(dict.fromkeys(map(words, names)))
        if len(labels) > 1:
            handles = [drawn[label] for label in labels]
            self._figure.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 4), fontsize=9)

    def finish(self) -> None:
        """Write the drawing."""
        text = io.StringIO()
        with warnings.catch_warnings():  # another script's characters are drawn by whoever shows the SVG
            warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
            self._figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
        self.svg = _bare(text.getvalue())


@contextmanager
def drawing(title: str, height: float, xlabel: str, ylabel: str) -> Iterator[Sheet]:
    """Give a sheet to draw on; when the block ends its `svg` holds the drawing.

    Args:
        title: Stands above, on the left.
        height: In inches.
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
    """Return a name as it is written in a plot: on one line, not too long."""
    name = fold(name)
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def short(value: float) -> str:
    """Return a figure in few characters: 12,345 or 0.0123; "–" for what is not finite."""
    if not math.isfinite(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"


def name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Name the rows of a plot, the first one at the top."""
    axes.set_yticks(range(len(names)), [words(name) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)


def name_columns(axes: Axes, names: Sequence[str]) -> None:
    """Name the columns of a plot: every so many where they are many, aslant where their names are long."""
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
    """Return which of the columns get a name, about one in `step`; of many numbers the round ones."""
    if step <= 1 or not all(map(str.isdecimal, names)):
        return list(range(0, len(names), max(math.ceil(step), 1)))
    round_step = next((every for every in (2, 5, 10, 20, 50) if every >= step), math.ceil(step / 100) * 100)
    return [place for place, name in enumerate(names) if int(name) % round_step == 0]


def figures(axes: Axes, which: Literal["x", "y"], whole: bool = False) -> None:
    """Write the figures of an axis in few characters, with a faint line for each; only whole ones where `whole`."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    if whole and isinstance(locator := axis.get_major_locator(), MaxNLocator):
        locator.set_params(integer=True)
    axis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    axes.grid(visible=True, axis=which)
    axes.tick_params(axis=which, length=0 if which == "y" else 3)


def log_scale(axes: Axes, which: Literal["x", "y"], ticks: Sequence[float]) -> None:
    """Make an axis logarithmic, with figures at `ticks` alone."""
    axes.set(**{f"{which}scale": "log"})
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(FixedLocator(list(ticks)))
    axis.set_minor_locator(NullLocator())


def _bare(svg: str) -> str:
    """Return matplotlib's SVG without what no plot needs, in the colour and the typeface of the text around it."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r" <metadata>.*?</metadata>\n", "", svg, flags=re.DOTALL)
    svg = re.sub(r" <defs>\n  <style.*?</style>\n </defs>\n", "", svg, flags=re.DOTALL)
    svg = re.sub(r' id="(?:figure|axes|patch|line2d|matplotlib|text|[xy]tick|legend|PolyCollection)[^"]*"', "", svg)
    svg = svg.replace("font-family: 'DejaVu Sans'", "font-family: system-ui, 'DejaVu Sans', sans-serif")
    svg = svg.replace(GREY, "currentColor")
    return svg.replace("<svg ", f'<svg color="{GREY}" stroke-linejoin="round" ', 1)
