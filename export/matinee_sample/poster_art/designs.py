"""Stagings that are graphic design first: icons, patterns, paper cuts, panels, shapes. `DESIGNS` names them."""

from __future__ import annotations

import numpy as np

from matinee_sample.poster_art.brief import Brief, Zone
from matinee_sample.poster_art.canvas import HEIGHT, WIDTH, Cut, Pen, Scene, mix
from matinee_sample.poster_art.composing import PLACES, Staging, against, fit, portrait, stand
from matinee_sample.poster_art.faces import face
from matinee_sample.poster_art.grounds import GROUNDS
from matinee_sample.poster_art.palettes import Colour


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
    scene.stamp(
        brief.emblem, (x, y, fit(brief.emblem, brief.focus, 0.86), float(rng.normal(0, 5))), ink, second,
        rng.random() < 0.4,
    )


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
        scene.poly(
            [
                (x + wide * (sx + float(rng.normal(0, 0.13))) / 2, y + tall * (sy + float(rng.normal(0, 0.13))) / 2)
                for sx, sy in corners
            ],
            colour,
        )
    hero = brief.cast[0] if rng.random() < 0.5 else brief.emblem
    x, y = zone.centre
    ink = against(scene, x, y, p.deep, p.pale, p.accent)
    scene.stamp(
        hero, (x, y, fit(hero, zone, 0.9), float(rng.normal(0, 9))), ink, p.accent if ink != p.accent else p.pale,
        rng.random() < 0.5,
    )


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
            scene.stamp(
                cut, (x, y, fit(cut, room, 0.78), 0), p.accent if special else ink,
                p.light if special else mix(ink, p.base, 0.5),
            )


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
        box = (
            round(part.left * WIDTH), round(part.top * HEIGHT), round(part.right * WIDTH), round(part.bottom * HEIGHT),
        )
        scene.image.paste(inside.image.crop(box), box[:2])


def _panel(inside: Scene, brief: Brief, kind: int, part: Zone) -> None:
    p = inside.palette
    x, y = part.centre
    if kind == 0:
        GROUNDS[brief.ground](inside)
        PLACES[brief.land](inside, part.top + part.height * 0.55)
    elif kind == 1:
        inside.shade([p.accent, p.accent])
        cut = face(brief.looks[0])
        box = (x, y, max(part.width * 0.9, fit(cut, part, 1.0)) * 0.8, 0.0)
        portrait(inside, brief.looks[0], box, p.pale, p.deep, False)
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
    PLACES[brief.land](inside, zone.top + zone.height * 0.56)
    inside.stamp(
        brief.cast[0], stand(brief.cast[0], zone.centre[0], zone.bottom - zone.height * 0.08, zone.height * 0.4),
        p.deep, p.accent,
    )
    hole = brief.emblem if rng.random() < 0.45 else OPENINGS[int(rng.integers(len(OPENINGS)))]
    shape = scene.cut(hole, (*zone.centre, fit(hole, zone, 0.96), 0))
    scene.reveal(shape, inside)


def _panes(pen: Pen) -> None:
    for x in (0.0, 0.54):
        for y in (0.0, 0.54):
            pen.rect(x, y, x + 0.46, y + 0.46)


OPENINGS: tuple[Cut, ...] = (
    Cut(lambda pen: pen.disc(0.5, 0.5, 0.5)),
    Cut(lambda pen: pen.blob([(0, 1), (0, 0.4), (0.2, 0.1), (0.5, 0), (0.8, 0.1), (1, 0.4), (1, 1)]), 0.72),
    Cut(lambda pen: pen.poly([(0.5, 0), (1, 1), (0, 1)])),
    Cut(_panes, 0.8),
)


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
        arc = [
            (left + cell.width * float(np.cos(a)), bottom - cell.height * float(np.sin(a)))
            for a in np.linspace(0, np.pi / 2, 14)
        ]
        scene.poly([(left, bottom), *arc], ink)
    elif kind == 3:
        for i in range(4):
            scene.rect(left, top + cell.height * i / 4, right, top + cell.height * (i + 0.5) / 4, ink)
    elif kind == 4:
        arc = [
            (x + cell.width / 2 * float(np.cos(a)), bottom - cell.height * 0.8 * float(np.sin(a)))
            for a in np.linspace(0, np.pi, 18)
        ]
        scene.poly(arc, ink)


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
            scene.poly(
                [
                    (0, top + rise), (0.5, top), (1, top - rise * 0.2), (1, top - rise * 0.2 + 0.057),
                    (0.5, top + 0.057), (0, top + rise + 0.057),
                ],
                colour,
            )
    hero = brief.emblem if rng.random() < 0.6 else brief.cast[0]
    scene.stamp(hero, (x, y, fit(hero, zone, 0.66), 0), p.deep, p.pale, rng.random() < 0.5)


DESIGNS: dict[str, Staging] = {
    "icon": icon, "cut paper": cut_paper, "pattern": pattern, "panels": panels, "aperture": aperture,
    "geometry": geometry, "ribbons": ribbons,
}
