"""Plots are SVG text: well-formed, the same every time, legible wherever they stand."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from xml.etree import ElementTree

import matplotlib
import pytest

from matinee_export.reports import plots
from matinee_export.reports.plot_style import COLOURS, GREY

NAMES = {"bpr": 0.25, "als": 0.5}
KINDS: dict[str, Callable[[str], str]] = {
    "bars": lambda name: plots.bars(name, NAMES | {name: 0.75}, xlabel=name, ylabel=name),
    "horizontal bars": lambda name: plots.bars(name, NAMES | {name: 0.75}, horizontal=True),
    "intervals": lambda name: plots.intervals(name, {name: (0.5, 0.4, 0.6)}, "nDCG@10"),
    "lines": lambda name: plots.lines(name, {name: [(50, 1), (100, 2)], "als": [(50, 2)]}, "x", "y", log_x=True),
    "grouped": lambda name: plots.grouped(name, {name: NAMES, "cold": {"als": 1, name: 2}}, "nDCG@10"),
    "heat": lambda name: plots.heat(name, [name, "als"], ["a", name], [[0.1, 0.2], [0.3, 0.4]], ".2f"),
    "histogram": lambda name: plots.histogram(name, [1, 2, 4], {name: [10, 3], "b": [9, 3]}, "x", "y", True, True),
}
NASTY = '<b>$x^2$ & \x00 "two" 映画'


def words(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_numbers_give_the_same_bytes(kind: str) -> None:
    assert KINDS[kind]("hybrid") == KINDS[kind]("hybrid")


@pytest.mark.parametrize("kind", KINDS)
def test_any_name_can_be_drawn_and_read(kind: str) -> None:
    assert '<b>$x^2$ & "two" 映画' in words(KINDS[kind](NASTY))


@pytest.mark.parametrize("kind", KINDS)
def test_a_plot_has_no_colour_of_paper_or_ink_of_its_own(kind: str) -> None:
    svg = KINDS[kind]("hybrid")
    assert f'<svg color="{GREY}"' in svg
    assert "currentColor" in svg
    used = set(re.findall(r"#[0-9a-f]{6}\b", svg)) - {GREY}
    if kind != "heat":
        assert used <= set(COLOURS)


@pytest.mark.parametrize("colour", [GREY, *COLOURS])
def test_every_colour_stands_out_from_light_and_dark_paper(colour: str) -> None:
    def luminance(hexed: str) -> float:  # WCAG 2.2, relative luminance
        parts = [int(hexed[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert 1.05 / (luminance(colour) + 0.05) >= 3
    assert (luminance(colour) + 0.05) / (luminance("#15171b") + 0.05) >= 3


def test_bars_say_their_figures() -> None:
    found = words(plots.bars("Movies", {"Drama": 1929, "War": 0.1234, "Noir": math.nan}, "movies", horizontal=True))
    assert {"Movies", "movies", "Drama", "1,929", "0.123", "Noir", "–"} <= set(found)


def test_longer_bars_are_longer_in_proportion() -> None:
    svg = plots.bars("Movies", {"Drama": 300, "War": 100}, horizontal=True)
    drawn = re.findall(rf'<path d="M ([\d.]+) [\d.]+ \nL ([\d.]+) [^"]*" clip-path[^>]*fill: {COLOURS[0]}', svg)
    lengths = [float(end) - float(start) for start, end in drawn]
    assert lengths[0] / lengths[1] == pytest.approx(3, rel=1e-4)


def test_an_interval_spans_its_ends_around_its_mean() -> None:
    svg = plots.intervals("nDCG@10", {"als": (0.5, 0.4, 0.8), "none": (math.nan,) * 3}, "nDCG@10")
    line = r'd="M ([\d.]+) [\d.]+ \nL ([\d.]+) [\d.]+ \n" clip-path="[^"]*" style="fill: none; stroke: #'
    low, high = map(float, re.findall(line, svg)[0])
    mean = float(re.findall(r'<use xlink:href="#\w+" x="([\d.]+)" y="[\d.]+" style="fill: #3a7ebf', svg)[0])
    assert (mean - low) / (high - low) == pytest.approx(0.25, rel=1e-3)
    assert "none" in words(svg)


def test_lines_are_named_in_order_and_marked_apart() -> None:
    names = [f"model {number}" for number in range(12)]
    svg = plots.lines("Sweep", {name: [(50, n), (1000, n + 1)] for n, name in enumerate(names)}, "factors", "MAP", True)
    assert [word for word in words(svg) if word in names] == names
    assert {"50", "1,000"} <= set(words(svg))
    looks = set(re.findall(r'<path d="[^"]*" clip-path="[^"]*" style="(fill: none; [^"]*stroke: #[^"]*)"', svg))
    assert len(looks) == len(names)


def test_one_series_needs_no_legend() -> None:
    assert "bpr" not in words(plots.lines("Sweep", {"bpr": [(50, 1), (100, 2)]}, "factors", "MAP"))


def test_a_cell_of_a_heat_map_shows_its_value_and_an_unknown_one_nothing() -> None:
    found = words(plots.heat("Overlap", ["a", "b"], ["c", "d"], [[0.5, math.nan], [0.25, 1]], ".2f"))
    assert [word for word in found if re.fullmatch(r"\d\.\d\d", word)] == ["0.50", "0.25", "1.00"]


def test_counts_have_whole_ticks() -> None:
    found = words(plots.bars("Movies", {"a": 1, "b": 2}, ylabel="movies"))
    assert not [word for word in found if "." in word]


def test_many_years_are_named_by_round_ones() -> None:
    found = words(plots.bars("Movies by year", {str(year): 1 for year in range(1902, 2020)}, "year"))
    assert [word for word in found if re.fullmatch(r"\d{4}", word)] == ["1920", "1940", "1960", "1980", "2000"]


def test_drawing_leaves_matplotlib_as_it_was() -> None:
    before = dict(matplotlib.rcParams)
    KINDS["bars"]("hybrid")
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("rows", [1, 40])
def test_a_plot_with_more_rows_is_higher(rows: int) -> None:
    svg = plots.bars("Genres", {f"genre {n}": n for n in range(rows)}, horizontal=True)
    assert float(re.findall(r'height="([\d.]+)pt"', svg)[0]) == pytest.approx(72 * (0.95 + 0.25 * rows), abs=0.01)


@pytest.mark.parametrize("log", [True, False])
def test_nothing_at_all_can_be_drawn(log: bool) -> None:
    for svg in (plots.bars("Nothing", {}), plots.grouped("Nothing", {}, ""), plots.lines("Nothing", {}, "", "", log)):
        assert "Nothing" in words(svg)
