"""Animals and monsters as stencils. `CREATURES` names them."""

from __future__ import annotations

import math

from matinee_sample.poster_art.canvas import Cut, Pen, Tone

CUT, ACCENT = Tone.CUT, Tone.ACCENT


def spider(pen: Pen) -> None:
    """A spider hanging from its thread."""
    pen.line([(0.5, 0.0), (0.5, 0.5)], 0.012)
    for side in (-1, 1):
        for lift, reach in ((-0.32, 0.34), (-0.12, 0.44), (0.1, 0.44), (0.32, 0.36)):
            pen.line(
                [(0.5, 0.56), (0.5 + side * reach * 0.6, 0.5 + lift * 0.9), (0.5 + side * reach, 0.66 + lift)], 0.022,
            )
    pen.disc(0.5, 0.66, 0.13, 0.15)
    pen.disc(0.5, 0.48, 0.08)
    pen.poly([(0.46, 0.6), (0.54, 0.6), (0.5, 0.66), (0.55, 0.73), (0.45, 0.73), (0.5, 0.66)], ACCENT)


def web(pen: Pen) -> None:
    """A cobweb."""
    spokes = [(0.5 + 0.7 * math.cos(a), 0.5 + 0.7 * math.sin(a)) for a in (i * math.tau / 12 + 0.1 for i in range(12))]
    for end in spokes:
        pen.line([(0.5, 0.5), end], 0.007)
    for share in (0.14, 0.28, 0.44, 0.62, 0.82):
        ring = [(0.5 + (x - 0.5) * share, 0.5 + (y - 0.5) * share) for x, y in spokes]
        pen.line([*ring, ring[0]], 0.007)


def bat(pen: Pen) -> None:
    """Spread wings, as on a cave's mouth or a caped man's chest."""
    left = [
        (0.5, 0.34), (0.46, 0.2), (0.43, 0.36), (0.3, 0.3), (0.0, 0.22), (0.12, 0.5), (0.14, 0.72), (0.26, 0.6),
        (0.36, 0.74), (0.42, 0.64),
    ]
    pen.poly([*left, (0.5, 0.9), *[(1 - x, y) for x, y in reversed(left)]])


def bird(pen: Pen) -> None:
    """A bird in flight."""
    pen.blob([(0.14, 0.5), (0.3, 0.46), (0.5, 0.54), (0.78, 0.6), (0.98, 0.7), (0.72, 0.7), (0.46, 0.7), (0.26, 0.6)])
    pen.blob([(0.34, 0.56), (0.42, 0.28), (0.66, 0.02), (0.64, 0.3), (0.6, 0.6)])
    pen.blob([(0.36, 0.56), (0.26, 0.26), (0.3, 0.06), (0.46, 0.28), (0.52, 0.56)], ACCENT)
    pen.poly([(0.16, 0.48), (0.04, 0.54), (0.16, 0.54)], ACCENT)


def wolf(pen: Pen) -> None:
    """A head thrown back, howling."""
    pen.blob(
        [
            (0.1, 1.02), (0.2, 0.62), (0.3, 0.44), (0.24, 0.28), (0.38, 0.36), (0.52, 0.3), (0.7, 0.1), (0.8, 0.02),
            (0.8, 0.1), (0.72, 0.24), (0.78, 0.24), (0.68, 0.42), (0.66, 0.62), (0.8, 1.02),
        ]
    )
    pen.disc(0.5, 0.38, 0.025, tone=ACCENT)


def cat(pen: Pen) -> None:
    """A sitting cat from behind."""
    pen.blob([(0.3, 0.98), (0.22, 0.74), (0.34, 0.5), (0.5, 0.4), (0.66, 0.5), (0.78, 0.74), (0.7, 0.98)])
    pen.disc(0.5, 0.3, 0.17)
    pen.poly([(0.33, 0.3), (0.34, 0.06), (0.48, 0.18)])
    pen.poly([(0.67, 0.3), (0.66, 0.06), (0.52, 0.18)])
    pen.curve([(0.68, 0.92), (0.9, 0.9), (0.94, 0.7), (0.86, 0.56)], 0.06)
    for x in (0.43, 0.57):
        pen.disc(x, 0.29, 0.032, tone=ACCENT)


