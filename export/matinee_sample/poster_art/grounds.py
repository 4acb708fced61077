"""What lies behind everything: skies, lights, papers, patterns. `GROUNDS` names them; each covers the whole scene."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from PIL import Image, ImageFilter

from matinee_sample.poster_art.canvas import HEIGHT, WIDTH, Scene, mix

Ground = Callable[[Scene], None]


def flat(scene: Scene) -> None:
    """One field of colour, hardly shaded."""
    base = scene.palette.base
    scene.shade([mix(base, scene.palette.light, 0.12), base])


def paper(scene: Scene) -> None:
    """The pale paper itself."""
    scene.shade([scene.palette.pale, mix(scene.palette.pale, scene.palette.light, 0.25)])


def bright(scene: Scene) -> None:
    """The light colour, flat."""
    scene.shade([mix(scene.palette.light, scene.palette.pale, 0.25), scene.palette.light])


def dusk(scene: Scene) -> None:
    """From dark above to light at the horizon."""
    p = scene.palette
    scene.shade([p.deep, p.base, mix(p.base, p.light, 0.7), p.light, mix(p.light, p.pale, 0.5)])


def dawn(scene: Scene) -> None:
    """From pale above to the field's colour."""
    p = scene.palette
    scene.shade([mix(p.pale, p.light, 0.3), p.light, mix(p.light, p.base, 0.6), p.base])


def night(scene: Scene) -> None:
    """Dark, a little lighter low down."""
    p = scene.palette
    scene.shade([p.deep, mix(p.deep, p.base, 0.5), p.base, mix(p.base, p.light, 0.25)])


def blaze(scene: Scene) -> None:
    """Fire colours that meet in the middle."""
    p = scene.palette
    scene.shade([p.deep, p.base, p.accent, mix(p.accent, p.light, 0.6), p.base, p.deep])


def spotlight(scene: Scene) -> None:
    """A pool of light in the dark."""
    p = scene.palette
    scene.shade([p.deep, p.deep])
    x, y = float(scene.rng.uniform(0.35, 0.65)), float(scene.rng.uniform(0.3, 0.5))
    scene.glow(x, y, 0.85, p.base)
    scene.glow(x, y, 0.5, p.light, 0.75)


def stars(scene: Scene) -> None:
    """A night sky with stars and a cloud of gas."""
    night(scene)
    p, rng = scene.palette, scene.rng
    for _ in range(3):
        colour = mix(p.light, p.accent, float(rng.uniform(0, 0.6)))
        x, y, radius = (float(rng.uniform(low, high)) for low, high in ((0.1, 0.9), (0.1, 0.9), (0.25, 0.6)))
        scene.glow(x, y, radius, colour, 0.4)
    for x, y, size in rng.random((170, 3)).tolist():
        scene.disc(x, y, 0.0012 + 0.0028 * size**6, mix(p.pale, p.light, size * 0.5))


def rays(scene: Scene) -> None:
    """Rays that fan out of one point."""
    p, rng = scene.palette, scene.rng
    scene.shade([p.base, p.base])
    other = mix(p.base, p.light if rng.random() < 0.7 else p.deep, 0.55)
    x, y, count = float(rng.uniform(0.35, 0.65)), float(rng.uniform(0.35, 0.7)), int(rng.integers(10, 21))
    for i in range(count):
        a, b = (math.tau * (i + part) / count for part in (0, 0.5))
        scene.poly(
            [(x, y), (x + 2 * math.cos(a), y + 2 * math.sin(a)), (x + 2 * math.cos(b), y + 2 * math.sin(b))], other,
        )
    scene.glow(x, y, 0.5, mix(p.pale, p.light, 0.5), 0.8)


def stripes(scene: Scene) -> None:
    """Broad stripes, upright, level or slanting."""
    p, rng = scene.palette, scene.rng
    colours = [p.base, p.light, p.base, mix(p.base, p.deep, 0.5), p.accent if rng.random() < 0.5 else p.light]
    slant, count = float(rng.choice([0.0, 0.0, 0.4, -0.4])), int(rng.integers(5, 10))
    level = rng.random() < 0.3
    for i in range(-count, 2 * count):
        a, b = i / count, (i + 1) / count + 0.004
        quad = [(a, 0), (b, 0), (b + slant, 1), (a + slant, 1)]
        scene.poly([(y, x) for x, y in quad] if level else quad, colours[i % len(colours)])


