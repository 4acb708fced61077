"""Creatures, plants, weapons and signs as stencils. `THINGS` names them."""

from __future__ import annotations

import math

from matinee_export.sample.poster_art.canvas import Cut, Pen, Tone
from matinee_export.sample.poster_art.figures import crowd, hand

CUT, ACCENT = Tone.CUT, Tone.ACCENT


def eye(pen: Pen) -> None:
    """A wide eye."""
    pen.blob([(0.0, 0.52), (0.24, 0.2), (0.5, 0.1), (0.76, 0.2), (1.0, 0.52), (0.76, 0.82), (0.5, 0.9), (0.24, 0.82)])
    pen.blob([(0.08, 0.52), (0.28, 0.28), (0.5, 0.2), (0.72, 0.28), (0.92, 0.52), (0.72, 0.74), (0.5, 0.82), (0.28, 0.74)], CUT)
    pen.disc(0.5, 0.5, 0.155, tone=ACCENT)
    pen.disc(0.5, 0.5, 0.075)
    pen.disc(0.55, 0.42, 0.03, tone=CUT)


def heart(pen: Pen) -> None:
    """A heart."""
    pen.blob([(0.5, 0.26), (0.68, 0.08), (0.9, 0.14), (0.96, 0.38), (0.78, 0.68), (0.5, 0.96), (0.22, 0.68), (0.04, 0.38), (0.1, 0.14), (0.32, 0.08)])
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
    spiral = [(0.5 + 0.045 * t * math.cos(t * 1.2), 0.25 + 0.031 * t * math.sin(t * 1.2)) for t in (i * 0.4 for i in range(17))]
    pen.curve(spiral, 0.022, CUT)


def skull(pen: Pen) -> None:
    """A skull from the front."""
    pen.blob([(0.5, 0.02), (0.84, 0.12), (0.94, 0.42), (0.78, 0.66), (0.5, 0.7), (0.22, 0.66), (0.06, 0.42), (0.16, 0.12)])
    pen.blob([(0.28, 0.6), (0.72, 0.6), (0.7, 0.94), (0.5, 0.98), (0.3, 0.94)])
    for x in (0.31, 0.69):
        pen.disc(x, 0.44, 0.135, 0.12, CUT)
        pen.disc(x, 0.45, 0.035, tone=ACCENT)
    pen.poly([(0.5, 0.52), (0.57, 0.65), (0.43, 0.65)], CUT)
    for x in (0.38, 0.46, 0.54, 0.62):
        pen.line([(x, 0.76), (x, 0.93)], 0.02, CUT)


def spider(pen: Pen) -> None:
    """A spider hanging from its thread."""
    pen.line([(0.5, 0.0), (0.5, 0.5)], 0.012)
    for side in (-1, 1):
        for lift, reach in ((-0.32, 0.34), (-0.12, 0.44), (0.1, 0.44), (0.32, 0.36)):
            pen.line([(0.5, 0.56), (0.5 + side * reach * 0.6, 0.5 + lift * 0.9), (0.5 + side * reach, 0.66 + lift)], 0.022)
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
    left = [(0.5, 0.34), (0.46, 0.2), (0.43, 0.36), (0.3, 0.3), (0.0, 0.22), (0.12, 0.5), (0.14, 0.72), (0.26, 0.6), (0.36, 0.74), (0.42, 0.64)]
    pen.poly([*left, (0.5, 0.9), *[(1 - x, y) for x, y in reversed(left)]])


def bird(pen: Pen) -> None:
    """A bird in flight."""
    pen.blob([(0.14, 0.5), (0.3, 0.46), (0.5, 0.54), (0.78, 0.6), (0.98, 0.7), (0.72, 0.7), (0.46, 0.7), (0.26, 0.6)])
    pen.blob([(0.34, 0.56), (0.42, 0.28), (0.66, 0.02), (0.64, 0.3), (0.6, 0.6)])
    pen.blob([(0.36, 0.56), (0.26, 0.26), (0.3, 0.06), (0.46, 0.28), (0.52, 0.56)], ACCENT)
    pen.poly([(0.16, 0.48), (0.04, 0.54), (0.16, 0.54)], ACCENT)