def dog(pen: Pen) -> None:
    """A sitting dog from the side."""
    pen.blob(
        [
            (0.3, 0.98), (0.26, 0.7), (0.4, 0.44), (0.56, 0.36), (0.66, 0.5), (0.68, 0.98), (0.6, 0.98), (0.56, 0.8),
            (0.5, 0.98),
        ]
    )
    pen.blob(
        [(0.44, 0.32), (0.46, 0.12), (0.62, 0.06), (0.76, 0.16), (0.94, 0.24), (0.92, 0.34), (0.72, 0.38), (0.58, 0.46)]
    )
    pen.blob([(0.46, 0.1), (0.36, 0.2), (0.38, 0.4), (0.48, 0.34), (0.54, 0.14)], ACCENT)
    pen.curve([(0.28, 0.92), (0.1, 0.84), (0.06, 0.66)], 0.06)


def horse(pen: Pen) -> None:
    """A horse at the gallop."""
    pen.blob(
        [
            (0.18, 0.46), (0.34, 0.38), (0.6, 0.42), (0.74, 0.26), (0.84, 0.1), (0.88, 0.14), (0.98, 0.28),
            (0.95, 0.33), (0.86, 0.28), (0.8, 0.46), (0.72, 0.6), (0.5, 0.6), (0.3, 0.62), (0.2, 0.56),
        ]
    )
    for hip, knee, foot in (
        ((0.26, 0.52), (0.18, 0.72), (0.04, 0.82)), ((0.3, 0.56), (0.3, 0.76), (0.18, 0.92)),
        ((0.68, 0.52), (0.82, 0.66), (0.96, 0.72)), ((0.66, 0.56), (0.72, 0.74), (0.86, 0.86)),
    ):
        pen.limb(hip, knee, 0.08, 0.04)
        pen.limb(knee, foot, 0.04, 0.022)
    pen.curve([(0.2, 0.46), (0.08, 0.4), (0.02, 0.52)], 0.04)
    pen.curve([(0.8, 0.12), (0.7, 0.24), (0.62, 0.38)], 0.045)


def rider(pen: Pen) -> None:
    """A rider in a wide hat on a galloping horse."""
    low = Pen(*pen.size, pen.rng)
    horse(low)
    pen.shape.paste(255, (0, round(pen.size[1] * 0.14)), low.shape)
    pen.limb((0.46, 0.52), (0.5, 0.26), 0.1, 0.1)
    pen.limb((0.46, 0.54), (0.56, 0.74), 0.07, 0.04)
    pen.limb((0.52, 0.3), (0.66, 0.44), 0.045, 0.03)
    pen.disc(0.52, 0.16, 0.045)
    pen.disc(0.52, 0.125, 0.1, 0.018)
    pen.blob([(0.475, 0.12), (0.48, 0.05), (0.56, 0.05), (0.565, 0.12)])


def shark(pen: Pen) -> None:
    """A shark that comes up from below."""
    pen.blob([(0.5, 0.0), (0.66, 0.2), (0.78, 0.55), (0.84, 1.02), (0.16, 1.02), (0.22, 0.55), (0.34, 0.2)])
    pen.blob([(0.5, 0.34), (0.68, 0.46), (0.74, 0.66), (0.5, 0.56), (0.26, 0.66), (0.32, 0.46)], CUT)
    for i in range(6):
        x = 0.33 + 0.068 * i
        pen.poly([(x - 0.034, 0.44 + 0.1 * abs(x - 0.5)), (x + 0.034, 0.44 + 0.1 * abs(x - 0.5)), (x, 0.55)])
    for x in (0.36, 0.64):
        pen.disc(x, 0.26, 0.022, tone=ACCENT)


def fish(pen: Pen) -> None:
    """A small striped fish."""
    pen.blob(
        [
            (0.04, 0.5), (0.2, 0.22), (0.5, 0.16), (0.76, 0.44), (0.98, 0.16), (0.92, 0.5), (0.98, 0.84), (0.76, 0.56),
            (0.5, 0.84), (0.2, 0.78),
        ]
    )
    for x in (0.32, 0.56):
        pen.blob([(x, 0.2), (x + 0.08, 0.24), (x + 0.06, 0.5), (x + 0.08, 0.76), (x, 0.8), (x + 0.02, 0.5)], ACCENT)
    pen.disc(0.17, 0.42, 0.05, tone=CUT)


