"""Turns viewings into the rows of `reviews.csv`: dates, votes, spoiler flags and, for some, a text.

In: films, reviewers, viewings and a random generator. Out: rows as dicts of strings, in the paper's columns and cell
formats.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matinee_sample.compose import Prose, compose
from matinee_sample.films import Film
from matinee_sample.reviewers import Reviewer
from matinee_sample.tastes import Viewing, related

REVIEW_COLUMNS = (
    *("review_id", "reviewer", "movie", "rating", "review_summary"),
    *("review_date", "spoiler_tag", "review_detail", "helpful"),
)
_TEXTS = 3700
_TEXTS_PER_FILM = 4  # smallest number
_SPOILERS, _NO_RATING, _NO_FLAG, _TWICE = 0.2, 0.12, 0.04, 0.0015  # shares of texts, texts, rows, rows
_FIRST, _LAST = dt.date(1999, 1, 10), dt.date(2023, 11, 30)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def review_rows(
    films: Sequence[Film], reviewers: Sequence[Reviewer], viewings: Sequence[Viewing], rng: np.random.Generator
) -> list[dict[str, str]]:
    """Return the rows of `reviews.csv`, ordered by film, and then a few duplicates, as real exports contain."""
    relatives = related(films, 5)
    written = _written(reviewers, viewings, len(films), rng)  # (n_viewings,)
    numbers = [0] * len(films)
    rows = []
    for index in sorted(range(len(viewings)), key=lambda i: (viewings[i].film, rng.random())):
        viewing, film = viewings[index], films[viewings[index].film]
        reviewer = reviewers[viewing.reviewer]
        prose = None
        if written[index]:
            spoils = bool(rng.random() < _SPOILERS)
            prose = compose(film, relatives[viewing.film], viewing.rating, reviewer.voice, spoils, rng)
        review_id = f"{film.imdb_id}_{numbers[viewing.film]}"
        numbers[viewing.film] += 1
        rows.append(_row(review_id, film, reviewer, viewing.rating, prose, rng))
    twice = rng.choice(len(rows), size=round(_TWICE * len(rows)), replace=False)
    return rows + [dict(rows[i]) for i in sorted(twice.tolist())]


def movie_title(film: Film) -> str:
    """Return the title with the year, in the form of the paper's data: "Heat (1995)"."""
    return f"{film.title} ({film.year})"


def _written(
    reviewers: Sequence[Reviewer], viewings: Sequence[Viewing], n_films: int, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Draw which viewings get a text, (n_viewings,): 4 or more per film, favouring talkative users, extreme ratings."""
    urge = np.log([reviewers[v.reviewer].talkativeness * (1 + abs(v.rating - 6.5) / 4) for v in viewings])
    order = np.argsort(-(urge + rng.gumbel(size=len(viewings))), kind="stable")
    per_film = np.zeros(n_films, dtype=int)
    chosen = np.zeros(len(viewings), dtype=bool)
    for index in order:
        film = viewings[index].film
        if per_film[film] < _TEXTS_PER_FILM:
            chosen[index] = True
            per_film[film] += 1
    rest = order[~chosen[order]]
    chosen[rest[: max(0, _TEXTS - int(chosen.sum()))]] = True
    return chosen


def _row(
    review_id: str, film: Film, reviewer: Reviewer, rating: int, prose: Prose | None, rng: np.random.Generator
) -> dict[str, str]:
    unrated = prose is not None and rng.random() < _NO_RATING
    flag = str(int(prose is not None and prose.spoiler))
    cells = (
        review_id,
        reviewer.handle,
        movie_title(film),
        "" if unrated else str(rating),
        "" if prose is None else prose.summary,
        _date(film, reviewer, rng),
        "" if rng.random() < _NO_FLAG else flag,
        "" if prose is None else prose.text,
        _votes(prose, rng),
    )
    return dict(zip(REVIEW_COLUMNS, cells, strict=True))


def _date(film: Film, reviewer: Reviewer, rng: np.random.Generator) -> str:
    """Return a date after the film's release and the reviewer's start, such as "26 January 2005"."""
    began = _FIRST + dt.timedelta(days=int(reviewer.since * (_LAST - _FIRST).days))
    start = max(began, min(dt.date(film.year, 9, 1), _LAST - dt.timedelta(days=30)))
    day = start + dt.timedelta(days=int(rng.beta(1.0, 1.6) * (_LAST - start).days))
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _votes(prose: Prose | None, rng: np.random.Generator) -> str:
    """Return helpful votes and all votes, such as "['3', '5']"; often none."""
    if prose is None or rng.random() < 0.45:
        return "['0', '0']"
    total = int(rng.lognormal(1.0, 1.2)) + 1
    share = rng.beta(3.0, 2.0 + 2.0 * prose.spoiler)
    return f"['{int(rng.binomial(total, share))}', '{total}']"
