"""Opens posters from untrusted files and prepares them for an image network.

In: a path, the bytes of a file, or a PIL image. Out: an upright RGB image, and from it float32 (3, crop, crop).
An encoder's size, mean and std are data, in its `ImageTower`.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, UnidentifiedImageError

from matinee.errors import BadImageError
from matinee.image_budget import COSTS, MAX_BYTES, MAX_PIXELS, ROOM, ImageBytes, check_size, worst_case
from matinee.image_modes import upright_rgb
from matinee.image_orientation import orientation, without_directories

if TYPE_CHECKING:
    from matinee.towers import ImageTower

ImageSource = str | Path | bytes | Image.Image
Pixels = npt.NDArray[np.float32]

SPARE = 2  # a JPEG is decoded to at least this many times the size it is then resized to
MAX_ASPECT = 32  # largest ratio of sides that is resized; a longer image is cropped to its middle first
RESAMPLING = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
_QUIETLY = threading.Lock()  # warnings.catch_warnings swaps a global, so one thread at a time


def prepare(source: ImageSource, tower: ImageTower) -> Pixels:
    """Return a poster as the network's input, float32 (3, crop, crop): `preprocess` applied to `open_image`.

    A large JPEG whose sides are divisible by 2, 4 or 8 is decoded at that fraction of its size, which saves most of the
    time, as long as the result is at least SPARE times the size needed: pixels then differ by about half a level of 255
    on average, and a vector's cosine with that of the whole picture stays above 0.9999. For any other image the pixels
    are exactly the same.

    Raises:
        BadImageError: As `open_image` does.
    """
    with _opened(source, at_least=SPARE * tower.resize) as image:
        return preprocess(image, tower)


def reduced(source: ImageSource, side: int, aspect: int) -> Image.Image:
    """Return the image of `open_image`, reduced to at most `side` * `side` * `aspect` pixels.

    Args:
        source: As for `open_image`.
        side: Maximum length of the shorter side, in pixels; a larger image is scaled down to it.
        aspect: Maximum ratio of the longer to the shorter side; a longer image is cropped to its middle.

    Raises:
        BadImageError: As `open_image` does.
    """
    with _opened(source) as image:
        image = _middle(image, aspect)
        factor = side / min(image.size)
        if factor >= 1:
            return image
        return image.resize((round(image.width * factor), round(image.height * factor)))


def open_image(source: ImageSource, *, at_least: int | None = None) -> Image.Image:
    """Return the poster as an upright RGB image: the first frame of an animation, with transparency on white.

    Args:
        source: A path, the bytes of an image file, or a PIL image (never changed; returned itself if nothing is to do).
        at_least: Minimum length of the shorter side, in pixels, that the caller needs: a JPEG file may be decoded at a
            half, a quarter or an eighth of its size, but not below this. By default at its full size.

    Raises:
        BadImageError: Missing, empty, damaged, too large, too long to decode, or not an image; one sentence with the
            file's name.
    """
    with _opened(source, at_least) as image:
        return image


@contextmanager
def _opened(source: ImageSource, at_least: int | None = None) -> Iterator[Image.Image]:
    """Give the poster as `open_image` returns it; its memory is reserved in ROOM until the context ends."""
    if isinstance(source, Image.Image):
        check_size(*source.size, "the image")
        yield _decoded(source, "the image", lambda: _tagged(source))
        return
    if isinstance(source, bytes):
        name, data = "the image", source
    elif isinstance(source, str | Path):
        name, data = _name(source), _read(source)
    else:
        raise BadImageError(f"a poster must be a path, bytes or a PIL image, got {type(source).__name__}")
    if len(data) > MAX_BYTES:
        raise BadImageError(f"{name} has more than {MAX_BYTES // 10**6} MB; make it smaller")
    file = ImageBytes(without_directories(data), name)
    with _identified(file, data, name) as image:
        check_size(*image.size, name)
        memory, seconds = worst_case(image, data, name)
        with ROOM.taking(memory):
            file.to_pixels(seconds)
            if at_least is not None:
                _draft(image, at_least)
            yield _decoded(image, name, lambda: orientation(image, data))


def _name(path: str | Path) -> str:
    name = Path(path).name or str(path)
    return repr(name if len(name) <= 100 else name[:100] + "...")


def _read(source: str | Path) -> bytes:
    """Return the file's bytes, at most MAX_BYTES + 1 of them."""
    path, name = Path(source), _name(source)
    try:
        if path.is_dir():
            raise BadImageError(f"{name} is a folder; give the path of one image file")
        if not path.is_file():  # also False for a name no file can have
            raise BadImageError(f"{name} does not exist; give the path of an image file")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadImageError(f"{name} cannot be opened ({error.strerror}); check its path and permissions") from None


