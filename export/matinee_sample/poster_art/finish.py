"""The print: what an era's paper and ink add to a picture. Takes and gives an RGB picture at the poster's own size."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from matinee_sample.poster_art.canvas import mix
from matinee_sample.poster_art.palettes import Palette

Finish = Callable[[Image.Image, Palette, np.random.Generator], Image.Image]


def clean(picture: Image.Image, palette: Palette, rng: np.random.Generator) -> Image.Image:
    """Nothing added."""
    return picture


def grain(picture: Image.Image, palette: Palette, rng: np.random.Generator) -> Image.Image:
    """Film grain."""
    noise = rng.integers(-5, 6, (picture.height, picture.width, 1), dtype=np.int16)
    return Image.fromarray(np.clip(np.asarray(picture, dtype=np.int16) + noise, 0, 255).astype(np.uint8))


def vignette(picture: Image.Image, palette: Palette, rng: np.random.Generator) -> Image.Image:
    """Corners that fall into the dark, and grain."""
    dark = Image.radial_gradient("L").resize(picture.size).point(lambda level: max(0, level - 110) * 1.1)
    shaded = picture.copy()
    shaded.paste(palette.deep, mask=dark)
    return grain(shaded, palette, rng)


def litho(picture: Image.Image, palette: Palette, rng: np.random.Generator) -> Image.Image:
    """Stone lithography: mottled ink on warm paper with a bare margin."""
    cells = Image.fromarray(
        rng.integers(224, 256, (148, 100), dtype=np.uint8)
    ).resize(picture.size, Image.Resampling.BILINEAR)
    mottled = Image.composite(picture, Image.new("RGB", picture.size, mix(palette.pale, (236, 220, 186), 0.6)), cells)
    return grain(mottled, palette, rng)


def halftone(picture: Image.Image, palette: Palette, rng: np.random.Generator) -> Image.Image:
    """A coarse screen of dots over the picture's shadows."""
    y, x = np.mgrid[: picture.height, : picture.width]
    screen = (np.sin((x + y) * 1.05) * np.sin((x - y) * 1.05) + 1) / 2
    grey = np.asarray(picture.convert("L"), dtype=np.float64) / 255
    dots = Image.fromarray(((screen > grey + 0.28) * 90).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.4))
    printed = picture.copy()
    printed.paste(palette.deep, mask=dots)
    return printed


def faded(picture: Image.Image, palette: Palette, rng: np.random.Generator) -> Image.Image:
    """Blacks that have gone brown and whites that have gone cream, and grain."""
    lifted = Image.blend(picture, Image.new("RGB", picture.size, (196, 160, 112)), 0.12)
    return grain(lifted, palette, rng)


def airbrush(picture: Image.Image, palette: Palette, rng: np.random.Generator) -> Image.Image:
    """Lights that bloom."""
    bloom = picture.filter(ImageFilter.GaussianBlur(6)).point(lambda level: max(0, level - 60) * 0.5)
    return grain(ImageChops.screen(picture, bloom), palette, rng)


FINISHES: tuple[tuple[int, tuple[Finish, ...]], ...] = (
    (1949, (litho, faded, vignette)),
    (1969, (litho, halftone, clean, grain)),
    (1979, (faded, grain, halftone, vignette)),
    (1989, (airbrush, airbrush, vignette, grain)),
    (1999, (vignette, airbrush, grain)),
    (2009, (vignette, grain, clean)),
    (9999, (clean, grain, vignette)),
)


def finish_for(year: int, rng: np.random.Generator) -> Finish:
    """A way to print that was usual that year."""
    ways = next(ways for until, ways in FINISHES if year <= until)
    return ways[int(rng.integers(len(ways)))]
