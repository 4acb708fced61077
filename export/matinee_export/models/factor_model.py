"""A factor model as one record: the function that fits it, and the settings that are tried."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from matinee_export.data.interactions import Interactions
from matinee_export.evaluation.scorers import DotScores

Setting = Mapping[str, float]
"""The hyperparameters of a fit: size, iterations, regularization, and learning_rate (BPR) or alpha and half_life (ALS).

size is the number of factors. half_life is in days; if it is 0 or missing, likes keep their full weight at any age.
"""

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Factors:
    """The vectors that one factor model learned.

    Args:
        kind: "bpr", "als", or "plain-bpr" in experiments.
        item_factors: (n_movies, dim) float32, zero rows for movies nobody liked. For BPR dim = size + 1 and the last
            column is the item bias.
        user_factors: (n_users, dim) float32, zero rows for users who liked nothing. For BPR the last column is 1.
        params: The `Setting` it was fitted with, which fold-in needs too.
        made_by: Library and version that fitted it, such as "implicit 0.7.3", and any correction of the result.
        sweep: Every setting tried, in order, each with its validation "ndcg@10"; empty for a single fit.
    """

    kind: str
    item_factors: NDArray[np.float32]
    user_factors: NDArray[np.float32]
    params: dict[str, float]
    made_by: str
    sweep: list[dict[str, float]] = field(default_factory=list)

    def scores(self, likes: NDArray[np.float64]) -> DotScores:
        """Return the scorer of this model; `likes` (n_movies,) rank movies without a vector, see `DotScores`."""
        return DotScores(self.user_factors, self.item_factors, likes)

    def save(self, folder: Path) -> None:
        """Write the factors into `folder`, for `load` to read."""
        np.save(folder / "items.npy", self.item_factors, allow_pickle=False)
        np.save(folder / "users.npy", self.user_factors, allow_pickle=False)
        facts = {"kind": self.kind, "params": self.params, "made_by": self.made_by, "sweep": self.sweep}
        (folder / "factors.json").write_text(json.dumps(facts), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Factors:
        """Read what `save` wrote into `folder`."""
        items, users = (np.load(folder / name, allow_pickle=False) for name in ("items.npy", "users.npy"))
        facts = json.loads((folder / "factors.json").read_text(encoding="utf-8"))
        return cls(facts["kind"], items, users, facts["params"], facts["made_by"], facts["sweep"])


def unchanged(factors: Factors, interactions: Interactions) -> Factors:
    """Return the factors as they were fitted: the default of `FactorModel.finish`."""
    return factors


@dataclass(frozen=True)
class FactorModel:
    """A model that learns vectors of movies and users from who liked what.

    Attributes:
        name: The name of the model in a bundle.
        fit: Function from rows, a complete setting and a seed to the vectors of movies and of users.
        grid: Settings that are compared at one number of factors; see `factor_tuning`.
        defaults: Values for what a setting leaves out.
        finish: Function from the fitted factors and the rows they were fitted to, to the factors that are served.
        fades: Whether to try half-lives, with which older likes count less.
    """

    name: str
    fit: Callable[[Interactions, Setting, int], tuple[Vectors, Vectors]]
    grid: tuple[Setting, ...]
    defaults: Setting = field(default_factory=dict)
    finish: Callable[[Factors, Interactions], Factors] = unchanged
    fades: bool = False


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Limit BLAS to one thread: `implicit` asks for it, having its own threads, and sums become reproducible."""
    with threadpool_limits(limits=1, user_api="blas"):
        yield
