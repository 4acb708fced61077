"""One film as the page shows it everywhere: poster, title, facts, and three buttons for a verdict.

Plain data for `html/cards.html`. The buttons carry `data-act` and its arguments, which `static/actions.js` sends to the
server; a click on the title opens the film's details.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matinee.catalogue import Movie

Verdicts = Mapping[str, str]
"""The visitor's verdicts on films, keys of `words.VERDICTS`, by the film's id."""


@dataclass(frozen=True)
class Match:
    """The details of a pick on its card.

    Attributes:
        rank: From 1.
        inferred: Whether the model could not read the taste itself and went by the films nearest to it.
        share: How good the match is, in percent of the row's best.
        brief: The reason in a few words.
        reason: The whole reason.
        quote: A reviewer's words that belong to it, or "".
    """

    rank: int
    inferred: bool
    share: int
    brief: str
    reason: str
    quote: str


@dataclass(frozen=True)
class Card:
    """One film in a row.

    Attributes:
        movie: The film.
        said: The visitor's verdict on it, a key of VERDICTS, or "".
        note: A line under its facts, or "".
        pick: The details of the pick, or None where the film is not one.
    """

    movie: Movie
    said: str = ""
    note: str = ""
    pick: Match | None = None
