"""Laying a mask of letters on a picture so that it can be read: choice of ink, a veil where it is restless, effects."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from matinee_sample.poster_art.canvas import luminance, mix, vertical
from matinee_sample.poster_art.palettes import Colour, Palette

Corner = tuple[int, int]
Effect = Callable[[Image.Image, Image.Image, Corner, Colour, Palette, np.random.Generator], None]

READABLE = 4.0
"""The least contrast (WCAG 2.1 ratio) between the title and nearly all of what lies under it."""


def contrast(a: float, b: float) -> float:
    """Contrast ratio of two relative luminances, 1 to 21."""
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)


def choose_ink(picture: Image.Image, area: tuple[int, int, int, int], inks: Sequence[Colour]) -> tuple[Colour, float]:
    """Of some inks the first that reads well enough on an area of the picture, else the best; with its contrast.

    Contrast is taken against the area's lightest and darkest twentieth, whichever is worse.
    """
    pixels = np.asarray(picture.crop(area).resize((24, 24), Image.Resampling.BOX), dtype=np.float64) / 255
    linear = np.where(pixels <= 0.03928, pixels / 12.92, ((pixels + 0.055) / 1.055) ** 2.4)
    levels = linear @ np.array([0.2126, 0.7152, 0.0722])
    low, high = np.quantile(levels, [0.05, 0.95]).tolist()
    marks = [min(contrast(luminance(ink), low), contrast(luminance(ink), high)) for ink in inks]
    for ink, mark in zip(inks, marks, strict=True):
        if mark >= READABLE + 0.5:
            return ink, mark
    best = int(np.argmax(marks))
    return inks[best], marks[best]


def veil(picture: Image.Image, area: tuple[int, int, int, int], colour: Colour) -> None:
    """Fade the picture into a colour behind an area, with soft edges, right across the sheet the area's long way.

    Where the area is near the sheet's edge the fade goes on to the edge.
    """
    upright = area[3] - area[1] > area[2] - area[0]
    side, start, end = (picture.width, area[0], area[2]) if upright else (picture.height, area[1], area[3])
    reach, at = 34, np.arange(side)
    inside = np.clip(np.minimum(at - (start - reach), (end + reach) - at) / reach, 0, 1)
    if start < side * 0.12:
        inside[:start] = 1
    if end > side * 0.78:
        inside[end:] = 1
    fade = (210 * inside**1.3).astype(np.uint8)
    strip = Image.fromarray(fade[None, :] if upright else fade[:, None])
    picture.paste(colour, mask=strip.resize(picture.size))


def _spread(mask: Image.Image, pixels: int) -> Image.Image:
    return mask.filter(ImageFilter.MaxFilter(2 * pixels + 1))


def _padded(mask: Image.Image, pad: int) -> Image.Image:
    wide = Image.new("L", (mask.width + 2 * pad, mask.height + 2 * pad))
    wide.paste(mask, (pad, pad))
    return wide


def _opposite(ink: Colour, palette: Palette) -> Colour:
    return palette.deep if luminance(ink) > 0.22 else palette.pale


def lay_small(picture: Image.Image, line: Image.Image, at: Corner, palette: Palette) -> None:
    """Lay small type in whichever of pale and deep reads, with a haze of the other around it where neither does."""
    area = (at[0], at[1], at[0] + line.width, at[1] + line.height)
    ink, mark = choose_ink(picture, area, (palette.pale, palette.deep))
    if mark < READABLE + 1:
        haze = _padded(line, 12).filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(3.5))
        picture.paste(
            _opposite(ink, palette), (at[0] - 12, at[1] - 12), haze.point(lambda level: min(235, level * 1.6)),
        )
    picture.paste(ink, at, line)


def plain(
    picture: Image.Image, mask: Image.Image, at: Corner, ink: Colour, palette: Palette, rng: np.random.Generator,
) -> None:
    """Flat ink."""
    picture.paste(ink, at, mask)


def soft(
    picture: Image.Image, mask: Image.Image, at: Corner, ink: Colour, palette: Palette, rng: np.random.Generator,
) -> None:
    """Flat ink over a blurred shadow."""
    shade = _padded(mask, 10).filter(ImageFilter.GaussianBlur(4))
    picture.paste(_opposite(ink, palette), (at[0] - 10, at[1] - 9), shade.point(lambda level: min(255, level * 1.3)))
    picture.paste(ink, at, mask)


def drop(
    picture: Image.Image, mask: Image.Image, at: Corner, ink: Colour, palette: Palette, rng: np.random.Generator,
) -> None:
    """A hard second impression, down and to the right."""
    other = palette.accent if contrast(luminance(ink), luminance(palette.accent)) > 2.5 else _opposite(ink, palette)
    picture.paste(other, (at[0] + 2, at[1] + 2), mask)
    picture.paste(ink, at, mask)


def extrude(
    picture: Image.Image, mask: Image.Image, at: Corner, ink: Colour, palette: Palette, rng: np.random.Generator,
) -> None:
    """Solid letters with depth."""
    shade = mix(_opposite(ink, palette), palette.accent, 0.35)
    for step in range(5, 0, -1):
        picture.paste(shade, (at[0] + step, at[1] + step), mask)
    picture.paste(ink, at, mask)


def outline(
    picture: Image.Image, mask: Image.Image, at: Corner, ink: Colour, palette: Palette, rng: np.random.Generator,
) -> None:
    """Ink with a rim of the opposite tone."""
    picture.paste(_opposite(ink, palette), (at[0] - 3, at[1] - 3), _spread(_padded(mask, 3), 2))
    picture.paste(ink, at, mask)


def neon(
    picture: Image.Image, mask: Image.Image, at: Corner, ink: Colour, palette: Palette, rng: np.random.Generator,
) -> None:
    """Tubes of light."""
    wide = _padded(mask, 16)
    for blur, strength in ((8, 2.2), (3, 1.4)):
        light = wide.filter(ImageFilter.GaussianBlur(blur)).point(lambda level, s=strength: min(255, level * s))
        picture.paste(palette.accent, (at[0] - 16, at[1] - 16), light)
    picture.paste(mix(ink, (255, 255, 255), 0.6) if luminance(ink) > 0.2 else palette.deep, at, mask)


def chrome(
    picture: Image.Image, mask: Image.Image, at: Corner, ink: Colour, palette: Palette, rng: np.random.Generator,
) -> None:
    """Ink that runs from light to colour, rimmed."""
    picture.paste(_opposite(ink, palette), (at[0] - 2, at[1] - 2), _spread(_padded(mask, 2), 1))
    other = mix(ink, palette.accent, 0.55)
    picture.paste(vertical([ink, ink, other, ink], mask.size), at, mask)


def worn(
    picture: Image.Image, mask: Image.Image, at: Corner, ink: Colour, palette: Palette, rng: np.random.Generator,
) -> None:
    """Ink that has flaked off here and there."""
    noise = Image.fromarray((rng.random((mask.height // 2 + 1, mask.width // 2 + 1)) * 255).astype(np.uint8))
    holes = noise.resize(mask.size, Image.Resampling.BICUBIC).point(lambda level: 0 if level < 52 else 255)
    picture.paste(ink, at, ImageChops.multiply(mask, holes))


def band(
    picture: Image.Image, mask: Image.Image, at: Corner, ink: Colour, palette: Palette, rng: np.random.Generator,
) -> None:
    """A coloured bar behind, the letters in whatever reads on it."""
    box = mask.getbbox() or (0, 0, *mask.size)
    left, top, right, bottom = at[0] + box[0] - 9, at[1] + box[1] - 8, at[0] + box[2] + 9, at[1] + box[3] + 8
    picture.paste(palette.accent, (left, top, right, bottom))
    readable = max((palette.deep, palette.pale), key=lambda c: contrast(luminance(c), luminance(palette.accent)))
    picture.paste(readable, at, mask)


EFFECTS: dict[str, Effect] = {
    "plain": plain, "soft": soft, "drop": drop, "extrude": extrude, "outline": outline, "neon": neon, "chrome": chrome,
    "worn": worn, "band": band,
}
