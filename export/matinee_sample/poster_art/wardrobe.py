"""Who is in the picture: bodies in the clothes of the film's kind, faces and hair of its time."""

from __future__ import annotations

import numpy as np

from matinee_sample.films import Film
from matinee_sample.poster_art.canvas import Cut
from matinee_sample.poster_art.faces import Look
from matinee_sample.poster_art.fashions import LIGHT_ERAS, LIGHT_GENRES, era, pick
from matinee_sample.poster_art.figures import couple, person

Outfit = tuple[str, ...]
"""Pose, clothes, hat, what is held: the arguments of `figures.person`."""


def _outfits(text: str) -> dict[str, tuple[Outfit, ...]]:
    rows = (row.split(":") for row in text.split(";") if row.strip())
    return {
        tag.strip(): tuple(tuple(word.strip() for word in outfit.split(",")) for outfit in outfits.split("/"))
        for tag, outfits in rows
    }


COSTUMES = _outfits("""
    Western: gunslinger, coat, stetson, nothing / aim, suit, stetson, gun / stand, coat, stetson, rifle /
        walk, suit, stetson, rifle;
    samurai: stand, coat, bun, sword / rise, coat, bun, sword / walk, coat, bun, sword;
    pirates: hero, coat, topper, sword / rise, coat, stetson, sword / stand, gown, long hair, nothing;
    superhero: hero, cape, none, nothing / rise, cape, none, nothing / stand, cape, helmet, nothing;
    boxing: rise, suit, none, nothing / stand, suit, none, nothing / hero, suit, none, nothing;
    War: walk, armour, helmet, rifle / run, armour, helmet, rifle / stand, armour, helmet, rifle /
        rise, armour, helmet, nothing;
    sword-fights: hero, cape, none, sword / rise, armour, helmet, sword / stand, gown, long hair, nothing;
    Film-Noir: stand, coat, fedora, nothing / aim, coat, fedora, gun / walk, coat, fedora, case /
        stand, gown, long hair, nothing;
    gangsters: stand, suit, fedora, gun / aim, coat, fedora, gun / walk, suit, none, case;
    space: stand, armour, helmet, nothing / walk, armour, helmet, nothing / fall, armour, helmet, nothing;
    Children: run, suit, none, balloon / rise, dress, long hair, nothing / walk, suit, none, balloon;
    Fantasy: hero, cape, none, sword / stand, gown, long hair, nothing / rise, coat, none, cane / walk, coat, bun, cane;
    period-costume: stand, gown, bun, nothing / stand, coat, topper, cane / dance, gown, long hair, nothing;
    Horror: stand, coat, none, nothing / run, dress, long hair, nothing / stand, gown, long hair, nothing /
        walk, coat, none, nothing;
    Musical: dance, dress, long hair, nothing / dance, suit, topper, cane / rise, dress, bun, nothing /
        dance, suit, none, umbrella;
    Action: aim, suit, none, gun / run, suit, none, gun / hero, coat, none, nothing / walk, coat, long hair, gun;
    Crime: walk, suit, none, case / aim, suit, none, gun / stand, coat, none, nothing / run, suit, none, case;
    Thriller: run, suit, none, nothing / walk, coat, none, case / fall, suit, none, nothing /
        stand, dress, long hair, nothing;
    Romance: dance, dress, long hair, nothing / walk, coat, none, umbrella / stand, dress, long hair, nothing /
        sit, suit, none, nothing;
    Comedy: dance, suit, none, umbrella / run, suit, topper, cane / rise, dress, bun, nothing /
        hero, suit, none, nothing / walk, dress, long hair, case;
    any: stand, suit, none, nothing / walk, coat, none, case / sit, suit, none, nothing /
        stand, dress, long hair, nothing / walk, dress, bun, umbrella;
""")
"""By genre or theme; a film wears the first that it has, or "any"."""

CHEERFUL = frozenset({"Comedy", "Romance", "Musical", "Children"})


def cast(film: Film, rng: np.random.Generator) -> tuple[Cut, ...]:
    """Three bodies, the leading one first."""
    tags = {*film.genres, *film.themes}
    wardrobe = next(outfits for tag, outfits in COSTUMES.items() if tag in tags or tag == "any")
    order = rng.permutation(len(wardrobe)).tolist()
    cast = [person(*wardrobe[order[i % len(order)]]) for i in range(3)]
    if "Romance" in tags and rng.random() < 0.5:
        cast[0] = couple()
    return tuple(cast)


MEN_LEAD = frozenset({"War", "Western", "Film-Noir"})


def leads(film: Film, rng: np.random.Generator) -> list[bool]:
    """Which of the four faces are women's, the leading one first."""
    order = rng.permutation([True, False, False, True]).tolist()
    return sorted(order) if MEN_LEAD & set(film.genres) and rng.random() < 0.75 else order


def look(film: Film, rng: np.random.Generator, woman: bool) -> Look:
    """One face."""
    lights = era(LIGHT_ERAS, film.year) | next(
        (LIGHT_GENRES[genre] for genre in film.genres if genre in LIGHT_GENRES), {}
    )
    hats = {"Western": "stetson", "War": "helmet", "Film-Noir": "fedora"}
    hat = next((hats[genre] for genre in film.genres if genre in hats), "fedora" if film.year < 1960 else "curly")
    men = {hat: 3.0, "short": 3.0, "quiff": 2.0, "curly": 1.0, "afro": 0.5, "bald": 1.0}
    women = {"long": 4.0, "bob": 3.0, "curly": 1.5, "afro": 0.7}
    return Look(
        hair=pick(women if woman else men, rng),
        light=pick(lights, rng),
        glasses=pick({"none": 7, "round": 1, "dark": 1.2 if film.year > 1960 else 0}, rng),
        beard="none" if woman else pick({"none": 5, "full": 1.5, "moustache": 1.5}, rng),
        lips=woman,
        glare=bool({"Horror", "Sci-Fi"} & set(film.genres)) and bool(rng.random() < 0.7),
        jaw=float(rng.uniform(0.84, 0.98) if woman else rng.uniform(0.92, 1.14)),
        length=float(rng.uniform(0.94, 1.05)),
        mouth=float(rng.uniform(0, 0.03) if CHEERFUL & set(film.genres) else rng.uniform(-0.02, 0.012)),
        brow=float(rng.uniform(-0.03, 0.03)),
    )


def hair(film: Film, rng: np.random.Generator, woman: bool) -> str:
    """The hair of one head in profile."""
    if woman:
        return str(rng.choice(["long", "bun"]))
    return str(rng.choice(["hat", "short"])) if film.year < 1962 else str(rng.choice(["short", "quiff", "long"]))
