"""Vehicles, machines and buildings as stencils. `VEHICLES` names them."""

from __future__ import annotations

from matinee_sample.poster_art.canvas import Cut, Pen, Tone

CUT, ACCENT = Tone.CUT, Tone.ACCENT


def car(pen: Pen) -> None:
    """A saloon car from the side."""
    pen.blob(
        [
            (0.02, 0.66), (0.05, 0.5), (0.26, 0.44), (0.38, 0.2), (0.64, 0.18), (0.76, 0.42), (0.95, 0.5), (0.98, 0.7),
            (0.5, 0.76),
        ]
    )
    pen.poly([(0.33, 0.44), (0.41, 0.26), (0.5, 0.25), (0.5, 0.44)], CUT)
    pen.poly([(0.53, 0.25), (0.62, 0.25), (0.7, 0.44), (0.53, 0.44)], CUT)
    pen.disc(0.92, 0.56, 0.02, tone=ACCENT)
    for x in (0.22, 0.78):
        pen.disc(x, 0.74, 0.095)
        pen.disc(x, 0.74, 0.045, tone=CUT)


def headlights(pen: Pen) -> None:
    """A car that comes straight at you."""
    pen.blob([(0.04, 0.9), (0.06, 0.5), (0.2, 0.42), (0.28, 0.1), (0.72, 0.1), (0.8, 0.42), (0.94, 0.5), (0.96, 0.9)])
    pen.poly([(0.28, 0.4), (0.33, 0.16), (0.67, 0.16), (0.72, 0.4)], CUT)
    for x in (0.18, 0.82):
        pen.disc(x, 0.6, 0.075, tone=ACCENT)
    for y in (0.56, 0.62, 0.68, 0.74):
        pen.rect(0.32, y, 0.68, y + 0.025, CUT)


def train(pen: Pen) -> None:
    """A steam engine with its smoke."""
    pen.rect(0.1, 0.5, 0.72, 0.72)
    pen.rect(0.06, 0.34, 0.28, 0.76)
    pen.rect(0.1, 0.4, 0.23, 0.54, CUT)
    pen.rect(0.6, 0.34, 0.66, 0.52)
    pen.poly([(0.72, 0.72), (0.94, 0.86), (0.72, 0.86)])
    pen.disc(0.72, 0.61, 0.06, 0.11)
    for x, r in ((0.18, 0.08), (0.36, 0.08), (0.52, 0.065), (0.66, 0.065)):
        pen.disc(x, 0.82, r)
        pen.disc(x, 0.82, r * 0.45, tone=CUT)
    for x, y, r in ((0.62, 0.25, 0.05), (0.52, 0.16, 0.075), (0.36, 0.12, 0.095), (0.16, 0.1, 0.11)):
        pen.disc(x, y, r, tone=ACCENT)


def liner(pen: Pen) -> None:
    """An ocean liner's bow, four funnels behind."""
    for i in range(4):
        x = 0.34 + 0.15 * i
        pen.poly([(x, 0.5), (x + 0.02, 0.2), (x + 0.09, 0.2), (x + 0.09, 0.5)], ACCENT)
        pen.rect(x + 0.02, 0.2, x + 0.09, 0.26)
    pen.rect(0.24, 0.44, 0.94, 0.56)
    pen.poly([(0.02, 0.5), (1.0, 0.56), (0.97, 0.9), (0.14, 0.9)])
    for x in range(12):
        pen.disc(0.2 + 0.06 * x, 0.66, 0.009, tone=CUT)


def sailing_ship(pen: Pen) -> None:
    """Three masts in full sail."""
    pen.blob([(0.04, 0.68), (0.3, 0.76), (0.7, 0.76), (0.97, 0.62), (0.84, 0.93), (0.2, 0.93)])
    for x, top, wide in ((0.26, 0.22, 0.11), (0.5, 0.06, 0.14), (0.73, 0.2, 0.11)):
        pen.line([(x, top), (x, 0.8)], 0.016)
        pen.poly([(x, top), (x + 0.09, top + 0.02), (x, top + 0.05)], ACCENT)
        for row in range(2):
            y = top + 0.07 + row * 0.23
            pen.blob(
                [(x - wide, y), (x + wide, y), (x + wide * 1.25, y + 0.2), (x, y + 0.16), (x - wide * 0.8, y + 0.2)]
            )
    pen.line([(0.9, 0.66), (1.0, 0.5)], 0.014)


def plane(pen: Pen) -> None:
    """A propeller plane from below."""
    pen.blob([(0.5, 0.04), (0.56, 0.3), (0.53, 0.94), (0.5, 0.98), (0.47, 0.94), (0.44, 0.3)])
    pen.blob([(0.02, 0.42), (0.5, 0.3), (0.98, 0.42), (0.97, 0.48), (0.5, 0.5), (0.03, 0.48)])
    pen.blob([(0.3, 0.88), (0.5, 0.8), (0.7, 0.88), (0.5, 0.92)])
    pen.line([(0.4, 0.05), (0.6, 0.05)], 0.018)
    for x in (0.22, 0.78):
        pen.disc(x, 0.42, 0.045, tone=ACCENT)


