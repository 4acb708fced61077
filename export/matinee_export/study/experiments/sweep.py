"""The paper's sweep over factor sizes: BPR and ALS at each size, measured on their own train rows and on other rows.

In: train rows and the evaluation tasks to measure by (see `HeldOut`). Out: one `Curve` for each training method, plain
figures for a report to print and to plot. Each method is fitted to the train rows once for each size; nothing is chosen
here, so validation and test rows may be measured side by side.

BPR has two curves, from one fit: as `implicit` gives it, and with popularity put back (see
`matinee_export.models.bpr`). ALS has two as well: with `implicit`'s own settings and the rating itself as confidence,
and with the strong regularization that tuning chooses on datasets of this kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matinee_export.data.interactions import Interactions
from matinee_export.evaluation.evaluate import HeldOut, evaluate
from matinee_export.log import Log, silent
from matinee_export.models.bpr import with_popularity
from matinee_export.models.factor_model import Factors, Setting
from matinee_export.models.factors import fit_factors

SIZES = (50, 100, 200, 500, 1000)
"""The paper's numbers of factors."""

TRAIN_USERS = 2000
"""Maximum number of users, drawn at random, in the task on train rows, which is costly and of little interest."""

PLAIN_BPR, BPR, PLAIN_ALS, ALS = "BPR as it comes", "BPR", "ALS as it comes", "ALS"

AS_IT_COMES: Mapping[str, Setting] = {
    PLAIN_BPR: {"regularization": 0.01, "learning_rate": 0.01, "iterations": 100},
    PLAIN_ALS: {"regularization": 0.01, "alpha": 10.0, "iterations": 15},
}
"""`implicit`'s own settings; its matrix holds rating / 10, so alpha = 10 makes the rating itself the confidence."""

STRONG: Setting = {"regularization": 30.0, "alpha": 5.0, "iterations": 20}
"""A setting that is the best of ALS, or nearly so, on MovieLens 100K and on datasets of film reviews."""

Figures = Mapping[str, float]
"""Metrics by name, as in `Metrics.means`."""


@dataclass(frozen=True)
class Point:
    """The metrics of one training method at one number of factors.

    Attributes:
        size: Number of factors.
        figures: Metrics by the name of the evaluation task.
    """

    size: int
    figures: Mapping[str, Figures]


@dataclass(frozen=True)
class Curve:
    """The results of one training method at every number of factors.

    Attributes:
        name: `PLAIN_BPR`, `BPR`, `PLAIN_ALS` or `ALS`.
        setting: Its setting, without the size.
        made_by: Library that trained it and any correction; see `Factors`.
        points: One for each size, in the order asked for.
    """

    name: str
    setting: Setting
    made_by: str
    points: tuple[Point, ...]

    def series(self, question: str, metric: str) -> tuple[tuple[int, float], ...]:
        """Return (size, value) of one metric on one evaluation task, for a plot."""
        return tuple((point.size, point.figures[question][metric]) for point in self.points)

    def at(self, size: int) -> Mapping[str, Figures]:
        """Return the metrics at `size`, one of the sizes of the sweep, by evaluation task."""
        return next(point.figures for point in self.points if point.size == size)


def questions(train: Interactions, **held: Interactions) -> dict[str, HeldOut]:
    """Return the evaluation tasks: "train", on the train rows themselves, and one on each of `held` by its name.

    "train" has at most `TRAIN_USERS` users, always the same; the others have all users.
    """
    own = HeldOut.on_train(train)
    some = np.zeros(train.n_users, np.bool_)
    some[np.random.default_rng(0).permutation(own.users)[:TRAIN_USERS]] = True
    return {"train": own.only_users(some), **{name: HeldOut.between(train, rows) for name, rows in held.items()}}


def sweep(
    train: Interactions,
    asked: Mapping[str, HeldOut],
    sizes: Sequence[int] = SIZES,
    seed: int = 0,
    log: Log = silent,
) -> tuple[Curve, ...]:
    """Train BPR and ALS at every size and measure each fit.

    Args:
        train: Rows to fit, with at least one like.
        asked: Evaluation tasks by name, as from `questions`.
        sizes: Numbers of factors; they may exceed the number of movies or users.
        seed: Seed of everything random.
        log: Called with one line for each fit.

    Returns:
        The curves `PLAIN_BPR`, `BPR`, `PLAIN_ALS` and `ALS`.
    """
    points: dict[str, list[Point]] = {}
    made: dict[str, Factors] = {}
    for size in sizes:
        for name, fitted in _fits(train, size, seed):
            point = Point(size, measured(fitted, train, asked))
            points.setdefault(name, []).append(point)
            made[name] = fitted
            log(f"{name}, {size} factors: " + _spelled(point))
    return tuple(
        Curve(name, _without_size(made[name].params), made[name].made_by, tuple(points[name])) for name in points
    )


def measured(fitted: Factors, train: Interactions, asked: Mapping[str, HeldOut]) -> dict[str, Figures]:
    """Return the metrics of one fit on each evaluation task."""
    scores = fitted.scores(HeldOut.between(train, train).likes)
    return {name: evaluate(scores, held).means() for name, held in asked.items()}


def _fits(train: Interactions, size: int, seed: int) -> Iterator[tuple[str, Factors]]:
    plain = fit_factors("plain-bpr", train, {**AS_IT_COMES[PLAIN_BPR], "size": size}, seed)
    yield PLAIN_BPR, plain
    yield BPR, with_popularity(plain, train.liked())
    yield PLAIN_ALS, fit_factors("als", train, {**AS_IT_COMES[PLAIN_ALS], "size": size}, seed)
    yield ALS, fit_factors("als", train, {**STRONG, "size": size}, seed)


def _without_size(params: Setting) -> Setting:
    return {name: value for name, value in params.items() if name != "size"}


def _spelled(point: Point) -> str:
    return "; ".join(
        f"{name} AUC {figures['auc']:.4f}, nDCG@10 {figures['ndcg@10']:.4f}" for name, figures in point.figures.items()
    )
