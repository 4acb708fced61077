"""Everything about one film: its poster large, its facts, its rank with each model, and similar films.

In: the film, its standings and neighbours. Out: HTML for the page's dialog.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matinee.catalogue import Movie
from matinee.explanations import Explanation
from matinee.neighbours import Neighbours
from matinee.reasons import with_quote
from matinee_demo.cards import Card
from matinee_demo.templates import render
from matinee_demo.words import UNTRAINED, shown_ways, title, untrained


def render_detail(
    movie: Movie,
    standings: Sequence[Explanation] | None,
    likes: Sequence[Neighbours],
    said: Mapping[str, str],
    weights: Mapping[str, str],
    *,
    quotes: bool,
) -> str:
    """Return the inside of the dialog.

    Args:
        movie: The film.
        standings: Where each model ranks it; None while the visitor's taste is empty.
        likes: The films most like it, in each way of comparing.
        said: The visitor's verdicts, by the film's id.
        weights: Kind of weights of each encoder, by name.
        quotes: Whether reviewers' words are shown.
    """
    counted = ((movie.ratings, "rated {:,} times here"), (movie.liked, "liked by {:,}"))
    return render(
        "film.html",
        movie=movie,
        counts=[words.format(number) for number, words in counted if number],
        said=said.get(movie.id, ""),
        quote=movie.quote if quotes else None,
        ranks=None if standings is None else [_rank(standing, weights, quotes=quotes) for standing in standings],
        likes=[_like(found, said, weights) for found in likes],
    )


def _rank(standing: Explanation, weights: Mapping[str, str], *, quotes: bool) -> dict[str, Any]:
    return {
        "model": title(standing.model),
        "untrained": weights.get(standing.model) == UNTRAINED,
        "rank": standing.rank,
        "among": standing.among,
        "reason": with_quote(standing.reason, standing.quote if quotes else None),
        "inferred": standing.inferred,
    }


def _like(found: Neighbours, said: Mapping[str, str], weights: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": f"More like this {shown_ways()[found.by]}",
        "model": title(found.model),
        "warning": untrained(found.model, weights),
        "cards": [Card(near.movie, said.get(near.movie.id, "")) for near in found.nearest],
        "note": found.note,
    }