def wolf(pen: Pen) -> None:
    """A head thrown back, howling."""
    pen.blob([(0.1, 1.02), (0.2, 0.62), (0.3, 0.44), (0.24, 0.28), (0.38, 0.36), (0.52, 0.3), (0.7, 0.1), (0.8, 0.02), (0.8, 0.1), (0.72, 0.24), (0.78, 0.24), (0.68, 0.42), (0.66, 0.62), (0.8, 1.02)])
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
    pen.blob([(0.3, 0.98), (0.26, 0.7), (0.4, 0.44), (0.56, 0.36), (0.66, 0.5), (0.68, 0.98), (0.6, 0.98), (0.56, 0.8), (0.5, 0.98)])
    pen.blob([(0.44, 0.32), (0.46, 0.12), (0.62, 0.06), (0.76, 0.16), (0.94, 0.24), (0.92, 0.34), (0.72, 0.38), (0.58, 0.46)])
    pen.blob([(0.46, 0.1), (0.36, 0.2), (0.38, 0.4), (0.48, 0.34), (0.54, 0.14)], ACCENT)
    pen.curve([(0.28, 0.92), (0.1, 0.84), (0.06, 0.66)], 0.06)


def horse(pen: Pen) -> None:
    """A horse at the gallop."""
    pen.blob([(0.18, 0.46), (0.34, 0.38), (0.6, 0.42), (0.74, 0.26), (0.84, 0.1), (0.88, 0.14), (0.98, 0.28), (0.95, 0.33), (0.86, 0.28), (0.8, 0.46), (0.72, 0.6), (0.5, 0.6), (0.3, 0.62), (0.2, 0.56)])
    for hip, knee, foot in (((0.26, 0.52), (0.18, 0.72), (0.04, 0.82)), ((0.3, 0.56), (0.3, 0.76), (0.18, 0.92)), ((0.68, 0.52), (0.82, 0.66), (0.96, 0.72)), ((0.66, 0.56), (0.72, 0.74), (0.86, 0.86))):
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
    pen.blob([(0.04, 0.5), (0.2, 0.22), (0.5, 0.16), (0.76, 0.44), (0.98, 0.16), (0.92, 0.5), (0.98, 0.84), (0.76, 0.56), (0.5, 0.84), (0.2, 0.78)])
    for x in (0.32, 0.56):
        pen.blob([(x, 0.2), (x + 0.08, 0.24), (x + 0.06, 0.5), (x + 0.08, 0.76), (x, 0.8), (x + 0.02, 0.5)], ACCENT)
    pen.disc(0.17, 0.42, 0.05, tone=CUT)


def dinosaur(pen: Pen) -> None:
    """A jaw full of teeth."""
    pen.blob([(0.0, 0.3), (0.2, 0.08), (0.4, 0.1), (0.74, 0.2), (0.96, 0.28), (0.97, 0.42), (0.7, 0.46), (0.44, 0.5), (0.6, 0.62), (0.86, 0.68), (0.84, 0.78), (0.5, 0.82), (0.3, 0.72), (0.22, 1.02), (-0.06, 1.02)])
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


def crown(pen: Pen) -> None:
    """A crown."""
    pen.poly([(0.06, 0.3), (0.3, 0.56), (0.5, 0.14), (0.7, 0.56), (0.94, 0.3), (0.86, 0.92), (0.14, 0.92)])
    for x, y in ((0.06, 0.26), (0.5, 0.1), (0.94, 0.26)):
        pen.disc(x, y, 0.055)
    pen.rect(0.15, 0.76, 0.85, 0.84, ACCENT)


def mask(pen: Pen) -> None:
    """A masquerade mask."""
    pen.blob([(0.02, 0.3), (0.24, 0.18), (0.5, 0.34), (0.76, 0.18), (0.98, 0.3), (0.92, 0.66), (0.68, 0.8), (0.5, 0.6), (0.32, 0.8), (0.08, 0.66)])
    for x in (0.27, 0.73):
        pen.blob([(x - 0.13, 0.46), (x, 0.38), (x + 0.13, 0.46), (x, 0.58)], CUT)
    pen.curve([(0.94, 0.36), (1.0, 0.1), (0.88, 0.02)], 0.03, ACCENT)


def key(pen: Pen) -> None:
    """An old key."""
    pen.disc(0.5, 0.18, 0.36)
    pen.disc(0.5, 0.18, 0.18, tone=CUT)
    pen.rect(0.43, 0.3, 0.57, 0.97)
    pen.rect(0.5, 0.78, 0.84, 0.84, ACCENT)
    pen.rect(0.5, 0.9, 0.78, 0.96, ACCENT)


