"""Makes the bundle's thumbnails from the dataset's posters, and records which posters cannot be read.

In: the movies table and the dataset folder. Out: `posters/*.jpg` and `refused.json` (movie row to reason). Every image
is opened here first, so that later stages can leave out the unreadable ones.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
from PIL import Image

from matinee.errors import BadImageError
from matinee.images import open_image
from matinee.progress import Progress
from matinee.session import cpu_quota

MAX_WIDTH = 320
"""Maximum width of a thumbnail in pixels; smaller posters keep their size."""

QUALITY = 85


def write_thumbnails(movies: pd.DataFrame, source: Path, folder: Path) -> None:
    """Write `folder/posters/ID.jpg` for every movie whose poster can be read, and `folder/refused.json`.

    Args:
        movies: The movies table, whose `poster` column names files relative to `source`, "" where there is none.
        source: The dataset folder.
        folder: Where to write.
    """
    (folder / "posters").mkdir()
    rows = [(int(row), source / poster, str(movie_id)) for row, poster, movie_id in _named(movies)]
    refused: dict[int, str] = {}

    def shrink(item: tuple[int, Path, str]) -> None:
        row, path, movie_id = item
        try:
            image = open_image(path)
        except BadImageError as error:
            refused[row] = str(error)
            return
        image.thumbnail((MAX_WIDTH, image.height), Image.Resampling.LANCZOS)
        image.save(folder / "posters" / f"{movie_id}.jpg", quality=QUALITY)

    with Progress("posters", total=len(rows)) as progress, ThreadPoolExecutor(cpu_quota()) as pool:
        for _ in pool.map(shrink, rows):
            progress.advance(1)
    (folder / "refused.json").write_text(json.dumps(dict(sorted(refused.items()))), encoding="utf-8")


def read_refused(folder: Path) -> dict[int, str]:
    """Return why posters could not be read, by movie row, from the file that `write_thumbnails` wrote."""
    found: dict[str, str] = json.loads((folder / "refused.json").read_text(encoding="utf-8"))
    return {int(row): reason for row, reason in found.items()}


def _named(movies: pd.DataFrame) -> list[tuple[int, str, str]]:
    named = movies[movies["poster"] != ""]
    return list(zip(named.index, named["poster"], named["movie_id"], strict=True))
