"""From a film's facts to a `Brief`: weighted dice over what its title, themes, setting, genres and year suggest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np

from matinee_sample.films import Film
from matinee_sample.poster_art.bodies import BODIES
from matinee_sample.poster_art.brief import Brief, Zone
from matinee_sample.poster_art.canvas import Cut
from matinee_sample.poster_art.creatures import CREATURES
from matinee_sample.poster_art.fashions import (
    EMBLEM_STAGINGS,
    GROUND_ERAS,
    GROUND_GENRES,
    STAGING_ERAS,
    STAGING_GENRES,
    THEME_GROUNDS,
    Weights,
    era,
    pick,
)
from matinee_sample.poster_art.instruments import INSTRUMENTS
from matinee_sample.poster_art.motifs import GENRE_EMBLEMS, THEME_EMBLEMS, WORD_EMBLEMS
from matinee_sample.poster_art.objects import OBJECTS
from matinee_sample.poster_art.places import GENRE_LANDS, THEME_LANDS, WORD_LANDS
from matinee_sample.poster_art.signs import SIGNS
from matinee_sample.poster_art.vehicles import VEHICLES
from matinee_sample.poster_art.wardrobe import cast, hair, leads, look

EMBLEMS: dict[str, Cut] = BODIES | CREATURES | INSTRUMENTS | OBJECTS | SIGNS | VEHICLES


def brief_for(film: Film, focus: Zone, rng: np.random.Generator) -> Brief:
    """Choose what a film's poster shows within the room its layout leaves."""
    emblems = _suggested(film, WORD_EMBLEMS, THEME_EMBLEMS, GENRE_EMBLEMS)
    first = pick(emblems, rng)
    second = pick({name: weight for name, weight in emblems.items() if name != first} or {"star": 1.0}, rng)
    staging = _staging(film, rng, named=first in _named(film))
    return Brief(
        staging=staging,
        ground=_ground(film, rng),
        land=_land(film, rng, before=staging in LAND_BEFORE),
        emblem=EMBLEMS[first],
        second=EMBLEMS[second],
        cast=cast(film, rng),
        looks=tuple(look(film, rng, woman) for woman in leads(film, rng)),
        hair=(hair(film, rng, False), hair(film, rng, True)),
        focus=focus,
    )


def _suggested(
    film: Film, words: Mapping[str, tuple[str, ...]], themes: Mapping[str, tuple[str, ...]],
    genres: Mapping[str, tuple[str, ...]],
) -> Weights:
    weights: Weights = {}

    def add(names: Iterable[str], weight: float) -> None:
        for name in names:
            weights[name] = weights.get(name, 0) + weight

    for text, weight in ((film.title, 16.0), (film.highlight, 5.0), (film.setting, 4.0), (film.premise, 3.0)):
        for word in re.findall(r"[a-z]+", text.lower()):
            add(words.get(word, ()), weight)
    for rank, theme in enumerate(film.themes):
        add(themes.get(theme, ()), 3.0 / (1 + rank * 0.5))
    for genre in film.genres:
        add(genres.get(genre, ()), 0.5)
    return {name: weight**2.2 for name, weight in weights.items()} or dict.fromkeys(genres["Drama"], 1.0)


def _named(film: Film) -> set[str]:
    """Emblems that the title itself calls for."""
    return {name for word in re.findall(r"[a-z]+", film.title.lower()) for name in WORD_EMBLEMS.get(word, ())}


def _staging(film: Film, rng: np.random.Generator, named: bool) -> str:
    weights = dict(era(STAGING_ERAS, film.year))
    if named:
        weights = {name: weight * (3.0 if name in EMBLEM_STAGINGS else 0.3) for name, weight in weights.items()}
    for genre in film.genres:
        for name, factor in STAGING_GENRES.get(genre, {}).items():
            weights[name] = weights.get(name, 1.0) * factor
    return pick(weights, rng)


LAND_BEFORE = ("looming", "pyramid")
"""Stagings that lay the land over what they show: no place for a land that closes in on all sides."""
ENCLOSING = ("corridor", "street", "leaves")


def _land(film: Film, rng: np.random.Generator, before: bool) -> str:
    weights = _suggested(film, WORD_LANDS, THEME_LANDS, GENRE_LANDS)
    open_ = {name: weight for name, weight in weights.items() if not (before and name in ENCLOSING)}
    return pick(open_ or {"hills": 1.0, "skyline": 1.0}, rng)


def _ground(film: Film, rng: np.random.Generator) -> str:
    weights: Weights = {}
    for genre in film.genres:
        faint = 0.3 if genre == "Drama" and len(film.genres) > 1 else 1.0
        for name, weight in GROUND_GENRES.get(genre, {}).items():
            weights[name] = weights.get(name, 0) + weight * faint
    for name, factor in era(GROUND_ERAS, film.year).items():
        if name in weights:
            weights[name] *= factor
    for theme in film.themes:
        for name, weight in THEME_GROUNDS.get(theme, {}).items():
            weights[name] = weights.get(name, 0) + 2 * weight
    return pick(weights or GROUND_GENRES["Drama"], rng)
