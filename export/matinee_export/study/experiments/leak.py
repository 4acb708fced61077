"""The leak test: how well content models rank with random vectors, without and with test rows in their profiles.

Every vector of an encoder is replaced by a random one, which removes all information about texts and posters. With
profiles made from train rows only, metrics must then fall to chance. With test rows in the profiles, even random
vectors rank the test movies high, which shows what a leaking evaluation looks like.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matinee_export.embedding.vectors import ContentVectors, ReviewVectors
from matinee_export.evaluation.baselines import random_order
from matinee_export.evaluation.evaluate import HeldOut, Metrics, evaluate
from matinee_export.log import Log
from matinee_export.models.content import randomised
from matinee_export.models.content_settings import ContentSettings
from matinee_export.models.registry import CONTENT_MODELS
from matinee_export.models.training import SplitData
from matinee_export.study.results import Leak

STAND_IN = 768
"""Dimensions of the random vectors for a dataset with neither texts nor posters."""


def leak_test(data: SplitData, settings: Mapping[str, ContentSettings], log: Log) -> tuple[Metrics, tuple[Leak, ...]]:
    """Return the metrics of a random order, and those of every content model with each combination of vectors and rows.

    Args:
        data: The data; its content vectors may be those of `stand_in`.
        settings: The chosen settings of each content model; a model that is not named gets its defaults.
        log: Called with one line for each model.
    """
    train = data.interactions(data.fit_rows)
    held = HeldOut.between(train, data.interactions(data.split.test))
    every_row = np.arange(len(data.reviews), dtype=np.int64)
    defaults = {name: model.defaults for name, model in CONTENT_MODELS.items()}
    nothing = replace(data, content=_random(data.content, data.seed))

    def measured(asked: SplitData, rows: NDArray[np.int64]) -> dict[str, Metrics]:
        profiles = asked.profiles(rows, {**defaults, **settings})
        return {name: evaluate(known.scores(held.likes), held) for name, known in profiles.items()}

    ways = [measured(asked, rows) for rows in (data.fit_rows, every_row) for asked in (data, nothing)]
    leaks = tuple(Leak(name, ways[0][name], ways[1][name], ways[2][name], ways[3][name]) for name in ways[0])
    for leak in leaks:
        honest, leaking = (way.means()["ndcg@10"] for way in (leak.random, leak.random_leaking))
        log(f"{leak.model} with random vectors: nDCG@10 {honest:.4f}, with test rows let in {leaking:.4f}")
    return evaluate(random_order(data.n_movies, data.seed), held), leaks


def stand_in(n_rows: int, n_movies: int) -> ContentVectors:
    """Return random vectors for a dataset with neither texts nor posters: one for every row and every movie.

    They are stored under the names of the first model that reads only texts and the first that reads only posters.
    """
    rows = np.arange(n_rows, dtype=np.int64)
    texts = ReviewVectors(rows, randomised(np.ones((n_rows, STAND_IN), np.float32)))
    posters = randomised(np.ones((n_movies, STAND_IN), np.float32), 1)
    return ContentVectors({_reader_of("text"): texts}, {_reader_of("image"): posters})


def _reader_of(kind: str) -> str:
    return next(name for name, model in CONTENT_MODELS.items() if set(model.encoder.variants) == {kind})


def _random(content: ContentVectors, seed: int) -> ContentVectors:
    """Return `content` with every vector replaced by a random one; each kind of each model has a seed of its own."""
    kinds = [(name, kind) for name, model in CONTENT_MODELS.items() for kind in model.encoder.variants]
    seeds = {found: seed + number for number, found in enumerate(kinds, start=1)}

    def texts(name: str, made: ReviewVectors) -> ReviewVectors:
        return replace(made, vectors=randomised(made.vectors, seeds[name, "text"]))

    return ContentVectors(
        {name: texts(name, made) for name, made in content.texts.items()},
        {name: randomised(made, seeds[name, "image"]) for name, made in content.posters.items()},
    )
