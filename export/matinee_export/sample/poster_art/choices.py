"""From a film's facts to a `Brief`: weighted dice over what its title, themes, setting, genres and year suggest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np

from matinee_export.sample.films import Film
from matinee_export.sample.poster_art.brief import Brief, Zone
from matinee_export.sample.poster_art.canvas import Cut
from matinee_export.sample.poster_art.figures import Look, couple, person
from matinee_export.sample.poster_art.machines import MACHINES
from matinee_export.sample.poster_art.motifs import (
    GENRE_EMBLEMS,
    GENRE_LANDS,
    THEME_EMBLEMS,
    THEME_LANDS,
    WORD_EMBLEMS,
    WORD_LANDS,
)
from matinee_export.sample.poster_art.things import THINGS

EMBLEMS: dict[str, Cut] = {**MACHINES, **THINGS}

Weights = dict[str, float]

STAGING_ERAS: tuple[tuple[int, Weights], ...] = (
    (1945, {"frame": 6, "landscape": 2, "big face": 3, "duo": 3, "shadow": 2, "cut paper": 1, "gathering": 2, "looming": 2, "pyramid": 1}),
    (1959, {"cut paper": 4, "frame": 1, "big face": 3, "duo": 3, "geometry": 2, "shadow": 2, "looming": 2, "pyramid": 2, "landscape": 2, "gathering": 1}),
    (1969, {"cut paper": 4, "geometry": 3, "pattern": 3, "heads": 2, "icon": 2, "panels": 3, "lone": 1, "ribbons": 2, "landscape": 2, "aperture": 1, "big face": 2}),
    (1979, {"ribbons": 4, "panels": 2, "icon": 2, "big face": 2, "aperture": 2, "landscape": 2, "lone": 2, "heads": 2, "pyramid": 2, "looming": 1, "gathering": 1}),
    (1989, {"looming": 4, "pyramid": 4, "landscape": 3, "gathering": 3, "icon": 2, "big face": 2, "shadow": 2, "aperture": 1, "heads": 1, "lone": 1}),
    (1999, {"big face": 4, "pyramid": 3, "heads": 2, "looming": 3, "landscape": 2, "icon": 2, "duo": 2, "aperture": 2, "lone": 2, "shadow": 1, "gathering": 2}),
    (2009, {"double exposure": 2, "big face": 3, "pyramid": 3, "landscape": 3, "lone": 3, "looming": 3, "heads": 1, "gathering": 2, "duo": 2, "icon": 2, "aperture": 1}),
    (9999, {"icon": 4, "double exposure": 4, "lone": 4, "geometry": 2, "aperture": 3, "landscape": 3, "pattern": 2, "panels": 1, "looming": 2, "big face": 2, "duo": 1}),
)
STAGING_GENRES: dict[str, Weights] = {
    # how many times likelier a genre makes a way of staging; 0 rules it out
    "Horror": {"shadow": 3, "looming": 2.5, "big face": 1.5, "icon": 1.5, "heads": 0, "pattern": 0.2, "geometry": 0, "ribbons": 0.3, "gathering": 0.4},
    "Comedy": {"heads": 3, "pattern": 3, "icon": 2, "gathering": 2, "double exposure": 0.3, "shadow": 0.3, "looming": 0.6, "lone": 0.5},
    "Romance": {"duo": 3.5, "landscape": 1.5, "shadow": 0.2, "looming": 0.5},
    "Sci-Fi": {"orbit": 6, "landscape": 2, "looming": 2, "frame": 0.3},
    "Western": {"landscape": 5, "lone": 2, "gathering": 2, "pattern": 0, "geometry": 0.2, "double exposure": 0.5, "ribbons": 1.5},
    "War": {"gathering": 2, "landscape": 2.5, "looming": 1.5, "pattern": 0.2, "heads": 0.4},
    "Film-Noir": {"shadow": 3, "big face": 2.5, "duo": 2, "pattern": 0, "geometry": 0.2, "heads": 0.2, "ribbons": 0},
    "Animation": {"icon": 2, "landscape": 3, "aperture": 1.5, "big face": 0.1, "pyramid": 0.1, "double exposure": 0.2, "duo": 0.1, "heads": 0.1},
    "Children": {"landscape": 2, "icon": 2, "big face": 0.3, "shadow": 0.4},
    "Musical": {"gathering": 3, "ribbons": 2, "geometry": 1.5},
    "Fantasy": {"landscape": 2.5, "aperture": 1.5, "looming": 1.5},
    "Adventure": {"landscape": 2, "pyramid": 1.5},
    "Action": {"pyramid": 1.5, "looming": 1.5, "gathering": 1.5},
    "Mystery": {"shadow": 1.5, "aperture": 1.5},
}
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
    "Comedy": {"bright": 3, "flat": 3, "rays": 2, "stripes": 2, "dots": 2.5, "paper": 2, "blocks": 2, "rings": 1.5, "diagonal": 1},
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
    "space": {"stars": 5}, "madness": {"spiral": 5}, "obsession": {"spiral": 3}, "dreams": {"spiral": 2}, "theatre": {"curtain": 5},
    "rain-city": {"rain": 6}, "night-city": {"neon": 3, "night": 2}, "computer": {"neon": 3}, "celebrity": {"curtain": 2},
    "circus": {"stripes": 5}, "time-loop": {"rings": 4}, "nuclear": {"blaze": 4}, "psychiatrist": {"spiral": 4},
    "detective": {"blinds": 2}, "hacker": {"neon": 3}, "ghosts": {"smoke": 3}, "haunted-house": {"night": 2, "smoke": 2},
}


def pick(weights: Mapping[str, float], rng: np.random.Generator) -> str:
    """One key, as likely as its weight says."""
    names = list(weights)
    shares = np.array([weights[name] for name in names], dtype=float)
    return names[int(rng.choice(len(names), p=shares / shares.sum()))]


def brief_for(film: Film, focus: Zone, rng: np.random.Generator) -> Brief:
    """Choose what a film's poster shows within the room its layout leaves."""
    emblems = _suggested(film, WORD_EMBLEMS, THEME_EMBLEMS, GENRE_EMBLEMS)
    first = pick(emblems, rng)
    second = pick({name: weight for name, weight in emblems.items() if name != first} or {"star": 1.0}, rng)
    return Brief(
        staging=_staging(film, rng),
        ground=_ground(film, rng),
        land=pick(_suggested(film, WORD_LANDS, THEME_LANDS, GENRE_LANDS), rng),
        emblem=EMBLEMS[first],
        second=EMBLEMS[second],
        cast=_cast(film, rng),
        looks=tuple(_look(film, rng, woman) for woman in rng.permutation([True, False, False, True]).tolist()),
        hair=(_hair(film, rng, False), _hair(film, rng, True)),
        focus=focus,
    )


