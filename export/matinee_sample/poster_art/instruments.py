"""Things that sound, show or measure, as stencils. `INSTRUMENTS` names them."""

from __future__ import annotations

import math

from matinee_sample.poster_art.canvas import Cut, Pen, Tone

CUT, ACCENT = Tone.CUT, Tone.ACCENT


def telephone(pen: Pen) -> None:
    """A dial telephone, its receiver lifted."""
    pen.blob(
        [
            (0.04, 0.3), (0.1, 0.08), (0.5, 0.03), (0.9, 0.08), (0.96, 0.3), (0.8, 0.32), (0.74, 0.2), (0.5, 0.16),
            (0.26, 0.2), (0.2, 0.32),
        ]
    )
    pen.blob([(0.1, 0.92), (0.24, 0.46), (0.5, 0.4), (0.76, 0.46), (0.9, 0.92)])
    pen.disc(0.5, 0.68, 0.17, tone=CUT)
    pen.disc(0.5, 0.68, 0.07, tone=ACCENT)


def camera(pen: Pen) -> None:
    """A cine camera with two reels on legs."""
    for x, r in ((0.34, 0.15), (0.64, 0.12)):
        pen.disc(x, 0.2, r)
        pen.disc(x, 0.2, r * 0.4, tone=ACCENT)
    pen.rect(0.2, 0.34, 0.74, 0.62)
    pen.poly([(0.74, 0.44), (0.94, 0.34), (0.94, 0.62), (0.74, 0.52)])
    for x in (0.2, 0.46, 0.74):
        pen.line([(0.46, 0.6), (x, 1.0)], 0.03)


def reel(pen: Pen) -> None:
    """A film reel with its tail of film."""
    pen.curve([(0.5, 0.84), (0.8, 0.88), (1.0, 0.8)], 0.08, ACCENT)
    pen.disc(0.46, 0.46, 0.42)
    pen.disc(0.46, 0.46, 0.06, tone=CUT)
    for i in range(5):
        angle = i * math.tau / 5 - 0.3
        pen.disc(0.46 + 0.24 * math.cos(angle), 0.46 + 0.24 * math.sin(angle), 0.105, tone=CUT)


def typewriter(pen: Pen) -> None:
    """A typewriter with a sheet in it."""
    pen.rect(0.28, 0.02, 0.72, 0.42, ACCENT)
    for y in (0.1, 0.17, 0.24):
        pen.line([(0.34, y), (0.66, y)], 0.014, CUT)
    pen.rect(0.08, 0.34, 0.92, 0.46)
    pen.poly([(0.18, 0.46), (0.82, 0.46), (0.98, 0.94), (0.02, 0.94)])
    for row in range(3):
        for i in range(8):
            pen.disc(0.2 + 0.086 * i, 0.6 + 0.1 * row, 0.025, tone=CUT)


def piano(pen: Pen) -> None:
    """Piano keys in a wave."""
    for i in range(9):
        x, y = 0.02 + i * 0.107, 0.12 * (i % 5 - 2) ** 2 / 4
        pen.rect(x, 0.1 + y, x + 0.096, 0.9 + y)
        if i % 7 not in (2, 6):
            pen.rect(x + 0.07, 0.1 + y, x + 0.13, 0.55 + y, ACCENT)


def guitar(pen: Pen) -> None:
    """An acoustic guitar, upright."""
    pen.blob(
        [
            (0.5, 0.46), (0.68, 0.52), (0.64, 0.66), (0.8, 0.8), (0.66, 0.98), (0.34, 0.98), (0.2, 0.8), (0.36, 0.66),
            (0.32, 0.52),
        ]
    )
    pen.rect(0.46, 0.08, 0.54, 0.66)
    pen.rect(0.43, 0.0, 0.57, 0.1)
    pen.disc(0.5, 0.7, 0.1, tone=ACCENT)
    pen.rect(0.4, 0.86, 0.6, 0.89, CUT)


def violin(pen: Pen) -> None:
    """A violin and its bow."""
    pen.blob(
        [(0.42, 0.4), (0.66, 0.46), (0.6, 0.62), (0.74, 0.82), (0.42, 1.0), (0.1, 0.82), (0.24, 0.62), (0.18, 0.46)]
    )
    pen.rect(0.39, 0.04, 0.45, 0.7)
    pen.disc(0.42, 0.05, 0.06)
    for x in (0.3, 0.54):
        pen.curve([(x, 0.64), (x + 0.02, 0.7), (x, 0.78)], 0.025, CUT)
    pen.line([(0.92, 0.04), (0.8, 0.96)], 0.03, ACCENT)


def notes(pen: Pen) -> None:
    """Two quavers."""
    pen.disc(0.22, 0.8, 0.16, 0.13)
    pen.disc(0.74, 0.7, 0.16, 0.13)
    pen.rect(0.31, 0.16, 0.38, 0.8)
    pen.rect(0.83, 0.06, 0.9, 0.7)
    pen.poly([(0.31, 0.16), (0.9, 0.06), (0.9, 0.22), (0.31, 0.32)], ACCENT)


def hourglass(pen: Pen) -> None:
    """Sand that runs out."""
    pen.rect(0.18, 0.02, 0.82, 0.09)
    pen.rect(0.18, 0.91, 0.82, 0.98)
    pen.blob(
        [
            (0.24, 0.1), (0.76, 0.1), (0.72, 0.32), (0.54, 0.5), (0.72, 0.68), (0.76, 0.9), (0.24, 0.9), (0.28, 0.68),
            (0.46, 0.5), (0.28, 0.32),
        ]
    )
    pen.blob([(0.33, 0.26), (0.67, 0.26), (0.62, 0.36), (0.5, 0.46), (0.38, 0.36)], ACCENT)
    pen.blob([(0.3, 0.87), (0.5, 0.7), (0.7, 0.87)], ACCENT)


def clock(pen: Pen) -> None:
    """A round clock a little before midnight."""
    pen.disc(0.5, 0.5, 0.48)
    pen.disc(0.5, 0.5, 0.42, tone=CUT)
    for x, y in ((0.5, 0.13), (0.5, 0.87), (0.13, 0.5), (0.87, 0.5)):
        pen.disc(x, y, 0.03)
    pen.limb((0.5, 0.5), (0.42, 0.16), 0.05, 0.02)
    pen.limb((0.5, 0.5), (0.38, 0.28), 0.06, 0.03, ACCENT)
    pen.disc(0.5, 0.5, 0.045)


INSTRUMENTS: dict[str, Cut] = {
    "telephone": Cut(telephone, 1.05), "camera": Cut(camera, 0.95), "reel": Cut(reel),
    "typewriter": Cut(typewriter, 1.1), "piano": Cut(piano, 1.3), "guitar": Cut(guitar, 0.5),
    "violin": Cut(violin, 0.55), "notes": Cut(notes), "hourglass": Cut(hourglass, 0.62), "clock": Cut(clock),
}
