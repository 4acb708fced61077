"""The worst that one visitor may send as a poster or an export: small files that are dear to read, and large ones.

In: nothing. Out: file names and bytes. Knows nothing of servers.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

import numpy as np
from PIL import Image

SIDE = 7_000
"""Sides of the large pictures: 49 megapixels, just below what is taken."""

SCANS = 1_000
"""Scans of the progressive JPEG; every one of them goes over all of its pixels."""


def worst_posters() -> Mapping[str, bytes]:
    """Pictures by file name: many scans, all the pixels that are taken, 16-bit samples, a long strip."""
    smooth = Image.linear_gradient("L").resize((SIDE, SIDE))
    return {
        "scans.jpg": many_scans(smooth, SCANS),
        "large.jpg": _saved(smooth.convert("RGB"), "JPEG", quality=50),
        "large.png": _saved(smooth.convert("RGBA"), "PNG", compress_level=1),
        "deep.png": _saved(Image.fromarray(np.zeros((SIDE, SIDE), np.uint16)), "PNG", compress_level=1),
        "strip.png": _saved(Image.new("RGB", (512, 97_460)), "PNG", compress_level=9),
    }


def worst_exports() -> Mapping[str, bytes]:
    """Exports by file name: a small zip of millions of lines without a rating, and one long line."""
    header = b"Const,Your Rating,Title,Year\n"
    return {
        "lines.zip": _zipped(header + b"a,b\n" * 4_900_000),
        "commas.zip": _zipped(header + b"," * 19_000_000),
        "entities.zip": _zipped(b"Name,Year,Rating,Review\n" + b"A,1999,5," + b"<a &amp;" * 2_400_000),
    }


def many_scans(picture: Image.Image, scans: int) -> bytes:
    """A progressive JPEG of `picture` whose last scan is there so many times."""
    data = _saved(picture, "JPEG", progressive=True, quality=20)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * scans + data[-2:]


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def _zipped(table: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=zlib.Z_BEST_COMPRESSION) as archive:
        archive.writestr("ratings.csv", table)
    return file.getvalue()
