"""Builds for tests: in this process, or as a process that can be killed; and what they wrote, to be compared."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

from matinee.manifest import TIMINGS
from matinee_export import cli


class Built(NamedTuple):
    """A bundle, and the lines that its build said."""

    bundle: Path
    said: list[str]


class Ended(NamedTuple):
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


def arguments(data: Path, out: Path, weights: Path, *more: str) -> list[str]:
    """The arguments of a build that takes seconds."""
    # A named precision, since networks as small as these are neither faster nor slower in another one.
    quick = ["--weights", str(weights), "--factors", "8", "--precision", "int8"]
    return ["build", "--data", str(data), "--out", str(out), *quick, *more]


def command(data: Path, out: Path, weights: Path, *more: str) -> list[str]:
    """The command of such a build as a process of its own."""
    return [sys.executable, "-m", "matinee_export.cli", *arguments(data, out, weights, *more)]


def build(data: Path, out: Path, weights: Path, *more: str) -> Ended:
    """Do such a build in this process, which spares it the seconds that its libraries take to be imported."""
    said, reported = io.StringIO(), io.StringIO()
    with redirect_stdout(said), redirect_stderr(reported):
        status = cli.main(arguments(data, out, weights, *more))
    return Ended(status, said.getvalue(), reported.getvalue())


def stop_when(said: str, started: list[str], how: signal.Signals) -> tuple[int, str]:
    """Start a build, send it a signal as soon as it says `said`; return its exit status and all it said."""
    with subprocess.Popen(started, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        lines = []
        for line in process.stderr:
            lines.append(line)
            if line.startswith(said):
                process.send_signal(how)
        status = process.wait()
    assert any(line.startswith(said) for line in lines), "".join(lines)
    return status, "".join(lines)


def contents(bundle: Path) -> dict[str, bytes]:
    """Every file of `bundle` but its timings, by name."""
    files = {path.relative_to(bundle).as_posix(): path for path in bundle.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if name != TIMINGS}
