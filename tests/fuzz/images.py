"""Posters: sound ones of every format and mode, the same damaged, and files made to take time or memory.

A case opens one file with `open_image` or `prepare`, from its bytes or from a path. A sound picture must come out in
its size, and in its colours where the format keeps them.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from tests.fuzz.area import Case

from matinee.images import open_image, prepare
from matinee.towers import ImageTower

TOWER = ImageTower("image.onnx", "pixels", 232, 224, "bilinear", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))

MODES = {
    "PNG": ("RGB", "RGBA", "L", "LA", "P", "1", "I;16"),
    "JPEG": ("RGB", "L", "CMYK"),
    "GIF": ("P", "L"),
    "BMP": ("RGB", "L", "1"),
    "PPM": ("RGB", "L", "I;16"),
    "WEBP": ("RGB", "RGBA"),
    "TIFF": ("RGB", "RGBA", "L", "CMYK", "I;16", "I", "F"),
    "AVIF": ("RGB", "RGBA"),
}
LOSSLESS = {"PNG", "BMP", "PPM", "TIFF"}
WHITE = {"I;16": 65535, "I": 65535, "F": 1.0}
ORIENTATIONS = [*range(10), 255, 65535]


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:  # noqa: ANN401 - Pillow's save options
    """Return the file of an image."""
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def exif(orientation: int) -> bytes:
    """Return metadata that holds one orientation."""
    return b"Exif\0\0II*\0\x08\0\0\0\x01\0" + struct.pack("<HHIHHI", 0x0112, 3, 1, orientation, 0, 0)


def progressive(side: int, scans: int) -> bytes:
    """Return a JPEG whose last scan comes again `scans` times."""
    data = encoded(Image.new("L", (side, side), 128), "JPEG", progressive=True)
    end = data.rindex(b"\xff\xd9")
    last = data[data.rindex(b"\xff\xc4", 0, data.rindex(b"\xff\xda")) : end]
    return data[:end] + last * scans + data[end:]


def png(width: int, height: int, depth: int, colour: int, pixels: bytes, before: bytes = b"") -> bytes:
    """Return a PNG of whatever its header says and its rows hold; `before` is put between the two."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(pixels, 1)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return one part of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def repeated_directory(size: int, entries: int = 5000) -> bytes:
    """Return a TIFF directory, each of whose entries points to the same `size` bytes."""
    listed = b"".join(struct.pack("<HHII", 1000 + number, 7, size, 8) for number in range(entries))
    return (b"II*\0" + struct.pack("<IH", 8, entries) + listed).ljust(size + 8, b"\0")


def jpeg_with(metadata: bytes, marker: int, prefix: bytes) -> bytes:
    """Return a JPEG with metadata in as many segments as it needs."""
    data = encoded(Image.new("RGB", (40, 60), "teal"), "JPEG")
    bodies = [prefix + metadata[start : start + 65_000] for start in range(0, len(metadata), 65_000)]
    segments = b"".join(struct.pack(">BBH", 255, marker, len(body) + 2) + body for body in bodies)
    return data[:2] + segments + data[2:]


def tiff(tags: dict[int, int]) -> bytes:
    """Return a TIFF of whatever its directory says."""
    listed = {256: 64, 257: 64, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 64, 279: 4096} | tags
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(listed.items()))
    return b"II*\0" + struct.pack("<IH", 8, len(listed)) + entries + bytes(5000)


def large_gif_frame(side: int) -> bytes:
    """Return a GIF whose one frame is larger than the picture."""
    data = bytearray(encoded(Image.new("P", (60, 60)), "GIF"))
    place = data.rindex(b",\0\0\0\0")
    data[place + 5 : place + 9] = struct.pack("<HH", side, side)
    return bytes(data)


def avif_in_another_size(side: int, said: int) -> bytes:
    """Return an AVIF that says it has another size than its pixels."""
    data = encoded(Image.new("RGB", (side, side), "teal"), "AVIF", speed=10)
    return data.replace(struct.pack(">II", side, side), struct.pack(">II", said, said))