def rings(scene: Scene) -> None:
    """Rings around a point, like ripples or a target."""
    p, rng = scene.palette, scene.rng
    scene.shade([p.base, p.base])
    x, y, count = float(rng.uniform(0.3, 0.7)), float(rng.uniform(0.3, 0.6)), int(rng.integers(6, 13))
    pair = (mix(p.base, p.light, 0.6), p.base) if rng.random() < 0.6 else (p.accent, p.pale)
    for i in range(count, 0, -1):
        scene.disc(x, y, 1.15 * i / count, pair[i % 2])


def blinds(scene: Scene) -> None:
    """Light that falls through blinds."""
    p, rng = scene.palette, scene.rng
    scene.shade([p.deep, mix(p.deep, p.base, 0.7)])
    tilt, bars = float(rng.uniform(-0.2, 0.2)), int(rng.integers(9, 15))
    lit = mix(p.light, p.pale, 0.4)
    for i in range(bars):
        y = 0.1 + 0.6 * i / bars
        thick = 0.34 / bars
        scene.poly(
            [(0.08, y), (0.92, y + tilt), (0.92, y + tilt + thick), (0.08, y + thick)],
            mix(lit, p.base, 0.55 * i / bars),
        )
    scene.image = scene.image.filter(ImageFilter.GaussianBlur(1.6))


