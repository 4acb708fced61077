"""The leak test: would a model look good if it knew nothing, and how good if it had seen the answers?

Every vector of an encoder is replaced by a random one, so that nothing is left of what texts and posters say. Where
profiles are made of train rows only, figures must then fall to chance; where test rows are let into them, even random
vectors find the answers again, which is what an evaluation looks like that leaks. Knows nothing of files.
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
from matinee_export.models.content_settings import DEFAULTS, ProfileSettings
from matinee_export.models.training import Question
from matinee_export.study.results import Leak

STAND_IN = 768
"""Dimensions of the vectors that are made up for a dataset with neither texts nor posters."""


def leak_test(
    question: Question, settings: Mapping[str, ProfileSettings], log: Log
) -> tuple[Metrics, tuple[Leak, ...]]:
    """Return the metrics of a random order, and those of every content model in four ways.

    Args:
        question: The data; content vectors may be those of `stand_in`.
        settings: What was chosen for each content model.
        log: Called with one line for each model.
    """
    train = question.interactions(question.fit_rows)
    held = HeldOut.between(train, question.interactions(question.split.test))
    every_row = np.arange(len(question.reviews), dtype=np.int64)
    nothing = replace(question, content=_random(question.content, question.seed))

    def measured(asked: Question, rows: NDArray[np.int64]) -> dict[str, Metrics]:
        profiles = asked.profiles(rows, {**DEFAULTS, **settings})
        return {name: evaluate(known.scores(held.likes), held) for name, known in profiles.items()}

    ways = [measured(asked, rows) for rows in (question.fit_rows, every_row) for asked in (question, nothing)]
    leaks = tuple(Leak(name, ways[0][name], ways[1][name], ways[2][name], ways[3][name]) for name in ways[0])
    for leak in leaks:
        honest, leaking = (way.means()["ndcg@10"] for way in (leak.random, leak.random_leaking))
        log(f"{leak.model} with random vectors: nDCG@10 {honest:.4f}, with test rows let in {leaking:.4f}")
    return evaluate(random_order(question.n_movies, question.seed), held), leaks


def stand_in(n_rows: int, n_movies: int) -> ContentVectors:
    """Return made-up vectors for a dataset that has neither: a text for every row, and a poster for every movie."""
    texts = ReviewVectors(np.arange(n_rows, dtype=np.int64), randomised(np.ones((n_rows, STAND_IN), np.float32)))
    nothing = ReviewVectors(np.empty(0, np.int64), np.empty((0, STAND_IN), np.float32))
    posters = randomised(np.ones((n_movies, STAND_IN), np.float32), 1)
    none = np.zeros((n_movies, STAND_IN), np.float32)
    return ContentVectors(bert=texts, resnet50=posters, clip_texts=nothing, clip_posters=none)


def _random(content: ContentVectors, seed: int) -> ContentVectors:
    """Replace every vector by a random one."""

    def texts(vectors: ReviewVectors, number: int) -> ReviewVectors:
        return replace(vectors, vectors=randomised(vectors.vectors, seed + number))

    return ContentVectors(
        bert=texts(content.bert, 1),
        resnet50=randomised(content.resnet50, seed + 2),
        clip_texts=texts(content.clip_texts, 3),
        clip_posters=randomised(content.clip_posters, seed + 4),
    )
