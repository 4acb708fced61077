"""Stagings with a place in them: someone or something seen against a ground and a horizon. `VIEWS` names them."""

from __future__ import annotations

from matinee_sample.poster_art.brief import Brief
from matinee_sample.poster_art.canvas import HEIGHT, WIDTH, Cut, Pen, Scene, Tone, mix
from matinee_sample.poster_art.composing import PLACES, Staging, against, fit, stand
from matinee_sample.poster_art.grounds import GROUNDS


def landscape(scene: Scene, brief: Brief) -> None:
    """A wide view, a sun or moon, and someone in it."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS[brief.ground](scene)
    horizon = zone.top + zone.height * float(rng.uniform(0.55, 0.75))
    _light_source(scene, horizon)
    PLACES[brief.land](scene, horizon)
    foot = min(0.97, zone.bottom + 0.03)
    if rng.random() < 0.55:
        tall, x = float(rng.uniform(0.22, 0.42)), float(rng.uniform(0.3, 0.7))
        ink = against(scene, x, foot - tall * 0.4, p.deep, p.pale)
        scene.stamp(brief.cast[0], stand(brief.cast[0], x, foot, tall), ink, p.accent)
    else:
        width = fit(brief.emblem, zone, float(rng.uniform(0.4, 0.6)))
        y = foot - width * WIDTH / HEIGHT / brief.emblem.aspect / 2
        x = float(rng.uniform(0.35, 0.65))
        ink = against(scene, x, y, p.deep, p.pale, p.accent)
        scene.stamp(brief.emblem, (x, y, width, 0), ink, p.accent if ink != p.accent else p.pale, rng.random() < 0.5)


def _light_source(scene: Scene, horizon: float) -> None:
    """A sun, a crescent, a flight of birds, or only a glow."""
    p, rng = scene.palette, scene.rng
    kind = str(rng.choice(["sun", "sun", "sun", "crescent", "birds", "glow"]))
    x, r = float(rng.uniform(0.22, 0.78)), float(rng.uniform(0.1, 0.3))
    y = horizon - r * float(rng.uniform(0.2, 1.1))
    scene.glow(x, y, r * 2.4, mix(p.light, p.pale, 0.5), 0.8)
    if kind == "sun":
        scene.disc(x, y, r, p.accent if rng.random() < 0.5 else p.pale)
    elif kind == "crescent":
        moon = Cut(_crescent)
        scene.stamp(moon, (x, horizon - 0.25, 0.2, float(rng.uniform(-30, 30))), p.pale, p.pale)
    elif kind == "birds":
        for dx, dy in rng.normal(0, 0.07, (9, 2)).tolist():
            left, top = x + 2 * dx, horizon - 0.2 + dy
            scene.line([(left - 0.022, top - 0.008), (left, top), (left + 0.022, top - 0.008)], 0.006, p.deep)


def _crescent(pen: Pen) -> None:
    pen.disc(0.5, 0.5, 0.46)
    pen.disc(0.68, 0.42, 0.4, tone=Tone.CUT)


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
    scene.poly(
        [(x - 0.015, foot), (x + 0.015, foot), (x + reach + 0.04, foot + 0.13), (x + reach - 0.04, foot + 0.13)],
        mix(p.base, p.deep, 0.6),
    )
    scene.stamp(brief.cast[0], stand(brief.cast[0], x, foot, tall), ink, p.accent)
    if rng.random() < 0.6:
        width = fit(brief.emblem, zone, 0.34)
        scene.stamp(
            brief.emblem, (1 - x, zone.top + zone.height * 0.28, width, float(rng.normal(0, 8))),
            against(scene, 1 - x, zone.top + 0.2, p.accent, p.pale, p.deep), p.light,
        )


def shadow(scene: Scene, brief: Brief) -> None:
    """Someone small, and a shadow on the wall that is something else."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS[brief.ground](scene)
    side = -1 if rng.random() < 0.5 else 1
    scene.glow(0.5 + 0.1 * side, zone.centre[1], 0.85, mix(p.light, p.accent, 0.25), 1.0)
    scene.glow(0.5 + 0.1 * side, zone.centre[1], 0.5, mix(p.light, p.pale, 0.4), 0.7)
    shade = mix(p.base, p.deep, 0.9)
    scene.stamp(
        brief.emblem, (0.5 + 0.1 * side, zone.centre[1] - 0.03, fit(brief.emblem, zone, 0.85), 4 * side), shade,
        mix(p.light, p.accent, 0.5),
    )
    scene.rect(0, zone.bottom - 0.02, 1, 1, p.deep)
    scene.stamp(
        brief.cast[0], stand(brief.cast[0], 0.5 - 0.26 * side, zone.bottom, zone.height * 0.42), p.deep, p.accent,
    )


