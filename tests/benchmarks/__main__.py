"""`python -m tests.benchmarks`: runs the workloads one after another and prints the whole table.

In: which workloads, at what scale. Out: the table, and JSON with the machine, the versions, the command and every
round. Each workload has a process of its own, so that none finds libraries, threads or memory of another.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.harness import THREADS, Context, Result, Scale, run_workload, save, table
from tests.benchmarks.render import render

WORKLOADS = (
    "machine",
    "texts",
    "images",
    "clip",
    "search",
    "start",
    "questions",
    "visitors",
    "memory",
    "install",
    "training",
    "evaluation",
    "paper_size",
)
ROOT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; returns 1 where a workload failed, else 0, whatever the goals."""
    asked = build_parser().parse_args(arguments)
    if asked.render:
        render(asked.render)
        return 0
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
        os.environ[name] = str(THREADS)
    os.environ["HF_HUB_OFFLINE"] = "1"  # no peer fetches weights: all get the ones that we have
    found: list[Result] = []
    failed = False
    with _scratch(asked.scratch) as scratch:
        data = None if asked.sample else movies_real()
        for name in asked.only or WORKLOADS:
            print(f"== {name}", flush=True)
            context = Context(scratch, _scale(name, asked), data)
            try:
                rows = _in_its_own_process(name, context)
            except Exception as error:
                traceback.print_exception(error)
                failed = True
                rows = [Result.absent(name, "-", "", f"this workload failed: {str(error).splitlines()[0]}")]
            print(table(rows, leave_out=("note",)), flush=True)
            found += rows
            if asked.out:
                save(asked.out, _head(asked, data, arguments), found)
    print("\n== all\n" + table(found))
    return int(failed)


def movies_real() -> Path | None:
    """The real dataset where it lies on this machine, found as the tests find it."""
    folder = Path(os.environ.get("MATINEE_SHARED", ROOT.parent / "shared")) / "data" / "movies-real"
    return folder if folder.is_dir() else None


def _in_its_own_process(name: str, context: Context) -> list[Result]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(run_workload, name, context).result()


@contextmanager
def _scratch(kept: Path | None) -> Iterator[Path]:
    """A folder for exported networks: `kept`, so that a second run finds them, or one that goes away."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with TemporaryDirectory(prefix="matinee-bench-") as folder:
        yield Path(folder)


def _scale(name: str, asked: argparse.Namespace) -> Scale:
    """How much of its inputs a workload is measured on."""
    if asked.quick:
        return "quick"
    return "full" if asked.full is not None and (not asked.full or name in asked.full) else "default"


def _head(asked: argparse.Namespace, data: Path | None, arguments: Sequence[str] | None) -> dict[str, object]:
    from tests.benchmarks.machine import describe

    given = sys.argv[1:] if arguments is None else list(arguments)
    return {
        "command": shlex.join(["python", "-m", "tests.benchmarks", *given]),
        "scales": {name: _scale(name, asked) for name in asked.only or WORKLOADS},
        "data": "the built-in sample" if data is None else data.name,
        "threads": THREADS,
        **describe(),
    }


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `python -m tests.benchmarks`."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Matinee beside its peers.")
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=WORKLOADS, help="run these workloads only")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write everything that was measured as JSON")
    parser.add_argument("--render", type=Path, metavar="FILE", help="write RESULTS.md from such a JSON; run nothing")
    parser.add_argument("--scratch", type=Path, metavar="DIR", help="keep the exported networks here for the next run")
    parser.add_argument("--sample", action="store_true", help="use the built-in sample even where real data is at hand")
    scale = parser.add_mutually_exclusive_group()
    scale.add_argument("--quick", action="store_true", help="try it out in minutes; the figures mean nothing")
    full = "every input, which takes hours; of these workloads only, if any are named"
    scale.add_argument("--full", nargs="*", metavar="NAME", choices=WORKLOADS, help=full)
    return parser


if __name__ == "__main__":
    sys.exit(main())
