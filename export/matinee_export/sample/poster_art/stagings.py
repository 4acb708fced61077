"""How a picture is put together from a ground, a land, emblems and people. `STAGINGS` names the ways.

Each takes an empty `Scene` and a `Brief` and leaves a finished picture with its weight inside `brief.focus`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matinee_export.sample.poster_art.brief import Brief, Zone
from matinee_export.sample.poster_art.canvas import HEIGHT, WIDTH, Cut, Scene, luminance, mix
from matinee_export.sample.poster_art.figures import face, profile
from matinee_export.sample.poster_art.grounds import GROUNDS
from matinee_export.sample.poster_art.lands import LANDS
from matinee_export.sample.poster_art.palettes import Colour

Staging = Callable[[Scene, Brief], None]


def fit(cut: Cut, zone: Zone, share: float = 1.0) -> float:
    """The width, as a fraction of the scene's, at which a stencil fills `share` of a zone."""
    return share * min(zone.width, zone.height * HEIGHT / WIDTH * cut.aspect)


def stand(cut: Cut, x: float, foot: float, tall: float) -> tuple[float, float, float, float]:
    """The box of a stencil `tall` (fraction of the height) whose lowest point is at (x, foot)."""
    return x, foot - tall / 2, tall * HEIGHT / WIDTH * cut.aspect, 0.0


def against(scene: Scene, x: float, y: float, *inks: Colour) -> Colour:
    """Of some colours the one that stands out most from the picture around a point."""
    px, py = (int(min(0.999, max(0, v)) * side) for v, side in ((x, WIDTH), (y, HEIGHT)))
    patch = np.asarray(scene.image.crop((max(0, px - 40), max(0, py - 40), px + 40, py + 40)).resize((1, 1)))[0, 0]
    level = luminance((int(patch[0]), int(patch[1]), int(patch[2])))
    return max(inks, key=lambda ink: abs(luminance(ink) ** 0.5 - level**0.5))


def landscape(scene: Scene, brief: Brief) -> None:
    """A wide view, a sun or moon, and someone in it."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS[brief.ground](scene)
    horizon = zone.top + zone.height * float(rng.uniform(0.55, 0.75))
    x, r = float(rng.uniform(0.22, 0.78)), float(rng.uniform(0.1, 0.3))
    scene.glow(x, horizon - r * 0.6, r * 2.4, mix(p.light, p.pale, 0.5), 0.8)
    scene.disc(x, horizon - r * float(rng.uniform(0.2, 1.1)), r, p.accent if rng.random() < 0.5 else p.pale)
    LANDS[brief.land](scene, horizon)
    foot = min(0.97, zone.bottom + 0.03)
    if rng.random() < 0.55:
        tall = float(rng.uniform(0.2, 0.4))
        scene.stamp(brief.cast[0], stand(brief.cast[0], float(rng.uniform(0.3, 0.7)), foot, tall), p.deep, p.accent)
    else:
        width = fit(brief.emblem, zone, float(rng.uniform(0.4, 0.6)))
        y = foot - width * WIDTH / HEIGHT / brief.emblem.aspect / 2
        scene.stamp(brief.emblem, (float(rng.uniform(0.35, 0.65)), y, width, 0), p.deep, p.accent, rng.random() < 0.5)


def icon(scene: Scene, brief: Brief) -> None:
    """One emblem, large, on a quiet ground."""
    p, rng = scene.palette, scene.rng
    GROUNDS[brief.ground](scene)
    x, y = brief.focus.centre
    if rng.random() < 0.45:
        r = fit(brief.emblem, brief.focus, 0.52)
        scene.disc(x, y, r, against(scene, x, y, p.light, p.accent, p.pale, p.deep))
    ink = against(scene, x, y, p.deep, p.pale, p.accent)
    second = p.accent if ink != p.accent else p.deep
    scene.stamp(brief.emblem, (x, y, fit(brief.emblem, brief.focus, 0.86), float(rng.normal(0, 5))), ink, second, rng.random() < 0.4)


def cut_paper(scene: Scene, brief: Brief) -> None:
    """Torn blocks of colour with a jagged figure on them, after the 1950s title designers."""
    p, rng = scene.palette, scene.rng
    GROUNDS[brief.ground](scene)
    zone = brief.focus
    colours = [p.accent, p.deep, p.light, p.pale]
    rng.shuffle(colours)
    for colour, size in zip(colours[:3], (0.62, 0.44, 0.3), strict=True):
        x = zone.left + zone.width * float(rng.uniform(0.25, 0.75))
        y = zone.top + zone.height * float(rng.uniform(0.25, 0.75))
        wide, tall = size * float(rng.uniform(0.5, 1)), size * float(rng.uniform(0.5, 1)) * 0.8
        corners = [(-1, -1), (0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0)]
        scene.poly([(x + wide * (sx + float(rng.normal(0, 0.13))) / 2, y + tall * (sy + float(rng.normal(0, 0.13))) / 2) for sx, sy in corners], colour)
    hero = brief.cast[0] if rng.random() < 0.5 else brief.emblem
    x, y = zone.centre
    ink = against(scene, x, y, p.deep, p.pale, p.accent)
    scene.stamp(hero, (x, y, fit(hero, zone, 0.9), float(rng.normal(0, 9))), ink, p.accent if ink != p.accent else p.pale, rng.random() < 0.5)


def double_exposure(scene: Scene, brief: Brief) -> None:
    """A head in profile, filled with the place."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    scene.shade([p.pale, mix(p.pale, p.light, 0.6)])
    inside = scene.child()
    GROUNDS["dusk" if brief.ground in {"flat", "paper", "bright"} else brief.ground](inside)
    LANDS[brief.land](inside, zone.top + zone.height * 0.5)
    inside.stamp(brief.cast[0], stand(brief.cast[0], 0.52, zone.bottom, zone.height * 0.34), p.pale, p.accent)
    head = profile(brief.hair[0])
    shape, _ = scene.cut(head, (zone.centre[0], zone.centre[1], fit(head, zone, 1.08), 0), rng.random() < 0.5)
    scene.reveal(shape, inside)