def looming(scene: Scene, brief: Brief) -> None:
    """The emblem, gigantic, over the place."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS[brief.ground](scene)
    x, y = float(rng.uniform(0.4, 0.6)), zone.top + zone.height * 0.42
    box = (x, y, fit(brief.emblem, zone, 0.92), 0.0)
    shape = scene.cut(brief.emblem, box)
    ink = against(scene, x, y, p.accent, p.pale, p.deep)
    scene.halo(shape, mix(ink, p.light, 0.5), 18, 0.9)
    scene.stamp(brief.emblem, box, ink, p.pale if ink != p.pale else p.accent)
    PLACES[brief.land](scene, zone.top + zone.height * 0.72)


def orbit(scene: Scene, brief: Brief) -> None:
    """Great discs in line, and a small craft between them."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS[brief.ground](scene)
    slope = float(rng.uniform(-0.3, 0.3))
    for i, t in enumerate((0.12, 0.46, 0.8)):
        x, y, r = 0.5 + slope * (t - 0.5) * 2, zone.top + zone.height * t, float(
            (0.3, 0.2, 0.36)[i] * rng.uniform(0.7, 1.1)
        )
        scene.glow(x, y, r * 1.6, p.light, 0.5)
        scene.disc(x, y, r, mix(p.accent, p.pale, 0.3 * i))
        scene.disc(x + 0.22 * r, y + 0.13 * r, r * 0.99, mix(p.base, p.deep, 0.3 + 0.2 * i))
    y = zone.top + zone.height * 0.6
    scene.stamp(
        brief.emblem, (0.5 - slope * 0.3, y, fit(brief.emblem, zone, 0.5), float(rng.normal(0, 10))), p.pale, p.accent,
    )


def frame(scene: Scene, brief: Brief) -> None:
    """A ruled border with fanned corners, the picture inside it, as in the 1930s."""
    p, rng, zone = scene.palette, scene.rng, brief.focus
    GROUNDS[brief.ground](scene)
    scene.glow(*zone.centre, 0.6, p.light, 0.8)
    PLACES[brief.land](scene, zone.top + zone.height * 0.66)
    hero = brief.cast[0] if rng.random() < 0.6 else brief.emblem
    scene.stamp(hero, (*zone.centre, fit(hero, zone, 0.9), 0), p.deep, p.accent, rng.random() < 0.5)
    gold = mix(p.accent, p.pale, 0.35)
    for inset, wide in ((0.03, 0.008), (0.05, 0.003)):
        low = inset * WIDTH / HEIGHT
        scene.line([(inset, low), (1 - inset, low), (1 - inset, 1 - low), (inset, 1 - low), (inset, low)], wide, gold)
    for cx, cy in ((0.03, 0.02), (0.97, 0.02), (0.03, 0.98), (0.97, 0.98)):
        for r, colour in ((0.12, gold), (0.105, p.deep), (0.08, gold), (0.065, p.deep), (0.04, gold)):
            scene.disc(cx, cy, r, colour)


VIEWS: dict[str, Staging] = {
    "landscape": landscape, "lone": lone, "shadow": shadow, "looming": looming, "orbit": orbit, "frame": frame,
}
