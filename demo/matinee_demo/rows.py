"""The picks as the page shows them: a row of posters for each model, as on a streaming site.

In: the answers of the models. Out: HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matinee.catalogue import Movie
from matinee.reasons import with_quote
from matinee.recommender import Answer, Pick
from matinee_demo.cards import Card, Match
from matinee_demo.templates import render
from matinee_demo.words import goes_by, title, untrained

WAITING_CARDS = 7


def render_row(model: str, answer: Answer | None, weights: Mapping[str, str], *, quotes: bool = True) -> str:
    """Return a model's row of picks, or a row of placeholders while it has not answered.

    Args:
        model: The model's name.
        answer: Its answer, or None.
        weights: Kind of weights of each encoder, by its name, which is also its model's.
        quotes: Whether reasons may repeat reviewers' words.
    """
    head = {"model": model, "title": title(model), "goes_by": goes_by(model)}
    if answer is None:
        return render("row.html", **head, waiting=WAITING_CARDS)
    top = max((pick.score for pick in answer.picks), default=0.0)
    return render(
        "row.html",
        **head,
        waiting=0,
        warning=untrained(model, weights),
        milliseconds=max(1, round(answer.milliseconds)),
        cards=[Card(pick.movie, pick=_match(pick, top, quotes=quotes)) for pick in answer.picks],
    )


def render_shelves(shelves: Mapping[str, Sequence[Movie]]) -> str:
    """Return the rows of movies that are shown while the taste is empty, by the row's name."""
    cards = {name: [Card(movie, note=_liked_by(movie)) for movie in movies] for name, movies in shelves.items()}
    return render("shelves.html", shelves=cards)


def share_of_best(score: float, top: float) -> int:
    """Return a score in percent of the row's best, 4 to 100, since only scores of one row can be compared."""
    return round(100 * min(1.0, max(0.04, score / top))) if top > 0 else 4


def _match(pick: Pick, top: float, *, quotes: bool) -> Match:
    quote = pick.quote if quotes else None
    return Match(
        rank=pick.rank,
        inferred=pick.inferred,
        share=share_of_best(pick.score, top),
        brief=pick.brief,
        reason=with_quote(pick.reason, quote),
        quote=quote.text if quote else "",
    )


def _liked_by(movie: Movie) -> str:
    return f"liked by {movie.liked:,}" if movie.liked else ""
