"""The list of everything in a visitor's taste, each line with a button that removes it.

In: a `Visitor`. Out: HTML. The buttons carry `data-kind` and `data-key`, which `static/actions.js` sends back for
`visitor.without`; below them are the buttons that undo, start over and export.
"""

from __future__ import annotations

from typing import Any

from matinee.catalogue import Catalogue, Movie
from matinee.taste import Poster, Rating, Review
from matinee_demo.templates import render
from matinee_demo.visitor import Visitor, keys

SHOWN = 120
"""Maximum number of characters of a review that the list shows."""

LINES = 30
"""Maximum number of lines of each kind that are shown, the latest ones."""


def render_taste_list(visitor: Visitor, catalogue: Catalogue, *, undo: bool) -> str:
    """Return the list, or one line while the taste is empty.

    Args:
        visitor: Whose taste it is.
        catalogue: The movies.
        undo: Whether there is a change to undo.
    """
    taste = visitor.taste
    things = {
        "reviews": [_review(review) for review in taste.reviews],
        "posters": [_poster(*pair) for pair in zip(taste.posters, visitor.thumbnails, strict=True)],
        "ratings": [_rating(rating) for rating in taste.ratings],
        "seen": [_seen(catalogue[catalogue.rows[seen]]) for seen in visitor.seen],
    }
    return render(
        "taste_list.html",
        groups=[_group(visitor, kind, of_kind) for kind, of_kind in things.items() if of_kind],
        note=visitor.note,
        unmatched=visitor.unmatched,
        more_unmatched=visitor.more_unmatched,
        undo=undo,
        taste=bool(taste),
    )


def _group(visitor: Visitor, kind: str, things: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the latest LINES items of one kind, each with its key, and the number of earlier ones."""
    keyed = [{**thing, "key": key} for key, thing in zip(keys(visitor, kind), things, strict=True)]
    return {"kind": kind, "things": keyed[-LINES:], "more": len(keyed) - LINES}


def _review(review: Review) -> dict[str, Any]:
    words = " ".join(review.text.split())
    shown = words if len(words) <= SHOWN else words[:SHOWN].rstrip() + "…"
    return {"words": shown, "movie": review.movie, "rating": review.rating, "called": "the review"}


def _poster(poster: Poster, thumbnail: str) -> dict[str, Any]:
    name = f"your poster {poster.label}"
    return {"thumbnail": thumbnail, "name": name, "called": name}


def _rating(rating: Rating) -> dict[str, Any]:
    return {"movie": rating.movie, "rating": rating.rating, "called": f"the rating of {rating.movie}"}


def _seen(movie: Movie) -> dict[str, Any]:
    return {"movie": movie, "called": f"{movie} from what you have seen"}
