"""The bundle of the built-in sample that many tests share: built once, and kept until something it is made of changes.

It lies in `.cache/` of the repository, named by a digest of the code, the installed packages and the Python that built
it; not of whether the hub could be reached, which decides where its weights come from. `make clean` removes it.
"""

from __future__ import annotations

import fcntl
import hashlib
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import distributions
from pathlib import Path

from matinee import folders
from matinee_export.build import BUNDLE
from matinee_export.workspace import files_digest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("runtime/matinee", "export/matinee_export", "export/matinee_sample")


def kept(home: Path, digest: str, build: Callable[[Path], None]) -> Path:
    """Return the bundle in `home` with this digest; where there is none, or a damaged one, `build(folder)` writes it.

    A second test run that comes here meanwhile waits. Bundles of other digests are removed before one is built; a build
    that was interrupted goes on.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        bundle = home / digest
        if not folders.is_intact(bundle, BUNDLE):
            for older in [path for path in home.iterdir() if path.is_dir() and path != folders.work_folder(bundle)]:
                shutil.rmtree(older)
            build(bundle)
    return bundle


def sample_digest() -> str:
    """Return a digest of all that the sample's bundle is made of."""
    found = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*")) if path.is_file()]
    code = files_digest(path for path in found if path.parent.name != "__pycache__")
    packages = sorted({f"{package.name}=={package.version}" for package in distributions()})
    made_of = [code, sys.version, platform.machine(), *packages]
    return hashlib.sha256("\n".join(made_of).encode()).hexdigest()[:16]


def sample_bundle() -> Path:
    """Return the bundle of the built-in sample."""
    return kept(ROOT / ".cache", sample_digest(), build_sample)


def build_sample(folder: Path) -> None:
    """Build the bundle as people do (minutes)."""
    command = [sys.executable, "-m", "matinee_export.cli", "build", "--data", "sample", "--out", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


if __name__ == "__main__":
    print(f"the sample's bundle of the tests is {sample_bundle()}")
