"""Parts of bodies, ghosts and strangers as stencils. `BODIES` names them."""

from __future__ import annotations

from matinee_sample.poster_art.canvas import Cut, Pen, Tone

CUT, ACCENT = Tone.CUT, Tone.ACCENT


def eye(pen: Pen) -> None:
    """A wide eye."""
    pen.blob([(0.0, 0.52), (0.24, 0.2), (0.5, 0.1), (0.76, 0.2), (1.0, 0.52), (0.76, 0.82), (0.5, 0.9), (0.24, 0.82)])
    pen.blob(
        [(0.08, 0.52), (0.28, 0.28), (0.5, 0.2), (0.72, 0.28), (0.92, 0.52), (0.72, 0.74), (0.5, 0.82), (0.28, 0.74)],
        CUT,
    )
    pen.disc(0.5, 0.5, 0.155, tone=ACCENT)
    pen.disc(0.5, 0.5, 0.075)
    pen.disc(0.55, 0.42, 0.03, tone=CUT)


def skull(pen: Pen) -> None:
    """A skull from the front."""
    pen.blob(
        [(0.5, 0.02), (0.84, 0.12), (0.94, 0.42), (0.78, 0.66), (0.5, 0.7), (0.22, 0.66), (0.06, 0.42), (0.16, 0.12)]
    )
    pen.blob([(0.28, 0.6), (0.72, 0.6), (0.7, 0.94), (0.5, 0.98), (0.3, 0.94)])
    for x in (0.31, 0.69):
        pen.disc(x, 0.44, 0.135, 0.12, CUT)
        pen.disc(x, 0.45, 0.035, tone=ACCENT)
    pen.poly([(0.5, 0.52), (0.57, 0.65), (0.43, 0.65)], CUT)
    for x in (0.38, 0.46, 0.54, 0.62):
        pen.line([(x, 0.76), (x, 0.93)], 0.02, CUT)


def alien(pen: Pen) -> None:
    """A long head with dark almond eyes."""
    pen.blob([(0.5, 0.02), (0.84, 0.14), (0.92, 0.4), (0.7, 0.76), (0.5, 0.94), (0.3, 0.76), (0.08, 0.4), (0.16, 0.14)])
    for side in (-1, 1):
        pen.blob(
            [(0.5 + 0.07 * side, 0.56), (0.5 + 0.2 * side, 0.38), (0.5 + 0.34 * side, 0.38), (0.5 + 0.24 * side, 0.56)],
            CUT,
        )
        pen.disc(0.5 + 0.22 * side, 0.45, 0.03, tone=ACCENT)


def ghost(pen: Pen) -> None:
    """A sheet with eyes."""
    pen.blob(
        [
            (0.5, 0.02), (0.76, 0.12), (0.86, 0.4), (0.92, 0.98), (0.76, 0.86), (0.64, 0.98), (0.5, 0.86), (0.36, 0.98),
            (0.24, 0.86), (0.08, 0.98), (0.14, 0.4), (0.24, 0.12),
        ]
    )
    for x in (0.38, 0.62):
        pen.disc(x, 0.34, 0.07, 0.08, CUT)
        pen.disc(x, 0.36, 0.025, tone=ACCENT)


def smile(pen: Pen) -> None:
    """A wide grin with teeth."""
    pen.blob([(0.0, 0.16), (0.26, 0.3), (0.5, 0.34), (0.74, 0.3), (1.0, 0.16), (0.84, 0.68), (0.5, 0.94), (0.16, 0.68)])
    pen.blob([(0.1, 0.32), (0.5, 0.46), (0.9, 0.32), (0.84, 0.52), (0.5, 0.64), (0.16, 0.52)], CUT)
    pen.disc(0.5, 0.82, 0.16, 0.1, ACCENT)


def hand(pen: Pen) -> None:
    """An open hand that reaches up."""
    pen.blob(
        [
            (0.3, 1.02), (0.32, 0.8), (0.26, 0.62), (0.3, 0.5), (0.5, 0.46), (0.72, 0.5), (0.74, 0.66), (0.66, 0.82),
            (0.68, 1.02),
        ]
    )
    for base, tip, wide in (
        ((0.34, 0.54), (0.24, 0.2), 0.1), ((0.46, 0.5), (0.43, 0.08), 0.105), ((0.58, 0.5), (0.62, 0.1), 0.105),
        ((0.69, 0.56), (0.8, 0.22), 0.095),
    ):
        pen.limb(base, tip, wide, wide * 0.75)
    pen.limb((0.3, 0.68), (0.08, 0.48), 0.12, 0.08)


def crowd(pen: Pen) -> None:
    """A row of heads and shoulders of different heights."""
    for x in (0.1, 0.9, 0.26, 0.74, 0.42, 0.6):
        top = 0.2 + float(pen.rng.uniform(0, 0.3))
        pen.disc(x, top, 0.065, 0.14)
        pen.blob([(x - 0.13, 1.1), (x - 0.12, top + 0.26), (x, top + 0.15), (x + 0.12, top + 0.26), (x + 0.13, 1.1)])


def visor(pen: Pen) -> None:
    """A space helmet."""
    pen.blob([(0.04, 1.02), (0.12, 0.8), (0.5, 0.72), (0.88, 0.8), (0.96, 1.02)])
    pen.disc(0.5, 0.44, 0.4)
    pen.blob([(0.22, 0.3), (0.5, 0.2), (0.78, 0.3), (0.82, 0.54), (0.5, 0.68), (0.18, 0.54)], CUT)
    pen.blob([(0.28, 0.34), (0.5, 0.26), (0.72, 0.34), (0.76, 0.52), (0.5, 0.62), (0.24, 0.52)], ACCENT)


BODIES: dict[str, Cut] = {
    "eye": Cut(eye, 1.6), "skull": Cut(skull, 0.85), "alien": Cut(alien, 0.75), "ghost": Cut(ghost, 0.8),
    "smile": Cut(smile, 1.6), "hand": Cut(hand, 0.75), "crowd": Cut(crowd, 2.0), "visor": Cut(visor),
}
