"""Runs again what others published on MovieLens 100K: the same rows, evaluation task and metrics.

In: a dataset read from a MovieLens folder. Out: a `Reproduction`: for each model its per-user metrics, its setting, and
the published figures to compare with. The split is that of Microsoft's Recommenders, row for row
(`python_stratified_split(ratio=0.75, filter_by="item", seed=42)`, examples/06_benchmarks): every rating counts as
relevant, movies seen in training are not ranked, lists have ten movies, and MAP is `map_all@10`, divided by the number
of all relevant movies.

Tuning uses rows cut from the train side by the same rule; test rows are not used for it. On another MovieLens folder
the same is done, but `Reproduction.is_published_split` is false and the published figures do not apply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matinee.taste import MAX_RATING
from matinee_export.data import Dataset
from matinee_export.data.interactions import Interactions
from matinee_export.evaluation import baselines
from matinee_export.evaluation.evaluate import HeldOut, Metrics, Scores, evaluate
from matinee_export.log import Log, silent
from matinee_export.models.factor_model import Setting
from matinee_export.models.factor_tuning import parse_sizes, train_factors
from matinee_export.models.factors import fit_factors

TRAIN_SHARE, SEED = 0.75, 42
"""Train share and seed of the published split."""

VALIDATION_SHARE = 0.2
"""Share of each movie's train rows that is held out for tuning."""

PUBLISHED_ROWS = (75_066, 24_934)
"""Train and test rows of the published split of MovieLens 100K."""

PUBLISHED: Mapping[str, Mapping[str, float]] = {
    name: dict(zip(("ndcg@10", "precision@10", "recall@10", "map_all@10"), figures, strict=False))
    for name, figures in {
        "BiVAE, the best of Recommenders' table": (0.468673, 0.408165, 0.220898, 0.143562),
        "BPR of cornac, 200 factors": (0.444991, 0.388653, 0.216555, 0.133977),
        "LightGCN": (0.416371, 0.359173, 0.195985, 0.120902),
        "SAR": (0.393819, 0.340615, 0.185377, 0.114038),
        "popularity, re-run": (0.2524, 0.2287),
        "implicit's BPR by default, re-run": (0.31, 0.27),
        "implicit's BPR tuned, re-run": (0.333, 0.293),
        "implicit's ALS by default, re-run": (0.323,),
        "implicit's ALS with 32 factors, re-run": (0.4835, 0.4201),
        "EASE with lambda 500, re-run": (0.4829, 0.4198),
    }.items()
}
"""The published figures by name: the first four from Recommenders' benchmark, the others from those who reran it."""

IMPLICIT_ALS: Setting = {"size": 32, "regularization": 30.0, "alpha": 5.0, "iterations": 20}
"""The published setting. It was used with the same confidence alpha for every rating, however high."""

DEFAULT_ALS: Setting = {"size": 100, "regularization": 0.01, "alpha": 1.0, "iterations": 15}
DEFAULT_BPR: Setting = {"size": 100, "regularization": 0.01, "learning_rate": 0.01, "iterations": 100}
"""The defaults of `implicit` 0.7."""

EASE_LAMBDA = 500.0

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class SplitA:
    """Both sides of the published split; every given rating counts as a like."""

    train: Interactions
    test: Interactions

    @cached_property
    def held(self) -> HeldOut:
        """The evaluation task for a model fitted to the train side."""
        return HeldOut.between(self.train, self.test)

    @cached_property
    def is_published(self) -> bool:
        """Whether the sides have as many rows as on MovieLens 100K."""
        return (len(self.train), len(self.test)) == PUBLISHED_ROWS

    def for_tuning(self) -> SplitA:
        """Return the train side, split again by the same rule, for tuning."""
        fit, _ = stratified_by_movie(self.train.movies, 1.0 - VALIDATION_SHARE, SEED)
        keep = np.isin(np.arange(len(self.train)), fit)
        return SplitA(self.train.where(keep), self.train.where(~keep))


@dataclass(frozen=True)
class Run:
    """The result of one model on the published split.

    Attributes:
        name: Description of the model.
        setting: Its setting; empty if it has none.
        metrics: Its per-user metrics on the test side.
        beside: Name in `PUBLISHED` of the figures to compare with, or "".
        sweep: If the model was tuned, every setting tried and its validation "ndcg@10".
    """

    name: str
    setting: Setting
    metrics: Metrics
    beside: str = ""
    sweep: tuple[Mapping[str, float], ...] = ()


@dataclass(frozen=True)
class Reproduction:
    """All runs, with the number of rows of the split that they were made on."""

    train_rows: int
    test_rows: int
    is_published_split: bool
    runs: tuple[Run, ...]

    def run(self, name: str) -> Run:
        """Return the run called `name`; KeyError where there is none."""
        return {run.name: run for run in self.runs}[name]