def smoke(scene: Scene) -> None:
    """Drifting cloud, from noise at five scales."""
    p, rng = scene.palette, scene.rng
    total = np.zeros((HEIGHT // 4, WIDTH // 4), dtype=np.float32)
    for power in range(5):
        cells = 3 * 2**power
        noise = Image.fromarray((rng.random((cells, cells)) * 255).astype(np.uint8))
        total += np.asarray(
            noise.resize((WIDTH // 4, HEIGHT // 4), Image.Resampling.BICUBIC), dtype=np.float32,
        ) / 2**power
    total = (total - total.min()) / (total.max() - total.min())
    scene.shade([p.deep, mix(p.deep, p.base, 0.8), p.base])
    cloud = Image.fromarray((np.clip(total * 1.6 - 0.5, 0, 1) * 210).astype(np.uint8))
    scene.image.paste(p.light, mask=cloud.resize((WIDTH, HEIGHT)))


def rain(scene: Scene) -> None:
    """Slanting rain by night."""
    night(scene)
    p = scene.palette
    for x, y, length in scene.rng.random((150, 3)).tolist():
        scene.line([(x, y), (x - 0.018, y + 0.02 + 0.05 * length)], 0.0025, mix(p.base, p.light, 0.75))


def blocks(scene: Scene) -> None:
    """A few large areas of colour, ruled off at uneven thirds."""
    p, rng = scene.palette, scene.rng
    colours = [p.base, p.light, p.accent, mix(p.base, p.deep, 0.55), mix(p.light, p.pale, 0.6)]
    rng.shuffle(colours)
    cut_x, cut_y, low = float(rng.uniform(0.25, 0.7)), float(rng.uniform(0.25, 0.45)), float(rng.uniform(0.6, 0.75))
    scene.rect(0, 0, cut_x, cut_y, colours[0])
    scene.rect(cut_x, 0, 1, low, colours[1])
    scene.rect(0, cut_y, cut_x, 1, colours[2])
    scene.rect(cut_x, low, 1, 1, colours[3])


def diagonal(scene: Scene) -> None:
    """Two fields that meet on a slant."""
    p, rng = scene.palette, scene.rng
    scene.shade([p.base, mix(p.base, p.deep, 0.4)])
    left, right = float(rng.uniform(0.2, 0.8)), float(rng.uniform(0.2, 0.8))
    scene.poly([(0, 0), (1, 0), (1, right), (0, left)], p.light if rng.random() < 0.6 else p.accent)


def dots(scene: Scene) -> None:
    """Printed dots that shrink down the sheet."""
    p = scene.palette
    flat(scene)
    colour = mix(p.base, p.light, 0.75)
    for row in range(30):
        size = 0.019 * (1 - row / 30) ** 0.8
        for column in range(21):
            scene.disc((column + row % 2 / 2) / 20, row / 30, size, colour)


def spiral(scene: Scene) -> None:
    """A vortex."""
    p, rng = scene.palette, scene.rng
    scene.shade([p.base, p.base])
    x, y, turns = float(rng.uniform(0.4, 0.6)), float(rng.uniform(0.36, 0.5)), float(rng.uniform(4, 7))
    colour = p.pale if rng.random() < 0.5 else p.deep
    for arm in range(3):
        angles = np.linspace(0, turns * math.pi, 150)
        radius = 0.95 * angles / angles[-1]
        path = [
            (x + r * math.cos(a + arm * 2.09), y + r * math.sin(a + arm * 2.09) * 0.676)
            for a, r in zip(angles, radius, strict=True)
        ]
        scene.line(path, 0.008, colour)


def neon(scene: Scene) -> None:
    """A sliced sun over a grid that runs to the horizon."""
    p = scene.palette
    scene.shade([p.deep, p.base, mix(p.base, p.accent, 0.5)], 0, 0.62)
    scene.glow(0.5, 0.46, 0.6, p.accent, 0.6)
    scene.disc(0.5, 0.46, 0.26, mix(p.accent, p.pale, 0.35))
    for i in range(6):
        scene.rect(0.2, 0.47 + 0.028 * i, 0.8, 0.474 + 0.028 * i + 0.0022 * i, mix(p.base, p.accent, 0.4))
    scene.shade([p.deep, mix(p.deep, p.base, 0.7)], 0.62, 1)
    for i in range(-14, 15):
        scene.line([(0.5 + i * 0.05, 0.62), (0.5 + i * 0.24, 1.0)], 0.003, p.accent)
    for i in range(9):
        y = 0.62 + 0.38 * (i / 9) ** 2
        scene.line([(0, y), (1, y)], 0.003, p.accent)


def triangles(scene: Scene) -> None:
    """Facets, each a shade of the field."""
    p, rng = scene.palette, scene.rng
    grid = [
        [(x / 5 + float(rng.uniform(-0.07, 0.07)), y / 7 + float(rng.uniform(-0.05, 0.05))) for x in range(-1, 7)]
        for y in range(-1, 9)
    ]
    for row, below in pairwise(grid):
        for i in range(len(row) - 1):
            for facet in ((row[i], row[i + 1], below[i]), (row[i + 1], below[i + 1], below[i])):
                shade = mix(p.base, p.light, float(rng.uniform(0, 0.8)))
                scene.poly(facet, mix(shade, p.deep, 0.6 * max(0.0, min(1.0, facet[0][1]))))


def curtain(scene: Scene) -> None:
    """Folds of a stage curtain, drawn aside at the foot."""
    p = scene.palette
    folds = np.abs(np.sin(np.linspace(0, 9 * math.pi, WIDTH))) ** 0.7
    row = np.stack([p.deep[c] + (p.base[c] - p.deep[c]) * folds for c in range(3)], axis=1).astype(np.uint8)
    scene.image = Image.fromarray(row[None]).resize((WIDTH, HEIGHT))
    scene.glow(0.5, 0.5, 0.6, mix(p.light, p.pale, 0.3), 0.75)


GROUNDS: dict[str, Ground] = {
    "flat": flat, "paper": paper, "bright": bright, "dusk": dusk, "dawn": dawn, "night": night, "blaze": blaze,
    "spotlight": spotlight, "stars": stars, "rays": rays, "stripes": stripes, "rings": rings, "blinds": blinds,
    "smoke": smoke, "rain": rain, "blocks": blocks, "diagonal": diagonal, "dots": dots, "spiral": spiral, "neon": neon,
    "triangles": triangles, "curtain": curtain,
}
