"""Everything about one film: its poster large, its facts, what each model makes of it, and films like it.

In: the film, its standings and neighbours. Out: HTML for the page's dialog, everything escaped. Knows nothing of
gradio.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matinee.catalogue import Movie
from matinee.explanations import Explanation
from matinee.neighbours import Neighbours
from matinee.reasons import with_quote
from matinee_demo.cards import card, facts, picture, verdicts
from matinee_demo.markup import link_address, text
from matinee_demo.rows import INFERRED, strip
from matinee_demo.words import UNTRAINED, WAYS, model_words, weights_words


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
        standings: Where each model ranks it; None where the visitor has told nothing to rank by.
        likes: The films most like it, each way.
        said: What the visitor said of films, by id.
        weights: Kind of weights of each encoder, by name.
        quotes: Whether reviewers' words are shown.
    """
    return (
        f'<article class="mt-film-page" data-movie="{text(movie.id)}">'
        f'<div class="mt-poster mt-large">{picture(movie)}</div>'
        f'<div class="mt-film-text"><h2 id="mt-detail-title" tabindex="-1">{text(movie.title)}</h2>{_facts(movie)}'
        f"{verdicts(movie, said.get(movie.id, ''))}{_quote(movie) if quotes else ''}{_link(movie)}</div>"
        f"{_standings(standings, weights, quotes=quotes)}"
        f"{''.join(_like(found, said, weights) for found in likes)}</article>"
    )


def _facts(movie: Movie) -> str:
    genres = " · ".join(movie.genres)
    counted = [
        words.format(f"{number:,}")
        for number, words in ((movie.ratings, "rated {} times here"), (movie.liked, "liked by {}"))
        if number
    ]
    return f'{facts(movie)}<p class="mt-genres">{text(genres)}</p><p class="mt-counts">{", ".join(counted)}</p>'


def _quote(movie: Movie) -> str:
    if movie.quote is None:
        return ""
    return (
        f"<blockquote><p>{text(movie.quote.text)}</p>"
        f"<footer>{text(movie.quote.reviewer)}, in a review that is not marked as a spoiler</footer></blockquote>"
    )


def _link(movie: Movie) -> str:
    address = link_address(movie.link)
    if address is None:
        return ""
    words = "Its page on IMDb &#8599;"
    return f'<p><a class="mt-link" href="{address}" target="_blank" rel="noopener noreferrer">{words}</a></p>'


def _standings(standings: Sequence[Explanation] | None, weights: Mapping[str, str], *, quotes: bool) -> str:
    if standings is None:
        return (
            '<section class="mt-why"><h3>Why each model would show it to you</h3>'
            '<p class="mt-hint">Say what you like first; then each model says where this film stands for you.</p>'
            "</section>"
        )
    lines = "".join(_standing(standing, weights, quotes=quotes) for standing in standings)
    return f'<section class="mt-why"><h3>Where each model ranks it for you, and why</h3><dl>{lines}</dl></section>'


def _standing(standing: Explanation, weights: Mapping[str, str], *, quotes: bool) -> str:
    place = "no rank" if standing.rank is None else f"<b>{standing.rank:,}</b> of {standing.among:,}"
    mark = INFERRED if standing.inferred else ""
    reason = text(with_quote(standing.reason, standing.quote if quotes else None))
    untrained = " (untrained)" if weights.get(standing.model) == UNTRAINED else ""
    return (
        f"<div><dt>{text(model_words(standing.model).name)}<small>{untrained}</small></dt>"
        f"<dd>{place}</dd><dd>{reason} {mark}</dd></div>"
    )


def _like(found: Neighbours, said: Mapping[str, str], weights: Mapping[str, str]) -> str:
    untrained = ""
    if weights.get(found.model) == UNTRAINED:
        untrained = f'<p class="mt-untrained">{text(weights_words(UNTRAINED))}</p>'
    name = f"More like this {WAYS.get(found.by, found.by)}"
    cards = [card(near.movie, said=said.get(near.movie.id, "")) for near in found.nearest]
    body = strip(name, cards) if cards else f'<p class="mt-hint">{text(found.note)}</p>'
    model = text(model_words(found.model).name)
    return f'<section class="mt-row"><header><h3>{name}</h3><p>{model}</p>{untrained}</header>{body}</section>'
