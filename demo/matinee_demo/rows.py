"""The picks as the page shows them: for each model a row of posters, as on a streaming site.

In: the answers of the models. Out: HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matinee.catalogue import Movie
from matinee.recommender import Answer, Pick
from matinee_demo.cards import Card, Match
from matinee_demo.templates import render
from matinee_demo.words import model_words, untrained

WAITING_CARDS = 7
QUOTED = '; reviewers say: "'
"""How a reason goes on where it repeats a reviewer's words."""


def render_row(model: str, answer: Answer | None, weights: Mapping[str, str], *, quotes: bool = True) -> str:
    """Return a model's row of picks, or one that waits where it has not answered yet.

    Args:
        model: The model's name.
        answer: Its answer, or None.
        weights: Kind of weights of each encoder, by its name, which is also its model's.
        quotes: Whether reasons may repeat reviewers' words.
    """
    words = model_words(model)
    if answer is None:
        return render("row.html", model=model, words=words, waiting=WAITING_CARDS)
    top = max((pick.score for pick in answer.picks), default=0.0)
    return render(
        "row.html",
        model=model,
        words=words,
        waiting=0,
        warning=untrained(model, weights),
        milliseconds=max(1, round(answer.milliseconds)),
        cards=[Card(pick.movie, pick=_match(pick, top, quotes=quotes)) for pick in answer.picks],
    )


def render_shelves(shelves: Mapping[str, Sequence[Movie]]) -> str:
    """Return the rows of movies that are there before a visitor has told anything, by the name of the row."""
    cards = {name: [Card(movie, note=_liked_by(movie)) for movie in movies] for name, movies in shelves.items()}
    return render("shelves.html", shelves=cards)


def share_of_best(score: float, top: float) -> int:
    """How good a match is, in percent of the row's best: only the order of a model's scores means something."""
    return round(100 * min(1.0, max(0.04, score / top))) if top > 0 else 4


def plain_reason(reason: str, *, quotes: bool) -> str:
    """Return a pick's reason, without the reviewer's words that it may end with unless `quotes`."""
    return reason if quotes else reason.partition(QUOTED)[0]


def _match(pick: Pick, top: float, *, quotes: bool) -> Match:
    return Match(
        rank=pick.rank,
        inferred=pick.inferred,
        share=share_of_best(pick.score, top),
        brief=pick.brief,
        reason=plain_reason(pick.reason, quotes=quotes),
        quote=pick.reason.partition(QUOTED)[2].removesuffix('"') if quotes else "",
    )


def _liked_by(movie: Movie) -> str:
    return f"liked by {movie.liked:,}" if movie.liked else ""