def dinosaur(pen: Pen) -> None:
    """A jaw full of teeth."""
    pen.blob(
        [
            (0.0, 0.3), (0.2, 0.08), (0.4, 0.1), (0.74, 0.2), (0.96, 0.28), (0.97, 0.42), (0.7, 0.46), (0.44, 0.5),
            (0.6, 0.62), (0.86, 0.68), (0.84, 0.78), (0.5, 0.82), (0.3, 0.72), (0.22, 1.02), (-0.06, 1.02),
        ]
    )
    for i in range(6):
        pen.poly([(0.54 + 0.07 * i, 0.43 - 0.008 * i), (0.6 + 0.07 * i, 0.43 - 0.008 * i), (0.57 + 0.07 * i, 0.54)])
    pen.disc(0.34, 0.22, 0.045, tone=ACCENT)
    pen.disc(0.9, 0.32, 0.018, tone=CUT)


def tentacles(pen: Pen) -> None:
    """Arms of something that lives deep down."""
    for i, x in enumerate((0.08, 0.26, 0.44, 0.6, 0.78, 0.94)):
        sway, top = 0.12 * (-1) ** i, 0.1 + 0.13 * ((i * 5) % 3)
        path = [(x, 1.05), (x + sway, 0.8), (x - sway, 0.55), (x + sway, top + 0.14), (x, top)]
        for width, cut in ((0.075, path), (0.05, path[1:]), (0.03, path[2:])):
            pen.curve(cut, width)
        pen.disc(x - sway * 0.6, 0.6, 0.014, tone=ACCENT)


def dragon(pen: Pen) -> None:
    """A dragon with its wings up, breathing fire."""
    pen.blob(
        [
            (0.2, 0.66), (0.36, 0.56), (0.56, 0.58), (0.66, 0.46), (0.66, 0.3), (0.74, 0.2), (0.86, 0.24), (0.94, 0.3),
            (0.86, 0.34), (0.78, 0.34), (0.76, 0.5), (0.66, 0.7), (0.44, 0.78), (0.3, 0.76),
        ]
    )
    pen.poly([(0.72, 0.22), (0.68, 0.1), (0.78, 0.2)])
    pen.poly(
        [
            (0.46, 0.6), (0.5, 0.3), (0.34, 0.02), (0.26, 0.16), (0.1, 0.12), (0.14, 0.26), (0.02, 0.32), (0.2, 0.42),
            (0.3, 0.6),
        ]
    )
    pen.curve([(0.24, 0.7), (0.1, 0.74), (0.06, 0.9), (0.2, 0.96)], 0.05)
    pen.poly([(0.2, 0.88), (0.32, 0.96), (0.2, 1.0)])
    for x in (0.4, 0.6):
        pen.limb((x, 0.7), (x + 0.03, 0.92), 0.09, 0.04)
    pen.blob([(0.92, 0.32), (1.0, 0.38), (1.0, 0.56), (0.93, 0.46), (0.9, 0.56), (0.88, 0.42)], ACCENT)
    pen.disc(0.8, 0.27, 0.018, tone=CUT)


def ape(pen: Pen) -> None:
    """A great ape, head and shoulders."""
    pen.blob(
        [
            (0.0, 1.02), (0.04, 0.62), (0.2, 0.44), (0.3, 0.14), (0.5, 0.02), (0.7, 0.14), (0.8, 0.44), (0.96, 0.62),
            (1.0, 1.02),
        ]
    )
    pen.blob(
        [(0.34, 0.3), (0.5, 0.26), (0.66, 0.3), (0.64, 0.42), (0.7, 0.56), (0.5, 0.66), (0.3, 0.56), (0.36, 0.42)], CUT,
    )
    pen.blob([(0.33, 0.3), (0.5, 0.33), (0.67, 0.3), (0.64, 0.36), (0.5, 0.38), (0.36, 0.36)])
    for x in (0.43, 0.57):
        pen.disc(x, 0.385, 0.026, tone=ACCENT)
        pen.disc(x * 0.6 + 0.2, 0.47, 0.016)
    pen.curve([(0.37, 0.56), (0.5, 0.53), (0.63, 0.56)], 0.02)


