"""What `pip install` puts on an edge device, beside fastembed's.

In: this repository and a package index. Out: two rows: the size of all installed files beside fastembed's, and beside
the limit of 250 MB. A package that has no business on an edge device is an error.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.harness import Context, Result

ROOT = Path(__file__).resolve().parents[2]
WORK = "edge install, all of its files"
LIMIT = 250
"""Megabytes, 10^6 bytes."""

UNWANTED = ("torch", "pandas", "gradio", "transformers", "scipy", "matplotlib")


def measure(context: Context) -> list[Result]:
    """Install both into folders of their own and add up the files."""
    if context.scale == "quick":
        return [Result.absent(WORK, "fastembed", "<= 1", "left out of a quick run: it asks a package index")]
    with TemporaryDirectory(prefix="matinee-install-") as home:
        ours = _install(f"{ROOT}[cpu]", Path(home) / "ours")
        theirs = _install("fastembed", Path(home) / "theirs")
        found = [name for name in UNWANTED if (Path(home) / "ours" / name).is_dir()]
        packages = len(list((Path(home) / "ours").glob("*.dist-info")))
    assert not found, f"the edge install brings {', '.join(found)}"
    quality = f"{packages} packages; none of {', '.join(UNWANTED)}"
    return [
        Result(WORK, "fastembed", "<= 1", ours / theirs, quality, f"{ours:.0f} MB", f"{theirs:.0f} MB"),
        Result(WORK, f"the limit of {LIMIT} MB", "<= 1", ours / LIMIT, quality, f"{ours:.0f} MB", f"{LIMIT} MB"),
    ]


def _install(what: str, folder: Path) -> float:
    """Install `what` and everything it needs into `folder`; returns megabytes."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), what]
    done = subprocess.run(
        command, env={**os.environ, "HNSWLIB_NO_NATIVE": "1"}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{what} could not be installed: {done.stderr.strip().splitlines()[-1]}")
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