def big_face(scene: Scene, brief: Brief) -> None:
    """One face, half of it in shadow, as large as there is room."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS[brief.ground](scene)
    cut, x = face(brief.looks[0]), float(rng.choice([0.5, 0.5, 0.34, 0.66]))
    width = fit(cut, zone, float(rng.uniform(1.05, 1.3)))
    skin = mix(p.light, p.pale, 0.55)
    box = (x, zone.top + zone.height * 0.52, width, 0.0)
    backing(scene, box, cut, skin)
    scene.stamp(cut, box, p.deep, p.accent, rng.random() < 0.5)


def backing(scene: Scene, box: tuple[float, float, float, float], cut: Cut, skin: Colour) -> None:
    """Lay the lit skin where a face's light side will be left open."""
    x, y, width, _ = box
    tall = width / cut.aspect * WIDTH / HEIGHT
    oval = [(-0.28, -0.2), (-0.16, -0.37), (0.16, -0.37), (0.28, -0.2), (0.25, 0.16), (0.1, 0.35), (0.16, 0.47), (-0.16, 0.47), (-0.1, 0.35), (-0.25, 0.16)]
    scene.poly([(x + width * dx, y + tall * dy) for dx, dy in oval], skin)


def duo(scene: Scene, brief: Brief) -> None:
    """Two heads that face each other, or turn away."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS[brief.ground](scene)
    apart, share = rng.random() < 0.3, float(rng.uniform(0.62, 0.8))
    inks = (against(scene, 0.2, zone.centre[1], p.deep, p.pale), p.accent)
    for side, hair, ink in ((-1, brief.hair[0], inks[0]), (1, brief.hair[1], inks[1])):
        head = profile(hair)
        width = fit(head, zone, share)
        x = 0.5 + side * width * (0.42 if apart else 0.5)
        scene.stamp(head, (x, zone.bottom - width / head.aspect * WIDTH / HEIGHT * 0.45, width, 0), ink, ink, (side > 0) != apart)
    small = fit(brief.emblem, zone, 0.26)
    scene.stamp(brief.emblem, (0.5, zone.top + zone.height * 0.14, small, 0), against(scene, 0.5, zone.top + 0.1, p.deep, p.pale), p.accent)


def pattern(scene: Scene, brief: Brief) -> None:
    """One emblem over and over, and one that is different."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS["flat" if brief.ground in {"stars", "rain", "smoke", "stripes"} else brief.ground](scene)
    columns = int(rng.integers(3, 6))
    cell = 1 / columns
    rows = max(2, round(zone.height / (cell * WIDTH / HEIGHT)))
    odd = (int(rng.integers(rows)), int(rng.integers(columns)))
    ink = against(scene, *zone.centre, p.deep, p.pale)
    room = Zone(0, 0, cell, cell * WIDTH / HEIGHT)
    for row in range(rows):
        for column in range(columns):
            special = (row, column) == odd
            cut = brief.second if special else brief.emblem
            x, y = (column + 0.5) * cell, zone.top + (row + 0.5) * zone.height / rows
            scene.stamp(cut, (x, y, fit(cut, room, 0.78), 0), p.accent if special else ink, p.light if special else mix(ink, p.base, 0.5))