def lion(pen: Pen) -> None:
    """A lion's head in its mane."""
    for i in range(14):
        angle = i * math.tau / 14
        pen.disc(0.5 + 0.34 * math.cos(angle), 0.5 + 0.34 * math.sin(angle), 0.13, tone=ACCENT)
    pen.blob([(0.5, 0.2), (0.74, 0.3), (0.74, 0.56), (0.6, 0.78), (0.4, 0.78), (0.26, 0.56), (0.26, 0.3)])
    for x in (0.39, 0.61):
        pen.disc(x, 0.44, 0.035, tone=CUT)
    pen.poly([(0.43, 0.56), (0.57, 0.56), (0.5, 0.64)], CUT)
    pen.line([(0.4, 0.7), (0.5, 0.66), (0.6, 0.7)], 0.02, CUT)


def mouse(pen: Pen) -> None:
    """A mouse with round ears."""
    for x in (0.24, 0.6):
        pen.disc(x, 0.24, 0.2)
        pen.disc(x, 0.24, 0.12, tone=ACCENT)
    pen.blob(
        [(0.14, 0.5), (0.3, 0.3), (0.56, 0.3), (0.76, 0.48), (0.96, 0.64), (0.76, 0.74), (0.4, 0.76), (0.18, 0.68)]
    )
    pen.disc(0.94, 0.64, 0.05, tone=ACCENT)
    pen.disc(0.6, 0.5, 0.04, tone=CUT)
    pen.curve([(0.2, 0.66), (0.06, 0.78), (0.16, 0.94), (0.5, 0.92)], 0.03)


def elephant(pen: Pen) -> None:
    """An elephant from the side."""
    pen.blob(
        [
            (0.1, 0.5), (0.2, 0.24), (0.46, 0.18), (0.66, 0.22), (0.84, 0.26), (0.9, 0.46), (0.96, 0.8), (0.88, 0.84),
            (0.8, 0.56), (0.7, 0.62), (0.4, 0.68), (0.16, 0.68),
        ]
    )
    for x in (0.2, 0.34, 0.54, 0.66):
        pen.rect(x - 0.055, 0.5, x + 0.055, 0.96)
    pen.blob([(0.6, 0.24), (0.74, 0.3), (0.72, 0.52), (0.58, 0.56), (0.54, 0.36)], ACCENT)
    pen.disc(0.8, 0.36, 0.018, tone=CUT)


def butterfly(pen: Pen) -> None:
    """A butterfly or moth."""
    for side in (-1, 1):
        pen.blob(
            [(0.5, 0.4), (0.5 + 0.3 * side, 0.08), (0.5 + 0.48 * side, 0.16), (0.5 + 0.42 * side, 0.48), (0.5, 0.54)]
        )
        pen.blob([(0.5, 0.5), (0.5 + 0.34 * side, 0.56), (0.5 + 0.32 * side, 0.84), (0.5 + 0.14 * side, 0.9)])
        pen.disc(0.5 + 0.31 * side, 0.28, 0.07, tone=ACCENT)
        pen.curve([(0.5, 0.3), (0.5 + 0.06 * side, 0.16), (0.5 + 0.14 * side, 0.06)], 0.016)
    pen.limb((0.5, 0.3), (0.5, 0.8), 0.05, 0.03)


def paw(pen: Pen) -> None:
    """The print of a paw."""
    pen.blob([(0.5, 0.46), (0.74, 0.64), (0.78, 0.88), (0.5, 0.86), (0.22, 0.88), (0.26, 0.64)])
    for x, y in ((0.16, 0.46), (0.37, 0.22), (0.63, 0.22), (0.84, 0.46)):
        pen.disc(x, y, 0.1, 0.13, ACCENT)


CREATURES: dict[str, Cut] = {
    "spider": Cut(spider), "web": Cut(web), "bat": Cut(bat, 1.6), "bird": Cut(bird, 1.2), "wolf": Cut(wolf),
    "cat": Cut(cat, 0.95), "dog": Cut(dog, 0.95), "horse": Cut(horse, 1.3), "rider": Cut(rider, 1.25),
    "shark": Cut(shark, 0.7), "fish": Cut(fish, 1.5), "dinosaur": Cut(dinosaur, 1.1), "tentacles": Cut(tentacles),
    "dragon": Cut(dragon, 1.1), "ape": Cut(ape), "lion": Cut(lion), "mouse": Cut(mouse, 1.2),
    "elephant": Cut(elephant, 1.3), "butterfly": Cut(butterfly, 1.1), "paw": Cut(paw),
}
