"""Compares models over users: means, intervals and paired tests corrected for multiple testing.

In: the cells of one split, one for each seed; a user who is a test user under several seeds counts once. Out: plain
figures for a report. Intervals and p-values are cached, so that two reports of one study cost as much as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from matinee_export.evaluation import significance
from matinee_export.evaluation.metrics import PerUser
from matinee_export.evaluation.significance import Interval
from matinee_export.study.results import EVERYONE, HYBRID, MODELS, Cell, per_user

METRIC = "ndcg@10"
"""The metric by which models are compared."""

CHANCE = 0.05
"""A difference whose corrected p-value is not below this is treated as chance."""


@dataclass(frozen=True)
class Difference:
    """The difference between two models on the same users.

    Attributes:
        one: Name of a model.
        other: Name of the model it is compared with.
        by: Mean over users of `METRIC` of `one` less that of `other`, with its 95 % interval.
        p: p-value of the paired test.
        corrected: The p-value corrected for all tests of its split.
    """

    one: str
    other: str
    by: Interval
    p: float
    corrected: float

    @property
    def is_chance(self) -> bool:
        """Whether the corrected p-value is too high to rule out chance."""
        return self.corrected >= CHANCE


def models_of(cells: Sequence[Cell], group: str = EVERYONE) -> tuple[str, ...]:
    """Return the models that were evaluated under every seed, in order."""
    return tuple(name for name in cells[0].metrics[group] if all(name in cell.metrics[group] for cell in cells))


def users_of(cells: Sequence[Cell], group: str = EVERYONE) -> int:
    """Return the number of distinct users of a group over all seeds."""
    return len(np.unique(np.concatenate([next(iter(cell.metrics[group].values())).users for cell in cells])))


def interval_of(cells: Sequence[Cell], model: str, group: str = EVERYONE, metric: str = METRIC) -> Interval:
    """Return a model's mean of `metric` over users, with its 95 % interval."""
    return interval(per_user(cells, group, model, metric))


def means_of(cells: Sequence[Cell], model: str, group: str = EVERYONE) -> dict[str, float]:
    """Return every metric of a model: means over users, and means over seeds for coverage and novelty."""
    found = [cell.metrics[group][model] for cell in cells]
    means = {name: _mean(per_user(cells, group, model, name)) for name in found[0].per_user}
    lists = {name for name in found[0].means() if name not in means}
    return {**means, **{name: _mean(np.array([one.means()[name] for one in found])) for name in sorted(lists)}}


def best_of(cells: Sequence[Cell], among: Sequence[str], group: str = EVERYONE) -> str:
    """Return the model in `among`, at least one, with the highest mean of `METRIC`; the first of equals."""
    return max(among, key=lambda model: _mean(per_user(cells, group, model, METRIC)))


def best_single(cells: Sequence[Cell]) -> str:
    """Return the best single model, of those that the hybrid combines."""
    return best_of(cells, [name for name in models_of(cells) if name in MODELS])


def differences(cells: Sequence[Cell]) -> tuple[Difference, ...]:
    """Compare the hybrid with every other model, and the best single model with the rest; p-values corrected together.

    Args:
        cells: The cells of one split.
    """
    single = best_single(cells)
    pairs = [(HYBRID, other) for other in models_of(cells) if other != HYBRID]
    pairs += [(single, other) for other in models_of(cells) if other not in (HYBRID, single)]
    values = {name: per_user(cells, EVERYONE, name, METRIC) for name in models_of(cells)}
    tested = [p_value(values[one], values[other]) for one, other in pairs]
    return tuple(
        Difference(one, other, interval(values[one] - values[other]), p, corrected)
        for (one, other), p, corrected in zip(pairs, tested, holm(tested), strict=True)
    )


def holm(values: Sequence[float]) -> tuple[float, ...]:
    """Return p-values corrected for multiple tests: the chance of even one false finding stays at its stated level.

    The i-th smallest of m is multiplied by m - i + 1, and none is less than a smaller one's (Holm 1979).
    """
    order = np.argsort(values, kind="stable")
    ascending = np.asarray(values, dtype=np.float64)[order] * np.arange(len(values), 0, -1)
    corrected = np.empty(len(values))
    corrected[order] = np.minimum(np.maximum.accumulate(ascending), 1.0)
    return tuple(corrected.tolist())


def interval(values: PerUser) -> Interval:
    """Return `significance.interval` of the values, cached."""
    return _interval(values.tobytes())


def p_value(one: PerUser, other: PerUser) -> float:
    """Return `significance.paired_p_value` of the values, cached."""
    return _p_value(one.tobytes(), other.tobytes())


@lru_cache(maxsize=1024)
def _interval(values: bytes) -> Interval:
    return significance.interval(np.frombuffer(values))


@lru_cache(maxsize=1024)
def _p_value(one: bytes, other: bytes) -> float:
    return significance.paired_p_value(np.frombuffer(one), np.frombuffer(other))


def _mean(values: PerUser) -> float:
    return float(values.mean()) if len(values) else float("nan")
