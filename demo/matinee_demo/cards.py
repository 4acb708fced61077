"""One film as the page shows it everywhere: poster, title, facts, and three buttons to say what one thinks of it.

In: movies and the visitor's word on them. Out: HTML, every title escaped. The buttons carry `data-act` and what goes
with it, which `bus.js` sends to the page; pressing the title opens the film's details.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matinee.catalogue import Movie
from matinee_demo.markup import hidden, text
from matinee_demo.posters import poster_address
from matinee_demo.words import VERDICTS

Words = Mapping[str, str]
"""What the visitor said of films, a key of VERDICTS by the film's id."""


@dataclass(frozen=True)
class Icon:
    """A drawing of 24 by 24."""

    path: str

    def __str__(self) -> str:
        return f'<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{self.path}"/></svg>'


ICONS = {
    "liked": Icon("M12 20.500 4.200 12.900a4.900 4.900 0 0 1 7-6.900l.8.8.8-.8a4.900 4.900 0 0 1 7 6.900z"),
    "not": Icon("m6 6 12 12M18 6 6 18"),
    "seen": Icon(
        "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12z"
        "M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z"
    ),
}


def card(movie: Movie, below: str = "", badges: str = "", said: str = "") -> str:
    """Return a film as an item of a list.

    Args:
        movie: The film.
        below: HTML that stands under its facts.
        badges: HTML that lies on its poster.
        said: What the visitor said of it, a key of VERDICTS, or "".
    """
    return (
        f'<li class="mt-card"><div class="mt-face"><div class="mt-poster">{picture(movie)}{badges}</div>'
        f'<h3><button type="button" class="mt-open" data-act="open" data-movie="{text(movie.id)}" '
        f'aria-haspopup="dialog">{text(movie.title)}</button></h3></div>'
        f"{facts(movie)}{verdicts(movie, said)}{below}</li>"
    )


def picture(movie: Movie) -> str:
    """Return the film's poster, or its title on a plain ground where it has none."""
    address = poster_address(movie)
    if address is None:
        return f'<span class="mt-no-poster" aria-hidden="true">{text(movie.title)}</span>'
    return f'<img src="{text(address)}" alt="Poster of {text(movie)}" loading="lazy" decoding="async">'


def facts(movie: Movie) -> str:
    """Return its year and IMDb score, as far as they are known."""
    score = "" if movie.score is None else f'<span class="mt-score" title="IMDb score">★ {movie.score:.1f}</span>'
    year = "" if movie.year is None else f"<span>{movie.year}</span>"
    return f'<p class="mt-facts">{year}{score}</p>'


def verdicts(movie: Movie, said: str = "") -> str:
    """Return the buttons that say what the visitor thinks of the film; the one that was pressed is marked so."""
    buttons = "".join(_verdict(movie, key, words, said == key) for key, words in VERDICTS.items())
    return f'<div class="mt-verdicts" role="group" aria-label="What you think of {text(movie)}">{buttons}</div>'


def _verdict(movie: Movie, key: str, words: str, pressed: bool) -> str:
    return (
        f'<button type="button" data-act="say" data-movie="{text(movie.id)}" data-said="{key}" '
        f'aria-pressed="{str(pressed).lower()}" title="{words}">{ICONS[key]}{hidden(f"{words}: {movie}")}</button>'
    )
