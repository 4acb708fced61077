"""The list of what the visitor has told, each with a button that takes it back.

In: a `Visitor`. Out: HTML, every word of the visitor's escaped. The buttons carry `data-kind` and `data-position`,
which the page's script sends back for `visitor.without`.
"""

from __future__ import annotations

from matinee.taste import Poster, Rating, Review
from matinee_demo.markup import text
from matinee_demo.visitor import Visitor

HEADING = "<h2>Your taste</h2>"
SHOWN = 120
"""Letters of a review that the list shows."""


def render_told(visitor: Visitor) -> str:
    """Return the list, or one line where nothing was told yet."""
    taste = visitor.taste
    lines = [
        *(_line("reviews", at, _review(review), "the review") for at, review in enumerate(taste.reviews)),
        *(
            _line("ratings", at, _rating(rating), f"the rating of {rating.movie}")
            for at, rating in enumerate(taste.ratings)
        ),
        *(
            _line("posters", at, _poster(poster, small), poster.label)
            for at, (poster, small) in enumerate(zip(taste.posters, visitor.thumbnails, strict=True))
        ),
    ]
    if not lines:
        return HEADING + '<p class="mt-nothing">Nothing yet. It stays in this page and is forgotten when you leave.</p>'
    return (
        f'{HEADING}<ul class="mt-told">{"".join(lines)}</ul><p class="mt-told-actions">'
        '<button type="button" class="mt-goto">See the picks &#8595;</button>'
        '<button type="button" data-kind="all" data-position="0">Start again</button></p>'
    )


def _line(kind: str, position: int, body: str, name: str) -> str:
    return (
        f'<li>{body}<button type="button" class="mt-remove" data-kind="{kind}" data-position="{position}" '
        f'aria-label="Remove {text(name)}" title="Remove">&#215;</button></li>'
    )


def _review(review: Review) -> str:
    words = " ".join(review.text.split())
    shown = words if len(words) <= SHOWN else words[:SHOWN].rstrip() + "…"
    about = f" <i>on {text(review.movie)}</i>" if review.movie else ""
    return f"<span><q>{text(shown)}</q>{about}{_stars(review.rating)}</span>"


def _rating(rating: Rating) -> str:
    return f"<span>{text(rating.movie)}{_stars(rating.rating)}</span>"


def _stars(rating: float | None) -> str:
    return "" if rating is None else f" <b>★ {rating:g}</b>"


def _poster(poster: Poster, thumbnail: str) -> str:
    return f'<img src="{text(thumbnail)}" alt=""><span>{text(poster.label)}</span>'
