"""The hybrid: what the other models say, weighed by who asks and about which movie.

Each member scores its own best movies and those of the others; the scores are standardised, weighted and added up, and
what a movie scores whoever asks is added to that: see `matinee.blend`, which has the formula. The weights are learned
by export on validation rows. The reason for a pick is that of the member that contributes most to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from matinee.blend import Weights, prior, sampled, share, standardise, strength
from matinee.exact import Mask, Rows, Vectors, best, check_allowed, check_k, products
from matinee.models.base import Choice, Evidence, Model, Query, Told
from matinee.models.spec import ModelSpec

POOL = 500
"""How many movies each member of a large catalogue's hybrid proposes; five times as many as asked for, if more."""

EXACT_UP_TO = 20_000
"""Up to this many movies, every one of them is scored by every member: that takes a few milliseconds and is exact."""


@dataclass(frozen=True)
class Movies:
    """What the hybrid knows of the movies, whoever asks.

    Attributes:
        prior: What each scores for visitors with few and with many likes, (n_movies, 2) float32.
        cold: Which have hardly been rated, (n_movies,) bool.
    """

    prior: Vectors
    cold: Mask


@dataclass(frozen=True)
class _Voice:
    """A member that has something to say to this visitor."""

    model: Model
    query: Query
    weights: Weights


class Hybrid:
    """Joins what its members say; a `Ranker` like each of them.

    Args:
        members: Models by name.
        weights: By name; who is no member, or has only weights of 0, is not asked.
        movies: What is known of the movies.
    """

    spec: ClassVar[ModelSpec] = ModelSpec(name="hybrid", title="Hybrid", goes_by="all of them together")

    def __init__(self, members: Mapping[str, Model], weights: Mapping[str, Weights], movies: Movies) -> None:
        self.members = members
        self.weights = {name: by_regime for name, by_regime in weights.items() if name in members and any(by_regime)}
        self.movies = movies

    @property
    def name(self) -> str:
        """Name of the model in the bundle."""
        return self.spec.name

    def rank(self, told: Told, k: int, allowed: Mask | None = None) -> list[Choice]:
        """Choose the best movies for a visitor; see `Ranker.rank`. Movies without a vector still have a prior."""
        check_k(k)
        check_allowed(allowed, len(self.movies.cold))
        voices, strengths = self._voices(told), strength(np.array([self._likes(told)], dtype=np.float64))
        whoever = prior(self.movies.prior, strengths)  # (n_movies,)
        rows = self._pool(voices, whoever, max(POOL, 5 * k), allowed)
        points = self._points(voices, told, rows, strengths)
        chosen, total = best(np.arange(len(rows)), points.sum(axis=0) + whoever[rows], k)
        return self._choices(voices, rows[chosen], points[:, chosen], total)

    def _likes(self, told: Told) -> int:
        """How many movies the visitor has said that they like."""
        heard: list[Evidence] = [item for name in self.weights for item in told[self.members[name].speaks_as]]
        return len({e.movie for e in heard if e.kind == "movie" and not e.inferred and e.weight > 0})

    def _voices(self, told: Told) -> list[_Voice]:
        """The members that the visitor told something; the others would only repeat the crowd, as the prior does."""
        members = ((self.members[name], weights) for name, weights in self.weights.items())
        voices = [_Voice(model, model.see(told), weights) for model, weights in members]
        return [voice for voice in voices if any(voice.query.evidence)]

    def _pool(self, voices: list[_Voice], whoever: Vectors, size: int, allowed: Mask | None) -> Rows:
        """The movies to choose from, ascending: all, or of a large catalogue the best of voices and prior."""
        everything = np.arange(len(whoever)) if allowed is None else np.flatnonzero(allowed)
        if len(everything) <= max(size, EXACT_UP_TO):
            return everything
        crowd = everything[np.argpartition(-whoever[everything], size - 1)[:size]]
        return np.unique(
            np.concatenate([crowd, *(v.model.index.search(v.query.vector, size, allowed)[0] for v in voices)])
        )

    def _points(self, voices: list[_Voice], told: Told, rows: Rows, strengths: npt.NDArray[np.float64]) -> Vectors:
        """What each voice gives the movies in `rows`, (voices, m)."""
        if not voices:
            return np.zeros((0, len(rows)), dtype=np.float32)
        pairs = [self._scores(voice, told, rows) for voice in voices]
        scores, among = np.array([scores for scores, _ in pairs]), np.array([among for _, among in pairs])
        cold = self.movies.cold[rows]
        shares = np.array([share(voice.weights, strengths, cold) for voice in voices])
        return np.asarray(standardise(scores, among) * shares)

    def _scores(self, voice: _Voice, told: Told, rows: Rows) -> tuple[Vectors, Vectors]:
        """What the movies in `rows` score with a voice, (m,), and those of the sample, (s,)."""
        model, vector = voice.model, voice.query.vector
        if len(model.vectors) <= EXACT_UP_TO:
            scores = model.scores(told)
            return scores[rows], scores[sampled(len(scores))]
        return products(model.vectors[rows], vector), products(self._sample[model.name], vector)

    @cached_property
    def _sample(self) -> Mapping[str, Vectors]:
        """Vectors of the movies over which each member's scores are standardised, (s, dim)."""
        return {name: self.members[name].vectors[sampled(len(self.movies.cold))] for name in self.weights}

    def _choices(self, voices: list[_Voice], rows: Rows, points: Vectors, total: Vectors) -> list[Choice]:
        """The movies in `rows` (k,), each with the reason of the voice that gave it most of `points` (voices, k)."""
        loudest = np.vstack([np.zeros(len(rows)), points]).argmax(axis=0).tolist()  # 0 where no voice is in favour
        said: dict[int, tuple[str, list[Evidence | None]]] = {0: (self.name, [None] * len(rows))}
        for line in set(loudest) - {0}:
            voice = voices[line - 1]
            said[line] = voice.model.speaks_as, voice.model.reasons(voice.query, rows)
        return [
            Choice(row, score, said[line][0], said[line][1][column])
            for column, (row, score, line) in enumerate(zip(rows.tolist(), total.tolist(), loudest, strict=True))
        ]
