"""An image file's EXIF orientation, read without loading any other metadata.

In: the file's bytes, or its header as Pillow read it. Out: the EXIF orientation, 1 to 8. Pillow's own reader loads
every value that a directory lists, and 65,535 entries of it may each point to the same megabytes.
"""

from __future__ import annotations

import re
import struct

from PIL import Image

_JPEG = re.compile(rb"\xff\xe1..Exif\0\0", re.DOTALL)
_XMP = re.compile(rb'tiff:Orientation(?:="|>)([0-9])')
_ORIENTATION = 0x0112
_SHORT = 3
_SEGMENT = 65_535  # bytes that one segment of a JPEG has at most

# By file signature: the marks by which Pillow finds directories of metadata while it reads the header, each with a
# replacement of the same length that hides the directory.
_DIRECTORIES = {
    b"\xff\xd8\xff": ((b"Exif\0\0", b"exif\0\0"), (b"MPF\0", b"mpf\0")),
    b"ftyp": ((b"Exif", b"exif"),),
}


def without_directories(data: bytes) -> bytes:
    """Return the bytes of a JPEG or AVIF file with its metadata hidden; any other file is returned unchanged.

    Neither decoder needs the metadata: AVIF stores the orientation in the picture's own properties.
    """
    for start, hidden in _DIRECTORIES.items():
        if start in data[:8]:
            for shown, other in hidden:
                data = data.replace(shown, other)
    return data


def orientation(image: Image.Image, data: bytes) -> int:
    """Return the EXIF orientation that must still be undone after decoding; 1 where none can be read.

    Args:
        image: The file as `Image.open` returned it, already decoded if its metadata may follow the pixels.
        data: The file's original bytes.
    """
    if image.format == "TIFF":  # Pillow has already undone it
        return 1
    xmp = image.info.get("XML:com.adobe.xmp") or image.info.get("xmp") or b""
    found = _XMP.search(xmp.encode("utf-8", "replace") if isinstance(xmp, str) else xmp)
    return _from_exif(_exif(image, data)) or (int(found[1]) if found else 1)


def _exif(image: Image.Image, data: bytes) -> bytes:
    if image.format == "JPEG":
        found = _JPEG.search(data)
        return data[found.end() : found.end() + _SEGMENT] if found else b""
    if "Raw profile type exif" in image.info:  # ImageMagick's, in PNG: a name, a length, then digits
        try:
            exif = bytes.fromhex("".join(image.info["Raw profile type exif"].split("\n")[3:]))
        except ValueError:
            return b""
    else:
        exif = image.info.get("exif") or b""
    return exif.removeprefix(b"Exif\0\0")


def _from_exif(exif: bytes) -> int | None:
    """Return the orientation in the first directory of EXIF's TIFF structure, or None where there is none."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None or len(exif) < 10:
        return None
    (start,) = struct.unpack_from(order + "I", exif, 4)
    if start + 2 > len(exif):
        return None
    (entries,) = struct.unpack_from(order + "H", exif, start)
    for place in range(start + 2, min(start + 2 + 12 * entries, len(exif) - 11), 12):
        tag, kind, count, value = struct.unpack_from(order + "HHIH", exif, place)
        if (tag, kind, count) == (_ORIENTATION, _SHORT, 1):
            return int(value)
    return None
