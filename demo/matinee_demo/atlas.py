"""The map: every film as a point, one map per model, with the visitor's position, rated films and picks marked on it.

In: a bundle's maps and what to mark for one visit. Out: plain data that `static/atlas.js` draws. The points and titles
are the same for all visitors and are fetched once, when the map is first looked at.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matinee.bundle import Bundle
from matinee.errors import BundleError
from matinee.maps import load_map, mapped
from matinee.recommender import Pick
from matinee_demo.words import title


@dataclass(frozen=True)
class Maps:
    """The maps of a bundle.

    Attributes:
        models: Names of the models that have one.
        damaged: One sentence for each map that cannot be used.
    """

    models: tuple[str, ...]
    damaged: tuple[str, ...]


def open_maps(bundle: Bundle) -> Maps:
    """Return which maps the bundle has; each is opened, so that a damaged one is known from the start."""
    models, damaged = [], []
    for model in mapped(bundle):
        try:
            load_map(bundle, model)
            models.append(model)
        except BundleError as error:
            damaged.append(str(error))
    return Maps(tuple(models), tuple(damaged))


def points(bundle: Bundle, model: str) -> dict[str, str]:
    """Return the positions of all films on a model's map as base64 of float32 pairs in row order, NaN where unknown."""
    positions = np.ascontiguousarray(load_map(bundle, model), dtype="<f4")
    return {"positions": base64.b64encode(positions.tobytes()).decode("ascii")}


def films(bundle: Bundle) -> dict[str, list[Any]]:
    """Return ids, titles, genres (as indexes into the list of genres) and poster flags of all films, in row order."""
    place = {genre: at for at, genre in enumerate(bundle.catalogue.genres)}
    return {
        "ids": [movie.id for movie in bundle.catalogue],
        "titles": [str(movie) for movie in bundle.catalogue],
        "genres": [[place[genre] for genre in movie.genres] for movie in bundle.catalogue],
        "posters": [movie.poster is not None for movie in bundle.catalogue],
    }


def marks(
    bundle: Bundle,
    maps: Maps,
    said: Mapping[str, str],
    picks: Mapping[str, Sequence[Pick]],
    places: Mapping[str, tuple[float, float]],
) -> dict[str, Any]:
    """Return the visitor's marks on the maps.

    Args:
        bundle: The bundle.
        maps: Its maps.
        said: The visitor's verdicts, by the film's id.
        picks: Picks by model.
        places: The visitor's place on each model's map.
    """
    rows = bundle.catalogue.rows
    return {
        "models": [[name, title(name)] for name in maps.models],
        "damaged": list(maps.damaged),
        "genres": list(bundle.catalogue.genres),
        "said": [[rows[movie], word] for movie, word in said.items() if word != "seen"],
        "picks": {model: [rows[pick.movie.id] for pick in some] for model, some in picks.items()},
        "places": {model: [round(x, 4), round(y, 4)] for model, (x, y) in places.items()},
    }
