"""The picks as the page shows them: for each model a row of posters, as on a streaming site.

In: the answers of the models. Out: HTML, every title and reason escaped. Pure functions that know nothing of gradio.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matinee.catalogue import Movie
from matinee.reasons import with_quote
from matinee.recommender import Answer, Pick
from matinee_demo.cards import card
from matinee_demo.markup import hidden, text
from matinee_demo.words import UNTRAINED, model_words, weights_words

WAITING_CARDS = 7
INFERRED = (
    '<span class="mt-inferred" title="This model cannot read what you gave; it went by the films nearest to it">'
    "inferred</span>"
)
BUTTON = '<button type="button"'


def render_row(model: str, answer: Answer | None, weights: Mapping[str, str], *, quotes: bool = True) -> str:
    """Return a model's row of picks, or one that waits where it has not answered yet.

    Args:
        model: The model's name.
        answer: Its answer, or None.
        weights: Kind of weights of each encoder, by its name, which is also its model's.
        quotes: Whether reasons may repeat reviewers' words.
    """
    if answer is None:
        waiting = '<li class="mt-card mt-waiting"><div class="mt-poster"></div></li>' * WAITING_CARDS
        return _row(model, "", f'<div class="mt-strip" aria-busy="true"><ol class="mt-cards">{waiting}</ol></div>')
    return _row(model, _note(model, weights) + _took(answer), _picks(answer, quotes=quotes))


def render_shelves(shelves: Mapping[str, Sequence[Movie]]) -> str:
    """Return the rows of movies that are there before a visitor has told anything, by the name of the row."""
    return "".join(
        f'<section class="mt-row"><header><h2>{text(name)}</h2></header>'
        f"{_body(name, [card(movie, _liked_by(movie)) for movie in movies])}</section>"
        for name, movies in shelves.items()
    )


def strip(name: str, cards: Sequence[str]) -> str:
    """A row of cards that scrolls sideways: by touch, by the arrow keys, or by the two buttons.

    Tab goes to one card of it only, the first at first, or else a page of picks would be hundreds of stops long; from
    there the arrow keys go on (`bus.js`).
    """
    step = '<button type="button" class="mt-step" data-step="{}" tabindex="-1" aria-hidden="true">{}</button>'
    items = "".join([*cards[:1], *(card.replace(BUTTON, f'{BUTTON} tabindex="-1"') for card in cards[1:])])
    return (
        f'<div class="mt-strip">{step.format(-1, "&#8249;")}'
        f'<ol class="mt-cards" aria-label="{text(name)}; the arrow keys go along it">{items}</ol>'
        f"{step.format(1, '&#8250;')}</div>"
    )


def share_of_best(score: float, top: float) -> int:
    """How good a match is, in percent of the row's best: only the order of a model's scores means something."""
    return round(100 * min(1.0, max(0.04, score / top))) if top > 0 else 4


def _row(model: str, note: str, body: str) -> str:
    words = model_words(model)
    return (
        f'<section class="mt-row" data-model="{text(model)}" aria-labelledby="mt-row-{text(model)}">'
        f'<header><h2 id="mt-row-{text(model)}">{text(words.name)}</h2><p>{text(words.understands)}</p>{note}</header>'
        f"{body}</section>"
    )


def _picks(answer: Answer, *, quotes: bool) -> str:
    top = max((pick.score for pick in answer.picks), default=0.0)
    cards = [card(pick.movie, _why(pick, top, quotes=quotes), _badges(pick)) for pick in answer.picks]
    return _body(f"Picks of {model_words(answer.model).name}", cards)


def _body(name: str, cards: Sequence[str]) -> str:
    return strip(name, cards) if cards else '<p class="mt-empty">Nothing here passes your filters.</p>'


def _badges(pick: Pick) -> str:
    rank = f'<span class="mt-rank" aria-hidden="true">{pick.rank}</span>'
    return rank + INFERRED if pick.inferred else rank


def _why(pick: Pick, top: float, *, quotes: bool) -> str:
    quote = pick.quote if quotes else None
    share, reason = share_of_best(pick.score, top), text(with_quote(pick.reason, quote))
    said = f" <q>{text(quote.text)}</q>" if quote else ""
    return (
        f'<p class="mt-match" title="How good a match this model finds it, beside the best of this row">'
        f'<span class="mt-bar" aria-hidden="true"><i style="width:{share}%"></i></span>'
        f"{hidden(f'match: {share}% of the best here')}</p>"
        f'<p class="mt-reason" title="{reason}">{text(pick.brief)}{said}</p>'
    )


def _liked_by(movie: Movie) -> str:
    return f'<p class="mt-reason">liked by {movie.liked:,}</p>' if movie.liked else ""


def _note(model: str, weights: Mapping[str, str]) -> str:
    if weights.get(model) != UNTRAINED:
        return ""
    return f'<p class="mt-untrained">{text(weights_words(UNTRAINED))}</p>'


def _took(answer: Answer) -> str:
    return f'<p class="mt-took" title="How long this model took">{max(1, round(answer.milliseconds)):,} ms</p>'