def helicopter(pen: Pen) -> None:
    """A helicopter from the front quarter."""
    pen.line([(0.02, 0.2), (0.98, 0.26)], 0.018)
    pen.rect(0.46, 0.2, 0.5, 0.42)
    pen.blob([(0.24, 0.56), (0.32, 0.4), (0.56, 0.38), (0.68, 0.5), (0.64, 0.72), (0.4, 0.76), (0.26, 0.68)])
    pen.poly([(0.6, 0.46), (0.97, 0.4), (0.97, 0.46), (0.62, 0.58)])
    pen.disc(0.96, 0.4, 0.05)
    pen.blob([(0.28, 0.56), (0.34, 0.46), (0.43, 0.46), (0.42, 0.6), (0.3, 0.63)], ACCENT)
    pen.line([(0.24, 0.88), (0.7, 0.88)], 0.022)
    for x in (0.36, 0.58):
        pen.line([(x, 0.72), (x - 0.02, 0.88)], 0.018)


def rocket(pen: Pen) -> None:
    """A rocket on its flame."""
    pen.blob([(0.5, 0.64), (0.66, 0.76), (0.5, 1.0), (0.34, 0.76)], ACCENT)
    pen.blob([(0.5, 0.0), (0.64, 0.2), (0.66, 0.5), (0.6, 0.72), (0.4, 0.72), (0.34, 0.5), (0.36, 0.2)])
    for side in (-1, 1):
        pen.poly(
            [(0.5 + 0.14 * side, 0.46), (0.5 + 0.36 * side, 0.66), (0.5 + 0.34 * side, 0.82), (0.5 + 0.1 * side, 0.7)]
        )
    pen.disc(0.5, 0.3, 0.08, tone=CUT)
    pen.disc(0.5, 0.3, 0.05, tone=ACCENT)


def starship(pen: Pen) -> None:
    """A wedge of a ship with its engines lit."""
    pen.poly([(0.0, 0.62), (0.98, 0.42), (0.98, 0.62)])
    pen.poly([(0.4, 0.52), (0.84, 0.26), (0.9, 0.26), (0.98, 0.5)])
    pen.rect(0.82, 0.14, 0.9, 0.28)
    pen.poly([(0.3, 0.64), (0.98, 0.64), (0.9, 0.76)])
    for y in (0.46, 0.53, 0.6):
        pen.disc(0.98, y, 0.02, tone=ACCENT)
    pen.line([(0.12, 0.6), (0.94, 0.5)], 0.008, CUT)


def saucer(pen: Pen) -> None:
    """A flying saucer and its beam."""
    pen.poly([(0.36, 0.36), (0.64, 0.36), (0.92, 1.0), (0.08, 1.0)], ACCENT)
    pen.disc(0.5, 0.22, 0.17, 0.17)
    pen.disc(0.5, 0.3, 0.46, 0.1)
    for i in range(5):
        pen.disc(0.22 + 0.14 * i, 0.31, 0.025, tone=CUT)


def robot(pen: Pen) -> None:
    """A robot's head and shoulders."""
    pen.line([(0.5, 0.02), (0.5, 0.16)], 0.03)
    pen.disc(0.5, 0.05, 0.045, tone=ACCENT)
    pen.blob([(0.22, 0.2), (0.5, 0.12), (0.78, 0.2), (0.8, 0.56), (0.5, 0.64), (0.2, 0.56)])
    for x in (0.37, 0.63):
        pen.disc(x, 0.34, 0.085, tone=CUT)
        pen.disc(x, 0.34, 0.05, tone=ACCENT)
    for x in (0.36, 0.43, 0.5, 0.57, 0.64):
        pen.line([(x, 0.48), (x, 0.55)], 0.02, CUT)
    pen.rect(0.42, 0.6, 0.58, 0.74)
    pen.blob([(0.06, 1.05), (0.1, 0.78), (0.5, 0.7), (0.9, 0.78), (0.94, 1.05)])


def tank(pen: Pen) -> None:
    """A tank from the side."""
    pen.line([(0.56, 0.36), (0.98, 0.28)], 0.03)
    pen.blob([(0.26, 0.48), (0.32, 0.26), (0.58, 0.26), (0.66, 0.48)])
    pen.poly([(0.06, 0.5), (0.9, 0.46), (0.96, 0.62), (0.04, 0.64)])
    pen.blob([(0.02, 0.76), (0.12, 0.6), (0.88, 0.6), (0.98, 0.76), (0.86, 0.92), (0.14, 0.92)])
    for i in range(5):
        pen.disc(0.16 + 0.17 * i, 0.77, 0.055, tone=CUT)


