"""People as stencils: any pose in any clothes, with anything in hand. All are `Cut`s; colour is the caller's business.

A pose is data: where the joints are on a unit square that a standing body fills from top (0) to foot (1).
"""

from __future__ import annotations

from dataclasses import dataclass

from matinee_sample.poster_art.canvas import Cut, Pen, Point, Tone


@dataclass(frozen=True)
class Pose:
    """Joints of one body: head, shoulders' middle, hips' middle, then elbow and hand, knee and foot of either side."""

    head: Point
    neck: Point
    hips: Point
    arms: tuple[tuple[Point, Point], tuple[Point, Point]]
    legs: tuple[tuple[Point, Point], tuple[Point, Point]]


POSES: dict[str, Pose] = {
    "stand": Pose((0.5, 0.08), (0.5, 0.2), (0.5, 0.5), (((0.39, 0.36), (0.4, 0.51)), ((0.61, 0.36), (0.6, 0.51))),
                  (((0.46, 0.74), (0.44, 0.98)), ((0.54, 0.74), (0.56, 0.98)))),
    "hero": Pose((0.5, 0.08), (0.5, 0.2), (0.5, 0.5), (((0.31, 0.36), (0.42, 0.48)), ((0.69, 0.36), (0.58, 0.48))),
                 (((0.41, 0.74), (0.36, 0.98)), ((0.59, 0.74), (0.64, 0.98)))),
    "walk": Pose((0.52, 0.08), (0.5, 0.2), (0.49, 0.5), (((0.4, 0.35), (0.33, 0.48)), ((0.6, 0.36), (0.66, 0.47))),
                 (((0.42, 0.73), (0.3, 0.95)), ((0.58, 0.71), (0.62, 0.98)))),
    "run": Pose((0.6, 0.1), (0.55, 0.21), (0.46, 0.5), (((0.4, 0.3), (0.28, 0.42)), ((0.68, 0.38), (0.8, 0.28))),
                (((0.34, 0.68), (0.12, 0.72)), ((0.66, 0.62), (0.7, 0.9)))),
    "aim": Pose((0.48, 0.08), (0.48, 0.2), (0.46, 0.5), (((0.62, 0.24), (0.78, 0.22)), ((0.64, 0.26), (0.77, 0.23))),
                (((0.4, 0.74), (0.3, 0.98)), ((0.57, 0.73), (0.62, 0.98)))),
    "rise": Pose((0.5, 0.14), (0.5, 0.26), (0.5, 0.54), (((0.34, 0.2), (0.24, 0.02)), ((0.66, 0.2), (0.76, 0.02))),
                 (((0.45, 0.76), (0.42, 0.98)), ((0.55, 0.76), (0.58, 0.98)))),
    "dance": Pose((0.47, 0.1), (0.5, 0.22), (0.52, 0.5), (((0.36, 0.16), (0.26, 0.02)), ((0.66, 0.3), (0.82, 0.24))),
                  (((0.46, 0.74), (0.5, 0.98)), ((0.66, 0.62), (0.84, 0.78)))),
    "fall": Pose((0.3, 0.3), (0.4, 0.36), (0.6, 0.5), (((0.3, 0.5), (0.14, 0.62)), ((0.46, 0.16), (0.36, 0.02))),
                 (((0.72, 0.34), (0.9, 0.2)), ((0.7, 0.68), (0.94, 0.76)))),
    "sit": Pose((0.42, 0.2), (0.42, 0.32), (0.42, 0.62), (((0.54, 0.46), (0.64, 0.6)), ((0.5, 0.48), (0.62, 0.62))),
                (((0.68, 0.66), (0.68, 0.96)), ((0.64, 0.68), (0.62, 0.98)))),
    "gunslinger": Pose((0.5, 0.1), (0.5, 0.21), (0.5, 0.5), (((0.34, 0.35), (0.3, 0.52)), ((0.66, 0.35), (0.7, 0.52))),
                       (((0.4, 0.74), (0.35, 0.98)), ((0.6, 0.74), (0.65, 0.98)))),
}

CLOTHES = ("suit", "coat", "dress", "gown", "cape", "armour")

HATS = ("none", "fedora", "stetson", "long hair", "helmet", "topper", "bun")


def person(pose: str, clothes: str = "suit", hat: str = "none", holds: str = "nothing") -> Cut:
    """A whole body. Names are keys of `POSES`, `CLOTHES`, `HATS` and `HELD`."""

    def paint(pen: Pen) -> None:
        body = POSES[pose]
        _garment(pen, body, clothes)
        for knee, foot in body.legs:
            pen.limb(body.hips, knee, 0.12, 0.085)
            pen.limb(knee, foot, 0.085, 0.05)
            pen.limb(foot, (foot[0] + 0.05, foot[1]), 0.04, 0.03)
        _torso(pen, body)
        for side, (elbow, hand) in zip((-1, 1), body.arms, strict=True):
            pen.limb((body.neck[0] + 0.09 * side, body.neck[1] + 0.01), elbow, 0.075, 0.06)
            pen.limb(elbow, hand, 0.06, 0.04)
        _trim(pen, body, clothes)
        pen.limb(body.head, (body.neck[0], body.neck[1] - 0.03), 0.06, 0.06)
        pen.disc(*body.head, 0.062, 0.075)
        _hat(pen, body.head, hat)
        _held(pen, body.arms[1][1], holds)

    return Cut(paint, aspect=0.9)


def _torso(pen: Pen, body: Pose) -> None:
    (nx, ny), (hx, hy) = body.neck, body.hips
    pen.blob([(nx - 0.12, ny), (nx, ny - 0.03), (nx + 0.12, ny), (hx + 0.085, hy), (hx, hy + 0.03), (hx - 0.085, hy)])


