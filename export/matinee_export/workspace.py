"""Keeps the finished steps of a build or study, so that an interrupted run resumes instead of starting over.

A step's folder is named by the step and a digest of everything that its result depends on: inputs, options and the code
of the modules that compute it. A finished step is a folder that was renamed into place and whose files are unchanged
since; a step that was interrupted, or whose files changed, is run again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from matinee import folders
from matinee.errors import BuildError
from matinee.manifest import MARKER
from matinee.marker import move, read_marker
from matinee_export.log import Log
from matinee_export.sources import source_files

PART = ".part"
"""Suffix of a folder that is still being written."""

STEP, SHARDS, LOCK = "step", "shards", "lock"


class Workspace:
    """The finished steps of one build, locked against a second build that would write the same files.

    A context manager; if it exits with an error before any step was begun, it removes its folder.

    Args:
        target: Target folder of the build; the steps are in its work folder, beside it.
        log: Called with one line of text whenever a step begins or is found finished.

    Raises:
        BuildError: On entering: another build holds the lock, or a folder of that name was not written by Matinee.
    """

    def __init__(self, target: Path, log: Log) -> None:
        self.folder = folders.work_folder(target)
        self._target = target
        self._log = log
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        folders.claim(self.folder, folders.WORK_KIND)
        self._lock = (self.folder / LOCK).open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise BuildError(
                f"another build is at work in {self.folder}; wait for it to end, or choose another --out"
            ) from None
        folders.claim_work(self._target)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is None:
            return
        if error is not None and {path.name for path in self.folder.glob("*")} == {LOCK, MARKER}:
            self.remove()  # no step was begun, so nothing is left behind
        self._lock.close()

    def step(self, name: str, code: Sequence[str], key: Mapping[str, Any], make: Callable[[Path], None]) -> Path:
        """Return the folder that `make(folder)` filled, in this build or an earlier one.

        Args:
            name: Name of the step, such as "factors-als".
            code: Modules that compute the result; the modules that they import count too, so that a change of code runs
                the step again.
            key: Everything the result depends on besides the code; must be JSON.
            make: Fills the empty folder it is given.
        """
        done = self.folder / f"{name}-{_digest(code, key)}"
        if done.is_dir():
            if folders.is_intact(done, STEP):
                self._log(f"{name}: done before")
                return done
            self._log(f"{name}: its files have changed since; doing it again")
            self._put_aside(done)
        self._log(f"{name} ...")
        move(self.staged(done.name, STEP, make), done)
        return done

    def staged(self, name: str, kind: str, make: Callable[[Path], None]) -> Path:
        """Run `make(folder)` on a new folder and return it finished; a folder of an earlier build is never reused."""
        part = self.folder / (name + PART)
        folders.claim_part(part)
        make(part)
        folders.seal(part, kind)
        return part

    def shards(self, name: str, code: Sequence[str], key: Mapping[str, Any]) -> Path:
        """Return the folder of a step that is made shard by shard; an interrupted build may have left shards in it."""
        folder = self.folder / f"{name}-{_digest(code, key)}"
        folders.claim(folder, SHARDS)
        return folder

    def remove(self) -> None:
        """Delete every step, once the bundle is in place. Files that this build did not write are kept and logged."""
        (self.folder / LOCK).unlink()
        for left in folders.discard(self.folder):
            self._log(f"{left} was not written by this build and stays where it is")

    def _put_aside(self, step: Path) -> None:
        """Delete a damaged step; rename its folder if it has no marker or holds files that the step did not write."""
        if read_marker(step) is None or folders.discard(step):
            free = next(n for n in count(1) if not step.with_name(f"{step.name}.damaged-{n}").exists())
            step.rename(step.with_name(f"{step.name}.damaged-{free}"))


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
