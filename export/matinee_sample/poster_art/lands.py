"""The open country on the horizon: hills, woods, seas, worlds.

`LANDS` names them; each fills from `horizon` (0-1) to the foot.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from matinee_sample.poster_art.canvas import Point, Scene, mix
from matinee_sample.poster_art.palettes import Colour

Land = Callable[[Scene, float], None]


def depths(scene: Scene, count: int) -> list[Colour]:
    """Shades from the haze at the back to the dark in front."""
    p = scene.palette
    return [mix(mix(p.light, p.base, 0.45), p.deep, i / max(1, count - 1)) for i in range(count)]


def ridge(scene: Scene, level: float, rough: float, points: int) -> list[Point]:
    """A broken line by midpoint displacement, closed along the foot."""
    heights = np.array([0.0, 0.0])
    spread = rough
    while len(heights) < points:
        middle = (heights[:-1] + heights[1:]) / 2 + scene.rng.normal(0, spread, len(heights) - 1)
        wider = np.empty(2 * len(heights) - 1)
        wider[::2], wider[1::2] = heights, middle
        heights, spread = wider, spread * 0.5
    top = [(i / (len(heights) - 1), level + float(height)) for i, height in enumerate(heights)]
    return [*top, (1, 1), (0, 1)]


def mountains(scene: Scene, horizon: float) -> None:
    """Three ranges, one behind another."""
    for i, colour in enumerate(depths(scene, 4)):
        scene.poly(ridge(scene, horizon + 0.09 * i, 0.1 - 0.018 * i, 60), colour)


def hills(scene: Scene, horizon: float) -> None:
    """Rolling fields."""
    for i, colour in enumerate(depths(scene, 4)):
        phase, y = float(scene.rng.uniform(0, 6)), horizon + 0.07 * i
        scene.poly([*[(x / 30, y + 0.035 * math.sin(x / 30 * 4 + phase)) for x in range(31)], (1, 1), (0, 1)], colour)


def dunes(scene: Scene, horizon: float) -> None:
    """Sand in long curves, a lit and a shadowed side."""
    p = scene.palette
    scene.rect(0, horizon, 1, 1, mix(p.light, p.base, 0.5))
    for i in range(4):
        y, peak = horizon + 0.1 * i, float(scene.rng.uniform(0.2, 0.8))
        crest = [
            (0.0, y + 0.08), (peak * 0.6, y + 0.02), (peak, y - 0.02), (peak + (1 - peak) * 0.5, y + 0.05),
            (1.0, y + 0.08),
        ]
        scene.poly([*crest, (1, 1), (0, 1)], mix(p.light, p.base, 0.3 + 0.15 * i))
        scene.poly([*crest[2:], (1, 1), (peak - 0.15, 1)], mix(p.base, p.deep, 0.15 + 0.2 * i))


def mesas(scene: Scene, horizon: float) -> None:
    """Flat-topped rocks on a plain."""
    back, middle, front = depths(scene, 3)
    scene.rect(0, horizon + 0.03, 1, 1, mix(scene.palette.base, scene.palette.light, 0.2))
    for colour, drop, count in ((back, 0.03, 2), (middle, 0.06, 2)):
        for _ in range(count):
            x, wide, tall = float(scene.rng.uniform(0, 1)), float(
                scene.rng.uniform(0.07, 0.2)
            ), float(scene.rng.uniform(0.08, 0.2))
            y = horizon + drop
            scene.poly(
                [
                    (x - wide * 1.5, y), (x - wide, y - tall * 0.4), (x - wide * 0.85, y - tall),
                    (x + wide * 0.85, y - tall), (x + wide, y - tall * 0.4), (x + wide * 1.5, y),
                ],
                colour,
            )
    scene.poly(ridge(scene, horizon + 0.22, 0.03, 20), front)
    for x in scene.rng.uniform(0.05, 0.95, 3).tolist():
        _cactus(scene, x, horizon + 0.25, float(scene.rng.uniform(0.07, 0.14)), front)


def _cactus(scene: Scene, x: float, foot: float, tall: float, colour: Colour) -> None:
    scene.line([(x, foot), (x, foot - tall)], 0.022, colour)
    scene.line([(x, foot - tall * 0.4), (x - 0.05, foot - tall * 0.4), (x - 0.05, foot - tall * 0.75)], 0.016, colour)
    scene.line([(x, foot - tall * 0.5), (x + 0.05, foot - tall * 0.5), (x + 0.05, foot - tall * 0.9)], 0.016, colour)


def sea(scene: Scene, horizon: float) -> None:
    """Open water with the light on it."""
    p = scene.palette
    scene.shade([mix(p.light, p.base, 0.4), p.base, mix(p.base, p.deep, 0.7)], horizon, 1)
    x = float(scene.rng.uniform(0.3, 0.7))
    for t, offset, length in scene.rng.random((70, 3)).tolist():
        y, spread = horizon + 0.01 + (1 - horizon) * t**1.5, 0.06 + 0.5 * t
        left = x + (offset - 0.5) * spread * 1.4
        scene.line(
            [(left, y), (left + 0.02 + 0.08 * length * (0.3 + t), y)], 0.003 + 0.003 * t,
            mix(p.pale, p.light, 0.4 + 0.4 * t),
        )


def waves(scene: Scene, horizon: float) -> None:
    """Stylised waves, row upon row."""
    p = scene.palette
    colours = [
        mix(p.light, p.pale, 0.3), p.light, mix(p.light, p.base, 0.5), p.base, mix(p.base, p.deep, 0.4),
        mix(p.base, p.deep, 0.75),
    ]
    for i, colour in enumerate(colours):
        y, phase = horizon + 0.075 * i, float(scene.rng.uniform(0, 1))
        crest = [(x / 60, y + 0.028 * abs(math.sin((x / 60 * 3 + phase) * math.pi)) ** 0.6) for x in range(61)]
        scene.poly([*crest, (1, 1), (0, 1)], colour)


def forest(scene: Scene, horizon: float) -> None:
    """Firs, denser and darker towards the front."""
    for i, colour in enumerate(depths(scene, 4)):
        base = horizon + 0.1 * i
        scene.rect(0, base + 0.04, 1, 1, colour)
        for x in np.linspace(-0.05, 1.05, 15 - 2 * i).tolist():
            tall = float(scene.rng.uniform(0.08, 0.17)) * (1 + 0.45 * i)
            left = x + float(scene.rng.normal(0, 0.02))
            for tier in range(3):
                y, half = base + 0.06 - tall * (0.3 * tier), tall * (0.34 - 0.08 * tier)
                scene.poly([(left - half, y), (left, y - tall * 0.5), (left + half, y)], colour)


def trunks(scene: Scene, horizon: float) -> None:
    """Bare trunks in fog, as high as the sheet."""
    p, rng = scene.palette, scene.rng
    for i, colour in enumerate(depths(scene, 3)):
        for x in rng.uniform(-0.02, 1.02, 6 - i).tolist():
            wide, lean = 0.012 + 0.018 * i, float(rng.normal(0, 0.02))
            scene.poly([(x - wide + lean, 0), (x + wide + lean, 0), (x + wide * 1.5, 1), (x - wide * 1.5, 1)], colour)
            y = float(rng.uniform(0.1, 0.5))
            scene.line([(x + lean / 2, y + 0.08), (x + 0.12 * (-1) ** i, y)], 0.01 + 0.006 * i, colour)
    scene.poly(ridge(scene, max(horizon, 0.7) + 0.1, 0.02, 30), p.deep)


def snowfield(scene: Scene, horizon: float) -> None:
    """Snow underfoot, bare trees far off, flakes in the air."""
    p, rng = scene.palette, scene.rng
    white = mix(p.pale, (255, 255, 255), 0.5)
    for x in rng.uniform(0, 1, 22).tolist():
        tall = float(rng.uniform(0.02, 0.09))
        scene.line([(x, horizon + 0.02), (x, horizon - tall)], 0.004, mix(p.base, p.deep, 0.5))
    scene.poly(ridge(scene, horizon, 0.015, 40), mix(white, p.light, 0.35))
    scene.poly(ridge(scene, horizon + 0.14, 0.03, 40), white)
    for x, y, size in rng.random((90, 3)).tolist():
        scene.disc(x, y, 0.002 + 0.005 * size**3, white)


def meadow(scene: Scene, horizon: float) -> None:
    """Tall grass and flowers."""
    p, rng = scene.palette, scene.rng
    scene.shade([mix(p.light, p.base, 0.5), p.base, mix(p.base, p.deep, 0.5)], horizon, 1)
    for t, x, sway in sorted(rng.random((150, 3)).tolist()):
        y = horizon + 0.03 + (1 - horizon) * t
        tip = (x + (sway - 0.5) * 0.05, y - 0.03 - 0.06 * t)
        scene.line([(x, y), tip], 0.004, mix(p.base, p.deep, 0.3 + 0.5 * t))
        if sway > 0.6:
            scene.disc(*tip, 0.005 + 0.011 * t, p.accent if sway > 0.8 else p.pale)


def leaves(scene: Scene, horizon: float) -> None:
    """Great leaves that close in from the sides and below."""
    rng = scene.rng
    for i, colour in enumerate(depths(scene, 4)):
        for _ in range(11):
            x, y = float(
                rng.choice([rng.uniform(-0.05, 0.2), rng.uniform(0.8, 1.05), rng.uniform(0, 1)])
            ), float(rng.uniform(horizon, 1.1))
            angle, long = float(rng.uniform(-2.6, -0.5)), float(rng.uniform(0.16, 0.34)) * (0.7 + 0.15 * i)
            dx, dy = math.cos(angle) * long, math.sin(angle) * long * 0.68
            scene.poly(
                [
                    (x, y), (x + dx * 0.4 - dy * 0.3, y + dy * 0.4 + dx * 0.16), (x + dx, y + dy),
                    (x + dx * 0.4 + dy * 0.3, y + dy * 0.4 - dx * 0.16),
                ],
                colour,
            )
    scene.poly(ridge(scene, max(horizon, 0.75) + 0.15, 0.03, 30), scene.palette.deep)


def cliffs(scene: Scene, horizon: float) -> None:
    """Two cliffs with the sea between."""
    sea(scene, horizon + 0.1)
    far, middle, near = depths(scene, 3)
    for side, edge, top, colour in ((1, 0.56, 0.02, far), (-1, 0.42, -0.1, middle), (1, 0.82, 0.06, near)):
        wall = [0.0, 0.03, -0.02, 0.04, 0.07]
        edges = [(edge + side * w, horizon + top + 0.09 * i) for i, w in enumerate(wall)]
        out = 1.1 if side > 0 else -0.1
        scene.poly([(out, horizon + top - 0.03), *edges, (out, horizon + top + 0.5)], colour)


def planet(scene: Scene, horizon: float) -> None:
    """The curve of a world with its lit rim, and a moon."""
    p = scene.palette
    y = horizon + 1.02
    scene.glow(0.5, horizon + 0.1, 0.7, p.light, 0.6)
    scene.disc(0.5, y, 1.42, mix(p.accent, p.pale, 0.5))
    scene.disc(0.5, y + 0.012, 1.42, p.base)
    scene.disc(0.5, y + 0.07, 1.42, mix(p.base, p.deep, 0.6))
    scene.disc(0.5, y + 0.15, 1.42, p.deep)


def ringed(scene: Scene, horizon: float) -> None:
    """A banded giant low in the sky above a broken plain."""
    p, rng = scene.palette, scene.rng
    x, y, r = float(rng.uniform(0.2, 0.8)), horizon - 0.12, float(rng.uniform(0.24, 0.4))
    for i in range(5):
        scene.disc(
            x - 0.012 * i, y - 0.01 * i, r * (1 - 0.09 * i), mix(p.base, mix(p.light, p.accent, 0.4), 0.25 + 0.18 * i),
        )
    scene.line([(x - r * 1.7, y + 0.1), (x + r * 1.7, y - 0.1)], 0.012, mix(p.light, p.pale, 0.5))
    for i, colour in enumerate(depths(scene, 3)[1:]):
        scene.poly(ridge(scene, horizon + 0.09 * i, 0.05, 40), colour)


LANDS: dict[str, Land] = {
    "mountains": mountains, "hills": hills, "dunes": dunes, "mesas": mesas, "sea": sea, "waves": waves,
    "forest": forest, "trunks": trunks, "snowfield": snowfield, "meadow": meadow, "leaves": leaves, "cliffs": cliffs,
    "planet": planet, "ringed planet": ringed,
}
