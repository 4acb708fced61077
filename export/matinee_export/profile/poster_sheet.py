"""Makes a contact sheet of a sample of a dataset's posters.

In: a cleaned dataset. Out: one JPEG's bytes, with at most 48 posters at equal distances in the order of movie ids.
Large JPEGs are decoded at a reduced size.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageOps

from matinee.errors import BadImageError
from matinee.images import open_image
from matinee_export.data.clean import Dataset

MOST = 48
"""Largest number of posters on a sheet."""

COLUMNS = 12
TILE = (92, 138)
"""Width and height of a poster on the sheet in pixels, in the usual ratio; other shapes are cropped to it."""

_GAP = 6
_GROUND = (46, 48, 54)
_QUALITY = 80


def poster_sheet(dataset: Dataset) -> tuple[bytes, int]:
    """Return the sheet as a JPEG and the number of posters on it; b"" and 0 if no poster can be read."""
    posters = dataset.movies["poster"]
    there = posters[posters != ""].tolist()
    chosen = [there[place * len(there) // MOST] for place in range(MOST)] if len(there) > MOST else there
    tiles = [tile for poster in chosen if (tile := _tile(dataset.folder / poster)) is not None]
    if not tiles:
        return b"", 0
    file = io.BytesIO()
    _laid_out(tiles).save(file, "JPEG", quality=_QUALITY)
    return file.getvalue(), len(tiles)


def _laid_out(tiles: list[Image.Image]) -> Image.Image:
    columns = min(COLUMNS, len(tiles))
    rows = -(-len(tiles) // columns)
    step = (TILE[0] + _GAP, TILE[1] + _GAP)
    sheet = Image.new("RGB", (columns * step[0] + _GAP, rows * step[1] + _GAP), _GROUND)
    for place, tile in enumerate(tiles):
        row, column = divmod(place, columns)
        sheet.paste(tile, (_GAP + column * step[0], _GAP + row * step[1]))
    return sheet


def _tile(path: Path) -> Image.Image | None:
    """Return a poster scaled and cropped to TILE, None if it cannot be read."""
    try:
        return ImageOps.fit(open_image(path, at_least=2 * max(TILE)), TILE, Image.Resampling.LANCZOS)
    except BadImageError:
        return None
