"""How good recommendations are for users whom no model was trained on, as every visitor of a bundle is one.

In: the train and test rows of a split, and the settings of BPR and ALS. Out: for each model, its per-user metrics for a
share of the users when it was fitted without them and each of them was folded in by the runtime's own code, and for the
same users when it was fitted with them. `folded_scores` does the former for any runtime model, so content models can be
asked too.

A user is told to the runtime as a visitor who rates their train movies one by one: each given rating becomes evidence
with the weight that the model gives to it (`Model.weigh`); what was only imputed is not told. Where every rating counts
as a like (`liked_from` below 7), a rating that training took for a like is told as one, with training's rating / 10.
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
"""Of all users, how many are kept out of training: 189 of MovieLens 100K's 943."""

EASE_LAMBDA = 500.0


@dataclass(frozen=True)
class FoldedIn:
    """One model asked about the same users twice.

    Attributes:
        folded: Its metrics when it was fitted without these users.
        trained: Its metrics when their train rows were among those it was fitted to.
    """

    folded: Metrics
    trained: Metrics

    def lost(self, metric: str = "ndcg@10") -> float:
        """Return by how much the mean of `metric` is lower for folding in; below 0 where it is higher."""
        return self.trained.means()[metric] - self.folded.means()[metric]


def fold_in(
    train: Interactions, test: Interactions, settings: Mapping[str, Setting], share: float = SHARE, seed: int = 0
) -> dict[str, FoldedIn]:
    """Fit models with and without a share of the users, and ask both about these users.

    Args:
        train: The train rows.
        test: The test rows.
        settings: What each factor model, "bpr" or "als", is fitted with.
        share: Of all users, how many to keep out of training, above 0 and below 1.
        seed: Decides which users, and is the seed of every fit.

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
    """Return the runtime's model `name`, as a bundle would hold it.

    Args:
        name: Of `matinee.models.MODELS`.
        vectors: Movie vectors, (n_movies, dim) float32.
        known: The rows that the vectors were made from, for popularity.
        params: What fold-in needs.
        choices: What export chose for the model.
    """
    likes = np.asarray(known.liked().sum(axis=0)).ravel().astype(np.int64)
    return MODELS[name](vectors, Index.build(vectors), likes, params, choices)


def folded_scores(model: Model, told: Interactions, users: NDArray[np.int64]) -> DotScores:
    """Fold users into a model and return it as a scorer.

    Args:
        model: The runtime's model.
        told: Rows that users tell of themselves.
        users: (n,) codes of the users to fold in; of all others the scorer knows nothing.
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
    """Return what a visitor who rates the movies of `rows` says to `model`."""
    like = given.is_like[rows] & (given.liked_from < LIKED)
    return [
        Evidence(rating / MAX_RATING if is_like else model.weigh(rating), f"movie {movie}", "movie", movie=movie)
        for movie, rating, is_like in zip(
            given.movies[rows].tolist(), given.ratings[rows].tolist(), like.tolist(), strict=True
        )
    ]


def _ease_folded(rest: Interactions, train: Interactions) -> Scores:
    """EASE's weights between movies learned from `rest`, asked about everybody's likes in `train`."""
    fitted = cast(Any, ease(rest, EASE_LAMBDA))  # whichever way it was solved, it keeps the users' likes as `liked`
    return cast(Scores, replace(fitted, liked=train.liked()))
