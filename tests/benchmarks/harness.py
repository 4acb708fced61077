"""Times several ways of doing one piece of work, taking turns, and says what was found as rows of one table.

In: functions without arguments. Out: `Times` of each, and `Result`s that print as a table and save as JSON. Knows
nothing of what is timed: each workload is a module beside this one with `measure(context) -> list[Result]`.
"""

from __future__ import annotations

import gc
import importlib
import json
import operator
import re
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

Scale = Literal["quick", "default", "full"]
Value = TypeVar("Value")

ROUNDS = 5
THREADS = 2
"""Threads that every library gets, ours included."""

COMPARE = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}


@dataclass(frozen=True)
class Times:
    """How long each timed round of one side took, in seconds; the warm-up is not among them."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median round, seconds."""
        return statistics.median(self.seconds)

    @property
    def spread(self) -> float:
        """The longest round less the shortest, as a share of the median."""
        return (max(self.seconds) - min(self.seconds)) / self.median


@dataclass(frozen=True)
class Result:
    """One row of the table: a piece of work, ours beside one peer's.

    Args:
        work: What is done, such as "texts to vectors, MiniLM-L6".
        peer: Who else did it in the same run.
        goal: What the ratio has to be, such as ">= 4" or "<= 1.3"; empty where nothing is asked.
        ratio: The figure the goal is about (for a speed: their seconds over ours); None where it could not be had.
        quality: What stands beside the speed, such as "cosine 0.9996" or "recall@10 0.998".
        ours: Our absolute figure with its unit, never to be compared across runs.
        theirs: The peer's.
        note: What a reader has to know, such as a subset or why there is no ratio.
        share: Our rate over the limit of this machine that was measured in the same run, 0 to 1.
        rounds: Every round of every side, for the JSON.
    """

    work: str
    peer: str
    goal: str
    ratio: float | None
    quality: str
    ours: str
    theirs: str
    note: str = ""
    share: float | None = None
    rounds: Mapping[str, Times] = field(default_factory=dict)

    @classmethod
    def absent(cls, work: str, peer: str, goal: str, reason: str) -> Result:
        """A row whose figure could not be had, and why."""
        return cls(work, peer, goal, None, "", "", "", note=reason)

    @property
    def met(self) -> bool | None:
        """Whether the ratio is what the goal asks; None where there is no goal or no ratio."""
        if not self.goal or self.ratio is None:
            return None
        return meets(self.goal, self.ratio)

    def as_json(self) -> dict[str, Any]:
        """The row as plain values, `met` and the spreads among them."""
        rounds = {name: {**asdict(times), "median": times.median} for name, times in self.rounds.items()}
        return {**asdict(self), "rounds": rounds, "met": self.met}


@dataclass(frozen=True)
class Context:
    """What every workload is given.

    Args:
        scratch: A folder of this run: networks are exported into it once and found there by later workloads.
        scale: "quick" to try the bench out, "default", or "full" for every input BENCH names.
        data: The dataset folder movies-real, or None for the built-in sample.
    """

    scratch: Path
    scale: Scale = "default"
    data: Path | None = None

    def pick(self, *, quick: Value, default: Value, full: Value) -> Value:
        """Return the value that belongs to this run's scale."""
        return {"quick": quick, "default": default, "full": full}[self.scale]

    @property
    def rounds(self) -> int:
        """How many timed rounds; two are enough to try the bench out."""
        return self.pick(quick=2, default=ROUNDS, full=ROUNDS)


def meets(goal: str, ratio: float) -> bool:
    """Return whether `ratio` is what `goal` asks; raises ValueError for a goal that is not like ">= 4"."""
    found = re.fullmatch(r"(>=|<=|>|<)\s*([\d.]+)x?", goal)
    if found is None:
        raise ValueError(f'a goal reads like ">= 4" or "<= 1.3", got {goal!r}')
    return bool(COMPARE[found[1]](ratio, float(found[2])))


def interleave(
    sides: Mapping[str, Callable[[], Any]],
    rounds: int = ROUNDS,
    check: Callable[[Mapping[str, Any]], object] = lambda outputs: None,
) -> dict[str, Times]:
    """Run every side once to warm up, check what they gave, then time them in turns: A B A B.

    Args:
        sides: What to time, by name.
        rounds: How many timed turns each side gets.
        check: Called with what each side returned at the warm-up, before anything is timed; raises where the sides do
            not do the same work.
    """
    check({name: run() for name, run in sides.items()})
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, run in sides.items():
            gc.collect()  # what one side left behind is not cleared up in another's time
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return {name: Times(tuple(took)) for name, took in seconds.items()}


def set_threads(threads: int = THREADS) -> None:
    """Give every library that is already imported `threads` threads; others read the environment that `main` sets."""
    import sys

    import threadpoolctl

    threadpoolctl.threadpool_limits(threads)
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(threads)
    if faiss := sys.modules.get("faiss"):
        faiss.omp_set_num_threads(threads)


def run_workload(name: str, context: Context) -> list[Result]:
    """What the module `name` measures, with every library on the same number of threads."""
    module = importlib.import_module(f"tests.benchmarks.{name}")
    set_threads()
    rows: list[Result] = module.measure(context)
    return rows


COLUMNS = ("work", "beside", "ratio", "goal", "met", "quality", "ours", "theirs", "share of the limit", "note")
MET = {True: "yes", False: "NO", None: "-"}


def table(results: Iterable[Result], leave_out: Sequence[str] = ()) -> str:
    """The rows as a table that reads the same in a terminal and in Markdown, without the columns to leave out."""
    kept = [column for column, name in enumerate(COLUMNS) if name not in leave_out]
    rows = [[cells[column] for column in kept] for cells in (COLUMNS, *map(_cells, results))]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    lines = ["| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _cells(result: Result) -> tuple[str, ...]:
    ratio = "-" if result.ratio is None else f"{result.ratio:.2f}x"
    share = "-" if result.share is None else f"{result.share:.0%}"
    cells = (result.work, result.peer, ratio, result.goal or "-", MET[result.met], result.quality)
    return tuple(cell.replace("|", "/") for cell in (*cells, result.ours, result.theirs, share, result.note))


def save(path: Path, head: Mapping[str, Any], results: Sequence[Result]) -> None:
    """Write what was found as JSON: `head` (machine, versions, command) and every row with all its rounds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    body = {**head, "results": [result.as_json() for result in results]}
    path.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load(path: Path) -> tuple[dict[str, Any], list[Result]]:
    """What `save` wrote: the head and the rows."""
    head = json.loads(path.read_text(encoding="utf-8"))
    rows = []
    for row in head.pop("results"):
        del row["met"]
        row["rounds"] = {name: Times(tuple(times["seconds"])) for name, times in row["rounds"].items()}
        rows.append(Result(**row))
    return head, rows
