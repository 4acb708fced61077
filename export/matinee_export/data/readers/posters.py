"""Finds the poster file of a movie: the one named in its row, or the one named after its id.

In: the dataset folder, and a movie's id and poster cell from movies.csv. Out: the file's path relative to the folder,
"" if there is none. Paths that lead out of the folder, by ".." or by a symbolic link, are rejected: datasets are often
from third parties, and must not be able to put the user's own pictures into a bundle. The dataset folder itself may be
a link, since the user named it, but its posters/ must lie inside it: to keep posters on another disk, keep the tables
there as well.
"""

from __future__ import annotations

import os.path
from collections import Counter
from pathlib import Path, PurePosixPath

_FOLDER = "posters"
_ENDINGS = (".jpg", ".jpeg", ".png", ".webp")


class Posters:
    """Finds the posters of a dataset folder.

    Args:
        folder: The dataset folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._inside = os.path.join(os.path.realpath(folder), "")
        posters = folder / _FOLDER
        names = sorted(entry.name for entry in posters.iterdir()) if posters.is_dir() else []
        self._by_stem = {
            PurePosixPath(name).stem.casefold(): f"{_FOLDER}/{name}"
            for name in reversed(names)
            if name.casefold().endswith(_ENDINGS)
        }

    def find(self, movie_id: str, named: str, set_aside: Counter[str], noted: Counter[str]) -> str:
        """Return the path of a movie's poster, relative to the dataset folder, or "".

        Args:
            movie_id: The movie's id, such as "tt0113277".
            named: The poster cell of its row, a path relative to the folder. A blank or a web address means the file in
                posters/ named after the id, with or without "tt" and leading zeros.
            set_aside: Counts paths and links that lead out of the folder.
            noted: Counts movies without a poster, and named posters that do not exist.
        """
        named = named.strip().replace("\\", "/")
        if not named or "://" in named:
            named = self._called_after(movie_id)
        if not named:
            noted["posters: movie without a poster"] += 1
            return ""
        path = PurePosixPath(named)
        if path.is_absolute() or ".." in path.parts or ":" in named.partition("/")[0] or "\0" in named:
            set_aside["posters: path outside the dataset folder"] += 1
            return ""
        if not self._is_file(path):
            noted["posters: file not there"] += 1
            return ""
        if not os.path.realpath(self._folder / path).startswith(self._inside):
            set_aside["posters: link out of the dataset folder"] += 1
            return ""
        return str(path)

    def _called_after(self, movie_id: str) -> str:
        digits = movie_id.removeprefix("tt")
        stems = (movie_id, digits, digits.lstrip("0"), f"tt{digits.lstrip('0')}")
        return next((self._by_stem[stem] for stem in stems if stem in self._by_stem), "")

    def _is_file(self, path: PurePosixPath) -> bool:
        try:
            return (self._folder / path).is_file()
        except OSError:  # a name longer than the file system allows
            return False