def stratified_by_movie(movies: NDArray[np.integer], share: float, seed: int) -> tuple[Rows, Rows]:
    """Divide rows so that each movie keeps `share` of its own, to within one row.

    A random number is drawn for every row, in row order; of a movie's n rows the round(share n) with the smallest
    numbers are kept, halves rounded to even. Only numpy's legacy generator gives the rows of the published split.

    Args:
        movies: (n,) the movie of each row, in the order of the file; only which rows are of one movie matters.
        share: Share of rows to keep, 0 to 1.
        seed: Seed of the random numbers.

    Returns:
        The row numbers kept and the others, each ascending.
    """
    drawn = np.random.RandomState(seed).random_sample(len(movies))
    order = np.lexsort((drawn, movies))
    _, first, count = np.unique(movies[order], return_index=True, return_counts=True)
    place = np.arange(len(movies)) - np.repeat(first, count)
    kept = place < np.round(share * np.repeat(count, count))
    return np.sort(order[kept]), np.sort(order[~kept])


def split_a(dataset: Dataset) -> SplitA:
    """Return the published split of a MovieLens dataset, whose rows must be in the order of the file."""
    train, test = stratified_by_movie(dataset.reviews["movie"].to_numpy(), TRAIN_SHARE, SEED)
    sides = (Interactions.of(dataset.reviews, rows, len(dataset.movies), liked_from=0.0) for rows in (train, test))
    return SplitA(*sides)


def reproduce(dataset: Dataset, log: Log = silent) -> Reproduction:
    """Run the models that have a published figure, and Matinee's own beside them, on the published split.

    This takes about half a minute on MovieLens 100K.

    Args:
        dataset: A cleaned MovieLens dataset.
        log: Called with one line for each fit.
    """
    sides = split_a(dataset)
    runs = (*_baselines(sides), *_alternating(sides, log), *_pairwise(sides, log))
    for run in runs:
        log(f"{run.name}: nDCG@10 {run.metrics.means()['ndcg@10']:.4f}")
    return Reproduction(len(sides.train), len(sides.test), sides.is_published, runs)


def _baselines(sides: SplitA) -> tuple[Run, ...]:
    def run(name: str, scores: Scores, setting: Setting, beside: str = "") -> Run:
        return Run(name, setting, evaluate(scores, sides.held), beside)

    train = sides.train
    return (
        run("random order", baselines.random_order(train.n_movies, SEED), {}),
        run("popularity", baselines.popularity(train), {}, "popularity, re-run"),
        run("item-kNN", baselines.item_knn(train), {}),
        run("EASE", baselines.ease(train, EASE_LAMBDA), {"lambda": EASE_LAMBDA}, "EASE with lambda 500, re-run"),
    )


def _alternating(sides: SplitA, log: Log) -> tuple[Run, ...]:
    plain = replace(sides, train=replace(sides.train, ratings=np.full_like(sides.train.ratings, MAX_RATING)))
    return (
        _fitted("ALS, implicit's defaults", "als", plain, DEFAULT_ALS, "implicit's ALS by default, re-run"),
        _fitted("ALS, every rating alike", "als", plain, IMPLICIT_ALS, "implicit's ALS with 32 factors, re-run"),
        _tuned("ALS, Matinee's", "als", sides, log),
    )


def _pairwise(sides: SplitA, log: Log) -> tuple[Run, ...]:
    ours = _tuned("BPR, Matinee's", "bpr", sides, log, "BPR of cornac, 200 factors")
    return (
        _fitted("BPR, implicit's defaults", "plain-bpr", sides, DEFAULT_BPR, "implicit's BPR by default, re-run"),
        _fitted("BPR, Matinee's setting without popularity put back", "plain-bpr", sides, ours.setting),
        ours,
    )


def _fitted(name: str, kind: str, sides: SplitA, setting: Setting, beside: str = "") -> Run:
    scores = fit_factors(kind, sides.train, setting, SEED).scores(sides.held.likes)
    return Run(name, setting, evaluate(scores, sides.held), beside)


def _tuned(name: str, kind: str, sides: SplitA, log: Log, beside: str = "") -> Run:
    """Tune as `matinee-export build` does, with the settings and sizes that it tries, and measure the result."""
    inner = sides.for_tuning()
    sizes = parse_sizes("auto", len(sides.train))
    factors = train_factors(kind, inner.train, inner.test, sizes, seed=SEED, log=log)
    metrics = evaluate(factors.scores(sides.held.likes), sides.held)
    return Run(name, factors.params, metrics, beside, tuple(factors.sweep))
