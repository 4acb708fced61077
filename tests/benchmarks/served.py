"""The bundle that questions are asked of, and how a process of its own is started for them.

Out: the folder of the built-in sample's bundle where it was built (`make bundle`), and the environment of a child
process in which modules are compiled once, as in an installed package. Knows nothing of what is measured.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks.harness import Context

ROOT = Path(__file__).resolve().parents[2]
MISSING = "there is no bundle to ask: run `make bundle` first"

REVIEW = "A slow, rainy detective story with a twist that I did not see coming; the city itself is the villain."
"""What the visitor writes where one review is enough."""


def bundle() -> Path | None:
    """The folder of the bundle, or None where none was built."""
    folder = Path(os.environ.get("MATINEE_SAMPLE_BUNDLE", ROOT / "artifacts" / "sample"))
    return folder if (folder / "manifest.json").is_file() else None


def poster(folder: Path) -> Path:
    """A poster of the bundle, which a visitor gives."""
    return min((folder / "posters").iterdir())


def python(context: Context, arguments: Sequence[str]) -> str:
    """Run this Python with `arguments` in a process of its own and return what it prints; raises where it fails."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=environment(context), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr.strip()}")
    return done.stdout


def environment(context: Context) -> Mapping[str, str]:
    """This process's environment, with compiled modules kept in the scratch folder and the repository importable."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(context.scratch / "compiled"), "PYTHONPATH": str(ROOT)}
