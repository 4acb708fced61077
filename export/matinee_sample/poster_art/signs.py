"""Signs, plants, weather and lights as stencils: what stands for a feeling or a fate. `SIGNS` names them."""

from __future__ import annotations

import math

from matinee_sample.poster_art.canvas import Cut, Pen, Tone

CUT, ACCENT = Tone.CUT, Tone.ACCENT


def heart(pen: Pen) -> None:
    """A heart."""
    pen.blob(
        [
            (0.5, 0.26), (0.68, 0.08), (0.9, 0.14), (0.96, 0.38), (0.78, 0.68), (0.5, 0.96), (0.22, 0.68), (0.04, 0.38),
            (0.1, 0.14), (0.32, 0.08),
        ]
    )
    pen.blob([(0.2, 0.24), (0.3, 0.19), (0.24, 0.34)], ACCENT)


def broken_heart(pen: Pen) -> None:
    """A heart with a crack through it."""
    heart(pen)
    pen.line([(0.5, 0.2), (0.42, 0.38), (0.56, 0.52), (0.44, 0.68), (0.5, 1.0)], 0.04, CUT)


def rose(pen: Pen) -> None:
    """A rose on its stem."""
    pen.curve([(0.5, 0.4), (0.47, 0.7), (0.52, 1.0)], 0.04, ACCENT)
    pen.blob([(0.5, 0.72), (0.66, 0.58), (0.86, 0.6), (0.7, 0.74)], ACCENT)
    pen.blob([(0.48, 0.84), (0.32, 0.7), (0.14, 0.74), (0.3, 0.86)], ACCENT)
    pen.blob([(0.5, 0.02), (0.76, 0.1), (0.84, 0.3), (0.66, 0.46), (0.5, 0.48), (0.34, 0.46), (0.16, 0.3), (0.24, 0.1)])
    spiral = [
        (0.5 + 0.045 * t * math.cos(t * 1.2), 0.25 + 0.031 * t * math.sin(t * 1.2))
        for t in (i * 0.4 for i in range(17))
    ]
    pen.curve(spiral, 0.022, CUT)


def flame(pen: Pen) -> None:
    """A fire."""
    pen.blob(
        [
            (0.46, 0.0), (0.62, 0.2), (0.6, 0.36), (0.76, 0.3), (0.92, 0.62), (0.8, 0.92), (0.5, 1.0), (0.18, 0.92),
            (0.08, 0.62), (0.26, 0.36), (0.34, 0.44),
        ]
    )
    pen.blob([(0.52, 0.44), (0.68, 0.7), (0.6, 0.92), (0.4, 0.92), (0.32, 0.74), (0.42, 0.66)], ACCENT)


def lightning(pen: Pen) -> None:
    """A bolt."""
    pen.poly([(0.62, 0.0), (0.14, 0.56), (0.46, 0.54), (0.3, 1.0), (0.88, 0.38), (0.54, 0.42), (0.82, 0.0)])


def star(pen: Pen) -> None:
    """A five-pointed star."""
    for radius, tone in ((0.5, Tone.SOLID), (0.24, ACCENT)):
        pen.poly(
            [
                (0.5 + radius * r * math.sin(a), 0.52 - radius * r * math.cos(a))
                for a, r in ((i * math.pi / 5, 1 if i % 2 == 0 else 0.42) for i in range(10))
            ],
            tone,
        )


def snowflake(pen: Pen) -> None:
    """A snowflake."""
    for i in range(6):
        angle = i * math.pi / 3 + math.pi / 6
        x, y = math.cos(angle), math.sin(angle)
        pen.line([(0.5, 0.5), (0.5 + 0.46 * x, 0.5 + 0.46 * y)], 0.05)
        for share in (0.2, 0.32):
            for turn in (-0.8, 0.8):
                end = (0.5 + share * x + 0.14 * math.cos(angle + turn), 0.5 + share * y + 0.14 * math.sin(angle + turn))
                pen.line([(0.5 + share * x, 0.5 + share * y), end], 0.036)