def panels(scene: Scene, brief: Brief) -> None:
    """Three strips: the place, a face, the thing."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    scene.shade([p.pale, p.pale] if rng.random() < 0.5 else [p.deep, p.deep])
    upright = rng.random() < 0.45
    edges = np.cumsum([0.0, *rng.dirichlet([14, 14, 14])])
    order = rng.permutation(3)
    for i, kind in enumerate(order):
        a, b = float(edges[i]) + 0.008, float(edges[i + 1]) - 0.008
        if upright:
            part = Zone(a, zone.top, b, zone.bottom)
        else:
            part = Zone(0, zone.top + zone.height * a, 1, zone.top + zone.height * b)
        inside = scene.child()
        _panel(inside, brief, int(kind), part)
        box = (round(part.left * WIDTH), round(part.top * HEIGHT), round(part.right * WIDTH), round(part.bottom * HEIGHT))
        scene.image.paste(inside.image.crop(box), box[:2])


def _panel(inside: Scene, brief: Brief, kind: int, part: Zone) -> None:
    p = inside.palette
    x, y = part.centre
    if kind == 0:
        GROUNDS[brief.ground](inside)
        LANDS[brief.land](inside, part.top + part.height * 0.55)
    elif kind == 1:
        inside.shade([p.accent, p.accent])
        cut = face(brief.looks[0])
        box = (x, y, max(part.width * 0.9, fit(cut, part, 1.0)) * 0.8, 0.0)
        backing(inside, box, cut, p.pale)
        inside.stamp(cut, box, p.deep, p.accent)
    else:
        inside.shade([p.base, p.base])
        ink = against(inside, x, y, p.deep, p.pale)
        inside.stamp(brief.emblem, (x, y, fit(brief.emblem, part, 0.85), 0), ink, p.accent)


def aperture(scene: Scene, brief: Brief) -> None:
    """The place seen through a shape."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    scene.shade([p.deep, p.deep] if rng.random() < 0.5 else [p.accent, mix(p.accent, p.deep, 0.3)])
    inside = scene.child()
    GROUNDS["dawn" if brief.ground in {"flat", "paper", "night"} else brief.ground](inside)
    LANDS[brief.land](inside, zone.top + zone.height * 0.56)
    inside.stamp(brief.cast[0], stand(brief.cast[0], zone.centre[0], zone.bottom - zone.height * 0.08, zone.height * 0.4), p.deep, p.accent)
    hole = brief.emblem if rng.random() < 0.45 else _opening(int(rng.integers(4)))
    shape, _ = scene.cut(hole, (*zone.centre, fit(hole, zone, 0.96), 0))
    scene.reveal(shape, inside)


def _opening(kind: int) -> Cut:
    shapes = (
        Cut(lambda pen: pen.disc(0.5, 0.5, 0.5)),
        Cut(lambda pen: pen.blob([(0, 1), (0, 0.4), (0.2, 0.1), (0.5, 0), (0.8, 0.1), (1, 0.4), (1, 1)]), 0.72),
        Cut(lambda pen: pen.poly([(0.5, 0), (1, 1), (0, 1)])),
        Cut(lambda pen: [pen.rect(x, y, x + 0.46, y + 0.46) for x in (0.0, 0.54) for y in (0.0, 0.54)][0], 0.8),  # noqa: RUF015
    )
    return shapes[kind]


