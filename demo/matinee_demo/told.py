"""The list of what the visitor has told, each with a button that takes it back.

In: a `Visitor`. Out: HTML, every word of the visitor's escaped. The buttons carry `data-kind` and `data-key`,
which `bus.js` sends back for `visitor.without`; below them are what one can do with all of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from matinee.catalogue import Catalogue, Movie
from matinee.taste import Poster, Rating, Review
from matinee_demo.markup import text
from matinee_demo.visitor import Visitor, keys

HEADING = '<h2 tabindex="-1">Your taste</h2>'
SHOWN = 120
"""Letters of a review that the list shows."""


LINES = 30
"""Lines of each kind that are shown, the latest."""

SAVE = (
    ("csv", "Picks as CSV"),
    ("letterboxd", "Picks as a Letterboxd list"),
    ("link", "Copy a link to this taste"),
)


def render_told(visitor: Visitor, catalogue: Catalogue, *, undo: bool) -> str:
    """Return the list, or one line where nothing was told yet.

    Args:
        visitor: Whose.
        catalogue: The movies.
        undo: Whether there is something to undo.
    """
    taste = visitor.taste
    things: dict[str, list[tuple[str, str]]] = {
        "reviews": [(_review(review), "the review") for review in taste.reviews],
        "posters": [_poster(*pair) for pair in zip(taste.posters, visitor.thumbnails, strict=True)],
        "ratings": [(_rating(rating), f"the rating of {rating.movie}") for rating in taste.ratings],
        "seen": [_seen(catalogue[catalogue.rows[seen]]) for seen in visitor.seen],
    }
    groups = [
        [_line(kind, key, *thing) for key, thing in zip(keys(visitor, kind), of_kind, strict=True)]
        for kind, of_kind in things.items()
    ]
    lines = "".join(line for group in groups for line in (*_more(group), *group[-LINES:]))
    back = _action("undo", "Undo") if undo else ""
    if not lines:
        nothing = '<p class="mt-hint">Nothing yet. It stays in this page and is forgotten when you leave.</p>'
        return f'{HEADING}{nothing}{_brought(visitor)}<p class="mt-actions">{back}</p>'
    save = "".join(f'<button type="button" data-act="save" data-kind="{kind}">{words}</button>' for kind, words in SAVE)
    return (
        f'{HEADING}<ul class="mt-told">{lines}</ul>{_brought(visitor)}'
        f'<p class="mt-actions">{back}{_action("start over", "Start over")}'
        '<button type="button" class="mt-goto">See the picks &#8595;</button></p>'
        f'<p class="mt-actions mt-save">{save if taste else ""}</p>'
    )


def _brought(visitor: Visitor) -> str:
    """What there is to say of what was brought along, with the titles that are not here."""
    if not visitor.note:
        return ""
    titles = "".join(f"<li>{text(title)}</li>" for title in visitor.unmatched)
    left = visitor.more_unmatched
    more = f"<li>and {left:,} more</li>" if left > 0 else ""
    missing = (
        f'<details class="mt-missing"><summary>Films that are not here ({len(visitor.unmatched) + left:,})</summary>'
        f"<ul>{titles}{more}</ul></details>"
    )
    return f'<p class="mt-hint mt-note">{text(visitor.note)}</p>{missing if titles else ""}'


def _action(act: str, words: str) -> str:
    return f'<button type="button" data-act="{act}">{words}</button>'


def _more(group: Sequence[str]) -> list[str]:
    left = len(group) - LINES
    return [f"<li><span><i>and {left:,} more before these</i></span></li>"] if left > 0 else []


def _line(kind: str, key: str, body: str, name: str) -> str:
    return (
        f'<li>{body}<button type="button" class="mt-remove" data-act="forget" data-kind="{kind}" '
        f'data-key="{key}" aria-label="Remove {text(name)}" title="Remove">&#215;</button></li>'
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


def _poster(poster: Poster, thumbnail: str) -> tuple[str, str]:
    name = f"your poster {poster.label}"
    return f'<img src="{text(thumbnail)}" alt=""><span>{text(name)}</span>', name


def _seen(movie: Movie) -> tuple[str, str]:
    return f"<span>{text(movie)} <i>seen</i></span>", f"{movie} from what you have seen"
