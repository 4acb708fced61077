"""One film as the page shows it everywhere: poster, title, facts, and three buttons to say what one thinks of it.

Plain data for `html/cards.html`. The buttons carry `data-act` and what goes with it, which `static/actions.js` sends to
the page; pressing the title opens the film's details.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matinee.catalogue import Movie

Words = Mapping[str, str]
"""What the visitor said of films, a key of VERDICTS by the film's id."""


@dataclass(frozen=True)
class Match:
    """What a card says of a pick.

    Attributes:
        rank: From 1.
        inferred: Whether the model could not read what was given and went by the nearest films.
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
        said: What the visitor said of it, a key of VERDICTS, or "".
        note: A line under its facts, or "".
        pick: What makes it a pick, where it is one.
    """

    movie: Movie
    said: str = ""
    note: str = ""
    pick: Match | None = None