def pyramid(scene: Scene, brief: Brief) -> None:
    """A big face in the sky, people before it, the place at their feet."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS[brief.ground](scene)
    x, y = 0.5, zone.top + zone.height * 0.36
    scene.glow(x, y, 0.75, p.light, 0.8)
    for look, dx, size in ((brief.looks[1], -0.27, 0.5), (brief.looks[2], 0.27, 0.5), (brief.looks[0], 0.0, 0.72)):
        cut = face(look)
        box = (x + dx, y + (0.06 if dx else 0), fit(cut, zone, size), 0.0)
        backing(scene, box, cut, mix(p.light, p.pale, 0.4 if dx == 0 else 0.1))
        scene.stamp(cut, box, p.deep if dx == 0 else mix(p.deep, p.base, 0.5), p.accent, rng.random() < 0.5)
    LANDS[brief.land](scene, zone.top + zone.height * 0.7)
    for cut, at, tall in ((brief.cast[1], 0.28, 0.3), (brief.cast[2], 0.72, 0.3), (brief.cast[0], 0.5, 0.42)):
        scene.stamp(cut, stand(cut, at, zone.bottom + 0.02, zone.height * tall), p.deep, p.accent)


def lone(scene: Scene, brief: Brief) -> None:
    """Almost nothing, and one small figure with a long shadow."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS[brief.ground](scene)
    foot = zone.top + zone.height * float(rng.uniform(0.78, 0.95))
    x, tall = float(rng.uniform(0.25, 0.75)), float(rng.uniform(0.14, 0.22))
    if rng.random() < 0.6:
        scene.rect(0, foot - 0.02, 1, 1, mix(p.base, p.deep, 0.35))
    ink = against(scene, x, foot - tall / 2, p.deep, p.pale, p.accent)
    reach = 0.4 * (1 if x < 0.5 else -1)
    scene.poly([(x - 0.015, foot), (x + 0.015, foot), (x + reach + 0.04, foot + 0.13), (x + reach - 0.04, foot + 0.13)], mix(p.base, p.deep, 0.6))
    scene.stamp(brief.cast[0], stand(brief.cast[0], x, foot, tall), ink, p.accent)
    if rng.random() < 0.6:
        width = fit(brief.emblem, zone, 0.34)
        scene.stamp(brief.emblem, (1 - x, zone.top + zone.height * 0.28, width, float(rng.normal(0, 8))), against(scene, 1 - x, zone.top + 0.2, p.accent, p.pale, p.deep), p.light)


def shadow(scene: Scene, brief: Brief) -> None:
    """Someone small, and a shadow on the wall that is something else."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS[brief.ground](scene)
    side = -1 if rng.random() < 0.5 else 1
    scene.glow(0.5 + 0.1 * side, zone.centre[1], 0.7, p.light, 0.85)
    shade = mix(p.base, p.deep, 0.8)
    scene.stamp(brief.emblem, (0.5 + 0.1 * side, zone.centre[1] - 0.03, fit(brief.emblem, zone, 0.85), 4 * side), shade, mix(p.light, p.accent, 0.5))
    scene.rect(0, zone.bottom - 0.02, 1, 1, p.deep)
    scene.stamp(brief.cast[0], stand(brief.cast[0], 0.5 - 0.26 * side, zone.bottom, zone.height * 0.42), p.deep, p.accent)


def looming(scene: Scene, brief: Brief) -> None:
    """The emblem, gigantic, over the place."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS[brief.ground](scene)
    x, y = float(rng.uniform(0.4, 0.6)), zone.top + zone.height * 0.42
    box = (x, y, fit(brief.emblem, zone, 0.92), 0.0)
    shape, _ = scene.cut(brief.emblem, box)
    ink = against(scene, x, y, p.accent, p.pale, p.deep)
    scene.halo(shape, mix(ink, p.light, 0.5), 18, 0.9)
    scene.stamp(brief.emblem, box, ink, p.pale if ink != p.pale else p.accent)
    LANDS[brief.land](scene, zone.top + zone.height * 0.72)