def _trim(pen: Pen, body: Pose, clothes: str) -> None:
    """The second colour: a shirt front, a belt, a sash."""
    (nx, ny), (hx, hy) = body.neck, body.hips
    if clothes in {"suit", "coat"}:
        pen.poly([(nx - 0.05, ny - 0.01), (nx + 0.05, ny - 0.01), (nx + (hx - nx) * 0.4, ny + 0.14)], Tone.ACCENT)
        pen.poly([(nx - 0.012, ny), (nx + 0.012, ny), (nx + (hx - nx) * 0.4, ny + 0.13)])
    elif clothes in {"dress", "gown", "armour"}:
        pen.line([(hx - 0.075, hy - 0.1), (hx + 0.075, hy - 0.1)], 0.028, Tone.ACCENT)


def _garment(pen: Pen, body: Pose, clothes: str) -> None:
    (nx, ny), (hx, hy) = body.neck, body.hips
    if clothes == "coat":
        pen.poly([(nx - 0.12, ny), (nx + 0.12, ny), (hx + 0.2, hy + 0.28), (hx - 0.17, hy + 0.3)])
    elif clothes == "dress":
        pen.blob(
            [
                (hx - 0.06, hy - 0.1), (hx + 0.06, hy - 0.1), (hx + 0.2, hy + 0.24), (hx, hy + 0.27),
                (hx - 0.2, hy + 0.24),
            ]
        )
    elif clothes == "gown":
        pen.blob(
            [(hx - 0.06, hy - 0.1), (hx + 0.06, hy - 0.1), (hx + 0.26, 0.95), (hx + 0.05, 0.99), (hx - 0.26, 0.96)]
        )
    elif clothes == "cape":
        pen.blob(
            [(nx - 0.1, ny - 0.02), (nx + 0.1, ny - 0.02), (hx + 0.24, 0.7), (hx + 0.34, 0.86), (hx - 0.16, 0.84)],
            Tone.ACCENT,
        )
    elif clothes == "armour":
        for side in (-1, 1):
            pen.disc(nx + 0.12 * side, ny + 0.02, 0.06)


def _hat(pen: Pen, head: Point, hat: str) -> None:
    x, y = head
    if hat == "fedora":
        pen.poly([(x - 0.06, y - 0.03), (x - 0.045, y - 0.1), (x + 0.05, y - 0.1), (x + 0.06, y - 0.03)])
        pen.disc(x, y - 0.03, 0.12, 0.02)
    elif hat == "stetson":
        pen.blob([(x - 0.06, y - 0.03), (x - 0.05, y - 0.12), (x, y - 0.1), (x + 0.05, y - 0.12), (x + 0.06, y - 0.03)])
        pen.blob(
            [
                (x - 0.17, y - 0.06), (x - 0.08, y - 0.03), (x, y - 0.035), (x + 0.08, y - 0.03), (x + 0.17, y - 0.06),
                (x, y),
            ]
        )
    elif hat == "long hair":
        pen.blob(
            [
                (x - 0.07, y - 0.06), (x, y - 0.095), (x + 0.07, y - 0.06), (x + 0.1, y + 0.14), (x, y + 0.1),
                (x - 0.1, y + 0.14),
            ]
        )
    elif hat == "helmet":
        pen.disc(x, y - 0.015, 0.085, 0.085)
        pen.rect(x - 0.1, y - 0.005, x + 0.1, y + 0.015)
    elif hat == "topper":
        pen.rect(x - 0.055, y - 0.17, x + 0.055, y - 0.04)
        pen.rect(x - 0.1, y - 0.05, x + 0.1, y - 0.03)
    elif hat == "bun":
        pen.disc(x - 0.02, y - 0.08, 0.045, 0.045)


def _held(pen: Pen, hand: Point, thing: str) -> None:
    x, y = hand
    for start, end, width in HELD[thing]:
        pen.line([(x + start[0], y + start[1]), (x + end[0], y + end[1])], width)


HELD: dict[str, tuple[tuple[Point, Point, float], ...]] = {
    # strokes from the hand: from, to, thickness
    "nothing": (),
    "gun": (((0, 0), (0.12, -0.01), 0.028), ((0.01, 0), (0.0, 0.04), 0.026)),
    "rifle": (((-0.12, 0.06), (0.22, -0.1), 0.022), ((-0.14, 0.08), (-0.06, 0.03), 0.045)),
    "sword": (((0, 0), (0.16, -0.36), 0.02), ((-0.03, -0.05), (0.07, -0.01), 0.02)),
    "case": (((-0.06, 0.07), (0.07, 0.07), 0.09),),
    "umbrella": (((0, 0), (0, -0.34), 0.012),),
    "cane": (((0, 0), (0.05, 0.44), 0.016),),
    "balloon": (((0, 0), (0.03, -0.3), 0.008), ((0.03, -0.36), (0.035, -0.38), 0.13)),
}


def couple(first: str = "suit", second: str = "dress") -> Cut:
    """Two bodies side by side, hands together."""

    def paint(pen: Pen) -> None:
        for x, clothes, hat, height in ((0.36, first, "none", 1.0), (0.64, second, "long hair", 0.93)):
            cut = person("stand", clothes, hat)
            part = Pen(round(pen.size[1] * cut.aspect * height), round(pen.size[1] * height), pen.rng)
            cut.paint(part)
            corner = (round(x * pen.size[0] - part.size[0] / 2), pen.size[1] - part.size[1])
            pen.shape.paste(255, (*corner, corner[0] + part.size[0], corner[1] + part.size[1]), part.shape)
        pen.line([(0.44, 0.5), (0.5, 0.53), (0.56, 0.52)], 0.03)

    return Cut(paint, aspect=1.15)
