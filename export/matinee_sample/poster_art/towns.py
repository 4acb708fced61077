"""What people built on the horizon: towers, streets, roads, rooms.

`TOWNS` names them; each fills from `horizon` (0-1) to the foot.
"""

from __future__ import annotations

import numpy as np

from matinee_sample.poster_art.canvas import Point, Scene, mix
from matinee_sample.poster_art.lands import Land, depths, ridge, sea
from matinee_sample.poster_art.palettes import Colour


def skyline(scene: Scene, horizon: float) -> None:
    """Two rows of towers, the nearer with lit windows."""
    p, rng = scene.palette, scene.rng
    for depth, (colour, tall) in enumerate(zip(depths(scene, 3), (0.2, 0.17, 0.12), strict=True)):
        x = -0.02
        while x < 1:
            wide, top = float(rng.uniform(0.06, 0.13)), horizon + 0.11 * depth - float(rng.uniform(0.2, 1)) * tall
            scene.rect(x, top, x + wide, 1, colour)
            if rng.random() < 0.2:
                scene.line([(x + wide / 2, top), (x + wide / 2, top - 0.06)], 0.006, colour)
            if depth:
                _windows(scene, x, top, wide, p.accent if depth == 2 else mix(p.light, p.pale, 0.5))
            x += wide + 0.006


def _windows(scene: Scene, x: float, top: float, wide: float, colour: Colour) -> None:
    columns = max(1, int(wide / 0.024))
    for row in range(8):
        for column in range(columns):
            if scene.rng.random() < 0.3:
                left, y = x + 0.008 + column * wide / columns, top + 0.018 + row * 0.026
                scene.rect(left, y, left + 0.009, y + 0.01, colour)


def street(scene: Scene, horizon: float) -> None:
    """A street between tall houses, running to a vanishing point."""
    p = scene.palette
    far, _, near = depths(scene, 3)
    scene.rect(0, horizon, 1, 1, mix(p.deep, p.base, 0.35))
    for i in range(4):
        reach = 0.62 - 0.13 * i
        shade = mix(near, far, i / 3.5)
        for side in (-1, 1):
            edge, inner = 0.5 + side * (reach - 0.04), 0.5 + side * (reach - 0.16)
            scene.poly(
                [
                    (edge, horizon - 0.62 + 0.13 * i), (inner, horizon - 0.48 + 0.12 * i),
                    (inner, horizon + 0.1 - 0.03 * i), (edge, horizon + 0.36 - 0.09 * i),
                ],
                shade,
            )
    scene.poly([(0.485, horizon), (0.515, horizon), (0.78, 1), (0.22, 1)], mix(p.base, p.light, 0.35))


def road(scene: Scene, horizon: float) -> None:
    """A straight road over a plain."""
    p = scene.palette
    scene.shade([mix(p.base, p.light, 0.25), mix(p.base, p.deep, 0.7)], horizon, 1)
    scene.poly(_low_ridge(scene, horizon), mix(p.base, p.deep, 0.4))
    x = float(scene.rng.uniform(0.35, 0.65))
    scene.poly([(x - 0.01, horizon), (x + 0.01, horizon), (0.95, 1), (0.05, 1)], p.deep)
    for i in range(7):
        a, b = (i / 7) ** 2, ((i + 0.5) / 7) ** 2
        points = [
            (x + (0.5 - x) * t + side * 0.018 * t, horizon + (1 - horizon) * t)
            for t, side in ((a, -1), (a, 1), (b, 1), (b, -1))
        ]
        scene.poly(points, p.accent)


def _low_ridge(scene: Scene, horizon: float) -> list[Point]:
    line = ridge(scene, horizon - 0.015, 0.025, 40)[:-2]
    return [*line, (1, horizon + 0.002), (0, horizon + 0.002)]


