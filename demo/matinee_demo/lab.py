"""The poster lab: what the networks see in a poster that the visitor brings, for its own sake.

In: what was found. Out: HTML, everything escaped. Knows nothing of gradio or of how it was found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matinee.neighbours import Neighbour, Neighbours
from matinee.zero_shot import Reading
from matinee_demo.cards import card
from matinee_demo.markup import text
from matinee_demo.rows import strip
from matinee_demo.words import UNTRAINED, model_words, weights_words

GENRES = 6
"""How many genres are shown, the likeliest."""


def render_lab(
    poster: str,
    found: Sequence[Neighbours],
    genres: Sequence[Reading],
    worth: str,
    weights: Mapping[str, str],
) -> str:
    """Return what was found for a poster.

    Args:
        poster: Address of a small picture of it.
        found: The films whose posters look most like it, each way.
        genres: What CLIP reads in it, the likeliest first; empty where it cannot.
        worth: How often that is right, or why there is none.
        weights: Kind of weights of each encoder, by name.
    """
    rows = "".join(_nearest(neighbours, weights) for neighbours in found)
    return (
        f'<div class="mt-lab"><img class="mt-lab-poster" src="{text(poster)}" alt="Your poster">'
        f"{_genres(genres, worth, weights)}</div>{rows}"
    )


def _genres(genres: Sequence[Reading], worth: str, weights: Mapping[str, str]) -> str:
    title = "<h3>Genres that CLIP reads in it</h3>"
    if not genres:
        return f'<section class="mt-compare">{title}<p class="mt-hint">{text(worth)}</p></section>'
    lines = "".join(
        f'<tr><th scope="row">{text(reading.genre)}</th><td><span class="mt-bar" aria-hidden="true">'
        f'<i style="width:{100 * reading.share:.1f}%"></i></span><span>{reading.share:.0%}</span></td></tr>'
        for reading in genres[:GENRES]
    )
    table = f'<table class="mt-bars"><caption class="mt-hidden">Genres</caption><tbody>{lines}</tbody></table>'
    hint = f'<p class="mt-hint">{text(worth)}</p>'
    return f'<section class="mt-compare">{title}{_untrained("clip", weights)}{table}{hint}</section>'


def _nearest(found: Neighbours, weights: Mapping[str, str]) -> str:
    name = model_words(found.model).name
    cards = [card(near.movie, _likeness(near)) for near in found.nearest]
    title = f"Posters that look most like it to {name}"
    empty = f'<p class="mt-hint">{text(found.note)}</p>'
    return (
        f'<section class="mt-row"><header><h3>{text(title)}</h3>{_untrained(found.model, weights)}</header>'
        f"{strip(title, cards) if cards else empty}</section>"
    )


def _likeness(near: Neighbour) -> str:
    return f'<p class="mt-reason">cosine {near.similarity:.2f}</p>'


def _untrained(model: str, weights: Mapping[str, str]) -> str:
    if weights.get(model) != UNTRAINED:
        return ""
    return f'<p class="mt-untrained">{text(weights_words(UNTRAINED))}</p>'