def keyhole(pen: Pen) -> None:
    """A keyhole."""
    pen.disc(0.5, 0.3, 0.36)
    pen.poly([(0.38, 0.4), (0.62, 0.4), (0.82, 1.0), (0.18, 1.0)])


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


def balloons(pen: Pen) -> None:
    """Balloons on strings."""
    for x, y, tone in ((0.3, 0.26, Tone.SOLID), (0.68, 0.2, ACCENT), (0.5, 0.4, Tone.SOLID)):
        pen.line([(x, y), (0.5, 1.0)], 0.01)
        pen.disc(x, y, 0.17, 0.17, tone)
        pen.disc(x - 0.06, y - 0.06, 0.025, tone=CUT)


def umbrella(pen: Pen) -> None:
    """An open umbrella."""
    pen.blob([(0.02, 0.5), (0.14, 0.2), (0.5, 0.04), (0.86, 0.2), (0.98, 0.5), (0.82, 0.44), (0.66, 0.5), (0.5, 0.44), (0.34, 0.5), (0.18, 0.44)])
    pen.blob([(0.34, 0.5), (0.4, 0.2), (0.5, 0.05), (0.6, 0.2), (0.66, 0.5), (0.5, 0.44)], ACCENT)
    pen.line([(0.5, 0.44), (0.5, 0.88)], 0.03)
    pen.ring(0.43, 0.88, 0.085, 0.03, arc=(0, 180))


def candle(pen: Pen) -> None:
    """A candle and its flame."""
    pen.rect(0.36, 0.42, 0.64, 0.92)
    pen.disc(0.5, 0.93, 0.36, 0.05)
    pen.line([(0.5, 0.34), (0.5, 0.44)], 0.02)
    pen.blob([(0.5, 0.04), (0.62, 0.24), (0.56, 0.37), (0.44, 0.37), (0.38, 0.24)], ACCENT)


def flame(pen: Pen) -> None:
    """A fire."""
    pen.blob([(0.46, 0.0), (0.62, 0.2), (0.6, 0.36), (0.76, 0.3), (0.92, 0.62), (0.8, 0.92), (0.5, 1.0), (0.18, 0.92), (0.08, 0.62), (0.26, 0.36), (0.34, 0.44)])
    pen.blob([(0.52, 0.44), (0.68, 0.7), (0.6, 0.92), (0.4, 0.92), (0.32, 0.74), (0.42, 0.66)], ACCENT)


def lightning(pen: Pen) -> None:
    """A bolt."""
    pen.poly([(0.62, 0.0), (0.14, 0.56), (0.46, 0.54), (0.3, 1.0), (0.88, 0.38), (0.54, 0.42), (0.82, 0.0)])


def star(pen: Pen) -> None:
    """A five-pointed star."""
    for radius, tone in ((0.5, Tone.SOLID), (0.24, ACCENT)):
        pen.poly([(0.5 + radius * r * math.sin(a), 0.52 - radius * r * math.cos(a)) for a, r in ((i * math.pi / 5, 1 if i % 2 == 0 else 0.42) for i in range(10))], tone)


def reel(pen: Pen) -> None:
    """A film reel with its tail of film."""
    pen.curve([(0.5, 0.84), (0.8, 0.88), (1.0, 0.8)], 0.08, ACCENT)
    pen.disc(0.46, 0.46, 0.42)
    pen.disc(0.46, 0.46, 0.06, tone=CUT)
    for i in range(5):
        angle = i * math.tau / 5 - 0.3
        pen.disc(0.46 + 0.24 * math.cos(angle), 0.46 + 0.24 * math.sin(angle), 0.105, tone=CUT)


def dice(pen: Pen) -> None:
    """Two dice."""
    for x, y, tone, pips in ((0.04, 0.34, Tone.SOLID, ((0.5, 0.5), (0.25, 0.25), (0.75, 0.75))), (0.5, 0.1, ACCENT, ((0.3, 0.3), (0.7, 0.7), (0.3, 0.7), (0.7, 0.3)))):
        pen.rect(x, y, x + 0.46, y + 0.46, tone)
        for px, py in pips:
            pen.disc(x + 0.46 * px, y + 0.46 * py, 0.05, tone=CUT)


