"""The picks as the page shows them: for each model a row of posters, as on a streaming site.

In: the answers of the models. Out: HTML, every title and reason escaped. Pure functions that know nothing of gradio.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matinee.catalogue import Movie
from matinee.recommender import Answer, Pick
from matinee_demo.markup import link_address, text
from matinee_demo.posters import poster_address
from matinee_demo.words import UNTRAINED, model_words, weights_words

WAITING_CARDS = 6
INFERRED = (
    '<span class="mt-inferred" title="This model cannot read what you gave; it went by the films nearest to it">'
    "inferred</span>"
)


def render_rows(models: Sequence[str], answers: Mapping[str, Answer], weights: Mapping[str, str]) -> str:
    """Return a row for each of `models`, in that order; a model without an answer yet gets a waiting row.

    Args:
        models: Names of the models.
        answers: What has been answered so far, by model.
        weights: Kind of weights of each encoder, by its name, which is also its model's.
    """
    return "".join(
        _row(model, _note(model, weights), _answer(answers[model])) if model in answers else _waiting_row(model)
        for model in models
    )


def render_shelves(shelves: Mapping[str, Sequence[Movie]]) -> str:
    """Return the rows of movies that are there before a visitor has told anything, by the name of the row."""
    return "".join(
        f'<section class="mt-row"><header><h2>{text(name)}</h2></header>'
        f"{_strip(name, ''.join(_card(movie, _liked_by(movie)) for movie in movies))}</section>"
        for name, movies in shelves.items()
    )


def _row(model: str, note: str, body: str) -> str:
    words = model_words(model)
    return (
        f'<section class="mt-row" data-model="{text(model)}" aria-labelledby="mt-row-{text(model)}">'
        f'<header><h2 id="mt-row-{text(model)}">{text(words.name)}</h2><p>{text(words.understands)}</p>{note}</header>'
        f"{body}</section>"
    )


def _answer(answer: Answer) -> str:
    if not answer.picks:
        return '<p class="mt-empty">Nothing here passes your filters.</p>'
    top = max(pick.score for pick in answer.picks)
    cards = "".join(_card(pick.movie, _why(pick, top), _badges(pick)) for pick in answer.picks)
    return _strip(f"Picks of {model_words(answer.model).name}", cards)


def _strip(name: str, cards: str) -> str:
    """A row of cards that scrolls sideways: by touch, by the arrow keys when focused, or by the two buttons."""
    step = '<button type="button" class="mt-step" data-step="{}" tabindex="-1" aria-hidden="true">{}</button>'
    return (
        f'<div class="mt-strip">{step.format(-1, "&#8249;")}'
        f'<ol class="mt-cards" tabindex="0" aria-label="{text(name)}">{cards}</ol>{step.format(1, "&#8250;")}</div>'
    )


def _card(movie: Movie, below: str, badges: str = "") -> str:
    score = "" if movie.score is None else f'<span class="mt-score" title="IMDb score">★ {movie.score:.1f}</span>'
    year = "" if movie.year is None else f"<span>{movie.year}</span>"
    face = (
        f'<div class="mt-poster">{_picture(movie)}{badges}</div>'
        f'<h3>{text(movie.title)}</h3><p class="mt-facts">{year}{score}</p>'
    )
    address = link_address(movie.link)
    if address:
        face = f'<a href="{address}" target="_blank" rel="noopener noreferrer">{face}</a>'
    return f"<li>{face}{below}</li>"


def _badges(pick: Pick) -> str:
    rank = f'<span class="mt-rank" aria-hidden="true">{pick.rank}</span>'
    return rank + INFERRED if pick.inferred else rank


def _picture(movie: Movie) -> str:
    address = poster_address(movie)
    if address is None:
        return f'<span class="mt-no-poster" aria-hidden="true">{text(movie.title)}</span>'
    return f'<img src="{text(address)}" alt="Poster of {text(movie)}" loading="lazy" decoding="async">'


def _why(pick: Pick, top: float) -> str:
    """The match, drawn as a share of the row's best, since only the order of a model's scores means something."""
    share = round(100 * min(1.0, max(0.04, pick.score / top))) if top > 0 else 4
    return (
        f'<p class="mt-match" title="This model&#x27;s own score; only its order within this row means something">'
        f'<span class="mt-bar" aria-hidden="true"><i style="width:{share}%"></i></span>'
        f"match {pick.score:.2g}</p>"
        f'<p class="mt-reason" title="{text(pick.reason)}">{text(pick.reason)}</p>'
    )


def _liked_by(movie: Movie) -> str:
    return f'<p class="mt-reason">liked by {movie.liked:,}</p>' if movie.liked else ""


def _note(model: str, weights: Mapping[str, str]) -> str:
    if weights.get(model) != UNTRAINED:
        return ""
    return f'<p class="mt-untrained">{text(weights_words(UNTRAINED))}</p>'


def _waiting_row(model: str) -> str:
    cards = '<li class="mt-waiting"><div class="mt-poster"></div></li>' * WAITING_CARDS
    return _row(model, "", f'<div class="mt-strip" aria-busy="true"><ol class="mt-cards">{cards}</ol></div>')