Draw = np.random.Generator
ATTACKS: dict[str, Callable[[Draw], bytes]] = {
    "scans": lambda draw: progressive(int(draw.integers(1000, 4000)), int(draw.integers(100, 3000))),
    "tall": lambda draw: encoded(Image.new("L", (int(draw.integers(1, 513)), 60_000)), "PNG", compress_level=1),
    "wide": lambda draw: encoded(Image.new("RGB", (60_000, int(draw.integers(1, 100)))), "JPEG"),
    "header": lambda draw: png(int(draw.integers(1, 2**31)), int(draw.integers(1, 2**31)), 8, 2, b"\0"),
    "16 bits": lambda draw: png(6000, int(draw.integers(1000, 8000)), 16, 0, bytes(12_001 * 8000)),
    "transparent": lambda draw: png(6000, int(draw.integers(1000, 8000)), 8, 4, bytes(12_001 * 8000)),
    "floats": lambda draw: encoded(
        Image.new("F", (5000, int(draw.integers(1000, 8000)))), "TIFF", compression="packbits"
    ),
    "cmyk": lambda draw: encoded(Image.new("CMYK", (5000, 4000)), "JPEG", progressive=True, exif=exif(6)),
    "webp": lambda draw: encoded(Image.new("RGB", (int(draw.integers(2000, 9000)), 4000)), "WEBP", method=0),
    "avif": lambda draw: encoded(Image.new("RGB", (int(draw.integers(1000, 3000)), 3000)), "AVIF", speed=10),
    "avif size": lambda draw: avif_in_another_size(int(draw.choice([300, 3000])), int(draw.choice([1, 16, 20_000]))),
    "directory": lambda draw: repeated_directory(int(draw.integers(100, 2_000_000))),
    "exif": lambda draw: jpeg_with(repeated_directory(int(draw.integers(100, 900_000))), 0xE1, b"Exif\0\0"),
    "pictures": lambda draw: jpeg_with(repeated_directory(64_000), 0xE2, b"MPF\0"),
    "png exif": lambda draw: png(8, 8, 8, 0, bytes(72), chunk(b"eXIf", repeated_directory(900_000))),
    "avif exif": lambda draw: encoded(Image.new("RGB", (8, 8)), "AVIF", exif=exif(6)[6:] + bytes(99)),
    "chunks": lambda draw: png(8, 8, 8, 0, bytes(72), chunk(b"abCd", b"") * int(draw.integers(1, 400_000))),
    "texts": lambda draw: png(8, 8, 8, 0, bytes(72), chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(10**7))) * 80),
    "profile": lambda draw: png(8, 8, 8, 0, bytes(72), chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(10**7)))),
    "tile": lambda draw: tiff({322: 60_000, 323: int(draw.integers(1, 60_000)), 324: 8, 325: 100, 259: 5}),
    "strips": lambda draw: tiff({278: int(draw.integers(0, 2**32)), 279: int(draw.integers(0, 2**32))}),
    "tiff side": lambda draw: tiff({256: int(draw.integers(0, 70_000)), 257: 70_000, 259: int(draw.choice([1, 5, 8]))}),
    "gif frame": lambda draw: large_gif_frame(int(draw.choice([61, 7000, 9000, 65_535]))),
    "gif blocks": lambda draw: b"GIF89a\1\0\1\0\0\0\0!\xfe" + b"\1a" * int(draw.integers(1, 900_000)) + b"\0;",
    "ppm text": lambda draw: b"P3 900 900 999 " + b"7 " * int(draw.integers(1, 2_430_000)),
    "ppm wide": lambda draw: b"P6 2000 2000 999 " + bytes(24_000_000),
    "icon": lambda draw: encoded(Image.new("RGB", (64, 64)), "ICO"),
    "jpeg 2000": lambda draw: encoded(Image.new("RGB", (64, 64)), "JPEG2000"),
    "page in a picture": lambda draw: b"<html>" + encoded(Image.new("RGB", (64, 64)), "JPEG"),
    "picture in a zip": lambda draw: b"PK\3\4" + encoded(Image.new("RGB", (64, 64)), "PNG"),
}


@dataclass(frozen=True)
class _Posters:
    """Cases of posters; files lie in `home`."""

    home: Path

    def case(self, draw: np.random.Generator) -> Case:
        """Return a sound poster, a damaged one, or an attack."""
        way = draw.choice(["sound", "damaged", "attack"], p=[0.3, 0.4, 0.3])
        if way == "sound":
            return self._sound(draw)
        if way == "damaged":
            return self._opening(draw, _damaged(draw))
        return self._opening(draw, ATTACKS[str(draw.choice(list(ATTACKS)))](draw))

    def _opening(self, draw: np.random.Generator, data: bytes) -> Case:
        source: bytes | Path = data
        if draw.random() < 0.5:
            source = self.home / "poster.jpg"
            source.write_bytes(data)

        def opened() -> None:
            assert open_image(source).mode == "RGB"

        def prepared() -> None:
            pixels = prepare(source, TOWER)
            assert pixels.shape == (3, 224, 224)
            assert np.isfinite(pixels).all()

        return opened if draw.random() < 0.5 else prepared

    def _sound(self, draw: np.random.Generator) -> Case:
        format, mode, size = _kind(draw)
        orientation = int(draw.choice(ORIENTATIONS))
        metadata = {"exif": exif(orientation)} if format in ("PNG", "JPEG", "WEBP") else {}
        plain = Image.new("RGB", size, "white").convert("P") if mode == "P" else Image.new(mode, size, _white(mode))
        data = encoded(plain, format, **metadata)
        turned = bool(metadata) and 5 <= orientation <= 8

        def right() -> None:
            image = open_image(data)
            assert image.mode == "RGB"
            assert image.size == (size[::-1] if turned else size), (format, mode, image.size)
            least = int(np.asarray(image).min())
            assert least >= (255 if format in LOSSLESS else 248), (format, mode, least)

        return right


def _kind(draw: np.random.Generator) -> tuple[str, str, tuple[int, int]]:
    format = str(draw.choice(list(MODES)))
    mode = str(draw.choice(MODES[format]))
    width, height = (int(side) for side in draw.integers(1, 200, 2))
    return format, mode, (width, height)


def _white(mode: str) -> float | tuple[int, ...]:
    if mode in WHITE:
        return WHITE[mode]
    if mode == "CMYK":
        return (0, 0, 0, 0)
    return tuple(255 for _ in Image.new(mode, (1, 1)).getbands())


def _damaged(draw: np.random.Generator) -> bytes:
    """A picture of noise with some bytes replaced, cut short, or put together from two."""
    format, mode, (width, height) = _kind(draw)
    noise = Image.fromarray(draw.integers(0, 256, (height, width, 3), dtype=np.uint8)).convert("L")
    data = bytearray(encoded(noise.convert(mode), format))
    for place in draw.integers(0, len(data), int(draw.integers(0, 9))):
        data[place] = draw.integers(0, 256)
    if draw.random() < 0.3:
        del data[int(draw.integers(0, len(data))) :]
    if draw.random() < 0.2:
        data += data[int(draw.integers(0, len(data) + 1)) :]
    return bytes(data)


def open_area(home: Path) -> _Posters:
    """Open it."""
    return _Posters(home)