def tree(pen: Pen) -> None:
    """A bare tree."""
    def branch(x: float, y: float, angle: float, length: float, wide: float) -> None:
        end = (x + length * math.cos(angle), y - length * math.sin(angle))
        pen.limb((x, y), end, wide, wide * 0.65)
        if length > 0.05:
            for turn in (-0.5, 0.42):
                branch(*end, angle + turn + float(pen.rng.normal(0, 0.14)), length * 0.74, wide * 0.65)

    branch(0.5, 1.02, math.pi / 2, 0.28, 0.1)


def palm(pen: Pen) -> None:
    """A palm tree."""
    pen.curve([(0.42, 1.0), (0.47, 0.7), (0.56, 0.36)], 0.05)
    for x, y in ((0.1, 0.3), (0.2, 0.06), (0.5, 0.0), (0.86, 0.06), (1.0, 0.3), (0.9, 0.52), (0.24, 0.5)):
        mid = ((0.56 + x) / 2, (0.34 + y) / 2 - 0.09)
        pen.blob([(0.56, 0.32), mid, (x, y), (mid[0], mid[1] + 0.09), (0.56, 0.38)])
    pen.disc(0.56, 0.38, 0.045, tone=ACCENT)


def globe(pen: Pen) -> None:
    """The globe with its meridians."""
    pen.disc(0.5, 0.5, 0.46)
    for rx in (0.15, 0.32):
        for sign in (-1, 1):
            pen.curve(
                [
                    (0.5, 0.04), (0.5 + sign * rx, 0.28), (0.5 + sign * rx * 1.15, 0.5), (0.5 + sign * rx, 0.72),
                    (0.5, 0.96),
                ],
                0.014, CUT,
            )
    for y in (0.28, 0.5, 0.72):
        pen.line([(0.02, y), (0.98, y)], 0.014, CUT)


def footprints(pen: Pen) -> None:
    """Steps that lead away."""
    for i in range(5):
        x, y, size = (0.4, 0.6)[i % 2] + 0.04 * i * (-1) ** i * 0.3, 0.92 - 0.19 * i, 1 - 0.13 * i
        pen.disc(x, y, 0.075 * size, 0.05 * size)
        pen.disc(x, y + 0.065 * size, 0.05 * size, 0.025 * size, ACCENT if i == 4 else Tone.SOLID)


def stairs(pen: Pen) -> None:
    """A stair that climbs to a door of light."""
    pen.rect(0.66, 0.0, 0.9, 0.34, ACCENT)
    for i in range(8):
        pen.rect(0.02 + 0.1 * i, 0.92 - 0.085 * i, 1.0, 1.0 - 0.085 * i)


def keyhole(pen: Pen) -> None:
    """A keyhole."""
    pen.disc(0.5, 0.3, 0.36)
    pen.poly([(0.38, 0.4), (0.62, 0.4), (0.82, 1.0), (0.18, 1.0)])


def ring(pen: Pen) -> None:
    """A ring with a stone."""
    pen.disc(0.5, 0.64, 0.36)
    pen.disc(0.5, 0.64, 0.27, tone=CUT)
    pen.poly([(0.3, 0.14), (0.7, 0.14), (0.8, 0.26), (0.5, 0.46), (0.2, 0.26)], ACCENT)


def crown(pen: Pen) -> None:
    """A crown."""
    pen.poly([(0.06, 0.3), (0.3, 0.56), (0.5, 0.14), (0.7, 0.56), (0.94, 0.3), (0.86, 0.92), (0.14, 0.92)])
    for x, y in ((0.06, 0.26), (0.5, 0.1), (0.94, 0.26)):
        pen.disc(x, y, 0.055)
    pen.rect(0.15, 0.76, 0.85, 0.84, ACCENT)


def mask(pen: Pen) -> None:
    """A masquerade mask."""
    pen.blob(
        [
            (0.02, 0.3), (0.24, 0.18), (0.5, 0.34), (0.76, 0.18), (0.98, 0.3), (0.92, 0.66), (0.68, 0.8), (0.5, 0.6),
            (0.32, 0.8), (0.08, 0.66),
        ]
    )
    for x in (0.27, 0.73):
        pen.blob([(x - 0.13, 0.46), (x, 0.38), (x + 0.13, 0.46), (x, 0.58)], CUT)
    pen.curve([(0.94, 0.36), (1.0, 0.1), (0.88, 0.02)], 0.03, ACCENT)


