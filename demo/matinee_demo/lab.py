"""The poster lab: what the networks see in a poster of the visitor's, without any change to the taste.

In: neighbours and genres of the poster. Out: HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matinee.neighbours import Neighbours
from matinee.zero_shot import Reading
from matinee_demo.cards import Card
from matinee_demo.templates import render
from matinee_demo.words import title, untrained

GENRES = 6
"""How many genres are shown, the most likely."""


def render_lab(
    poster: str,
    found: Sequence[Neighbours],
    reader: str | None,
    genres: Sequence[Reading],
    worth: str,
    weights: Mapping[str, str],
) -> str:
    """Return the films and genres of a poster.

    Args:
        poster: Address of a small picture of it.
        found: The films whose posters look most like it, in each way of comparing.
        reader: The model that reads genres in posters, or None where the bundle cannot.
        genres: The genres that it reads, the most likely first; empty where it cannot.
        worth: A sentence on how often the genres are right, or why there are none.
        weights: Kind of weights of each encoder, by name.
    """
    return render(
        "lab.html",
        poster=poster,
        reader=reader and title(reader),
        genres=genres[:GENRES],
        warning=untrained(reader or "", weights),
        worth=worth,
        rows=[_nearest(neighbours, weights) for neighbours in found],
    )


def _nearest(found: Neighbours, weights: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": f"Posters that look most like it to {title(found.model)}",
        "warning": untrained(found.model, weights),
        "cards": [Card(near.movie, note=f"cosine {near.similarity:.2f}") for near in found.nearest],
        "note": found.note,
    }