def _suggested(film: Film, words: Mapping[str, tuple[str, ...]], themes: Mapping[str, tuple[str, ...]], genres: Mapping[str, tuple[str, ...]]) -> Weights:
    weights: Weights = {}

    def add(names: Iterable[str], weight: float) -> None:
        for name in names:
            weights[name] = weights.get(name, 0) + weight

    for text, weight in ((film.title, 9.0), (film.highlight, 5.0), (film.setting, 4.0), (film.premise, 3.0)):
        for word in re.findall(r"[a-z]+", text.lower()):
            add(words.get(word, ()), weight)
    for rank, theme in enumerate(film.themes):
        add(themes.get(theme, ()), 3.0 / (1 + rank * 0.5))
    for genre in film.genres:
        add(genres.get(genre, ()), 0.5)
    return weights or {name: 1.0 for name in genres["Drama"]}


def _era(table: tuple[tuple[int, Weights], ...], year: int) -> Weights:
    return next(weights for until, weights in table if year <= until)


def _staging(film: Film, rng: np.random.Generator) -> str:
    weights = dict(_era(STAGING_ERAS, film.year))
    for genre in film.genres:
        for name, factor in STAGING_GENRES.get(genre, {}).items():
            weights[name] = weights.get(name, 1.0) * factor
    return pick(weights, rng)


def _ground(film: Film, rng: np.random.Generator) -> str:
    weights: Weights = {}
    for genre in film.genres:
        faint = 0.3 if genre == "Drama" and len(film.genres) > 1 else 1.0
        for name, weight in GROUND_GENRES.get(genre, {}).items():
            weights[name] = weights.get(name, 0) + weight * faint
    for name, factor in _era(GROUND_ERAS, film.year).items():
        if name in weights:
            weights[name] *= factor
    for theme in film.themes:
        for name, weight in THEME_GROUNDS.get(theme, {}).items():
            weights[name] = weights.get(name, 0) + 2 * weight
    return pick(weights or GROUND_GENRES["Drama"], rng)


