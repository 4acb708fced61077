"""Measures recommendations for users that no model was trained on, as every visitor of a bundle is.

In: the train and test rows of a split, and the settings of BPR and ALS. Out: each model's per-user metrics for a share
of the users, once fitted without them, with each of them folded in by the runtime's own code, and once fitted with
them. `folded_scores` does the folding in for any runtime model, so that content models can be measured too.

A user is given to the runtime as a visitor who rates their train movies one by one: each given rating becomes evidence
with the weight that the model gives to it (`Model.weigh`); imputed ratings are left out. If every rating counts as a
like (`liked_from` below 7), a rating that training took for a like becomes evidence with training's weight, which is
rating / 10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from matinee.exact import Vectors
from matinee.index import Index
from matinee.models import MODELS, Evidence, Model
from matinee.taste import LIKED, MAX_RATING
from matinee_export.data.interactions import Interactions
from matinee_export.evaluation.baselines import ease, popularity
from matinee_export.evaluation.evaluate import HeldOut, Metrics, Scores, evaluate
from matinee_export.evaluation.scorers import DotScores
from matinee_export.models.factor_model import Setting
from matinee_export.models.factors import fit_factors

SHARE = 0.2
"""Share of the users that is kept out of training: 189 of MovieLens 100K's 943."""

EASE_LAMBDA = 500.0


@dataclass(frozen=True)
class FoldedIn:
    """The metrics of one model for the same users, folded in and trained on.

    Attributes:
        folded: Metrics of the model fitted without these users, who are then folded in.
        trained: Metrics of the model fitted to their train rows too.
    """

    folded: Metrics
    trained: Metrics

    def lost(self, metric: str = "ndcg@10") -> float:
        """Return how much lower the mean of `metric` is with folding in; below 0 if it is higher."""
        return self.trained.means()[metric] - self.folded.means()[metric]


def fold_in(
    train: Interactions, test: Interactions, settings: Mapping[str, Setting], share: float = SHARE, seed: int = 0
) -> dict[str, FoldedIn]:
    """Fit models with and without a share of the users, and evaluate both on these users.

    Args:
        train: The train rows.
        test: The test rows.
        settings: The setting of each factor model, by name: "bpr" or "als".
        share: Share of the users to keep out of training, above 0 and below 1.
        seed: Seed of the choice of users and of every fit.

    Returns:
        The results of each model of `settings`, and of "ease" and "popularity" for comparison.
    """
    newcomers = keep_out(train.n_users, share, seed)
    rest = train.where(~newcomers[train.users])
    held = HeldOut.between(train, test).only_users(newcomers)
    folded: dict[str, Scores] = {"popularity": popularity(rest), "ease": _ease_folded(rest, train)}
    trained: dict[str, Scores] = {"popularity": popularity(train), "ease": ease(train, EASE_LAMBDA)}
    for kind, setting in settings.items():
        fitted = fit_factors(kind, rest, setting, seed)
        model = runtime_model(kind, fitted.item_factors, rest, fitted.params)
        folded[kind] = folded_scores(model, train, held.users)
        trained[kind] = fit_factors(kind, train, setting, seed).scores(held.likes)
    return {name: FoldedIn(evaluate(folded[name], held), evaluate(trained[name], held)) for name in folded}


def keep_out(n_users: int, share: float, seed: int) -> NDArray[np.bool_]:
    """Draw users to keep out of training: (n_users,) True for round(share n_users) of them."""
    chosen = np.zeros(n_users, bool)
    chosen[np.random.default_rng(seed).permutation(n_users)[: round(share * n_users)]] = True
    return chosen


def runtime_model(
    name: str,
    vectors: Vectors,
    known: Interactions,
    params: Mapping[str, float] = MappingProxyType({}),
    choices: Mapping[str, str | float] = MappingProxyType({}),
) -> Model:
    """Return the runtime's model `name`, as it would be opened from a bundle.

    Args:
        name: A name in `matinee.models.MODELS`.
        vectors: Movie vectors, (n_movies, dim) float32.
        known: The rows that the vectors were made from, in which popularity is counted.
        params: Parameters of fold-in.
        choices: Settings that export chose for the model.
    """
    likes = np.asarray(known.liked().sum(axis=0)).ravel().astype(np.int64)
    return MODELS[name](vectors, Index.build(vectors), likes, params, choices)


def folded_scores(model: Model, told: Interactions, users: NDArray[np.int64]) -> DotScores:
    """Fold users into a model and return it as a scorer.

    Args:
        model: The runtime's model.
        told: The users' rows; the given ratings among them become evidence.
        users: (n,) codes of the users to fold in; all others get zero vectors.
    """
    vectors = np.zeros((told.n_users, model.vectors.shape[1]), np.float32)
    given = told.where(~told.imputed)
    order = np.argsort(given.users, kind="stable")
    starts = np.searchsorted(given.users[order], [users, users + 1]).T  # (n, 2)
    with threadpool_limits(limits=1, user_api="blas"):
        for user, (start, end) in zip(users, starts, strict=True):
            vectors[user] = model.query(_evidence(model, given, order[start:end])).vector
    return DotScores(vectors, model.vectors, model.popularity.astype(np.float64))


def _evidence(model: Model, given: Interactions, rows: NDArray[np.int64]) -> list[Evidence]:
    """Return the evidence that a visitor with the ratings in `rows` gives to `model`."""
    like = given.is_like[rows] & (given.liked_from < LIKED)
    return [
        Evidence(rating / MAX_RATING if is_like else model.weigh(rating), f"movie {movie}", "movie", movie=movie)
        for movie, rating, is_like in zip(
            given.movies[rows].tolist(), given.ratings[rows].tolist(), like.tolist(), strict=True
        )
    ]


def _ease_folded(rest: Interactions, train: Interactions) -> Scores:
    """Return EASE with its weights between movies learned from `rest`, applied to everybody's likes in `train`."""
    fitted = cast(Any, ease(rest, EASE_LAMBDA))  # whichever way it was solved, it keeps the users' likes as `liked`
    return cast(Scores, replace(fitted, liked=train.liked()))
