"""Where the title, the credits and the picture go, and which lettering an era and a genre like, as data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matinee_sample.poster_art.brief import Zone
from matinee_sample.poster_art.lettering import Lettering


@dataclass(frozen=True)
class Layout:
    """One way to divide the sheet.

    Attributes:
        title: The title's box.
        focus: The picture's room.
        director: Where the director's line stands: x, y and which end of it x is ("left", "centre", "right").
        weight: How often it is taken.
        turned: Whether the title runs up the sheet.
        until: The last year it is in fashion.
        since: The first.
    """

    title: Zone
    focus: Zone
    director: tuple[float, float, str]
    weight: float = 1.0
    turned: bool = False
    since: int = 0
    until: int = 9999


LAYOUTS: dict[str, Layout] = {
    "foot": Layout(Zone(0.07, 0.68, 0.93, 0.86), Zone(0.04, 0.08, 0.96, 0.67), (0.5, 0.042, "centre"), 4),
    "foot, credit close": Layout(Zone(0.07, 0.66, 0.93, 0.82), Zone(0.04, 0.03, 0.96, 0.65), (0.5, 0.862, "centre"), 4),
    "head": Layout(Zone(0.07, 0.075, 0.93, 0.25), Zone(0.04, 0.27, 0.96, 0.89), (0.5, 0.042, "centre"), 4),
    "head, large": Layout(Zone(0.05, 0.05, 0.95, 0.36), Zone(0.06, 0.38, 0.94, 0.88), (0.5, 0.888, "centre"), 2),
    "foot, large": Layout(Zone(0.05, 0.55, 0.95, 0.86), Zone(0.06, 0.075, 0.94, 0.54), (0.5, 0.04, "centre"), 2.5),
    "left": Layout(Zone(0.07, 0.6, 0.8, 0.84), Zone(0.06, 0.05, 0.96, 0.6), (0.07, 0.872, "left"), 2.5, since=1955),
    "top left": Layout(
        Zone(0.07, 0.075, 0.8, 0.28), Zone(0.1, 0.28, 0.98, 0.89), (0.07, 0.042, "left"), 2.5, since=1955,
    ),
    "top right": Layout(
        Zone(0.24, 0.075, 0.93, 0.27), Zone(0.02, 0.28, 0.94, 0.89), (0.93, 0.042, "right"), 1.5, since=1955,
    ),
    "middle": Layout(Zone(0.06, 0.42, 0.94, 0.58), Zone(0.05, 0.05, 0.95, 0.42), (0.5, 0.62, "centre"), 1, since=1965),
    "small": Layout(Zone(0.16, 0.76, 0.84, 0.85), Zone(0.04, 0.04, 0.96, 0.74), (0.5, 0.872, "centre"), 3, since=1975),
    "small, above": Layout(
        Zone(0.14, 0.07, 0.86, 0.17), Zone(0.04, 0.2, 0.96, 0.89), (0.5, 0.195, "centre"), 2, since=1985,
    ),
    "up the side": Layout(
        Zone(
            0.05, 0.06, 0.21, 0.86,
        ), Zone(0.24, 0.08, 0.98, 0.87), (0.95, 0.042, "right"), 1.2, turned=True, since=1955,
    ),
}

STYLES: tuple[tuple[int, int, float, str, Lettering], ...] = (
    # first year, last year, weight, genres that want it ("" for all), lettering
    (0, 1948, 3, "", Lettering("slab bold", align="centre", effect="drop", squeeze=0.85)),
    (0, 1948, 2, "", Lettering("slab italic", case="title", effect="outline")),
    (0, 1952, 2, "", Lettering("sans bold", squeeze=0.62, effect="extrude")),
    (0, 1955, 2, "", Lettering("times bold", effect="drop", tracking=0.04)),
    (0, 1962, 2, "", Lettering("times italic", case="title", effect="soft")),
    (0, 1960, 2, "Film-Noir Crime Thriller Mystery", Lettering("slab bold", effect="band", squeeze=0.8)),
    (1945, 1968, 3, "", Lettering("sans bold", case="lower", dance=0.06, leading=0.02, effect="plain")),
    (1948, 1969, 2.5, "", Lettering("sans bold", squeeze=0.6, align="left", leading=0.08)),
    (1950, 1969, 2, "", Lettering("grotesque", case="lower", align="left", leading=0.05)),
    (1950, 1972, 2, "", Lettering("slab", case="title", align="left")),
    (1955, 1975, 2, "", Lettering("sans bold", align="block", squeeze=0.8, effect="plain")),
    (
        1955, 1975, 1.5, "Comedy Musical Romance Children Animation",
        Lettering("slab italic", case="lower", effect="drop"),
    ),
    (
        1965, 1984, 2.5, "",
        Lettering("slab bold", case="title", squeeze=0.9, tracking=-0.04, leading=0.0, effect="plain"),
    ),
    (1966, 1984, 2.5, "", Lettering("slab bold", case="lower", tracking=-0.05, leading=0.0, effect="drop")),
    (1966, 1986, 2, "", Lettering("sans bold", align="block", squeeze=0.7, leading=0.1)),
    (1968, 1986, 1.5, "", Lettering("typewriter", case="lower", align="left")),
    (1970, 1990, 2, "", Lettering("times bold", effect="plain", tracking=0.02)),
    (1978, 1994, 3, "Sci-Fi Action Adventure Fantasy", Lettering("sans oblique", effect="chrome", squeeze=0.9)),
    (
        1978, 1994, 2, "Sci-Fi Action Horror Musical Comedy Thriller",
        Lettering("sans oblique", effect="neon", squeeze=0.85),
    ),
    (1978, 1994, 2, "", Lettering("sans bold", effect="soft", squeeze=0.75)),
    (1980, 1999, 2, "", Lettering("times bold", effect="soft", tracking=0.08)),
    (1984, 2004, 2, "", Lettering("sans bold", align="block", squeeze=0.62, effect="soft", leading=0.12)),
    (1988, 2008, 3, "", Lettering("times", effect="soft", tracking=0.14)),
    (1990, 2009, 2, "", Lettering("sans bold", squeeze=0.55, effect="soft")),
    (1994, 9999, 2, "", Lettering("typewriter", case="lower", effect="plain")),
    (1998, 9999, 3, "", Lettering("sans", tracking=0.22, effect="plain", leading=0.5)),
    (1998, 9999, 2.5, "", Lettering("sans bold", squeeze=0.58, tracking=0.06)),
    (2002, 9999, 2, "", Lettering("grotesque", tracking=0.18, leading=0.4)),
    (2004, 9999, 2, "", Lettering("sans bold", align="block", squeeze=0.7, leading=0.16)),
    (2006, 9999, 2, "", Lettering("didone", case="title", align="left", leading=0.02)),
    (2008, 9999, 2, "", Lettering("sans bold", case="lower", align="left", tracking=-0.03, leading=0.0)),
    (2008, 9999, 1.5, "", Lettering("times", tracking=0.26, leading=0.45)),
    (0, 9999, 5, "Horror", Lettering("slab bold", effect="worn", squeeze=0.7)),
    (0, 9999, 3, "Horror", Lettering("times bold", effect="worn", tracking=0.05)),
    (1940, 9999, 3, "Horror", Lettering("sans bold", dance=0.05, squeeze=0.55, effect="worn", leading=0.02)),
    (0, 9999, 8, "Western", Lettering("slab bold", align="block", squeeze=0.75, effect="worn", leading=0.1)),
    (0, 9999, 5, "Western", Lettering("slab bold", squeeze=0.6, effect="extrude", tracking=0.03)),
    (0, 9999, 3, "Western", Lettering("slab bold", squeeze=1.25, effect="drop")),
    (0, 9999, 3, "War", Lettering("typewriter", align="left", effect="worn")),
    (0, 9999, 3, "War Action", Lettering("sans bold", align="block", squeeze=0.6, effect="worn", leading=0.12)),
    (0, 9999, 3, "Sci-Fi", Lettering("sans", tracking=0.3, squeeze=1.2, leading=0.5)),
    (0, 9999, 2.5, "Sci-Fi", Lettering("sans bold", squeeze=1.35, tracking=0.06)),
    (
        1960, 9999, 4, "Animation Children",
        Lettering("sans bold", case="title", dance=0.07, effect="outline", leading=0.02),
    ),
    (
        0, 9999, 3, "Animation Children Fantasy",
        Lettering("slab bold", case="title", dance=0.04, effect="extrude", leading=0.04),
    ),
    (0, 9999, 3, "Comedy", Lettering("sans bold", case="title", dance=0.05, effect="drop", leading=0.02)),
    (1960, 9999, 2.5, "Comedy", Lettering("sans bold", effect="band", squeeze=0.8)),
    (0, 9999, 3.5, "Romance", Lettering("italic", case="title", effect="plain", leading=0.0)),
    (0, 9999, 2.5, "Romance Drama", Lettering("roman", case="title", effect="plain", leading=0.02)),
    (0, 9999, 3, "Musical", Lettering("slab italic", effect="extrude", case="title", leading=0.04)),
    (0, 9999, 3, "Fantasy Adventure", Lettering("times bold", effect="chrome", tracking=0.06)),
    (0, 9999, 3, "Documentary", Lettering("typewriter", case="title", align="left", effect="band")),
)


def layout_for(year: int, rng: np.random.Generator) -> Layout:
    """A layout in fashion that year."""
    open_ = [layout for layout in LAYOUTS.values() if layout.since <= year <= layout.until]
    shares = np.array([layout.weight for layout in open_])
    return open_[int(rng.choice(len(open_), p=shares / shares.sum()))]


def lettering_for(genres: tuple[str, ...], year: int, rng: np.random.Generator) -> Lettering:
    """A lettering of that year's fashion or of one of the genres' own."""
    fit, shares = [], []
    for first, last, weight, wanted, style in STYLES:
        if first <= year <= last and (not wanted or set(wanted.split()) & set(genres)):
            fit.append(style)
            shares.append(weight)
    return fit[int(rng.choice(len(fit), p=np.array(shares) / sum(shares)))]