COSTUMES: tuple[tuple[str, tuple[tuple[str, str, str, str], ...]], ...] = (
    # first genre or theme of the film that is found: pose, clothes, hat, what is held
    ("Western", (("gunslinger", "coat", "stetson", "nothing"), ("aim", "suit", "stetson", "gun"), ("stand", "coat", "stetson", "rifle"), ("walk", "suit", "stetson", "rifle"))),
    ("samurai", (("stand", "coat", "bun", "sword"), ("rise", "coat", "bun", "sword"), ("walk", "coat", "bun", "sword"))),
    ("pirates", (("hero", "coat", "topper", "sword"), ("rise", "coat", "stetson", "sword"), ("stand", "gown", "long hair", "nothing"))),
    ("superhero", (("hero", "cape", "none", "nothing"), ("rise", "cape", "none", "nothing"), ("stand", "cape", "helmet", "nothing"))),
    ("boxing", (("rise", "suit", "none", "nothing"), ("stand", "suit", "none", "nothing"), ("hero", "suit", "none", "nothing"))),
    ("War", (("walk", "armour", "helmet", "rifle"), ("run", "armour", "helmet", "rifle"), ("stand", "armour", "helmet", "rifle"), ("rise", "armour", "helmet", "nothing"))),
    ("sword-fights", (("hero", "cape", "none", "sword"), ("rise", "armour", "helmet", "sword"), ("stand", "gown", "long hair", "nothing"))),
    ("Film-Noir", (("stand", "coat", "fedora", "nothing"), ("aim", "coat", "fedora", "gun"), ("walk", "coat", "fedora", "case"), ("stand", "gown", "long hair", "nothing"))),
    ("gangsters", (("stand", "suit", "fedora", "gun"), ("aim", "coat", "fedora", "gun"), ("walk", "suit", "none", "case"))),
    ("space", (("stand", "armour", "helmet", "nothing"), ("walk", "armour", "helmet", "nothing"), ("fall", "armour", "helmet", "nothing"))),
    ("Fantasy", (("hero", "cape", "none", "sword"), ("stand", "gown", "long hair", "nothing"), ("rise", "coat", "none", "cane"), ("walk", "coat", "bun", "cane"))),
    ("period-costume", (("stand", "gown", "bun", "nothing"), ("stand", "coat", "topper", "cane"), ("dance", "gown", "long hair", "nothing"))),
    ("Horror", (("stand", "coat", "none", "nothing"), ("run", "dress", "long hair", "nothing"), ("stand", "gown", "long hair", "nothing"), ("walk", "coat", "none", "nothing"))),
    ("Musical", (("dance", "dress", "long hair", "nothing"), ("dance", "suit", "topper", "cane"), ("rise", "dress", "bun", "nothing"), ("dance", "suit", "none", "umbrella"))),
    ("Children", (("run", "suit", "none", "balloon"), ("rise", "dress", "long hair", "nothing"), ("walk", "suit", "none", "balloon"))),
    ("Action", (("aim", "suit", "none", "gun"), ("run", "suit", "none", "gun"), ("hero", "coat", "none", "nothing"), ("walk", "coat", "long hair", "gun"))),
    ("Crime", (("walk", "suit", "none", "case"), ("aim", "suit", "none", "gun"), ("stand", "coat", "none", "nothing"), ("run", "suit", "none", "case"))),
    ("Thriller", (("run", "suit", "none", "nothing"), ("walk", "coat", "none", "case"), ("fall", "suit", "none", "nothing"), ("stand", "dress", "long hair", "nothing"))),
    ("Romance", (("dance", "dress", "long hair", "nothing"), ("walk", "coat", "none", "umbrella"), ("stand", "dress", "long hair", "nothing"), ("sit", "suit", "none", "nothing"))),
    ("Comedy", (("dance", "suit", "none", "umbrella"), ("run", "suit", "topper", "cane"), ("rise", "dress", "bun", "nothing"), ("hero", "suit", "none", "nothing"), ("walk", "dress", "long hair", "case"))),
    ("", (("stand", "suit", "none", "nothing"), ("walk", "coat", "none", "case"), ("sit", "suit", "none", "nothing"), ("stand", "dress", "long hair", "nothing"), ("walk", "dress", "bun", "umbrella"))),
)


def _cast(film: Film, rng: np.random.Generator) -> tuple[Cut, ...]:
    tags = {*film.genres, *film.themes}
    wardrobe = next(costumes for tag, costumes in COSTUMES if not tag or tag in tags)
    order = rng.permutation(len(wardrobe)).tolist()
    cast = [person(*wardrobe[order[i % len(order)]]) for i in range(3)]
    if "Romance" in tags and rng.random() < 0.5:
        cast[0] = couple()
    return tuple(cast)


def _look(film: Film, rng: np.random.Generator, woman: bool) -> Look:
    if woman:
        return Look(str(rng.choice(["long", "bob", "curly", "afro"], p=[0.45, 0.3, 0.15, 0.1])), bool(rng.random() < 0.1), False, True)
    hats = {"Western": "stetson", "War": "helmet", "Film-Noir": "fedora"}
    hat = next((hats[genre] for genre in film.genres if genre in hats), "fedora" if film.year < 1960 else "curly")
    hair = hat if rng.random() < 0.55 else str(rng.choice(["short", "curly", "short", "afro"]))
    return Look(hair, bool(rng.random() < 0.2), bool(rng.random() < 0.25), False)


def _hair(film: Film, rng: np.random.Generator, woman: bool) -> str:
    if woman:
        return str(rng.choice(["long", "bun"]))
    return str(rng.choice(["hat", "short"])) if film.year < 1962 else str(rng.choice(["short", "quiff", "long"]))
