"""Recognises, replaces and removes the folders that this program writes; nothing else is ever removed.

Every such folder has a file MARKER with the kind of the folder and, once it is finished, the sha256 of each of its
files. A folder counts as ours only with that marker, and a finished one only while none of its files is new or
changed. An unfinished folder, which exists only in a work folder, is ours as a whole. Anything that is not ours is
named in an error and left as it is. A top-level `.git` belongs to the user: it is never read, and moves to the folder
that replaces the old one.

A folder is made in a work folder beside its target and replaces the older one by two renames; the first one moves the
older folder into the work folder, from which it is restored if the program ends between the two. Everything is synced
to the disk before it is renamed, so that a power cut leaves either the old folder or the new one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from matinee.errors import BuildError
from matinee.manifest import MARKER, TIMINGS, sha256
from matinee.marker import Marker, move, read_marker, sync, write_marker

WORK = ".work"
"""Suffix of the work folder beside a target, in which the target's replacement is made."""

WORK_KIND, PART_KIND = "work", "part"
"""Kinds of folders that are never finished: a work folder, and a folder that is still being written."""

GIT = ".git"


def target_folder(out: str | Path, kind: str) -> Path:
    """Return `out` with links resolved, after checking that a folder may be written there.

    Args:
        out: The folder that a person named.
        kind: Kind of the folder that is to be written.

    Raises:
        BuildError: `out` cannot be a folder, or it or its work folder has contents that this program did not write.
    """
    target = Path(os.path.realpath(out))
    if not target.name:
        raise BuildError(f"{out} cannot be replaced by a folder; name a new folder with --out")
    for folder, of in ((target, kind), (work_folder(target), WORK_KIND)):
        if folder.is_dir() and _held(folder) - {GIT}:
            check_ours(folder, of)
        elif folder.exists() and not folder.is_dir():
            raise BuildError(f"{folder} is a file where a folder is to be written; name another --out")
    return target


def claim(folder: Path, kind: str) -> None:
    """Create an unfinished folder, or reuse an existing one; raises BuildError if something else is there."""
    folder.mkdir(parents=True, exist_ok=True)
    if _held(folder):
        check_ours(folder, kind)
    else:
        write_marker(folder, Marker(kind, None))


def claim_work(target: Path) -> Path:
    """Claim the work folder of a target, and restore the target if an interrupted program had moved it there.

    Raises:
        BuildError: Something else is there.
    """
    work = work_folder(target)
    claim(work, WORK_KIND)
    waiting = _waiting(work, target)
    if waiting.exists() and not target.exists():
        waiting.rename(target)
    _clear_away(waiting, target)
    return work


def claim_part(folder: Path) -> None:
    """Claim an empty folder to write into; what an interrupted program left there is removed."""
    if folder.is_dir() and _held(folder):
        discard(folder)
    claim(folder, PART_KIND)


def seal(folder: Path, kind: str) -> None:
    """Finish a folder: sync everything in it to the disk, and write the sha256 of every file into its marker."""
    names = list(_names(folder))
    for name in names:
        sync(folder / name)
    write_marker(folder, Marker(kind, {name: "" if name == TIMINGS else sha256(folder / name) for name in names}))
    for inside, _, _ in os.walk(folder):
        sync(Path(inside))


def is_intact(folder: Path, kind: str) -> bool:
    """Whether a finished folder holds the very files that it was finished with, and no others."""
    marker = read_marker(folder)
    if marker is None or marker.kind != kind or marker.files is None:
        return False
    there = set(_names(folder))
    return there == marker.files.keys() and not any(_is_changed(folder, marker.files, name) for name in there)


def check_ours(folder: Path, kind: str) -> None:
    """Raise BuildError, naming what is in the way, unless this program wrote `folder` and all that is in it."""
    marker = read_marker(folder)
    if marker is None:
        first = min(_held(folder), default="nothing")
        raise BuildError(
            f"{folder} is left alone: it holds {first!r} but no {MARKER}, so this version of Matinee did not write it; "
            "move it away, or name another --out"
        )
    if marker.kind != kind:
        raise BuildError(f"{folder} is left alone: it is a {marker.kind}, not a {kind}; name another --out")
    for name in _names(folder) if marker.files is not None else ():
        if marker.files is not None and _is_changed(folder, marker.files, name):
            how = "was changed since it was written" if name in marker.files else "was not written by Matinee"
            raise BuildError(f"{folder} is left alone: {name} in it {how}; move that file away, or name another --out")


