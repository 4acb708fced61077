"""Limits on decoding an image file, checked before it is decoded: memory, time, and how often it may be read.

In: an image file's bytes and its header as Pillow read it. Out: the maximum bytes and seconds that decoding takes, or
BadImageError.

Decoders written in Python read their file piece by piece and are stopped there; those written in C cannot be stopped,
so their cost is estimated beforehand from measurements on the worst image of each format.
"""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from PIL import Image

from matinee.errors import BadImageError

MAX_BYTES = 100_000_000
MAX_PIXELS = 50_000_000
MEMORY = 450e6
"""Bytes that opening one image may take, its file included."""

SECONDS = 4.0
"""CPU seconds that decoding one image may take, on the machine on which COSTS was measured."""

HEADER_SECONDS = 0.5
"""CPU seconds that reading an image's header may take."""

SLOWER = 3.0
"""How many times slower than the machine of COSTS a machine may be before it refuses a valid image."""

TOGETHER = 1e9
"""Bytes that all images being opened in this process may take together; further ones wait."""

START_OF_SCAN = b"\xff\xda"


@dataclass(frozen=True)
class Cost:
    """What a format's decoder takes in its worst case.

    Attributes:
        memory: Bytes for each pixel: the decoder's own, Pillow's four, and four of the RGB image made of them.
        time: Nanoseconds for each pixel.
        scan: Nanoseconds for each pixel in each further scan of the whole picture.
    """

    memory: float
    time: float
    scan: float = 0.0


# The formats that are accepted. Left out on purpose are formats that run other programs (EPS), and ones not used for
# posters: JPEG 2000 takes 700 ns for a pixel, and an icon may hold an image of another size than its header gives.
COSTS = {
    "JPEG": Cost(8, 30, scan=4),
    "PNG": Cost(8, 15),
    "GIF": Cost(8, 15),
    "BMP": Cost(8, 15),
    "PPM": Cost(8, 15),
    "WEBP": Cost(21, 75),
    "TIFF": Cost(14, 40, scan=4),
    "AVIF": Cost(20, 300),
}
COEFFICIENTS = 2
"""Bytes for each sample of a JPEG with several scans while they are read, besides the four of each pixel."""


class ImageBytes(io.BytesIO):
    """An image file in memory with limits on the CPU time of reading and on the total number of bytes read.

    A small file can refer to the same megabyte thousands of times (TIFF), or have a million empty parts (PNG, GIF).
    """

    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data)
        self._name = name
        self._left = 4 * len(data) + 1_000_000
        self._end = time.thread_time() + HEADER_SECONDS

    def to_pixels(self, seconds: float) -> None:
        """Set the time limit for decoding, which takes `seconds` on the machine of COSTS; call it after the header."""
        self._end = time.thread_time() + HEADER_SECONDS + SLOWER * seconds

    def read(self, size: int | None = -1, /) -> bytes:
        """Read as any file does.

        Raises:
            BadImageError: It has taken too long, or the same bytes were read too often.
        """
        data = super().read(size)
        self._left -= len(data)
        if self._left < 0 or time.thread_time() > self._end:
            raise _too_costly(self._name)
        return data


def check_size(width: int, height: int, name: str) -> None:
    """Raise BadImageError unless the image has some pixels, and no more than MAX_PIXELS."""
    if width * height > MAX_PIXELS:
        raise BadImageError(
            f"{name} is {width} x {height} pixels, above {MAX_PIXELS // 10**6} megapixels; make it smaller"
        )
    if width * height == 0:
        raise BadImageError(f"{name} has no pixels; give a JPEG, PNG, WebP or GIF image")


def worst_case(image: Image.Image, data: bytes, name: str) -> tuple[float, float]:
    """Return the bytes of memory and the seconds that decoding takes at most.

    Args:
        image: The file as `Image.open` returned it, not yet decoded.
        data: The file's bytes.
        name: Name of the file in errors.

    Raises:
        BadImageError: It takes more than MEMORY, or longer than SECONDS.
    """
    cost = COSTS[str(image.format)]
    scans = _scans(image, data) if cost.scan else 1
    pixels = max(_padded(image), _tile(image))
    layers = len(image.getbands())
    each = max(cost.memory, 4.0 + COEFFICIENTS * layers) if scans > 1 else cost.memory
    memory = 2.0 * len(data) + each * pixels
    seconds = pixels * (cost.time + cost.scan * (scans - 1)) / 1e9
    if memory > MEMORY or seconds > SECONDS:
        raise _too_costly(name)
    return memory, seconds


def _too_costly(name: str) -> BadImageError:
    return BadImageError(
        f"{name} takes too much time or memory to decode; save it smaller, as an ordinary JPEG or PNG image"
    )


def _scans(image: Image.Image, data: bytes) -> int:
    """Return an upper bound on the number of scans: every scan of a JPEG starts with START_OF_SCAN."""
    compressed = str(image.info.get("compression", ""))
    return max(1, data.count(START_OF_SCAN)) if image.format != "TIFF" or "jpeg" in compressed else 1


def _padded(image: Image.Image) -> int:
    """Return the number of pixels including a JPEG's padding to full blocks, 32-fold for a picture one pixel wide."""
    width, height = image.size
    return (width + 31) * (height + 31) if image.format == "JPEG" else width * height


def _tile(image: Image.Image) -> int:
    """Return the pixels of a TIFF's tile, 0 without tiles; a tile is decoded whole, even if it exceeds the picture."""
    tags: Any = getattr(image, "tag_v2", {})
    sides = [tags.get(tag, 0) for tag in (322, 323)]  # TIFF 6.0, section 15: TileWidth, TileLength
    return sides[0] * sides[1] if all(isinstance(side, int) for side in sides) else 0


class Room:
    """Memory that threads share: a thread that needs more than is left waits.

    Args:
        size: Number of bytes to share.
    """

    def __init__(self, size: float) -> None:
        self._left = size
        self._changed = threading.Condition()

    @contextmanager
    def taking(self, needed: float) -> Iterator[None]:
        """Reserve `needed` bytes, at most `size`, until the context ends; waits until they are free."""
        with self._changed:
            self._changed.wait_for(lambda: self._left >= needed)
            self._left -= needed
        try:
            yield
        finally:
            with self._changed:
                self._left += needed
                self._changed.notify_all()


ROOM = Room(TOGETHER)
