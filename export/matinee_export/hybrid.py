"""Weights of the hybrid, chosen on validation rows: how much each model's ranking counts in the fusion.

In: scorers that know train rows only, and the validation question. Out: `Fusion`: a weight per model.
Knows nothing of test rows, nor of what is inside a scorer.

The search starts from the best single model and changes one weight at a time to the value of a small grid that gives
the highest validation nDCG@10, until a whole round changes nothing. So on validation rows the hybrid is never worse
than the best of its models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matinee_export import metrics
from matinee_export.evaluate import HeldOut, Scores, rank_relevant
from matinee_export.ranking import tie_order
from matinee_export.scorers import reciprocal_ranks

GRID = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0)
"""Weights tried, relative to 1 for the best single model."""

ROUNDS = 3
"""Rounds over all models at most."""

CELLS = 6_000_000
"""Scores kept per model while searching (24 MB): beyond this, a random part of the validation users stands for all."""


@dataclass(frozen=True)
class Fusion:
    """Chosen weights and how they were found.

    Args:
        weights: By model name, 0 or more, adding up to 1; every model is named.
        ndcg: Validation nDCG@10 of the fusion, over the users searched with.
        alone: Validation nDCG@10 of each model by itself, over the same users.
        users: How many users the search was made with.
    """

    weights: dict[str, float]
    ndcg: float
    alone: dict[str, float]
    users: int


def tune_hybrid(
    models: Mapping[str, Scores],
    held: HeldOut,
    seed: int = 0,
    report: Callable[[str], None] = lambda line: None,
) -> Fusion:
    """Choose fusion weights by validation nDCG@10.

    Args:
        models: Scorers by name, at least one, made from train rows alone: for factors the fit of `fit_factors` to them,
            not the final one of `train_factors`, which has learned the validation rows.
        held: The validation question, `HeldOut.between(train, validation)`. With nobody in it, all weights are equal.
        seed: Seed of the choice of users where there are too many to keep.
        report: Called with one line when done.
    """
    users = _some_users(held, seed)
    if not len(users):
        return Fusion({name: 1 / len(models) for name in models}, float("nan"), {}, 0)
    seen, relevant = held.seen[users], held.relevant[users]
    parts = {name: reciprocal_ranks(scores(users), seen) for name, scores in models.items()}

    def ndcg(fused: NDArray[np.float32]) -> float:
        return _ndcg(fused.copy(), seen, relevant)

    alone = {name: ndcg(part) for name, part in parts.items()}
    best = max(alone, key=lambda name: alone[name])
    weights, value = _climb(parts, {name: float(name == best) for name in parts}, alone[best], ndcg)
    total = sum(weights.values())
    fusion = Fusion({name: weight / total for name, weight in weights.items()}, value, alone, len(users))
    report(f"hybrid {_spelled(fusion.weights)}: validation nDCG@10 {value:.4f} ({best} alone {alone[best]:.4f})")
    return fusion


def _climb(
    parts: Mapping[str, NDArray[np.float32]],
    weights: dict[str, float],
    value: float,
    ndcg: Callable[[NDArray[np.float32]], float],
) -> tuple[dict[str, float], float]:
    """Coordinate search: returns the weights found and their value."""
    for _ in range(ROUNDS):
        before = dict(weights)
        for name, part in parts.items():
            rest = sum(
                (np.float32(weights[other]) * parts[other] for other in parts if other != name and weights[other] > 0),
                np.zeros_like(part),
            )
            if not rest.any():
                continue  # the only model with a weight: scaling it changes no ranking
            tried = {weight: ndcg(rest + np.float32(weight) * part) for weight in GRID if weight != weights[name]}
            candidate = max(tried, key=lambda weight: tried[weight])
            if tried[candidate] > value:
                weights, value = {**weights, name: candidate}, tried[candidate]
        if weights == before:
            break
    return weights, value


def _ndcg(fused: NDArray[np.float32], seen: sparse.csr_matrix, relevant: sparse.csr_matrix) -> float:
    ranks, _ = rank_relevant(fused, seen, relevant, tie_order(fused.shape[1]), 10)
    return float(metrics.ndcg(ranks, 10).mean())


def _some_users(held: HeldOut, seed: int) -> NDArray[np.int64]:
    most = max(1, CELLS // held.seen.shape[1])
    if len(held.users) <= most:
        return held.users
    return np.sort(np.random.default_rng(seed).choice(held.users, most, replace=False))


def _spelled(weights: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {weight:.2f}" for name, weight in weights.items())