def pumpkin(pen: Pen) -> None:
    """A carved pumpkin."""
    pen.blob([(0.5, 0.18), (0.8, 0.2), (0.98, 0.54), (0.8, 0.9), (0.5, 0.94), (0.2, 0.9), (0.02, 0.54), (0.2, 0.2)])
    pen.line([(0.5, 0.2), (0.56, 0.04)], 0.07, ACCENT)
    for x in (0.32, 0.68):
        pen.poly([(x - 0.1, 0.5), (x + 0.1, 0.5), (x, 0.32)], ACCENT)
    pen.poly(
        [
            (0.16, 0.62), (0.34, 0.7), (0.42, 0.64), (0.5, 0.72), (0.58, 0.64), (0.66, 0.7), (0.84, 0.62), (0.68, 0.82),
            (0.32, 0.82),
        ],
        ACCENT,
    )


def monolith(pen: Pen) -> None:
    """A tall dark slab."""
    pen.rect(0.1, 0.0, 0.8, 1.0)
    pen.poly([(0.8, 0.0), (0.96, 0.05), (0.96, 0.96), (0.8, 1.0)], ACCENT)


def candle(pen: Pen) -> None:
    """A candle and its flame."""
    pen.rect(0.36, 0.42, 0.64, 0.92)
    pen.disc(0.5, 0.93, 0.36, 0.05)
    pen.line([(0.5, 0.34), (0.5, 0.44)], 0.02)
    pen.blob([(0.5, 0.04), (0.62, 0.24), (0.56, 0.37), (0.44, 0.37), (0.38, 0.24)], ACCENT)


def balloons(pen: Pen) -> None:
    """Balloons on strings."""
    for x, y, tone in ((0.3, 0.26, Tone.SOLID), (0.68, 0.2, ACCENT), (0.5, 0.4, Tone.SOLID)):
        pen.line([(x, y), (0.5, 1.0)], 0.01)
        pen.disc(x, y, 0.17, 0.17, tone)
        pen.disc(x - 0.06, y - 0.06, 0.025, tone=CUT)


def scales(pen: Pen) -> None:
    """The scales of justice."""
    pen.rect(0.47, 0.1, 0.53, 0.92)
    pen.disc(0.5, 0.94, 0.26, 0.05)
    pen.line([(0.12, 0.24), (0.88, 0.16)], 0.03)
    for x, y in ((0.14, 0.24), (0.86, 0.16)):
        pen.line([(x - 0.12, y + 0.36), (x, y), (x + 0.12, y + 0.36)], 0.012)
        pen.blob([(x - 0.15, y + 0.36), (x + 0.15, y + 0.36), (x, y + 0.48)], ACCENT)


def chalice(pen: Pen) -> None:
    """A cup with two handles."""
    pen.ring(0.5, 0.26, 0.38, 0.05)
    pen.blob([(0.22, 0.06), (0.78, 0.06), (0.72, 0.42), (0.5, 0.58), (0.28, 0.42)])
    pen.rect(0.45, 0.5, 0.55, 0.84)
    pen.rect(0.28, 0.84, 0.72, 0.96, ACCENT)


SIGNS: dict[str, Cut] = {
    "heart": Cut(heart), "broken heart": Cut(broken_heart), "rose": Cut(rose, 0.6), "flame": Cut(flame, 0.8),
    "lightning": Cut(lightning, 0.7), "star": Cut(star), "snowflake": Cut(snowflake), "tree": Cut(tree, 0.9),
    "palm": Cut(palm, 0.8), "globe": Cut(globe), "footprints": Cut(footprints, 0.5), "stairs": Cut(stairs, 1.1),
    "keyhole": Cut(keyhole, 0.6), "ring": Cut(ring, 0.8), "crown": Cut(crown, 1.2), "mask": Cut(mask, 1.6),
    "pumpkin": Cut(pumpkin, 1.1), "monolith": Cut(monolith, 0.4), "candle": Cut(candle, 0.5),
    "balloons": Cut(balloons, 0.8), "scales": Cut(scales), "chalice": Cut(chalice, 0.8),
}
