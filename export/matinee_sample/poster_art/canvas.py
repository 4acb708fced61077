"""Two surfaces: `Scene`, the coloured picture, and `Pen`, a stencil that figures and emblems are cut from.

Coordinates are fractions of the surface: (0, 0) is the top left, (1, 1) the bottom right. A scene is drawn at twice the
poster's size and halved at the end, which smooths its edges. Colours are (red, green, blue), 0-255.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from matinee_sample.poster_art.palettes import Colour, Palette

POSTER_SIZE = (300, 444)
SCALE = 2
WIDTH, HEIGHT = POSTER_SIZE[0] * SCALE, POSTER_SIZE[1] * SCALE

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Centre x, centre y and width as fractions of the scene, then a tilt in degrees."""


class Tone(Enum):
    """What a stroke does: the main colour, the second colour, or a hole. Values are (shape, accent) levels."""

    SOLID = (255, 0)
    ACCENT = (255, 255)
    CUT = (0, 0)


class Pen:
    """A stencil of `width` x `height` pixels: `shape` is what is covered at all, `accent` what has the second colour.

    `bend` moves every point before it is drawn: the way to make one drawing narrower here and longer there.
    """

    def __init__(self, width: int, height: int, rng: np.random.Generator) -> None:
        self.size = (max(4, width), max(4, height))
        self.rng = rng
        self.bend: Callable[[Point], Point] = lambda point: point
        self.shape, self.accent = Image.new("L", self.size), Image.new("L", self.size)
        self._draws = ImageDraw.Draw(self.shape), ImageDraw.Draw(self.accent)

    def _pixels(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self.size[0], y * self.size[1]) for x, y in map(self.bend, points)]

    def poly(self, points: Sequence[Point], tone: Tone = Tone.SOLID) -> None:
        """Fill a polygon."""
        pixels = self._pixels(points)
        for draw, level in zip(self._draws, tone.value, strict=True):
            draw.polygon(pixels, fill=level)

    def blob(self, points: Sequence[Point], tone: Tone = Tone.SOLID) -> None:
        """Fill the smooth closed curve through the points."""
        self.poly(smooth(points, closed=True), tone)

    def disc(self, x: float, y: float, rx: float, ry: float | None = None, tone: Tone = Tone.SOLID) -> None:
        """Fill an ellipse of half-axes `rx` and `ry`; without `ry` it is round whatever the stencil's aspect."""
        w, h = self.size
        half_h = rx * w if ry is None else ry * h
        x, y = self.bend((x, y))
        for draw, level in zip(self._draws, tone.value, strict=True):
            draw.ellipse((x * w - rx * w, y * h - half_h, x * w + rx * w, y * h + half_h), fill=level)

    def rect(self, x0: float, y0: float, x1: float, y1: float, tone: Tone = Tone.SOLID) -> None:
        """Fill an upright rectangle."""
        self.poly([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], tone)

    def line(self, points: Sequence[Point], width: float, tone: Tone = Tone.SOLID) -> None:
        """Stroke a polyline with round ends; `width` is a fraction of the stencil's width."""
        pixels, thick = self._pixels(points), max(1, round(width * self.size[0]))
        for draw, level in zip(self._draws, tone.value, strict=True):
            draw.line(pixels, fill=level, width=thick, joint="curve")
        if thick > 3:
            for x, y in (points[0], points[-1]):
                self.disc(x, y, width / 2, tone=tone)

    def curve(self, points: Sequence[Point], width: float, tone: Tone = Tone.SOLID) -> None:
        """Stroke the smooth open curve through the points."""
        self.line(smooth(points, closed=False), width, tone)

    def ring(self, x: float, y: float, r: float, width: float, tone: Tone = Tone.SOLID, arc: Point = (0, 360)) -> None:
        """Stroke a circle, or the part of it between two angles in degrees (clockwise from the right)."""
        w, h = self.size
        x, y = self.bend((x, y))
        box = (x * w - r * w, y * h - r * w, x * w + r * w, y * h + r * w)
        for draw, level in zip(self._draws, tone.value, strict=True):
            draw.arc(box, arc[0], arc[1], fill=level, width=max(1, round(width * w)))

    def limb(self, a: Point, b: Point, wide: float, narrow: float, tone: Tone = Tone.SOLID) -> None:
        """Fill a rounded bar from `a` to `b` whose thickness goes from `wide` to `narrow` (fractions of the width)."""
        (ax, ay), (bx, by) = self._pixels([a, b])
        length = max(1e-6, float(np.hypot(bx - ax, by - ay)))
        nx, ny = (ay - by) / length * self.size[0] / 2, (bx - ax) / length * self.size[0] / 2
        corners = [
            (ax + nx * wide, ay + ny * wide),
            (bx + nx * narrow, by + ny * narrow),
            (bx - nx * narrow, by - ny * narrow),
            (ax - nx * wide, ay - ny * wide),
        ]
        for draw, level in zip(self._draws, tone.value, strict=True):
            draw.polygon(corners, fill=level)
        self.disc(*a, wide / 2, tone=tone)
        self.disc(*b, narrow / 2, tone=tone)


