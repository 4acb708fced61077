"""Stagings made of people: faces, heads, groups. `PORTRAITS` names them."""

from __future__ import annotations

from matinee_sample.poster_art.brief import Brief, Zone
from matinee_sample.poster_art.canvas import HEIGHT, WIDTH, Scene, mix
from matinee_sample.poster_art.composing import PLACES, Staging, against, fit, portrait, stand
from matinee_sample.poster_art.faces import face, profile
from matinee_sample.poster_art.grounds import GROUNDS


def big_face(scene: Scene, brief: Brief) -> None:
    """One face, half of it in shadow, as large as there is room."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS[brief.ground](scene)
    cut, x = face(brief.looks[0]), float(rng.choice([0.5, 0.5, 0.34, 0.66]))
    width = fit(cut, zone, float(rng.uniform(1.05, 1.3)))
    box = (x, zone.top + zone.height * 0.52, width, 0.0)
    portrait(scene, brief.looks[0], box, mix(p.light, p.pale, 0.55), p.deep, rng.random() < 0.5)


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
        hair_ink = mix(ink, p.base if ink == p.pale else p.deep, 0.35) if ink != p.deep else mix(ink, p.base, 0.45)
        y = zone.bottom - width / head.aspect * WIDTH / HEIGHT * 0.45
        scene.stamp(head, (x, y, width, 0), ink, hair_ink, (side > 0) != apart)
    small = fit(brief.emblem, zone, 0.26)
    scene.stamp(
        brief.emblem, (0.5, zone.top + zone.height * 0.14, small, 0),
        against(scene, 0.5, zone.top + 0.1, p.deep, p.pale), p.accent,
    )


def pyramid(scene: Scene, brief: Brief) -> None:
    """A big face in the sky, people before it, the place at their feet."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS[brief.ground](scene)
    x, y = 0.5, zone.top + zone.height * 0.36
    scene.glow(x, y, 0.75, p.light, 0.8)
    for look, dx, size in ((brief.looks[1], -0.27, 0.5), (brief.looks[2], 0.27, 0.5), (brief.looks[0], 0.0, 0.72)):
        cut = face(look)
        box = (x + dx, y + (0.06 if dx else 0), fit(cut, zone, size), 0.0)
        shade = p.deep if dx == 0 else mix(p.deep, p.base, 0.5)
        portrait(scene, look, box, mix(p.light, p.pale, 0.4 if dx == 0 else 0.1), shade, rng.random() < 0.5)
    PLACES[brief.land](scene, zone.top + zone.height * 0.7)
    for cut, at, tall in ((brief.cast[1], 0.28, 0.3), (brief.cast[2], 0.72, 0.3), (brief.cast[0], 0.5, 0.42)):
        scene.stamp(cut, stand(cut, at, zone.bottom + 0.02, zone.height * tall), p.deep, p.accent)


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
        portrait(inside, brief.looks[i % 4], box, mix(p.pale, p.light, 0.25), p.deep, rng.random() < 0.5)
        pixels = (
            round(cell.left * WIDTH), round(cell.top * HEIGHT), round(cell.right * WIDTH), round(cell.bottom * HEIGHT),
        )
        scene.image.paste(inside.image.crop(pixels), pixels[:2])


def gathering(scene: Scene, brief: Brief) -> None:
    """The leading people in a row, tall, over the ground."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS[brief.ground](scene)
    if rng.random() < 0.5:
        x, y = zone.centre
        radius = min(0.45, 0.5 * zone.width, 0.5 * zone.height * HEIGHT / WIDTH)
        scene.disc(x, y, radius, against(scene, x, y, p.accent, p.light, p.pale))
    ink = against(scene, *zone.centre, p.deep, p.pale)
    for i, cut in enumerate(brief.cast):
        x, tall = (0.5, 0.24, 0.76)[i], zone.height * float((1.0, 0.86, 0.9)[i])
        cloth = ink if i == 0 else mix(ink, p.accent, 0.45 if ink == p.pale else 0.3)
        scene.stamp(cut, stand(cut, x, zone.bottom + 0.02, tall), cloth, p.accent)


def double_exposure(scene: Scene, brief: Brief) -> None:
    """A head in profile, filled with the place."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    scene.shade([p.pale, mix(p.pale, p.light, 0.6)])
    inside = scene.child()
    GROUNDS["dusk" if brief.ground in {"flat", "paper", "bright"} else brief.ground](inside)
    PLACES[brief.land](inside, zone.top + zone.height * 0.5)
    inside.stamp(brief.cast[0], stand(brief.cast[0], 0.52, zone.bottom, zone.height * 0.34), p.pale, p.accent)
    head = profile(brief.hair[0])
    shape = scene.cut(head, (zone.centre[0], zone.centre[1], fit(head, zone, 1.08), 0), rng.random() < 0.5)
    scene.reveal(shape, inside)


PORTRAITS: dict[str, Staging] = {
    "big face": big_face, "duo": duo, "pyramid": pyramid, "heads": heads, "gathering": gathering,
    "double exposure": double_exposure,
}
