"""Things that a hand can hold, as stencils. `OBJECTS` names them."""

from __future__ import annotations

from matinee_sample.poster_art.canvas import Cut, Pen, Tone

CUT, ACCENT = Tone.CUT, Tone.ACCENT


def knife(pen: Pen) -> None:
    """A kitchen knife, point down, with a drop."""
    pen.blob([(0.42, 0.0), (0.58, 0.0), (0.58, 0.3), (0.42, 0.3)])
    pen.poly([(0.36, 0.32), (0.64, 0.32), (0.64, 0.6), (0.44, 0.86), (0.4, 0.32)])
    pen.blob([(0.45, 0.87), (0.5, 0.95), (0.45, 0.99), (0.4, 0.95)], ACCENT)


def gun(pen: Pen) -> None:
    """A revolver."""
    pen.rect(0.34, 0.22, 0.98, 0.34)
    pen.poly([(0.14, 0.2), (0.44, 0.2), (0.5, 0.46), (0.32, 0.52), (0.26, 0.96), (0.04, 0.92), (0.16, 0.46)])
    pen.ring(0.42, 0.52, 0.09, 0.03)
    pen.rect(0.28, 0.22, 0.46, 0.44, ACCENT)
    pen.poly([(0.12, 0.22), (0.08, 0.1), (0.2, 0.2)])


def sword(pen: Pen) -> None:
    """A sword, point up."""
    pen.poly([(0.5, 0.0), (0.57, 0.08), (0.56, 0.72), (0.44, 0.72), (0.43, 0.08)])
    pen.line([(0.5, 0.1), (0.5, 0.7)], 0.02, CUT)
    pen.limb((0.2, 0.74), (0.8, 0.74), 0.07, 0.07, ACCENT)
    pen.rect(0.45, 0.74, 0.55, 0.93)
    pen.disc(0.5, 0.95, 0.09, tone=ACCENT)


def key(pen: Pen) -> None:
    """An old key."""
    pen.disc(0.5, 0.18, 0.36)
    pen.disc(0.5, 0.18, 0.18, tone=CUT)
    pen.rect(0.43, 0.3, 0.57, 0.97)
    pen.rect(0.5, 0.78, 0.84, 0.84, ACCENT)
    pen.rect(0.5, 0.9, 0.78, 0.96, ACCENT)


def chess(pen: Pen) -> None:
    """A chess king."""
    pen.line([(0.5, 0.0), (0.5, 0.16)], 0.07)
    pen.line([(0.4, 0.06), (0.6, 0.06)], 0.06)
    pen.blob([(0.28, 0.2), (0.5, 0.12), (0.72, 0.2), (0.6, 0.4), (0.4, 0.4)])
    pen.poly([(0.4, 0.4), (0.6, 0.4), (0.7, 0.84), (0.3, 0.84)])
    pen.rect(0.32, 0.38, 0.68, 0.43, ACCENT)
    pen.poly([(0.2, 0.84), (0.8, 0.84), (0.9, 1.0), (0.1, 1.0)])


def glass(pen: Pen) -> None:
    """A cocktail glass."""
    pen.poly([(0.06, 0.08), (0.94, 0.08), (0.54, 0.54), (0.54, 0.9), (0.46, 0.9), (0.46, 0.54)])
    pen.poly([(0.16, 0.15), (0.84, 0.15), (0.5, 0.5)], ACCENT)
    pen.disc(0.5, 0.93, 0.28, 0.035)
    pen.disc(0.62, 0.2, 0.07, tone=CUT)


def umbrella(pen: Pen) -> None:
    """An open umbrella."""
    pen.blob(
        [
            (0.02, 0.5), (0.14, 0.2), (0.5, 0.04), (0.86, 0.2), (0.98, 0.5), (0.82, 0.44), (0.66, 0.5), (0.5, 0.44),
            (0.34, 0.5), (0.18, 0.44),
        ]
    )
    pen.blob([(0.34, 0.5), (0.4, 0.2), (0.5, 0.05), (0.6, 0.2), (0.66, 0.5), (0.5, 0.44)], ACCENT)
    pen.line([(0.5, 0.44), (0.5, 0.88)], 0.03)
    pen.ring(0.43, 0.88, 0.085, 0.03, arc=(0, 180))


def dice(pen: Pen) -> None:
    """Two dice."""
    for x, y, tone, pips in (
        (0.04, 0.34, Tone.SOLID, ((0.5, 0.5), (0.25, 0.25), (0.75, 0.75))),
        (0.5, 0.1, ACCENT, ((0.3, 0.3), (0.7, 0.7), (0.3, 0.7), (0.7, 0.3))),
    ):
        pen.rect(x, y, x + 0.46, y + 0.46, tone)
        for px, py in pips:
            pen.disc(x + 0.46 * px, y + 0.46 * py, 0.05, tone=CUT)


def money(pen: Pen) -> None:
    """A bag of money."""
    pen.blob([(0.5, 0.28), (0.78, 0.46), (0.92, 0.8), (0.7, 0.98), (0.3, 0.98), (0.08, 0.8), (0.22, 0.46)])
    pen.blob([(0.34, 0.06), (0.5, 0.12), (0.66, 0.06), (0.6, 0.3), (0.4, 0.3)])
    pen.rect(0.36, 0.26, 0.64, 0.31, ACCENT)
    pen.curve(
        [(0.62, 0.54), (0.5, 0.48), (0.38, 0.56), (0.5, 0.65), (0.62, 0.74), (0.5, 0.82), (0.38, 0.76)], 0.05, CUT,
    )
    pen.line([(0.5, 0.44), (0.5, 0.87)], 0.035, CUT)