def money(pen: Pen) -> None:
    """A bag of money."""
    pen.blob([(0.5, 0.28), (0.78, 0.46), (0.92, 0.8), (0.7, 0.98), (0.3, 0.98), (0.08, 0.8), (0.22, 0.46)])
    pen.blob([(0.34, 0.06), (0.5, 0.12), (0.66, 0.06), (0.6, 0.3), (0.4, 0.3)])
    pen.rect(0.36, 0.26, 0.64, 0.31, ACCENT)
    pen.curve([(0.62, 0.54), (0.5, 0.48), (0.38, 0.56), (0.5, 0.65), (0.62, 0.74), (0.5, 0.82), (0.38, 0.76)], 0.05, CUT)
    pen.line([(0.5, 0.44), (0.5, 0.87)], 0.035, CUT)


def book(pen: Pen) -> None:
    """An open book."""
    for side in (-1, 1):
        pen.blob([(0.5, 0.34), (0.5 + 0.2 * side, 0.22), (0.5 + 0.48 * side, 0.28), (0.5 + 0.48 * side, 0.82), (0.5 + 0.2 * side, 0.78), (0.5, 0.88)])
        for y in (0.42, 0.52, 0.62):
            pen.line([(0.5 + 0.1 * side, y - 0.02), (0.5 + 0.38 * side, y - 0.04)], 0.018, CUT)
    pen.poly([(0.62, 0.24), (0.7, 0.22), (0.7, 0.5), (0.66, 0.45), (0.62, 0.5)], ACCENT)


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


def butterfly(pen: Pen) -> None:
    """A butterfly or moth."""
    for side in (-1, 1):
        pen.blob([(0.5, 0.4), (0.5 + 0.3 * side, 0.08), (0.5 + 0.48 * side, 0.16), (0.5 + 0.42 * side, 0.48), (0.5, 0.54)])
        pen.blob([(0.5, 0.5), (0.5 + 0.34 * side, 0.56), (0.5 + 0.32 * side, 0.84), (0.5 + 0.14 * side, 0.9)])
        pen.disc(0.5 + 0.31 * side, 0.28, 0.07, tone=ACCENT)
        pen.curve([(0.5, 0.3), (0.5 + 0.06 * side, 0.16), (0.5 + 0.14 * side, 0.06)], 0.016)
    pen.limb((0.5, 0.3), (0.5, 0.8), 0.05, 0.03)


def glove(pen: Pen) -> None:
    """A boxing glove."""
    pen.blob([(0.3, 0.74), (0.12, 0.5), (0.16, 0.2), (0.4, 0.06), (0.72, 0.1), (0.9, 0.34), (0.84, 0.58), (0.7, 0.74)])
    pen.blob([(0.2, 0.6), (0.3, 0.4), (0.56, 0.42), (0.58, 0.56), (0.4, 0.6)], ACCENT)
    pen.rect(0.3, 0.74, 0.72, 0.98)
    pen.rect(0.3, 0.8, 0.72, 0.85, CUT)


def notes(pen: Pen) -> None:
    """Two quavers."""
    pen.disc(0.22, 0.8, 0.16, 0.13)
    pen.disc(0.74, 0.7, 0.16, 0.13)
    pen.rect(0.31, 0.16, 0.38, 0.8)
    pen.rect(0.83, 0.06, 0.9, 0.7)
    pen.poly([(0.31, 0.16), (0.9, 0.06), (0.9, 0.22), (0.31, 0.32)], ACCENT)


def ring(pen: Pen) -> None:
    """A ring with a stone."""
    pen.disc(0.5, 0.64, 0.36)
    pen.disc(0.5, 0.64, 0.27, tone=CUT)
    pen.poly([(0.3, 0.14), (0.7, 0.14), (0.8, 0.26), (0.5, 0.46), (0.2, 0.26)], ACCENT)


def paw(pen: Pen) -> None:
    """The print of a paw."""
    pen.blob([(0.5, 0.46), (0.74, 0.64), (0.78, 0.88), (0.5, 0.86), (0.22, 0.88), (0.26, 0.64)])
    for x, y in ((0.16, 0.46), (0.37, 0.22), (0.63, 0.22), (0.84, 0.46)):
        pen.disc(x, y, 0.1, 0.13, ACCENT)


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


def smile(pen: Pen) -> None:
    """A wide grin with teeth."""
    pen.blob([(0.0, 0.16), (0.26, 0.3), (0.5, 0.34), (0.74, 0.3), (1.0, 0.16), (0.84, 0.68), (0.5, 0.94), (0.16, 0.68)])
    pen.blob([(0.1, 0.32), (0.5, 0.46), (0.9, 0.32), (0.84, 0.52), (0.5, 0.64), (0.16, 0.52)], CUT)
    pen.disc(0.5, 0.82, 0.16, 0.1, ACCENT)


