"""What several test folders share: where the real data lies, when it is there at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("matinee", derandomize=True, deadline=None)
settings.load_profile("matinee")

ROOT = Path(__file__).resolve().parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the fuzz suite try more than a run of all tests has time for."""
    parser.addoption("--fuzz", type=int, metavar="N", help="hostile inputs to try in each area of tests/fuzz")


def _shared_folder(name: str) -> Path:
    folder = Path(os.environ.get("MATINEE_SHARED", ROOT.parent / "shared")) / "data" / name
    if not folder.is_dir():
        pytest.skip(f"the real dataset {name} is not on this machine (MATINEE_SHARED names its parent folder)")
    return folder


@pytest.fixture(scope="session")
def movies_real() -> Path:
    """The folder of the real dataset in the paper's schema; skips where it is absent."""
    return _shared_folder("movies-real")


@pytest.fixture(scope="session")
def ml_100k() -> Path:
    """The folder of MovieLens 100K; skips where it is absent."""
    return _shared_folder("ml-100k")


@pytest.fixture(scope="session")
def sample_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the built-in sample, built for this run (minutes), or the one MATINEE_SAMPLE_BUNDLE names."""
    if given := os.environ.get("MATINEE_SAMPLE_BUNDLE"):
        return Path(given)
    pytest.importorskip("torch", reason="building the sample bundle needs the export extra")
    out = tmp_path_factory.mktemp("sample") / "bundle"
    command = [sys.executable, "-m", "matinee_export.cli", "build", "--data", "sample", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out
