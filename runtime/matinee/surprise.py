"""From familiar to surprising: a model's own ranking, re-ranked so that its picks are less alike and less well known.

In: the best movies of one model in its order, and how surprising the picks should be, 0 to 1. Out: some of them
in another order; at 0 they stay as they were. Reasons and scores stay the model's own.

Picks are taken one by one by maximal marginal relevance (Carbonell and Goldstein 1998, "The use of MMR, diversity-based
reranking"), with popularity beside similarity as what counts against a movie:

    (1 - surprise) * relevance - surprise * (likeness + popularity / 2)

Relevance and popularity are ranks among the candidates, from 0 to 1, so that models need no common scale. Likeness is
the cosine to the most similar movie picked already, of vectors minus the popular mean: what all movies have in common
does not make them alike. At 1 relevance only decides which movies are candidates.

The vectors are those of the model with the highest `likeness` in its spec, which is BERT's where there are any: what
reviewers write about tells a war film from a comedy, which is the difference that people see in a list; BERT's weights
are always trained ones; and it knows more movies than the factors do. The same vectors serve every model.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from matinee.errors import BadInputError
from matinee.exact import Rows, Vectors, products, unit
from matinee.models import Model, ScoredMovie, specs

DEEP = 10
"""Number of candidates for each movie that is requested."""

DEEPEST = 1000
"""Maximum number of candidates; the rest of a longer list stays in the model's order."""


def check_surprise(surprise: float) -> float:
    """Return `surprise` as a float, or raise BadInputError unless it is a number from 0 to 1."""
    try:
        value = float(surprise)
    except (TypeError, ValueError):
        value = math.nan
    if not 0 <= value <= 1:
        raise BadInputError(f"surprise is a number from 0, familiar, to 1, surprising, not {surprise!r}")
    return value


def pool_size(k: int) -> int:
    """Return how many of a model's best movies to hand to `rerank` for k picks."""
    return max(k, min(DEEP * k, DEEPEST))


def rerank(
    pool: Sequence[ScoredMovie],
    k: int,
    surprise: float,
    models: Mapping[str, Model],
    liked: npt.NDArray[np.int64],
) -> list[ScoredMovie]:
    """Return k movies of `pool`, re-ranked.

    Args:
        pool: The model's `pool_size(k)` best, best first.
        k: How many movies, at least 1.
        surprise: From 0, the model's own order, to 1.
        models: The models of the bundle; the one with the highest `likeness` measures how alike movies are.
        liked: How many visitors liked each movie, (n_movies,).

    Returns:
        min(k, len(pool)) of `pool`, unchanged. Movies unknown to the model stay behind all others.
    """
    candidates = [scored for scored in pool if not scored.filler][:DEEPEST]
    if surprise == 0 or not candidates:
        return list(pool[:k])
    rows = np.array([scored.movie for scored in candidates], dtype=np.int64)
    order = _order(_directions(models, rows), liked[rows], surprise, min(k, len(rows)))
    left = pool[len(candidates) :] if len(order) == len(candidates) else []
    return [*(candidates[place] for place in order), *left][:k]


def _order(directions: Vectors, liked: npt.NDArray[np.int64], surprise: float, k: int) -> list[int]:
    """Return the places of k of m movies, in order of picking, given unit `directions` (m, dim) and `liked` (m,)."""
    m = len(directions)
    popularity = np.empty(m)
    popularity[np.argsort(liked, kind="stable")] = np.arange(m) / m
    value = (1 - surprise) * (1 - np.arange(m) / m) - surprise * popularity / 2  # (m,)
    likeness = np.full(m, -1.0)
    taken: list[int] = []
    for _ in range(k):
        best = int(np.argmax(value - surprise * likeness))
        taken.append(best)
        value[best] = -np.inf
        np.maximum(likeness, products(directions, directions[best]), out=likeness)
    return taken


def _directions(models: Mapping[str, Model], rows: Rows) -> Vectors:
    """Return unit vectors (m, dim) of movies relative to the popular mean; zero for movies unknown to the model."""
    if not models:
        return np.zeros((len(rows), 1), dtype=np.float32)
    model = models[max(models, key=lambda name: specs()[name].likeness)]
    vectors = np.where(model.index.known[rows, None], model.vectors[rows] - model.popular_mean, np.float32(0))
    return unit(vectors)
