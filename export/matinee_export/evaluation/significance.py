"""Statistical significance: bootstrap intervals over users, and a paired test between two models.

In: per-user values of one metric (n,) float64, users in the same order for both models. Out: intervals and p-values,
the same for the same seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLOCK = 64
"""Resamples drawn at a time, to limit memory."""


@dataclass(frozen=True)
class Interval:
    """A mean and the 95 % interval around it."""

    mean: float
    low: float
    high: float


def interval(values: NDArray[np.float64], seed: int = 0, rounds: int = 2000) -> Interval:
    """Return the mean over users and its 95 % percentile bootstrap interval (Efron 1979).

    Args:
        values: (n,) one value per user; if empty, mean and interval are nan.
        seed: Seed of the resampling.
        rounds: Number of resamples.
    """
    if not len(values):
        return Interval(float("nan"), float("nan"), float("nan"))
    rng = np.random.default_rng(seed)
    sizes = [min(BLOCK, rounds - done) for done in range(0, rounds, BLOCK)]
    means = np.concatenate([values[rng.integers(0, len(values), (size, len(values)))].mean(axis=1) for size in sizes])
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(float(values.mean()), float(low), float(high))


def paired_p_value(one: NDArray[np.float64], other: NDArray[np.float64], seed: int = 0, rounds: int = 2000) -> float:
    """Return the p-value of the difference of two models' means by the paired randomisation test.

    Under the null hypothesis the two models may be exchanged for each user, so the sign of each difference is flipped
    at random (Fisher 1935; recommended for rankings by Smucker, Allan and Carterette 2007). Two-sided;
    (1 + exceeding) / (1 + rounds), so never 0.

    Args:
        one: (n,) values of one model.
        other: (n,) values of the other, the same users in the same order.
        seed: Seed of the flips.
        rounds: Number of times that all signs are flipped at random.
    """
    difference = one - other
    difference = difference[difference != 0]
    if not len(difference):
        return 1.0
    rng = np.random.default_rng(seed)
    exceeding = 0
    for done in range(0, rounds, BLOCK):
        signs = rng.integers(0, 2, (min(BLOCK, rounds - done), len(difference))) * 2 - 1
        exceeding += int((np.abs(signs @ difference) >= abs(difference.sum()) * (1 - 1e-12)).sum())
    return (1 + exceeding) / (1 + rounds)