def bicycle(pen: Pen) -> None:
    """A bicycle."""
    for x in (0.24, 0.76):
        pen.ring(x, 0.68, 0.2, 0.026)
    pen.line([(0.24, 0.68), (0.38, 0.36), (0.66, 0.36), (0.5, 0.68), (0.24, 0.68)], 0.024)
    pen.line([(0.5, 0.68), (0.36, 0.28)], 0.022)
    pen.line([(0.76, 0.68), (0.65, 0.24), (0.74, 0.2)], 0.024)
    pen.line([(0.3, 0.27), (0.43, 0.27)], 0.045, ACCENT)


def house(pen: Pen) -> None:
    """A tall gabled house with one lit window."""
    pen.poly([(0.14, 1.0), (0.14, 0.46), (0.34, 0.2), (0.54, 0.46), (0.54, 1.0)])
    pen.poly([(0.5, 1.0), (0.5, 0.34), (0.7, 0.04), (0.9, 0.34), (0.9, 1.0)])
    pen.rect(0.24, 0.08, 0.3, 0.34)
    for x, y in ((0.22, 0.54), (0.38, 0.54), (0.6, 0.42), (0.75, 0.42), (0.6, 0.66), (0.22, 0.76)):
        pen.rect(x, y, x + 0.09, y + 0.12, CUT)
    pen.rect(0.75, 0.66, 0.84, 0.78, ACCENT)
    pen.rect(0.4, 0.78, 0.5, 1.0, ACCENT)


def castle(pen: Pen) -> None:
    """A castle with pointed towers."""
    for x, top, wide in (
        (0.12, 0.42, 0.07), (0.3, 0.24, 0.08), (0.5, 0.1, 0.09), (0.7, 0.28, 0.08), (0.88, 0.44, 0.07),
    ):
        pen.rect(x - wide, top + 0.16, x + wide, 1.0)
        pen.poly([(x - wide * 1.3, top + 0.17), (x, top - 0.08), (x + wide * 1.3, top + 0.17)], ACCENT)
        pen.rect(x - 0.018, top + 0.24, x + 0.018, top + 0.34, CUT)
    pen.rect(0.06, 0.7, 0.94, 1.0)
    pen.disc(0.5, 0.86, 0.08, 0.08, CUT)
    pen.rect(0.42, 0.86, 0.58, 1.0, CUT)


def church(pen: Pen) -> None:
    """A church with a bell tower and a cross."""
    pen.rect(0.36, 0.3, 0.6, 1.0)
    pen.poly([(0.33, 0.31), (0.48, 0.1), (0.63, 0.31)])
    pen.line([(0.48, 0.0), (0.48, 0.14)], 0.025)
    pen.line([(0.43, 0.045), (0.53, 0.045)], 0.022)
    pen.poly([(0.56, 1.0), (0.56, 0.62), (0.76, 0.5), (0.96, 0.62), (0.96, 1.0)])
    pen.blob([(0.42, 0.52), (0.44, 0.4), (0.48, 0.37), (0.52, 0.4), (0.54, 0.52)], CUT)
    pen.disc(0.48, 0.48, 0.03, tone=ACCENT)


def lighthouse(pen: Pen) -> None:
    """A lighthouse and its two beams."""
    pen.poly([(0.48, 0.2), (0.0, 0.04), (0.0, 0.34)], ACCENT)
    pen.poly([(0.52, 0.2), (1.0, 0.04), (1.0, 0.34)], ACCENT)
    pen.poly([(0.43, 0.3), (0.57, 0.3), (0.64, 1.0), (0.36, 1.0)])
    pen.rect(0.44, 0.14, 0.56, 0.28)
    pen.poly([(0.42, 0.15), (0.5, 0.06), (0.58, 0.15)])
    for y in (0.42, 0.62, 0.82):
        pen.poly([(0.4, y), (0.6, y), (0.61, y + 0.08), (0.39, y + 0.08)], CUT)


def bars(pen: Pen) -> None:
    """Bars, two hands on them."""
    for i in range(6):
        pen.rect(0.08 + 0.16 * i, 0, 0.12 + 0.16 * i, 1)
    pen.rect(0, 0.08, 1, 0.13)
    for x in (0.26, 0.58):
        pen.blob([(x - 0.04, 0.5), (x + 0.04, 0.44), (x + 0.13, 0.5), (x + 0.12, 0.64), (x, 0.66)], ACCENT)


VEHICLES: dict[str, Cut] = {
    "car": Cut(car, 2.2), "headlights": Cut(headlights, 1.25), "train": Cut(train, 1.6), "liner": Cut(liner, 1.5),
    "sailing ship": Cut(sailing_ship, 1.0), "plane": Cut(plane, 1.15), "helicopter": Cut(helicopter, 1.5),
    "rocket": Cut(rocket, 0.7), "starship": Cut(starship, 1.7), "saucer": Cut(saucer, 0.95), "robot": Cut(robot, 0.9),
    "tank": Cut(tank, 1.7), "bicycle": Cut(bicycle, 1.25), "house": Cut(house, 0.85), "castle": Cut(castle, 1.1),
    "church": Cut(church, 0.85), "lighthouse": Cut(lighthouse, 0.8), "bars": Cut(bars, 0.9),
}
