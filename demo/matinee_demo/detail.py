"""Everything about one film: its poster large, its facts, its rank with each model, and similar films.

In: the film, its explanations and neighbours. Out: HTML for the page's dialog.
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
    explanations: Sequence[Explanation] | None,
    likes: Sequence[Neighbours],
    said: Mapping[str, str],
    weights: Mapping[str, str],
    *,
    quotes: bool,
) -> str:
    """Return the inside of the dialog.

    Args:
        movie: The film.
        explanations: Where each model ranks it, and why; None while the visitor's taste is empty.
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
        ranks=None if explanations is None else [_rank(each, weights, quotes=quotes) for each in explanations],
        likes=[_like(found, said, weights) for found in likes],
    )


def _rank(explanation: Explanation, weights: Mapping[str, str], *, quotes: bool) -> dict[str, Any]:
    return {
        "model": title(explanation.model),
        "untrained": weights.get(explanation.model) == UNTRAINED,
        "rank": explanation.rank,
        "among": explanation.among,
        "reason": with_quote(explanation.reason, explanation.quote if quotes else None),
        "inferred": explanation.inferred,
    }


def _like(found: Neighbours, said: Mapping[str, str], weights: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": f"More like this {shown_ways()[found.by]}",
        "model": title(found.model),
        "warning": untrained(found.model, weights),
        "cards": [Card(near.movie, said.get(near.movie.id, "")) for near in found.nearest],
        "note": found.note,
    }