def discard(folder: Path) -> list[Path]:
    """Remove a folder of ours, except for files that we did not write; if there are such, the folder stays too.

    Returns:
        The paths that stay at its top level.

    Raises:
        BuildError: It is not ours; nothing of it was removed.
    """
    marker = read_marker(folder)
    if marker is None:
        raise BuildError(f"{folder} has no {MARKER}, so Matinee did not write it and leaves it alone; move it away")
    if marker.files is None and marker.kind != WORK_KIND:
        shutil.rmtree(folder)
        return []
    if marker.files is None:
        _discard_parts(folder)
    for name in marker.files or ():
        if (folder / name).parent.resolve().is_relative_to(folder.resolve()):
            with suppress(FileNotFoundError, IsADirectoryError):
                (folder / name).unlink()
    for inside, _, _ in os.walk(folder, topdown=False):
        if Path(inside) != folder:
            with suppress(OSError):  # it is not empty
                Path(inside).rmdir()
    (folder / f"{MARKER}.part").unlink(missing_ok=True)
    return _remove_marked(folder)


def _remove_marked(folder: Path) -> list[Path]:
    """Remove a folder of ours if it has nothing but its marker; return the paths of everything else in it."""
    left = sorted(_held(folder) - {MARKER})
    if not left:
        (folder / MARKER).unlink()
        folder.rmdir()
    return [folder / name for name in left]


def _discard_parts(work: Path) -> None:
    """Remove the folders of ours in a work folder."""
    for path in sorted(work.iterdir()):
        if path.is_symlink() or not path.is_dir():
            continue
        if not _held(path):
            shutil.rmtree(path)
        elif read_marker(path) is not None:
            discard(path)


def replace(new: Path, target: Path, kind: str) -> None:
    """Replace `target` by the finished folder `new`, which lies in the target's work folder.

    Raises:
        BuildError: The existing `target` is not ours; it stays, and so does `new`.
    """
    waiting = _waiting(new.parent, target)
    if target.exists():
        target_folder(target, kind)
        target.rename(waiting)
    move(new, target)
    _clear_away(waiting, target)


def _clear_away(waiting: Path, target: Path) -> None:
    """Remove the older folder `waiting`, which `target` has replaced, after moving its `.git` to `target`."""
    if not waiting.is_dir():
        return
    if (waiting / GIT).exists():
        (waiting / GIT).rename(target / GIT)
    if read_marker(waiting) is None:
        waiting.rmdir()  # it held nothing else
    else:
        discard(waiting)


@contextmanager
def writing(out: str | Path, kind: str) -> Iterator[Path]:
    """Give an empty folder to write into, which replaces `out` when the context ends without an error.

    Raises:
        BuildError: As `target_folder` does.
    """
    target = target_folder(out, kind)
    work = claim_work(target)
    new = work / "new"
    try:
        claim_part(new)
        yield new
        seal(new, kind)
        replace(new, target, kind)
    finally:
        if new.is_dir() and read_marker(new) is not None:
            discard(new)
        _remove_marked(work)  # unless the steps of a build are in it


def _held(folder: Path) -> set[str]:
    """Return the names in a folder, without that of a partly written marker."""
    return set(os.listdir(folder)) - {f"{MARKER}.part"}


def _names(folder: Path) -> Iterator[str]:
    """Return the relative paths of a folder's files, sorted, without marker and `.git`; links count as files."""
    found = []
    for inside, folders, files in os.walk(folder):
        if Path(inside) == folder:
            folders[:] = [name for name in folders if name != GIT]
        linked = [name for name in folders if (Path(inside) / name).is_symlink()]
        found += [(Path(inside) / name).relative_to(folder).as_posix() for name in (*files, *linked)]
    return iter(sorted(set(found) - {MARKER, GIT}))


def _is_changed(folder: Path, files: Mapping[str, str], name: str) -> bool:
    """Whether an existing file differs from the one that the marker lists, or is not listed."""
    path = folder / name
    if name not in files or path.is_symlink() or not path.is_file():
        return True
    return files[name] not in ("", sha256(path))


def work_folder(target: Path) -> Path:
    """Return the work folder beside `target`, in which its replacement is made."""
    return target.with_name(target.name + WORK)


def _waiting(work: Path, target: Path) -> Path:
    """Return the path of the older folder while the newer one replaces it."""
    return work / f"replaced-{target.name}"