def ball(pen: Pen) -> None:
    """A stitched ball."""
    pen.disc(0.5, 0.5, 0.46)
    for side in (-1, 1):
        pen.ring(0.5 + 0.52 * side, 0.5, 0.4, 0.022, ACCENT)


def globe(pen: Pen) -> None:
    """The globe with its meridians."""
    pen.disc(0.5, 0.5, 0.46)
    for rx in (0.15, 0.32):
        for sign in (-1, 1):
            pen.curve([(0.5, 0.04), (0.5 + sign * rx, 0.28), (0.5 + sign * rx * 1.15, 0.5), (0.5 + sign * rx, 0.72), (0.5, 0.96)], 0.014, CUT)
    for y in (0.28, 0.5, 0.72):
        pen.line([(0.02, y), (0.98, y)], 0.014, CUT)


def alien(pen: Pen) -> None:
    """A long head with dark almond eyes."""
    pen.blob([(0.5, 0.02), (0.84, 0.14), (0.92, 0.4), (0.7, 0.76), (0.5, 0.94), (0.3, 0.76), (0.08, 0.4), (0.16, 0.14)])
    for side in (-1, 1):
        pen.blob([(0.5 + 0.07 * side, 0.56), (0.5 + 0.2 * side, 0.38), (0.5 + 0.34 * side, 0.38), (0.5 + 0.24 * side, 0.56)], CUT)
        pen.disc(0.5 + 0.22 * side, 0.45, 0.03, tone=ACCENT)


def visor(pen: Pen) -> None:
    """A space helmet."""
    pen.blob([(0.04, 1.02), (0.12, 0.8), (0.5, 0.72), (0.88, 0.8), (0.96, 1.02)])
    pen.disc(0.5, 0.44, 0.4)
    pen.blob([(0.22, 0.3), (0.5, 0.2), (0.78, 0.3), (0.82, 0.54), (0.5, 0.68), (0.18, 0.54)], CUT)
    pen.blob([(0.28, 0.34), (0.5, 0.26), (0.72, 0.34), (0.76, 0.52), (0.5, 0.62), (0.24, 0.52)], ACCENT)


THINGS: dict[str, Cut] = {
    "eye": Cut(eye, 1.6), "heart": Cut(heart), "broken heart": Cut(broken_heart), "rose": Cut(rose, 0.6),
    "skull": Cut(skull, 0.85), "spider": Cut(spider), "web": Cut(web), "bat": Cut(bat, 1.6), "bird": Cut(bird, 1.2),
    "wolf": Cut(wolf), "cat": Cut(cat, 0.95), "dog": Cut(dog, 0.95), "horse": Cut(horse, 1.3), "rider": Cut(rider, 1.25),
    "shark": Cut(shark, 0.7), "fish": Cut(fish, 1.5), "dinosaur": Cut(dinosaur, 1.1), "tentacles": Cut(tentacles),
    "knife": Cut(knife, 0.42), "gun": Cut(gun, 1.45), "sword": Cut(sword, 0.36), "crown": Cut(crown, 1.2),
    "mask": Cut(mask, 1.6), "key": Cut(key, 0.45), "keyhole": Cut(keyhole, 0.6), "chess": Cut(chess, 0.5),
    "glass": Cut(glass, 0.8), "balloons": Cut(balloons, 0.8), "umbrella": Cut(umbrella, 1.0), "candle": Cut(candle, 0.5),
    "flame": Cut(flame, 0.8), "lightning": Cut(lightning, 0.7), "star": Cut(star), "reel": Cut(reel),
    "dice": Cut(dice, 1.1), "money": Cut(money, 0.9), "book": Cut(book, 1.3), "tree": Cut(tree, 0.9), "palm": Cut(palm, 0.8),
    "butterfly": Cut(butterfly, 1.1), "glove": Cut(glove), "notes": Cut(notes), "ring": Cut(ring, 0.8), "paw": Cut(paw),
    "footprints": Cut(footprints, 0.5), "stairs": Cut(stairs, 1.1), "scales": Cut(scales), "chalice": Cut(chalice, 0.8),
    "smile": Cut(smile, 1.6), "ball": Cut(ball), "globe": Cut(globe), "alien": Cut(alien, 0.75), "visor": Cut(visor),
    "hand": Cut(hand, 0.75), "crowd": Cut(crowd, 2.0),
}
