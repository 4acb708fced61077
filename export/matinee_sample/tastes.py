"""Simulates which films each reviewer watches and how the reviewer rates them.

In: films, reviewers and a random generator. Out: `Viewing` records, one per reviewer and film. A reviewer's taste
determines both choices and ratings, so that models can learn it: choices are drawn by Gumbel top-k over popularity +
affinity (Kool, van Hoof and Welling 2019), ratings are quality + affinity + generosity + noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee_sample.films import Film
from matinee_sample.phrasing import bank
from matinee_sample.reviewers import Reviewer

_FEWEST_PER_FILM = 8
_FEWEST_PER_REVIEWER = 5
_MOOD_SHARE = 0.6  # weight of a mood relative to a theme
_CHOICE_WEIGHT = 1.0  # weight of affinity (in standard deviations) relative to log popularity
_MEAN, _QUALITY, _LIKING, _NOISE = 5.35, 0.75, 1.5, 1.3  # mean of ratings and weights of their parts, in rating points


@dataclass(frozen=True, slots=True)
class Viewing:
    """A rating of 1 to 10 that a reviewer gave to a film, both by their row."""

    reviewer: int
    film: int
    rating: int


def watch(films: Sequence[Film], reviewers: Sequence[Reviewer], count: int, rng: np.random.Generator) -> list[Viewing]:
    """Return about `count` viewings: at least 8 per film and 5 per reviewer, and no pair twice."""
    affinity = _affinity(films, reviewers)  # (n_reviewers, n_films)
    popularity, quality = _fame(films, rng)  # (n_films,) each
    seen = _choices(affinity, popularity, reviewers, count, rng)
    _top_up(seen, affinity, rng)
    rows, columns = np.nonzero(seen)
    temper = np.array([reviewer.generosity for reviewer in reviewers])
    raw = _MEAN + _QUALITY * quality[columns] + _LIKING * affinity[rows, columns] + temper[rows]
    ratings = np.clip(np.rint(raw + rng.normal(0.0, _NOISE, len(rows))), 1, 10).astype(int)
    return [Viewing(int(r), int(c), int(rating)) for r, c, rating in zip(rows, columns, ratings, strict=True)]


def related(films: Sequence[Film], count: int) -> list[list[Film]]:
    """Return, for each film, the `count` most similar others by themes, moods, genres and pace, weighted by rarity."""
    marks = sorted({mark for film in films for mark in _marks(film)})
    column = {mark: i for i, mark in enumerate(marks)}
    table = np.zeros((len(films), len(marks)))  # (n_films, n_marks)
    for row, film in enumerate(films):
        table[row, [column[mark] for mark in _marks(film)]] = 1.0
    table *= np.log(len(films) / table.sum(0))
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    closeness = table @ table.T
    np.fill_diagonal(closeness, -1.0)
    return [[films[i] for i in np.argsort(-row, kind="stable")[:count]] for row in closeness]


def _marks(film: Film) -> set[str]:
    return {*film.themes, *(f"mood {mood}" for mood in film.moods), *film.genres, f"pace {film.pace}"}


def _affinity(films: Sequence[Film], reviewers: Sequence[Reviewer]) -> NDArray[np.float64]:
    axes = bank("axes").values()
    has = np.array([[_presence(film, axis) for axis in axes] for film in films])  # (n_films, n_axes)
    has = (has - has.mean(0)) / has.std(0)
    tastes = np.array([reviewer.taste for reviewer in reviewers])  # (n_reviewers, n_axes)
    affinity: NDArray[np.float64] = tastes @ has.T
    scale: NDArray[np.float64] = affinity.std(1, keepdims=True)
    return np.divide(affinity, scale)


def _presence(film: Film, axis: dict[str, list[str]]) -> float:
    themes = sum(theme in axis["themes"] for theme in film.themes)
    return float(np.sqrt(themes + _MOOD_SHARE * sum(mood in axis["moods"] for mood in film.moods)))


def _fame(films: Sequence[Film], rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return log popularity, which rises with quality and year, and quality; (n_films,) each, about standard normal."""
    score = np.array([7.6 if film.score is None else film.score for film in films])
    quality = (score - 7.6) / 0.7 * 0.6 + rng.normal(0.0, 0.8, len(films))
    years = np.array([(film.year - 1985) / 25 for film in films])
    return 0.35 * quality + 0.3 * years + rng.normal(0.0, 0.95, len(films)), quality


def _choices(
    affinity: NDArray[np.float64],
    popularity: NDArray[np.float64],
    reviewers: Sequence[Reviewer],
    count: int,
    rng: np.random.Generator,
) -> NDArray[np.bool_]:
    """Draw the films that each reviewer sees, bool (n_reviewers, n_films)."""
    activity = np.array([reviewer.activity for reviewer in reviewers])
    amounts = np.maximum(_FEWEST_PER_REVIEWER, np.rint(count * activity / activity.sum())).astype(int)
    conformity = np.array([[reviewer.conformity] for reviewer in reviewers])
    keys = conformity * popularity + _CHOICE_WEIGHT * affinity + rng.gumbel(size=affinity.shape)
    ranks = np.argsort(np.argsort(-keys, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray(ranks < amounts[:, None])


def _top_up(seen: NDArray[np.bool_], affinity: NDArray[np.float64], rng: np.random.Generator) -> None:
    """Add viewers to films with too few, in place, drawn by affinity plus noise."""
    keys = np.where(seen, -np.inf, affinity + rng.gumbel(size=affinity.shape))
    for film in np.flatnonzero(seen.sum(0) < _FEWEST_PER_FILM):
        missing = _FEWEST_PER_FILM - int(seen[:, film].sum())
        seen[np.argsort(-keys[:, film], kind="stable")[:missing], film] = True
