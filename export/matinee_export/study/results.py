"""What a study finds out, as plain data: what the steps of a study keep, and what its report is written from."""

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
"""Parts of the test rows that are reported by themselves."""

MODELS = tuple(matinee.models.MODELS)
HYBRID = "hybrid"
RATINGS_ONLY = "hybrid of BPR and ALS"
"""The hybrid without the content models: what it lacks is what words and posters add."""
BASELINES = ("random", "popularity", "recent popularity", "item-kNN", "EASE")


@dataclass(frozen=True)
class Tuning:
    """Everything that was decided on the validation rows of one split.

    Attributes:
        factors: What BPR and ALS are fitted with, by name.
        made_by: What fits them, by name.
        sweeps: Every setting tried of BPR, ALS and the baselines, by name, each with its validation "ndcg@10".
        baselines: What the baselines are set to, by name.
        profiles: What was chosen for the content models, and every value tried.
    """

    factors: Mapping[str, Setting]
    made_by: Mapping[str, str]
    sweeps: Mapping[str, Sequence[Setting]]
    baselines: Mapping[str, Setting]
    profiles: ProfileChoices


@dataclass(frozen=True)
class Cell:
    """All models on one split with one seed.

    Attributes:
        by: "random", "leave-last" or "time".
        seed: Seed of the split, where it is drawn, and of every fit.
        rows: How many rows are "train", "validation" and "test".
        cold: How many movies have fewer than 3 train ratings.
        unknown: How many test users have no train row, so that every model gives them the popularity order.
        hybrid: The hybrid's weights.
        metrics: By group, then by model, the hybrid and the baselines included. Within a group, users are the same.
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
    """One encoder's model with its own vectors and with random ones, honest and with test rows let into its profiles.

    Attributes:
        model: "bert", "resnet50" or "clip".
        honest: With its own vectors, profiles made from train and validation rows.
        random: With random vectors, the same rows.
        leaking: With its own vectors, profiles made from all rows.
        random_leaking: With random vectors, all rows.
    """

    model: str
    honest: Metrics
    random: Metrics
    leaking: Metrics
    random_leaking: Metrics


@dataclass(frozen=True)
class HonestStudy:
    """Everything that the honest protocol finds out about one dataset.

    Attributes:
        data: The dataset.
        encoders: The encoders by name.
        tunings: By split, what was decided with the first seed.
        cells: By split, in the order of seeds.
        chance: Metrics of a random order, for the leak test.
        leaks: The leak test, by model.
        stand_in: Whether the leak test had to make vectors up because the dataset has neither texts nor posters.
        folded_in: BPR, ALS and baselines for users never trained on.
        reproduction: Published figures run again; None but for MovieLens.
        ablation: Why implicit's BPR is weak; empty but for MovieLens.
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
    """Return each user's mean of `metric` over the seeds in which they are asked about, users in order of their code.

    For intervals and paired tests: a user who is in three test sides counts once. All models of a group have the same
    users, so the rows of two models belong together.
    """
    users = np.concatenate([cell.metrics[group][model].users for cell in cells])
    values = np.concatenate([cell.metrics[group][model].per_user[metric] for cell in cells])
    _, place = np.unique(users, return_inverse=True)
    return np.asarray(np.bincount(place, weights=values) / np.bincount(place), dtype=np.float64)
