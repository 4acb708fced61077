"""The marker file of folders that Matinee wrote, and ways to write files that survive a power cut.

In and out: MARKER in a folder, a JSON object.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matinee.manifest import MARKER

_LARGEST_MARKER = 200_000_000


@dataclass(frozen=True)
class Marker:
    """The content of a folder's MARKER.

    Attributes:
        kind: What the folder is: "bundle", "space", "report", "step", or one that is never finished.
        files: sha256 (hex) of each file by its name relative to the folder; "" where any content will do, as for
            timings; None for a folder that is not finished.
    """

    kind: str
    files: Mapping[str, str] | None


def read_marker(folder: Path) -> Marker | None:
    """Return the folder's marker, or None if it has none that this program wrote."""
    path = folder / MARKER
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST_MARKER:
            return None
        data = json.loads(path.read_bytes())
        marker = Marker(data["kind"], data["files"])
    except (OSError, ValueError, RecursionError, TypeError, KeyError):
        return None
    files = {} if marker.files is None else marker.files
    sound = data.get("written by") == "matinee" and isinstance(marker.kind, str) and isinstance(files, dict)
    return marker if sound and all(isinstance(digest, str) for digest in files.values()) else None


def write_marker(folder: Path, marker: Marker) -> None:
    """Write a folder's marker and sync it to the disk."""
    data = {"written by": "matinee", "kind": marker.kind, "files": marker.files}
    write_file(folder / MARKER, (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode())


def write_file(path: Path, content: bytes) -> None:
    """Write a file atomically: after a power cut it has either all of the new content or none of it."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    sync(path.parent)


def move(folder: Path, to: Path) -> None:
    """Rename a finished folder and sync the change to the disk."""
    folder.rename(to)
    sync(to.parent)


def sync(path: Path) -> None:
    """Have the system write a file, or a folder's list of files, to the disk."""
    if path.is_symlink():
        return
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except PermissionError:  # Windows opens no folders
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):  # errors of file systems that cannot sync
            raise
    finally:
        os.close(descriptor)