def _identified(file: ImageBytes, data: bytes, name: str) -> Image.Image:
    """Return the image with only its header read; raises BadImageError where that fails."""
    head = data[:512].lstrip(b"\xef\xbb\xbf\t\r\n ").lower()
    if not head:
        raise BadImageError(f"{name} is empty; give a JPEG, PNG, WebP or GIF image")
    if b"<svg" in head:
        raise BadImageError(f"{name} is an SVG drawing, not a picture; save it as PNG or JPEG")
    if head.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        raise BadImageError(f"{name} is a web page, not an image; save the picture itself")
    try:
        # Pillow warns of large sizes and odd metadata; sizes are refused below and metadata does not matter here.
        with _QUIETLY, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Image.open(file, formats=tuple(COSTS))
    except BadImageError:
        raise
    except Image.DecompressionBombError:
        raise BadImageError(f"{name} has more than {MAX_PIXELS // 10**6} megapixels; make it smaller") from None
    except UnidentifiedImageError:
        raise BadImageError(f"{name} is not an image that can be read; give a JPEG, PNG, WebP or GIF image") from None
    except Exception as error:  # a damaged header makes decoders raise anything at all
        raise _damaged(name, error) from None


def _decoded(image: Image.Image, name: str, orientation: Callable[[], int]) -> Image.Image:
    size = image.size
    try:
        image.load()
        if image.size != size:  # a frame may be larger than the picture
            check_size(*image.size, name)
        return upright_rgb(image, orientation())
    except BadImageError:
        raise
    except Exception as error:  # damaged pixels make decoders raise anything at all
        raise _damaged(name, error) from None


def _draft(image: Image.Image, at_least: int) -> None:
    """Make libjpeg decode a JPEG at its smallest scale that gives at least `at_least` and divides both sides exactly.

    A side that is not divisible would be rounded up, which would shift the picture's content.
    """
    width, height = image.size
    for part in (8, 4, 2):
        if min(width, height) >= part * at_least and width % part == height % part == 0:
            image.draft(None, (width // part, height // part))  # has no effect on other formats
            return


def _damaged(name: str, error: Exception) -> BadImageError:
    reason = next(iter(str(error).splitlines()), type(error).__name__)
    return BadImageError(f"{name} is damaged or cut short ({reason}); give a complete copy")


def _tagged(image: Image.Image) -> int:
    """Return the EXIF orientation of a PIL image that the caller opened, 1 where it cannot be read."""
    try:
        with _QUIETLY, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # broken metadata of a good picture: leave it unturned
        return 1


def preprocess(image: Image.Image, tower: ImageTower) -> Pixels:
    """Return an RGB image as the network's input, float32 (3, crop, crop).

    The shorter side is resized to `tower.resize` with antialiasing, the centre is cropped, then (x / 255 - mean) / std:
    bit for bit the same as torchvision's `Resize`, `CenterCrop` and `Normalize` of a PIL image, which open_clip uses.
    """
    image = _middle(image, MAX_ASPECT)
    width, height = image.size
    short = min(width, height)
    size = (int(tower.resize * width / short), int(tower.resize * height / short))
    left, top = (round((side - tower.crop) / 2) for side in size)
    resized = image.resize(size, RESAMPLING[tower.interpolation])
    pixels = np.asarray(resized.crop((left, top, left + tower.crop, top + tower.crop)))  # (crop, crop, 3) uint8
    levels = _levels(tower.mean, tower.std)
    return np.stack([levels[channel].take(pixels[..., channel]) for channel in range(3)])


def _middle(image: Image.Image, aspect: int) -> Image.Image:
    """Crop an image whose sides' ratio is above `aspect` to its middle, so that resizing it cannot take more memory."""
    width, height = image.size
    most = aspect * min(width, height)
    if max(width, height) <= most:
        return image
    left, top = max(0, width - most) // 2, max(0, height - most) // 2
    return image.crop((left, top, width - left, height - top))


@lru_cache(maxsize=16)
def _levels(mean: tuple[float, ...], std: tuple[float, ...]) -> Pixels:
    """Return the normalised value of every byte in every channel, float32 (3, 256)."""
    scaled = np.arange(256, dtype=np.float32) / np.float32(255)
    centred = scaled[None, :] - np.array(mean, dtype=np.float32)[:, None]
    levels: Pixels = centred / np.array(std, dtype=np.float32)[:, None]
    return levels
