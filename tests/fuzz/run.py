"""Runs an area's cases in child processes and counts how they ended.

In: an area, how many cases, a seed. Out: a `Verdict` for every case. A child that dies or hangs is a verdict too, and
the next child goes on with the case after.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.area import Verdict

ROOT = Path(__file__).resolve().parents[2]

HANGS = 60.0
"""Seconds without a verdict after which a child is ended: opening the area, or one case."""


def fuzz(area: str, count: int, seed: int = 0) -> list[Verdict]:
    """Try `count` cases of an area, each of which ends somehow; returns the verdicts in order of their numbers."""
    verdicts: list[Verdict] = []
    while len(verdicts) < count:
        done = len(verdicts)
        with TemporaryDirectory(prefix="matinee-fuzz-") as home:
            verdicts += _child(area, home, seed, done, count)
        if len(verdicts) < count and verdicts[done:] == [] and done == 0:
            raise RuntimeError(f"the area {area} cannot be opened, or its first case crashes; see above")
    return verdicts


def _child(area: str, home: str, seed: int, first: int, last: int) -> list[Verdict]:
    command = [sys.executable, "-m", "tests.fuzz.child", area, home, str(seed), str(first), str(last)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        errors: list[str] = []
        reader = threading.Thread(target=lambda: errors.extend(process.stderr or ()), daemon=True)
        reader.start()
        verdicts = list(_told(process))
        status = process.wait()
        reader.join()
    if first + len(verdicts) < last:
        if not verdicts and not first:
            sys.stderr.writelines(errors[-20:])
        said = f"the process ended with status {status}: {''.join(errors[-3:])[:500]}"
        verdicts.append(Verdict(first + len(verdicts), "crashed", said=said))
    return verdicts


def _told(process: subprocess.Popen[str]) -> Iterator[Verdict]:
    """Verdicts as they come; ends the process when none comes for HANGS seconds."""
    assert process.stdout is not None
    while True:
        watch = threading.Timer(HANGS, process.kill)
        watch.start()
        try:
            line = process.stdout.readline()
        finally:
            watch.cancel()
        if not line:
            return
        yield Verdict(**json.loads(line))


def counts(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """Return how many cases ended in each way: right, refused, and the sum of all that is a defect."""
    found = Counter(verdict.end for verdict in verdicts)
    return {"right": found["right"], "refused": found["refused"], "other": len(defects(verdicts))}


def defects(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Return the verdicts that are neither right nor refused."""
    return [verdict for verdict in verdicts if verdict.end not in ("right", "refused")]


def table(area: str, verdicts: Sequence[Verdict]) -> str:
    """Return one line: how the cases of an area ended, its slowest case and its largest."""
    worst = max((verdict.seconds for verdict in verdicts), default=0.0)
    most = max((verdict.megabytes for verdict in verdicts), default=0.0)
    found = " ".join(f"{name} {number:>6,}" for name, number in counts(verdicts).items())
    return f"{area:<9} {found}   slowest {worst:.2f} s   largest {most:.0f} MB   ({os.cpu_count()} cores)"