def heads(scene: Scene, brief: Brief) -> None:
    """The whole ensemble: a face to each coloured field."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    scene.shade([p.pale, p.pale])
    colours = [p.base, p.accent, p.light, mix(p.base, p.deep, 0.5)]
    rng.shuffle(colours)
    rows, columns = ((2, 2), (1, 3), (2, 2), (4, 1))[int(rng.integers(4))]
    for i in range(rows * columns):
        left, top = i % columns / columns, zone.top + zone.height * (i // columns) / rows
        cell = Zone(left, top, left + 1 / columns, top + zone.height / rows)
        inside = scene.child()
        inside.shade([colours[i % 4], mix(colours[i % 4], p.deep, 0.15)])
        cut = face(brief.looks[i % 4])
        box = (cell.centre[0], cell.centre[1] + 0.01, max(fit(cut, cell, 1.05), cell.width * 0.6), 0.0)
        backing(inside, box, cut, mix(p.pale, p.light, 0.25))
        inside.stamp(cut, box, p.deep, p.accent, rng.random() < 0.5)
        pixels = (round(cell.left * WIDTH), round(cell.top * HEIGHT), round(cell.right * WIDTH), round(cell.bottom * HEIGHT))
        scene.image.paste(inside.image.crop(pixels), pixels[:2])


def geometry(scene: Scene, brief: Brief) -> None:
    """Circles, halves and bars on a grid, the emblem in one of the fields."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    scene.shade([p.pale, p.pale])
    colours = [p.base, p.accent, p.deep, p.light, mix(p.base, p.deep, 0.5)]
    columns = int(rng.integers(2, 5))
    side = 1 / columns
    rows = max(2, round(zone.height / (side * WIDTH / HEIGHT)))
    tall = zone.height / rows
    for i in range(rows * columns):
        x, y = i % columns * side, zone.top + i // columns * tall
        ink, back = (colours[k] for k in rng.choice(5, 2, replace=False))
        scene.rect(x, y, x + side, y + tall, back)
        _tile(scene, int(rng.integers(6)), Zone(x, y, x + side, y + tall), ink)
    x, y = zone.centre
    r = fit(brief.emblem, zone, 0.42)
    scene.disc(x, y, max(0.24, r * 0.9), p.pale)
    scene.stamp(brief.emblem, (x, y, fit(brief.emblem, Zone(0, 0, 0.42, 0.28), 0.95), 0), p.deep, p.accent)


def _tile(scene: Scene, kind: int, cell: Zone, ink: Colour) -> None:
    left, top, right, bottom = cell.left, cell.top, cell.right, cell.bottom
    x, y = cell.centre
    if kind == 0:
        scene.disc(x, y, cell.width * 0.4, ink)
    elif kind == 1:
        scene.poly([(left, top), (right, top), (left, bottom)], ink)
    elif kind == 2:
        arc = [(left + cell.width * float(np.cos(a)), bottom - cell.height * float(np.sin(a))) for a in np.linspace(0, np.pi / 2, 14)]
        scene.poly([(left, bottom), *arc], ink)
    elif kind == 3:
        for i in range(4):
            scene.rect(left, top + cell.height * i / 4, right, top + cell.height * (i + 0.5) / 4, ink)
    elif kind == 4:
        arc = [(x + cell.width / 2 * float(np.cos(a)), bottom - cell.height * 0.8 * float(np.sin(a))) for a in np.linspace(0, np.pi, 18)]
        scene.poly(arc, ink)


