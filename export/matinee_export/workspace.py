"""Where a build keeps its finished steps, so that an interrupted one goes on instead of starting again.

A step is named by what it does and by a digest of everything that its result depends on: inputs, options and the code
of the modules that do it. A finished step is a folder that appeared by renaming; one that was interrupted has no such
folder and is done again. Knows nothing of what the steps do.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from matinee.errors import BuildError
from matinee_export.sources import source_files

PART = ".part"
"""Ending of a file or folder that is still being written."""


class Workspace:
    """Finished steps of one build, locked against a second build that would write the same files.

    Args:
        folder: Where the steps lie; created if need be.
        report: Called with one line of text whenever a step begins or is found finished.
    """

    def __init__(self, folder: Path, report: Callable[[str], None]) -> None:
        self.folder = folder
        self._report = report
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = (self.folder / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise BuildError(
                f"another build is at work in {self.folder}; wait for it to end, or choose another --out"
            ) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            self._lock.close()

    def step(self, name: str, code: Sequence[str], key: Mapping[str, Any], make: Callable[[Path], None]) -> Path:
        """Return the folder that `make(folder)` filled, now or in an earlier build.

        Args:
            name: What the step does, such as "factors-als".
            code: Modules that do it; what they import counts too, so that changed code never reuses old results.
            key: Everything the result depends on besides the code; must be JSON.
            make: Fills the empty folder it is given.
        """
        done = self.folder / f"{name}-{_digest(code, key)}"
        if done.is_dir():
            self._report(f"{name}: done before")
            return done
        self._report(f"{name} ...")
        self.staged(done.name, make).rename(done)
        return done

    def staged(self, name: str, make: Callable[[Path], None]) -> Path:
        """Return the folder that `make(folder)` filled now; it is made anew each time and never found finished."""
        part = self.folder / (name + PART)
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        make(part)
        return part

    def shards(self, name: str, code: Sequence[str], key: Mapping[str, Any]) -> Path:
        """Return the folder, perhaps half filled by an earlier build, for a step that is made shard by shard."""
        folder = self.folder / f"{name}-{_digest(code, key)}"
        folder.mkdir(exist_ok=True)
        return folder

    def remove(self) -> None:
        """Delete every step; call it once the bundle is in its place."""
        shutil.rmtree(self.folder)


def files_digest(files: Iterable[Path]) -> str:
    """Return one sha256 (hex) over the names and contents of `files`, in the order given."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _digest(code: Sequence[str], key: Mapping[str, Any]) -> str:
    text = json.dumps({"code": files_digest(source_files(code)), **key}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
