"""Compares bundles that were built from the same inputs: the same bytes, but for how long things took."""

from __future__ import annotations

from pathlib import Path

from matinee.manifest import TIMINGS


def contents(bundle: Path) -> dict[str, bytes]:
    """Every file of `bundle` but its timings, by name."""
    files = {path.relative_to(bundle).as_posix(): path for path in bundle.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if name != TIMINGS}
