"""The results of a study as plain data: stored by its steps and read by its reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

import matinee.models
from matinee.blend import Weights
from matinee.manifest import DatasetInfo, EncoderInfo
from matinee_export.evaluation.evaluate import Metrics
from matinee_export.evaluation.metrics import PerUser
from matinee_export.models.content_tuning import ProfileChoices
from matinee_export.models.factor_model import Setting
from matinee_export.study.experiments.bpr_ablation import Ablation
from matinee_export.study.experiments.fold_in import FoldedIn
from matinee_export.study.experiments.reproduced import Reproduction

EVERYONE, COLD, AMONG_COLD, LIGHT = "everyone", "cold movies", "among cold movies", "light users"
GROUPS: Mapping[str, str] = {
    EVERYONE: "every test user, every movie",
    COLD: "only movies with fewer than 3 train ratings count as found; all movies compete",
    AMONG_COLD: "movies with fewer than 3 train ratings are ranked among themselves",
    LIGHT: "users with fewer than 10 train rows",
}
"""Parts of the evaluation that are reported separately, with their descriptions."""

MODELS = tuple(matinee.models.MODELS)
HYBRID = "hybrid"
RATINGS_ONLY = "hybrid of BPR and ALS"
"""The hybrid without the content models; the full hybrid's lead over it is what texts and posters add."""
BASELINES = ("random", "popularity", "recent popularity", "item-kNN", "EASE")


@dataclass(frozen=True)
class Tuning:
    """All settings chosen on the validation rows of one split.

    Attributes:
        factors: The settings of BPR and ALS, by name.
        made_by: The libraries that fit BPR and ALS, by name; see `Factors`.
        sweeps: Every setting tried for BPR, ALS and the baselines, by name, each with its validation "ndcg@10".
        baselines: The settings of the baselines, by name.
        profiles: The settings of the content models, and every value tried.
    """

    factors: Mapping[str, Setting]
    made_by: Mapping[str, str]
    sweeps: Mapping[str, Sequence[Setting]]
    baselines: Mapping[str, Setting]
    profiles: ProfileChoices


@dataclass(frozen=True)
class Cell:
    """The results of all models on one split with one seed.

    Attributes:
        by: "random", "leave-last" or "time".
        seed: Seed of the split, if it is drawn at random, and of every fit.
        rows: Numbers of "train", "validation" and "test" rows.
        cold: Number of movies with fewer than 3 train ratings.
        unknown: Number of test users without a train row, for whom every model returns the popularity order.
        hybrid: The hybrid's weights, by member.
        metrics: By group, then by model, including the hybrid and the baselines. Within a group, all have the same
            users.
    """

    by: str
    seed: int
    rows: Mapping[str, int]
    cold: int
    unknown: int
    hybrid: Mapping[str, Weights]
    metrics: Mapping[str, Mapping[str, Metrics]]


@dataclass(frozen=True)
class Leak:
    """The metrics of one content model with its own and with random vectors, each without and with test rows.

    Attributes:
        model: "bert", "resnet50" or "clip".
        honest: With its own vectors, profiles made from train and validation rows.
        random: With random vectors, profiles made from train and validation rows.
        leaking: With its own vectors, profiles made from all rows.
        random_leaking: With random vectors, profiles made from all rows.
    """

    model: str
    honest: Metrics
    random: Metrics
    leaking: Metrics
    random_leaking: Metrics


@dataclass(frozen=True)
class HonestStudy:
    """All results of the honest protocol on one dataset.

    Attributes:
        data: Description of the dataset.
        encoders: Descriptions of the encoders, by name.
        tunings: The settings chosen with the first seed, by split.
        cells: The results by split, in the order of seeds.
        chance: Metrics of a random order, for the leak test.
        leaks: The leak test, one entry for each content model.
        stand_in: Whether the leak test used made-up vectors, because the dataset has neither texts nor posters.
        folded_in: The fold-in experiment, by model: BPR, ALS and baselines.
        reproduction: Published figures run again; None unless the dataset is MovieLens.
        ablation: The BPR ablation; empty unless the dataset is MovieLens.
    """

    data: DatasetInfo
    encoders: Mapping[str, EncoderInfo]
    tunings: Mapping[str, Tuning]
    cells: Mapping[str, Sequence[Cell]]
    chance: Metrics
    leaks: Sequence[Leak]
    stand_in: bool
    folded_in: Mapping[str, FoldedIn]
    reproduction: Reproduction | None
    ablation: Sequence[Ablation]


def per_user(cells: Sequence[Cell], group: str, model: str, metric: str) -> PerUser:
    """Return each user's mean of `metric` over the seeds in which they are a test user, in the order of user codes.

    This is for intervals and paired tests, in which a user of several test sides counts once. All models of a group
    have the same users, so the arrays of two models can be paired.
    """
    users = np.concatenate([cell.metrics[group][model].users for cell in cells])
    values = np.concatenate([cell.metrics[group][model].per_user[metric] for cell in cells])
    _, place = np.unique(users, return_inverse=True)
    return np.asarray(np.bincount(place, weights=values) / np.bincount(place), dtype=np.float64)