def frame(scene: Scene, brief: Brief) -> None:
    """A ruled border with fanned corners, the picture inside it, as in the 1930s."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS[brief.ground](scene)
    scene.glow(*zone.centre, 0.6, p.light, 0.8)
    LANDS[brief.land](scene, zone.top + zone.height * 0.66)
    hero = brief.cast[0] if rng.random() < 0.6 else brief.emblem
    scene.stamp(hero, (*zone.centre, fit(hero, zone, 0.9), 0), p.deep, p.accent, rng.random() < 0.5)
    gold = mix(p.accent, p.pale, 0.35)
    for inset, wide in ((0.03, 0.008), (0.05, 0.003)):
        low = inset * WIDTH / HEIGHT
        scene.line([(inset, low), (1 - inset, low), (1 - inset, 1 - low), (inset, 1 - low), (inset, low)], wide, gold)
    for cx, cy in ((0.03, 0.02), (0.97, 0.02), (0.03, 0.98), (0.97, 0.98)):
        for r, colour in ((0.12, gold), (0.105, p.deep), (0.08, gold), (0.065, p.deep), (0.04, gold)):
            scene.disc(cx, cy, r, colour)


def orbit(scene: Scene, brief: Brief) -> None:
    """Great discs in line, and a small craft between them."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS[brief.ground](scene)
    slope = float(rng.uniform(-0.3, 0.3))
    for i, t in enumerate((0.12, 0.46, 0.8)):
        x, y, r = 0.5 + slope * (t - 0.5) * 2, zone.top + zone.height * t, float((0.3, 0.2, 0.36)[i] * rng.uniform(0.7, 1.1))
        scene.glow(x, y, r * 1.6, p.light, 0.5)
        scene.disc(x, y, r, mix(p.accent, p.pale, 0.3 * i))
        scene.disc(x + 0.22 * r, y + 0.13 * r, r * 0.99, mix(p.base, p.deep, 0.3 + 0.2 * i))
    y = zone.top + zone.height * 0.6
    scene.stamp(brief.emblem, (0.5 - slope * 0.3, y, fit(brief.emblem, zone, 0.5), float(rng.normal(0, 10))), p.pale, p.accent)


def ribbons(scene: Scene, brief: Brief) -> None:
    """Parallel bands that sweep over the sheet to the emblem, as in the 1970s."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    scene.shade([p.pale, mix(p.pale, p.light, 0.35)] if rng.random() < 0.6 else [p.deep, mix(p.deep, p.base, 0.4)])
    bands = [p.accent, mix(p.accent, p.light, 0.55), p.light, mix(p.light, p.base, 0.6), p.base]
    x, y = zone.centre
    if rng.random() < 0.5:
        for i, colour in enumerate(bands):
            scene.disc(x, y, 0.47 - 0.065 * i, colour)
            scene.rect(x - 0.47 + 0.065 * i, y, x + 0.47 - 0.065 * i, zone.bottom + 0.02, colour)
        y += 0.01
    else:
        rise = float(rng.uniform(-0.5, 0.5))
        for i, colour in enumerate(bands):
            top = y - 0.14 + 0.056 * i
            scene.poly([(0, top + rise), (0.5, top), (1, top - rise * 0.2), (1, top - rise * 0.2 + 0.057), (0.5, top + 0.057), (0, top + rise + 0.057)], colour)
    hero = brief.emblem if rng.random() < 0.6 else brief.cast[0]
    scene.stamp(hero, (x, y, fit(hero, zone, 0.66), 0), p.deep, p.pale, rng.random() < 0.5)


def gathering(scene: Scene, brief: Brief) -> None:
    """The leading people in a row, tall, over the ground."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS[brief.ground](scene)
    if rng.random() < 0.5:
        x, y = zone.centre
        scene.disc(x, y, min(0.45, fit(_opening(0), zone, 0.5)), against(scene, x, y, p.accent, p.light, p.pale))
    ink = against(scene, *zone.centre, p.deep, p.pale)
    for i, cut in enumerate(brief.cast):
        x, tall = (0.5, 0.24, 0.76)[i], zone.height * float((1.0, 0.86, 0.9)[i])
        scene.stamp(cut, stand(cut, x, zone.bottom + 0.02, tall), ink if i == 0 else mix(ink, p.accent, 0.45 if ink == p.pale else 0.3), p.accent)


STAGINGS: dict[str, Staging] = {
    "landscape": landscape, "icon": icon, "cut paper": cut_paper, "double exposure": double_exposure, "big face": big_face,
    "duo": duo, "pattern": pattern, "panels": panels, "aperture": aperture, "pyramid": pyramid, "lone": lone, "shadow": shadow,
    "looming": looming, "heads": heads, "geometry": geometry, "frame": frame, "orbit": orbit, "ribbons": ribbons,
    "gathering": gathering,
}