Stencil = Callable[[Pen], None]


@dataclass(frozen=True)
class Cut:
    """A stencil and its shape: `aspect` is width over height."""

    paint: Stencil
    aspect: float = 1.0


class Scene:
    """The poster's picture while it is drawn: `image` is RGB, WIDTH x HEIGHT."""

    def __init__(self, palette: Palette, rng: np.random.Generator) -> None:
        self.palette = palette
        self.rng = rng
        self.image = Image.new("RGB", (WIDTH, HEIGHT), palette.deep)

    def child(self) -> Scene:
        """An empty scene with the same palette and dice, to be shown inside a shape."""
        return Scene(self.palette, self.rng)

    def shade(self, stops: Sequence[Colour], top: float = 0.0, bottom: float = 1.0) -> None:
        """Run a vertical gradient through `stops` between two heights."""
        y0, y1 = round(top * HEIGHT), round(bottom * HEIGHT)
        if y1 > y0:
            self.image.paste(vertical(stops, (WIDTH, y1 - y0)), (0, y0))

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float = 1.0) -> None:
        """Lay a soft round light over the picture; `radius` is a fraction of the width."""
        side = max(2, round(2 * radius * WIDTH))
        light = _falloff().resize((side, side), Image.Resampling.BILINEAR).point(lambda level: level * strength)
        self.image.paste(colour, _corner(x, y, side, side), light)

    def poly(self, points: Sequence[Point], colour: Colour) -> None:
        """Fill a polygon."""
        ImageDraw.Draw(self.image).polygon([(x * WIDTH, y * HEIGHT) for x, y in points], fill=colour)

    def rect(self, x0: float, y0: float, x1: float, y1: float, colour: Colour) -> None:
        """Fill an upright rectangle."""
        self.poly([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour)

    def disc(self, x: float, y: float, r: float, colour: Colour) -> None:
        """Fill a circle whose radius is a fraction of the width."""
        cx, cy, pixels = x * WIDTH, y * HEIGHT, r * WIDTH
        ImageDraw.Draw(self.image).ellipse((cx - pixels, cy - pixels, cx + pixels, cy + pixels), fill=colour)

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """Stroke a polyline; `width` is a fraction of the scene's width."""
        pixels = [(x * WIDTH, y * HEIGHT) for x, y in points]
        ImageDraw.Draw(self.image).line(pixels, fill=colour, width=max(1, round(width * WIDTH)), joint="curve")

    def _cut(self, cut: Cut, box: Box, flip: bool) -> tuple[list[Image.Image], tuple[int, int]]:
        """The two masks of a stencil, and the pixel where their top left corner goes."""
        x, y, width, tilt = box
        pixels = max(8, round(width * WIDTH))
        pen = Pen(pixels, round(pixels / cut.aspect), self.rng)
        cut.paint(pen)
        masks = [pen.shape, pen.accent]
        if flip:
            masks = [mask.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for mask in masks]
        if tilt:
            masks = [mask.rotate(tilt, Image.Resampling.BILINEAR, expand=True) for mask in masks]
        return masks, _corner(x, y, *masks[0].size)[:2]

    def cut(self, cut: Cut, box: Box, flip: bool = False) -> Image.Image:
        """A stencil's shape as a mask of the scene's size, `box` being where it goes."""
        masks, corner = self._cut(cut, box, flip)
        whole = Image.new("L", (WIDTH, HEIGHT))
        whole.paste(masks[0], corner)
        return whole

    def stamp(self, cut: Cut, box: Box, colour: Colour, accent: Colour, flip: bool = False) -> None:
        """Put a stencil on the picture in its two colours."""
        masks, corner = self._cut(cut, box, flip)
        for ink, mask in zip((colour, accent), masks, strict=True):
            self.image.paste(ink, corner, mask)

    def reveal(self, mask: Image.Image, inside: Scene) -> None:
        """Show another scene through a mask."""
        self.image.paste(inside.image, mask=mask)

    def halo(self, mask: Image.Image, colour: Colour, spread: float = 14, strength: float = 0.8) -> None:
        """Let a shape glow: its mask, blurred by `spread` pixels, painted under what comes next."""
        small = mask.resize((WIDTH // 4, HEIGHT // 4)).filter(ImageFilter.GaussianBlur(spread / 4))
        self.image.paste(colour, mask=small.resize((WIDTH, HEIGHT)).point(lambda level: level * strength))

    def small(self) -> Image.Image:
        """The picture at the poster's own size."""
        return self.image.resize(POSTER_SIZE, Image.Resampling.BOX)


def vertical(stops: Sequence[Colour], size: tuple[int, int]) -> Image.Image:
    """A gradient from the first stop (top) to the last (bottom)."""
    at = np.linspace(0, len(stops) - 1, size[1])
    levels = [np.interp(at, range(len(stops)), [stop[channel] for stop in stops]) for channel in range(3)]
    column = np.stack(levels, axis=1).round().astype(np.uint8)  # (height, 3)
    return Image.fromarray(column[:, None, :]).resize(size)


def smooth(points: Sequence[Point], closed: bool, steps: int = 8) -> list[Point]:
    """Catmull-Rom spline through the points, `steps` pieces between neighbours."""
    nodes = np.asarray(points, dtype=float)
    ends = (nodes[-1:], nodes[:2]) if closed else (nodes[:1], nodes[-1:])
    padded = np.concatenate([ends[0], nodes, ends[1]])
    p0, p1, p2, p3 = (padded[i : len(padded) - 3 + i, None, :] for i in range(4))
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    curve = 0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
    path = [(float(x), float(y)) for x, y in curve.reshape(-1, 2)]
    return path if closed else [*path, (float(nodes[-1, 0]), float(nodes[-1, 1]))]


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """The colour `share` of the way from `a` to `b`."""
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return red, green, blue


def luminance(colour: Colour) -> float:
    """Relative luminance, 0 (black) to 1 (white): WCAG 2.1."""
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in (level / 255 for level in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@cache
def _falloff() -> Image.Image:
    """A round light, brightest in the middle and nothing at the rim."""
    axis = np.linspace(-1, 1, 128)
    reach = np.clip(1 - np.hypot(axis[:, None], axis[None, :]), 0, 1)
    return Image.fromarray((255 * reach**1.4).astype(np.uint8))


def _corner(x: float, y: float, width: int, height: int) -> tuple[int, int, int, int]:
    left, top = round(x * WIDTH - width / 2), round(y * HEIGHT - height / 2)
    return left, top, left + width, top + height
