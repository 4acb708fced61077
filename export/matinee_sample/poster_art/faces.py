"""Faces as stencils: heads in profile, and faces from the front in three kinds of light. Colour is not its business."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matinee_sample.poster_art.canvas import Cut, Pen, Point, Tone

PROFILE: tuple[Point, ...] = (
    (0.3, 1.02), (0.34, 0.82), (0.2, 0.66), (0.13, 0.42), (0.22, 0.16), (0.46, 0.05), (0.68, 0.1), (0.78, 0.26),
    (0.77, 0.36), (0.81, 0.44), (0.9, 0.545), (0.88, 0.575), (0.81, 0.585), (0.82, 0.625), (0.845, 0.65), (0.815, 0.68),
    (0.84, 0.71), (0.8, 0.745), (0.81, 0.81), (0.74, 0.87), (0.6, 0.86), (0.58, 0.93), (0.66, 1.02),
)


HAIRLINE: tuple[Point, ...] = (
    (0.2, 0.66), (
        0.13, 0.42,
    ), (0.22, 0.16), (0.46, 0.05), (0.68, 0.1), (0.72, 0.2), (0.56, 0.24), (0.48, 0.34), (0.44, 0.46),
    (0.36, 0.44), (0.34, 0.56),
)


def profile(hair: str = "short") -> Cut:
    """A head seen from the side, facing right. `hair` is short, long, bun, hat or quiff."""

    def paint(pen: Pen) -> None:
        if hair == "long":
            pen.blob(
                [
                    (0.6, 0.03), (0.28, 0.05), (0.08, 0.3), (0.06, 0.7), (0.0, 1.05), (0.4, 1.05), (0.5, 0.6),
                    (0.74, 0.14),
                ],
                Tone.ACCENT,
            )
        elif hair == "bun":
            pen.disc(0.1, 0.28, 0.13, 0.12, Tone.ACCENT)
        elif hair == "quiff":
            pen.blob(
                [(0.14, 0.4), (0.14, 0.12), (0.45, -0.02), (0.86, 0.0), (0.84, 0.14), (0.7, 0.22), (0.4, 0.3)],
                Tone.ACCENT,
            )
        pen.blob(PROFILE)
        if hair != "hat":
            pen.blob(HAIRLINE, Tone.ACCENT)
        pen.poly([(0.3, 0.9), (0.64, 0.92), (0.95, 1.05), (-0.05, 1.05)])
        if hair == "hat":
            pen.blob([(0.12, 0.24), (0.2, -0.02), (0.5, 0.03), (0.74, 0.0), (0.78, 0.22)])
            pen.poly([(0.0, 0.25), (0.5, 0.2), (1.0, 0.24), (0.98, 0.29), (0.5, 0.27), (0.02, 0.3)])

    return Cut(paint, aspect=0.86)


@dataclass(frozen=True)
class Look:
    """What tells one face from another.

    Attributes:
        hair: short, long, bob, curly, afro, fedora, stetson, helmet, quiff or bald.
        light: "half" (one side lit), "full", or "blinds" (in bars).
        glasses: none, round or dark.
        beard: none, full or moustache.
        lips: Whether the lips are in the second colour.
        glare: Whether the eyes are.
        jaw: Width of the jaw against the usual one, 0.85 to 1.12.
        length: Length of the face against the usual one, 0.93 to 1.05.
        mouth: How far the corners of the mouth rise, -0.02 to 0.03.
        brow: How far the brows slant, -0.03 (worried) to 0.03 (stern).
    """

    hair: str = "short"
    light: str = "half"
    glasses: str = "none"
    beard: str = "none"
    lips: bool = False
    glare: bool = False
    jaw: float = 1.0
    length: float = 1.0
    mouth: float = 0.0
    brow: float = 0.0


HEAD: tuple[Point, ...] = (
    (0.5, 0.1), (0.74, 0.2), (
        0.79, 0.45,
    ), (0.73, 0.7), (0.58, 0.86), (0.5, 0.88), (0.42, 0.86), (0.27, 0.7), (0.21, 0.45),
    (0.26, 0.2),
)
NECK: tuple[Point, ...] = ((0.38, 0.76), (0.62, 0.76), (0.66, 0.95), (1.0, 1.06), (0.0, 1.06), (0.34, 0.95))


def _bend(pen: Pen, look: Look) -> None:
    def bend(point: Point) -> Point:
        x, y = point
        low = min(1.0, max(0.0, (y - 0.45) / 0.3)) if y < 0.9 else max(0.0, (1.0 - y) / 0.1)
        return 0.5 + (x - 0.5) * (1 + (look.jaw - 1) * low), y if y > 0.9 else 0.45 + (y - 0.45) * look.length

    pen.bend = bend


def skin(look: Look) -> Cut:
    """What of a face is skin, to be laid under `face` in the colour of the light."""

    def paint(pen: Pen) -> None:
        _bend(pen, look)
        pen.blob(HEAD)
        pen.poly([(0.38, 0.76), (0.62, 0.76), (0.64, 0.94), (0.36, 0.94)])

    return Cut(paint, aspect=0.86)


def face(look: Look) -> Cut:
    """A face from the front: shadow, hair and features are SOLID, skin in the light is CUT away, the rest ACCENT."""

    def paint(pen: Pen) -> None:
        _bend(pen, look)
        _hair_behind(pen, look.hair)
        pen.blob(HEAD)
        pen.poly(NECK)
        LIGHTS[look.light](pen)
        _features(pen, look)
        _hair_before(pen, look.hair)

    return Cut(paint, aspect=0.86)


def _half(pen: Pen) -> None:
    pen.blob(
        [(0.3, 0.26), (0.48, 0.2), (0.5, 0.34), (0.49, 0.5), (0.54, 0.585), (0.5, 0.64), (0.53, 0.74), (0.5, 0.84),
         (0.42, 0.83), (0.3, 0.68), (0.25, 0.45)],
        Tone.CUT,
    )
    pen.blob([(0.6, 0.52), (0.72, 0.5), (0.68, 0.64), (0.6, 0.66)], Tone.CUT)  # the far cheek
    pen.blob([(0.37, 0.9), (0.45, 0.91), (0.44, 1.0), (0.36, 0.98)], Tone.CUT)


def _full(pen: Pen) -> None:
    pen.blob(
        [(0.5, 0.13), (0.68, 0.2), (0.73, 0.45), (0.68, 0.68), (0.55, 0.83), (0.5, 0.85), (0.42, 0.83), (0.28, 0.68),
         (0.23, 0.45), (0.29, 0.2)],
        Tone.CUT,
    )
    pen.poly([(0.39, 0.87), (0.55, 0.89), (0.55, 0.95), (0.39, 0.95)], Tone.CUT)


def _blinds(pen: Pen) -> None:
    for i in range(7):
        y = 0.19 + 0.1 * i
        upper, lower = (0.27 * max(0.0, 1 - ((v - 0.46) / 0.42) ** 2) ** 0.5 for v in (y, y + 0.06))
        pen.poly(
            [(0.5 - upper, y), (0.5 + upper, y - 0.02), (0.5 + lower, y + 0.04), (0.5 - lower, y + 0.06)], Tone.CUT,
        )


LIGHTS: dict[str, Callable[[Pen], None]] = {"half": _half, "full": _full, "blinds": _blinds}


def _features(pen: Pen, look: Look) -> None:
    far_eye_dark = look.light != "half"
    for x, lit, side in ((0.37, True, -1), (0.63, far_eye_dark, 1)):
        ink, white = (Tone.SOLID, Tone.CUT) if lit else (Tone.CUT, Tone.SOLID)
        _eye(pen, x, ink, white, look.glare)
        tilt = look.brow
        pen.poly(
            [
                (x - 0.09, 0.378 - tilt * side), (x, 0.35), (x + 0.09, 0.378 + tilt * side),
                (x + 0.09, 0.398 + tilt * side), (x, 0.376), (x - 0.09, 0.398 - tilt * side),
            ],
            ink,
        )
    pen.poly([(0.49, 0.46), (0.54, 0.6), (0.45, 0.605), (0.5, 0.585)])
    _mouth(pen, look)
    if look.glasses == "round":
        for x in (0.365, 0.635):
            pen.ring(x, 0.45, 0.115, 0.022)
        pen.line([(0.47, 0.44), (0.53, 0.44)], 0.02)
    elif look.glasses == "dark":
        for x in (0.36, 0.64):
            pen.blob([(x - 0.12, 0.41), (x, 0.395), (x + 0.12, 0.41), (x + 0.1, 0.51), (x, 0.53), (x - 0.1, 0.51)])
            pen.line([(x - 0.06, 0.43), (x - 0.02, 0.49)], 0.018, Tone.ACCENT)
        pen.line([(0.22, 0.42), (0.78, 0.42)], 0.025)


def _eye(pen: Pen, x: float, ink: Tone, white: Tone, glare: bool) -> None:
    pen.blob([(x - 0.085, 0.455), (x, 0.415), (x + 0.085, 0.45), (x, 0.482)], ink)
    pen.blob([(x - 0.062, 0.455), (x, 0.432), (x + 0.062, 0.452), (x, 0.473)], white)
    pen.disc(x, 0.451, 0.025, tone=Tone.ACCENT if glare else ink)
    pen.disc(x + 0.01, 0.446, 0.008, tone=white)


def _mouth(pen: Pen, look: Look) -> None:
    if look.beard == "full":
        pen.blob(
            [
                (0.22, 0.56), (0.34, 0.66), (0.5, 0.645), (0.66, 0.66), (0.78, 0.56), (0.7, 0.86), (0.5, 0.98),
                (0.3, 0.86),
            ]
        )
    elif look.beard == "moustache":
        pen.blob([(0.34, 0.7), (0.42, 0.645), (0.5, 0.65), (0.58, 0.645), (0.66, 0.7), (0.5, 0.68)])
    up = look.mouth
    lips = [(0.39, 0.715 - up), (0.46, 0.697), (0.5, 0.705), (0.54, 0.697), (0.61, 0.715 - up), (0.5, 0.748)]
    pen.blob(lips, Tone.ACCENT if look.lips or look.beard == "full" else Tone.SOLID)
    pen.line([(0.39, 0.715 - up), (0.5, 0.72), (0.61, 0.715 - up)], 0.01)


def _hair_behind(pen: Pen, hair: str) -> None:
    if hair == "long":
        pen.blob(
            [
                (0.5, 0.02), (0.84, 0.14), (0.9, 0.5), (0.96, 0.95), (0.7, 0.98), (0.3, 0.98), (0.04, 0.95), (0.1, 0.5),
                (0.16, 0.14),
            ]
        )
    elif hair == "afro":
        pen.disc(0.5, 0.3, 0.42, 0.31)


def _hair_before(pen: Pen, hair: str) -> None:
    if hair == "short":
        pen.blob(
            [
                (0.2, 0.44), (0.18, 0.18), (0.4, 0.03), (0.66, 0.04), (0.83, 0.2), (0.8, 0.44), (0.74, 0.26),
                (0.5, 0.2), (0.28, 0.26),
            ]
        )
    elif hair in {"long", "bob"}:
        pen.blob(
            [
                (0.18, 0.62), (0.14, 0.2), (0.5, 0.02), (0.86, 0.2), (0.82, 0.62), (0.76, 0.32), (0.5, 0.2),
                (0.34, 0.25), (0.24, 0.36),
            ]
        )
    elif hair == "fedora":
        pen.blob([(0.22, 0.24), (0.28, 0.0), (0.5, 0.04), (0.72, 0.0), (0.78, 0.24)])
        pen.blob(
            [
                (0.02, 0.3), (0.24, 0.22), (0.5, 0.24), (0.76, 0.22), (0.98, 0.3), (0.74, 0.34), (0.5, 0.345),
                (0.26, 0.34),
            ]
        )
    elif hair == "stetson":
        pen.blob([(0.24, 0.2), (0.28, -0.02), (0.5, 0.03), (0.72, -0.02), (0.76, 0.2)])
        pen.blob(
            [(-0.04, 0.16), (0.22, 0.2), (0.5, 0.19), (0.78, 0.2), (1.04, 0.16), (0.8, 0.31), (0.5, 0.33), (0.2, 0.31)]
        )
    elif hair == "helmet":
        pen.blob([(0.14, 0.36), (0.16, 0.12), (0.5, -0.02), (0.84, 0.12), (0.86, 0.36), (0.5, 0.27)])
    elif hair == "curly":
        for x, y in ((0.24, 0.3), (0.26, 0.18), (0.38, 0.09), (0.52, 0.07), (0.66, 0.1), (0.76, 0.2), (0.78, 0.32)):
            pen.disc(x, y, 0.095)
    elif hair == "quiff":
        pen.blob(
            [
                (0.2, 0.4), (0.18, 0.14), (0.36, -0.02), (0.7, -0.02), (0.86, 0.1), (0.8, 0.4), (0.75, 0.22),
                (0.5, 0.25), (0.27, 0.24),
            ]
        )
