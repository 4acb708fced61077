"""Writes RESULTS.md from the JSON of one run, beside this file.

In: what `harness.save` wrote. Out: the machine, the versions, the command, a table for each piece of work, and every
goal that was not met with the reason in `reasons`. Nothing in it is written by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.benchmarks.harness import Result, load, table
from tests.benchmarks.reasons import reason

RESULTS = Path(__file__).parent / "RESULTS.md"

ABOUT = """\
# How fast: what `make bench` measured

Written by `python -m tests.benchmarks --render FILE` from the JSON of one run. A ratio compares two sides that took
turns in that run on the same inputs: medians of five rounds after a warm-up, two threads for every library. Absolute
figures are of that run alone. Vectors were compared before anything was timed. Share of the limit: operations a second
over the machine's own rate of matrix products at the network's shapes and precision, timed in turns with it.
"""

SCALES = {
    "quick": "a quick run, which shows that everything works and measures nothing",
    "default": "samples that keep the distribution of lengths",
    "full": "every input",
}


def render(found: Path, results: Path = RESULTS) -> None:
    """Write `results` from the JSON file `found`."""
    head, rows = load(found)
    results.write_text("\n".join(_lines(head, rows)) + "\n", encoding="utf-8")


def _lines(head: Mapping[str, Any], rows: Sequence[Result]) -> Iterator[str]:
    yield ABOUT
    machine = head["machine"]
    yield f"- machine: {machine['processor']}, {machine['architecture']}, {machine['cores']} cores"
    yield f"- python {head['python']}; " + ", ".join(f"{name} {version}" for name, version in head["versions"].items())
    yield f"- command: `{head['command']}`"
    used = {what: [name for name, its in head["scales"].items() if its == scale] for scale, what in SCALES.items()}
    yield f"- data: {head['data']}; " + "; ".join(f"{what} ({', '.join(of)})" for what, of in used.items() if of) + "\n"
    met, asked = sum(row.met is True for row in rows), sum(bool(row.goal) for row in rows)
    yield f"{met} of {asked} goals are met.\n"
    for work, some in groupby(rows, key=lambda row: row.work):
        yield f"## {work[0].upper()}{work[1:]}\n"
        yield table(some, leave_out=("work",)) + "\n"
    yield from _unmet([row for row in rows if row.goal and not row.met])


def _unmet(rows: Sequence[Result]) -> Iterator[str]:
    """Every goal that was not met, and why."""
    yield "## Goals not met\n"
    if not rows:
        yield "None."
    for row in rows:
        figure = row.note if row.ratio is None else f"{row.ratio:.2f}x where {row.goal}x is asked"
        yield f"- **{row.work}**, beside {row.peer}: {figure}. {reason(row)}"
