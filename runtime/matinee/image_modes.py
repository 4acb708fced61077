"""Converts an image of any mode to an upright RGB image of 8 bits per channel, strip by strip.

In: a decoded PIL image. Out: the same picture as RGB, transparency on white, its orientation undone. Beside the two
images, memory is taken for one strip only, whatever the mode.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
from PIL import Image

STRIP = 1_000_000
"""Maximum number of pixels in a strip, unless a single row has more."""

# The operation that undoes each orientation of EXIF 2.32, tag 0x0112.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_TURNED_OVER = {Image.Transpose.ROTATE_180, Image.Transpose.FLIP_TOP_BOTTOM}
_TO_THE_LEFT = {Image.Transpose.ROTATE_270, Image.Transpose.TRANSVERSE}
_SIDEWAYS = {Image.Transpose.TRANSPOSE, Image.Transpose.ROTATE_90} | _TO_THE_LEFT

# The value of white in samples of more than 8 bits: the least of these that no sample exceeds, else the largest sample.
WHITES = {"F": (1.0, 255.0, 65535.0), "I": (255.0, 65535.0)}
WHITE_16 = (65535.0,)

Flatten = Callable[[Image.Image], Image.Image]


def upright_rgb(image: Image.Image, orientation: int) -> Image.Image:
    """Return `image` as RGB with the EXIF `orientation` undone; `image` itself, never changed, if it is so already."""
    turn = UPRIGHT.get(orientation)
    flatten = _flattener(image)
    if flatten is None and turn is None:
        return image
    width, height = image.size
    page = Image.new("RGB", (height, width) if turn in _SIDEWAYS else (width, height))
    for top, strip in _strips(image):
        piece = strip if flatten is None else flatten(strip)
        page.paste(piece if turn is None else piece.transpose(turn), _place(turn, top, strip.height, height))
    return page


def _place(turn: Image.Transpose | None, top: int, rows: int, height: int) -> tuple[int, int]:
    """Return the left and top position, in the upright image, of the strip that began at row `top`."""
    if turn in _SIDEWAYS:
        return (height - top - rows if turn in _TO_THE_LEFT else top, 0)
    return (0, height - top - rows if turn in _TURNED_OVER else top)


def _strips(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    width, height = image.size
    rows = max(1, STRIP // width)
    for top in range(0, height, rows):
        yield top, image.crop((0, top, width, min(top + rows, height)))


def _flattener(image: Image.Image) -> Flatten | None:
    """Return the function that converts strips of the image to RGB; None if they are RGB already."""
    if image.mode in WHITES or image.mode.startswith("I;16"):
        white = _white(image)
        return lambda strip: Image.fromarray(_to_bytes(_samples(strip), white)).convert("RGB")
    if image.has_transparency_data:
        return _on_white
    return None if image.mode == "RGB" else lambda strip: strip.convert("RGB")


def _on_white(strip: Image.Image) -> Image.Image:
    colours = strip.convert("RGBA")
    page = Image.new("RGB", strip.size, "white")
    page.paste(colours, mask=colours.getchannel("A"))
    return page


def _samples(strip: Image.Image) -> npt.NDArray[np.float64]:
    return np.nan_to_num(np.asarray(strip).astype(np.float64), posinf=0.0, neginf=0.0)


def _white(image: Image.Image) -> float:
    top = max(float(_samples(strip).max()) for _, strip in _strips(image))
    return next((white for white in WHITES.get(image.mode, WHITE_16) if top <= white), top)


def _to_bytes(values: npt.NDArray[np.float64], white: float) -> npt.NDArray[np.uint8]:
    """Scale (height, width) samples to 0..255; Pillow's own conversion would clip them."""
    return np.rint(values.clip(0, white) * (255.0 / white)).astype(np.uint8)