def book(pen: Pen) -> None:
    """An open book."""
    for side in (-1, 1):
        pen.blob(
            [
                (0.5, 0.34), (0.5 + 0.2 * side, 0.22), (0.5 + 0.48 * side, 0.28), (0.5 + 0.48 * side, 0.82),
                (0.5 + 0.2 * side, 0.78), (0.5, 0.88),
            ]
        )
        for y in (0.42, 0.52, 0.62):
            pen.line([(0.5 + 0.1 * side, y - 0.02), (0.5 + 0.38 * side, y - 0.04)], 0.018, CUT)
    pen.poly([(0.62, 0.24), (0.7, 0.22), (0.7, 0.5), (0.66, 0.45), (0.62, 0.5)], ACCENT)


def glove(pen: Pen) -> None:
    """A boxing glove."""
    pen.blob([(0.3, 0.74), (0.12, 0.5), (0.16, 0.2), (0.4, 0.06), (0.72, 0.1), (0.9, 0.34), (0.84, 0.58), (0.7, 0.74)])
    pen.blob([(0.2, 0.6), (0.3, 0.4), (0.56, 0.42), (0.58, 0.56), (0.4, 0.6)], ACCENT)
    pen.rect(0.3, 0.74, 0.72, 0.98)
    pen.rect(0.3, 0.8, 0.72, 0.85, CUT)


def ball(pen: Pen) -> None:
    """A stitched ball."""
    pen.disc(0.5, 0.5, 0.46)
    for side in (-1, 1):
        pen.ring(0.5 + 0.52 * side, 0.5, 0.4, 0.022, ACCENT)


def witch_hat(pen: Pen) -> None:
    """A pointed hat."""
    pen.blob([(0.26, 0.78), (0.42, 0.3), (0.46, 0.1), (0.7, 0.02), (0.58, 0.16), (0.74, 0.78)])
    pen.disc(0.5, 0.82, 0.49, 0.13)
    pen.poly([(0.29, 0.7), (0.71, 0.7), (0.74, 0.8), (0.26, 0.8)], ACCENT)


def shoe(pen: Pen) -> None:
    """A high-heeled shoe."""
    pen.blob(
        [
            (0.06, 0.3), (0.16, 0.24), (0.34, 0.5), (0.6, 0.72), (0.9, 0.8), (0.98, 0.9), (0.6, 0.92), (0.36, 0.72),
            (0.2, 0.56),
        ]
    )
    pen.poly([(0.06, 0.3), (0.2, 0.54), (0.13, 0.94), (0.1, 0.94)])
    pen.disc(0.8, 0.78, 0.05, tone=ACCENT)


def suitcase(pen: Pen) -> None:
    """A travelling case with labels."""
    pen.ring(0.5, 0.26, 0.14, 0.05, arc=(180, 360))
    pen.blob([(0.03, 0.34), (0.5, 0.27), (0.97, 0.34), (0.97, 0.86), (0.5, 0.92), (0.03, 0.86)])
    for x in (0.2, 0.8):
        pen.rect(x - 0.03, 0.26, x + 0.03, 0.93, CUT)
    pen.disc(0.42, 0.54, 0.09, tone=ACCENT)
    pen.rect(0.52, 0.62, 0.72, 0.76, ACCENT)


def bricks(pen: Pen) -> None:
    """Toy bricks, stacked."""
    for x, y, wide, tone in (
        (
            0.02, 0.7, 0.52, Tone.SOLID,
        ), (0.56, 0.7, 0.42, ACCENT), (0.26, 0.4, 0.5, ACCENT), (0.4, 0.1, 0.34, Tone.SOLID),
    ):
        pen.rect(x, y, x + wide, y + 0.28, tone)
        for i in range(round(wide / 0.16)):
            pen.rect(x + 0.04 + 0.16 * i, y - 0.06, x + 0.14 + 0.16 * i, y + 0.01, tone)


def pills(pen: Pen) -> None:
    """Two capsules."""
    for x, y, near, far in ((0.3, 0.34, Tone.SOLID, ACCENT), (0.7, 0.68, ACCENT, Tone.SOLID)):
        pen.limb((x - 0.16, y + 0.14), (x, y), 0.2, 0.2, near)
        pen.limb((x + 0.02, y - 0.02), (x + 0.16, y - 0.14), 0.2, 0.2, far)


OBJECTS: dict[str, Cut] = {
    "knife": Cut(knife, 0.42), "gun": Cut(gun, 1.45), "sword": Cut(sword, 0.36), "key": Cut(key, 0.45),
    "chess": Cut(chess, 0.5), "glass": Cut(glass, 0.8), "umbrella": Cut(umbrella, 1.0), "dice": Cut(dice, 1.1),
    "money": Cut(money, 0.9), "book": Cut(book, 1.3), "glove": Cut(glove), "ball": Cut(ball),
    "witch hat": Cut(witch_hat, 1.05), "shoe": Cut(shoe, 1.2), "suitcase": Cut(suitcase, 1.15), "bricks": Cut(bricks),
    "pills": Cut(pills, 1.1),
}