def roofs(scene: Scene, horizon: float) -> None:
    """Gabled roofs and chimneys."""
    for i, colour in enumerate(depths(scene, 3)):
        x = -0.05
        while x < 1:
            wide = float(scene.rng.uniform(0.1, 0.2))
            top = horizon + 0.12 * i - float(scene.rng.uniform(0, 0.06))
            scene.poly([(x, 1), (x, top), (x + wide / 2, top - wide * 0.45), (x + wide, top), (x + wide, 1)], colour)
            scene.rect(x + wide * 0.7, top - wide * 0.45, x + wide * 0.82, top, colour)
            if i:
                scene.rect(
                    x + wide * 0.4, top + 0.02, x + wide * 0.55, top + 0.05,
                    mix(scene.palette.accent, scene.palette.pale, 0.3),
                )
            x += wide


def bridge(scene: Scene, horizon: float) -> None:
    """A suspension bridge over water."""
    sea(scene, horizon + 0.1)
    far, _, near = depths(scene, 3)
    shore = [(1.0, horizon + 0.1), (0.0, horizon + 0.1)]
    scene.poly([*ridge(scene, horizon + 0.07, 0.02, 30)[:-2], *shore], far)
    for x in (0.22, 0.86):
        for dx in (-0.025, 0.025):
            scene.rect(x + dx - 0.009, horizon - 0.24, x + dx + 0.009, horizon + 0.18, near)
        for y in (-0.24, -0.1):
            scene.rect(x - 0.03, horizon + y, x + 0.03, horizon + y + 0.016, near)
    scene.rect(0, horizon + 0.04, 1, horizon + 0.062, near)
    sag = [(0.22 + 0.64 * t, horizon - 0.23 + 0.25 * (1 - (2 * t - 1) ** 2)) for t in np.linspace(0, 1, 21).tolist()]
    for cable in (sag, [(0.22, horizon - 0.23), (-0.1, horizon + 0.02)], [(0.86, horizon - 0.23), (1.2, horizon)]):
        scene.line(cable, 0.007, near)
    for x, y in sag[1:-1]:
        scene.line([(x, y), (x, horizon + 0.05)], 0.003, near)


def floor(scene: Scene, horizon: float) -> None:
    """A chequered floor that runs back to a wall."""
    p = scene.palette
    low = max(horizon, 0.6)
    scene.rect(0, low, 1, 1, mix(p.base, p.deep, 0.6))
    for row in range(6):
        y0, y1 = (low + (1 - low) * (k / 6) ** 1.6 for k in (row, row + 1))
        for i in range(-10, 10):
            if (i + row) % 2 == 0:
                quad = [
                    (0.5 + j * (0.07 + 0.16 * (y - low) / (1 - low)), y)
                    for j, y in ((i, y0), (i + 1, y0), (i + 1, y1), (i, y1))
                ]
                scene.poly(quad, mix(p.light, p.pale, 0.3))


def corridor(scene: Scene, horizon: float) -> None:
    """A corridor with doors, and light at its end."""
    p = scene.palette
    low, high = horizon + 0.02, horizon - 0.2
    wall, ground, ceiling = mix(p.base, p.deep, 0.35), mix(p.base, p.deep, 0.7), mix(p.base, p.deep, 0.55)
    scene.poly([(0, 1.05), (0.4, low), (0.6, low), (1, 1.05)], ground)
    scene.poly([(0, -0.4), (0.4, high), (0.6, high), (1, -0.4)], ceiling)
    for side in (-1, 1):
        scene.poly([(0.5 + side * x, y) for x, y in ((0.5, -0.4), (0.1, high), (0.1, low), (0.5, 1.05))], wall)
        for near, far in ((0.47, 0.34), (0.29, 0.22), (0.19, 0.155)):
            top = [high - (v - 0.1) * 0.1 for v in (near, far)]
            lows = [low + (v - 0.1) * (1.05 - low) / 0.4 for v in (near, far)]
            scene.poly(
                [
                    (0.5 + side * near, top[0]), (0.5 + side * far, top[1]), (0.5 + side * far, lows[1]),
                    (0.5 + side * near, lows[0]),
                ],
                p.deep,
            )
    scene.rect(0.4, high, 0.6, low, mix(p.pale, p.light, 0.3))
    scene.glow(0.5, horizon - 0.08, 0.3, mix(p.pale, p.light, 0.4), 0.8)


TOWNS: dict[str, Land] = {
    "skyline": skyline, "street": street, "road": road, "roofs": roofs, "bridge": bridge, "floor": floor,
    "corridor": corridor,
}
