"""What each era and genre likes, as data: weights for stagings, grounds and the light on faces.

An era's row counts up to and including its year; the last row is for today.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

Weights = dict[str, float]

STAGING_ERAS: tuple[tuple[int, Weights], ...] = (
    (
        1945,
        {
            "frame": 6, "landscape": 2, "big face": 3, "duo": 2, "shadow": 2, "cut paper": 1, "gathering": 2,
            "looming": 2, "pyramid": 1,
        },
    ),
    (
        1959,
        {
            "cut paper": 4, "frame": 1, "big face": 3, "duo": 2, "geometry": 2, "shadow": 2, "looming": 2, "pyramid": 2,
            "landscape": 2, "gathering": 1,
        },
    ),
    (
        1969,
        {
            "cut paper": 4, "geometry": 3, "pattern": 3, "heads": 2, "icon": 2, "panels": 3, "lone": 1, "ribbons": 2,
            "landscape": 2, "aperture": 1, "big face": 2,
        },
    ),
    (
        1979,
        {
            "ribbons": 4, "panels": 2, "icon": 2, "big face": 2, "aperture": 2, "landscape": 2, "lone": 2, "heads": 2,
            "pyramid": 2, "looming": 1, "gathering": 1,
        },
    ),
    (
        1989,
        {
            "looming": 4, "pyramid": 4, "landscape": 3, "gathering": 3, "icon": 2, "big face": 2, "shadow": 2,
            "aperture": 1, "heads": 1, "lone": 1,
        },
    ),
    (
        1999,
        {
            "big face": 4, "pyramid": 3, "heads": 2, "looming": 3, "landscape": 2, "icon": 2, "duo": 2, "aperture": 2,
            "lone": 2, "shadow": 1, "gathering": 2,
        },
    ),
    (
        2009,
        {
            "double exposure": 2, "big face": 3, "pyramid": 3, "landscape": 3, "lone": 3, "looming": 3, "heads": 1,
            "gathering": 2, "duo": 2, "icon": 2, "aperture": 1,
        },
    ),
    (
        9999,
        {
            "icon": 4, "double exposure": 4, "lone": 4, "geometry": 2, "aperture": 3, "landscape": 3, "pattern": 2,
            "panels": 1, "looming": 2, "big face": 2, "duo": 1,
        },
    ),
)

STAGING_GENRES: dict[str, Weights] = {
    # how many times likelier a genre makes a way of staging; 0 rules it out
    "Horror": {
        "shadow": 3, "looming": 2.5, "big face": 1.5, "icon": 1.5, "heads": 0, "pattern": 0.2, "geometry": 0,
        "ribbons": 0.3, "gathering": 0.4,
    },
    "Comedy": {
        "heads": 3, "pattern": 3, "icon": 2, "gathering": 2, "double exposure": 0.3, "shadow": 0.3, "looming": 0.6,
        "lone": 0.5,
    },
    "Romance": {"duo": 1.6, "landscape": 2, "aperture": 1.5, "icon": 1.5, "shadow": 0.2, "looming": 0.5},
    "Sci-Fi": {"orbit": 6, "landscape": 2, "looming": 2, "frame": 0.3},
    "Western": {
        "landscape": 5, "lone": 2, "gathering": 2, "pattern": 0, "geometry": 0.2, "double exposure": 0.5,
        "ribbons": 1.5,
    },
    "War": {"gathering": 2, "landscape": 2.5, "looming": 1.5, "pattern": 0.2, "heads": 0.4},
    "Film-Noir": {
        "shadow": 3, "big face": 2.5, "duo": 1.2, "lone": 2, "pattern": 0, "geometry": 0.2, "heads": 0.2, "ribbons": 0,
    },
    "Animation": {
        "icon": 2, "landscape": 3, "aperture": 1.5, "big face": 0.1, "pyramid": 0.1, "double exposure": 0.2, "duo": 0.1,
        "heads": 0.1,
    },
    "Children": {"landscape": 2, "icon": 2, "big face": 0.3, "shadow": 0.4},
    "Musical": {"gathering": 3, "ribbons": 2, "geometry": 1.5},
    "Fantasy": {"landscape": 2.5, "aperture": 1.5, "looming": 1.5},
    "Adventure": {"landscape": 2, "pyramid": 1.5},
    "Action": {"pyramid": 1.5, "looming": 1.5, "gathering": 1.5},
    "Mystery": {"shadow": 1.5, "aperture": 1.5},
}

EMBLEM_STAGINGS = ("icon", "looming", "pattern", "shadow", "aperture", "geometry", "ribbons", "cut paper")

GROUND_GENRES: dict[str, Weights] = {
    "Horror": {"night": 3, "smoke": 4, "spotlight": 4, "rain": 1, "blaze": 1.5, "flat": 1},
    "Thriller": {"night": 2, "smoke": 2, "spotlight": 3, "rain": 2, "diagonal": 2, "blinds": 1, "flat": 2, "spiral": 1},
    "Film-Noir": {"blinds": 7, "spotlight": 3, "rain": 2, "smoke": 2, "diagonal": 1.5},
    "Crime": {"diagonal": 2, "spotlight": 2, "rain": 2, "blocks": 1.5, "flat": 2, "night": 2, "blinds": 1, "blaze": 1},
    "Mystery": {"smoke": 3, "spotlight": 3, "night": 2, "spiral": 2, "rings": 1},
    "Action": {"blaze": 4, "dusk": 2, "diagonal": 2, "rays": 1.5, "smoke": 2, "triangles": 1},
    "Adventure": {"dusk": 3, "rays": 3, "dawn": 2, "blaze": 1.5},
    "Western": {"dusk": 4, "dawn": 3, "flat": 2, "rays": 1, "bright": 2},
    "War": {"dusk": 2, "smoke": 3, "blaze": 2, "dawn": 1, "flat": 1},
    "Sci-Fi": {"stars": 7, "neon": 2, "triangles": 1, "rings": 1, "night": 1, "smoke": 1},
    "Fantasy": {"stars": 2, "dusk": 3, "dawn": 2, "rays": 2, "smoke": 1},
    "Animation": {"rays": 3, "bright": 3, "dawn": 3, "dots": 2, "rings": 1.5, "triangles": 1, "flat": 1},
    "Children": {"bright": 3, "rays": 3, "dots": 2, "dawn": 2},
    "Comedy": {
        "bright": 3, "flat": 3, "rays": 2, "stripes": 2, "dots": 2.5, "paper": 2, "blocks": 2, "rings": 1.5,
        "diagonal": 1,
    },
    "Romance": {"dawn": 4, "dusk": 2, "paper": 2, "bright": 3, "flat": 1},
    "Musical": {"curtain": 3, "rays": 3, "stripes": 2, "rings": 1.5, "spotlight": 1},
    "Drama": {"flat": 2, "dawn": 2, "dusk": 2, "paper": 1.5, "diagonal": 1, "spotlight": 1, "blocks": 1, "bright": 1},
    "Documentary": {"paper": 3, "blocks": 2, "flat": 2},
}

GROUND_ERAS: tuple[tuple[int, Weights], ...] = (
    (1945, {"curtain": 2, "neon": 0, "triangles": 0, "dots": 0.3}),
    (1959, {"blocks": 1.5, "diagonal": 1.5, "neon": 0, "triangles": 0.3}),
    (1979, {"stripes": 2, "rings": 2, "dots": 2, "blocks": 1.5, "neon": 0}),
    (1989, {"neon": 4, "blaze": 1.5, "stars": 1.3}),
    (2009, {"neon": 0.2, "blaze": 1.5}),
    (9999, {"flat": 2, "paper": 1.5, "triangles": 2, "neon": 0.5}),
)

THEME_GROUNDS: dict[str, Weights] = {
    "space": {"stars": 5}, "madness": {"spiral": 5}, "obsession": {"spiral": 3}, "dreams": {"spiral": 2}, "theatre": {
        "curtain": 5
    },
    "rain-city": {"rain": 6}, "night-city": {
        "neon": 3, "night": 2,
    }, "computer": {"neon": 3}, "celebrity": {"curtain": 2},
    "circus": {"stripes": 5}, "time-loop": {"rings": 4}, "nuclear": {"blaze": 4}, "psychiatrist": {"spiral": 4},
    "detective": {"blinds": 2}, "hacker": {"neon": 3}, "ghosts": {"smoke": 3}, "haunted-house": {
        "night": 2, "smoke": 2,
    },
}

LIGHT_ERAS: tuple[tuple[int, Weights], ...] = (
    (1959, {"half": 3, "full": 2, "blinds": 0}),
    (1979, {"half": 2, "full": 3, "blinds": 0}),
    (9999, {"half": 3, "full": 2, "blinds": 0}),
)

LIGHT_GENRES: dict[str, Weights] = {
    "Comedy": {"half": 0.5, "full": 5, "blinds": 0},
    "Animation": {"half": 0, "full": 1, "blinds": 0},
    "Film-Noir": {"half": 3, "full": 0, "blinds": 2},
    "Horror": {"half": 4, "full": 0.5, "blinds": 0.5},
    "Romance": {"half": 1, "full": 4, "blinds": 0},
    "Thriller": {"half": 3, "full": 0.5, "blinds": 1.2},
}


def era(table: tuple[tuple[int, Weights], ...], year: int) -> Weights:
    """The row of a table that a year falls in."""
    return next(weights for until, weights in table if year <= until)


def pick(weights: Mapping[str, float], rng: np.random.Generator) -> str:
    """One key, as likely as its weight says."""
    names = list(weights)
    shares = np.array([weights[name] for name in names], dtype=float)
    return names[int(rng.choice(len(names), p=shares / shares.sum()))]
