"""Evaluates all models on one split with one seed: tuned on validation rows, refitted, measured on test rows.

In: a `training.SplitData`. Out: a `Tuning`, and a `Cell` of the study. The final fit is to train and validation rows.
Test rows are used for the metrics only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matinee_export.data.interactions import Interactions
from matinee_export.evaluation import baselines
from matinee_export.evaluation.evaluate import HeldOut, Metrics, Scores, evaluate
from matinee_export.log import Log
from matinee_export.models.content_tuning import choose_profiles
from matinee_export.models.factors import fit_factors
from matinee_export.models.hybrid import cold_movies
from matinee_export.models.registry import FACTOR_MODELS
from matinee_export.models.training import Fitted, SplitData, fit_to_train, fuse, train_factor_model
from matinee_export.study.results import AMONG_COLD, COLD, EVERYONE, HYBRID, LIGHT, RATINGS_ONLY, Cell, Tuning

LIGHT_BELOW = 10
"""A user with fewer train rows than this is a light user."""


def tune(data: SplitData, sizes: str, log: Log) -> Tuning:
    """Choose all settings on the validation rows: of BPR and ALS, of the baselines and of the content models.

    Args:
        data: The data; its test rows are not used.
        sizes: Numbers of factors to try for BPR and ALS, as in `factor_tuning.parse_sizes`.
        log: Called with one line for each choice.
    """
    train, validation = (data.interactions(rows) for rows in (data.split.train, data.split.validation))
    factors = {kind: train_factor_model(data, kind, sizes, log) for kind in FACTOR_MODELS}
    tuned = {name: baselines.tune(name, train, validation) for name in baselines.TUNABLE}
    for name, chosen in tuned.items():
        log(f"{name}: {', '.join(f'{key} {value:g}' for key, value in chosen.setting.items()) or 'nothing to tune'}")
    return Tuning(
        factors={kind: fitted.params for kind, fitted in factors.items()},
        made_by={kind: fitted.made_by for kind, fitted in factors.items()},
        sweeps={
            **{kind: tuple(fitted.sweep) for kind, fitted in factors.items()},
            **{name: chosen.sweep for name, chosen in tuned.items()},
        },
        baselines={name: chosen.setting for name, chosen in tuned.items()},
        profiles=choose_profiles(data, log),
    )


def experiment(data: SplitData, by: str, tuning: Tuning, log: Log) -> Cell:
    """Fit every model with the settings in `tuning` and evaluate it on the test rows.

    Args:
        data: The data.
        by: Name of the split.
        tuning: The settings chosen on the validation rows of this split.
        log: Called with one line for each model.
    """
    rows = data.fit_rows
    train, test = data.interactions(rows), data.interactions(data.split.test)
    factors = {kind: fit_factors(kind, train, setting, data.seed) for kind, setting in tuning.factors.items()}
    known = fit_to_train(data, tuning.factors, tuning.profiles.settings)
    fusion = fuse(data, known, log)
    fitted = Fitted.to(data, rows, factors, tuning.profiles.settings)
    asked: dict[str, Scores] = {
        **fitted.models,
        HYBRID: fusion.scores(fitted.members, train),
        **_ratings_only(data, known, fitted, log),
        **reference_models(train, tuning.baselines, data.seed),
    }
    held = HeldOut.between(train, test)
    questions = groups(held, train)
    metrics: dict[str, dict[str, Metrics]] = {group: {} for group in questions}
    for name, scores in asked.items():
        for group, part in questions.items():
            metrics[group][name] = evaluate(scores, part)
        log(f"{name}: test nDCG@10 {metrics[EVERYONE][name].means()['ndcg@10']:.4f}")
    sides = {"train": data.split.train, "validation": data.split.validation, "test": data.split.test}
    return Cell(
        by=by,
        seed=data.seed,
        rows={name: len(side) for name, side in sides.items()},
        cold=int(cold_movies(train).sum()),
        unknown=int((_rows_of_users(train)[held.users] == 0).sum()),
        hybrid=fusion.weights,
        metrics=metrics,
    )


def _ratings_only(data: SplitData, known: Fitted, fitted: Fitted, log: Log) -> dict[str, Scores]:
    """Return the hybrid of BPR and ALS alone, its weights learned from `known`; {} if there are no content models."""
    if not fitted.profiles:
        return {}
    fusion = fuse(data, replace(known, profiles={}), log)
    return {RATINGS_ONLY: fusion.scores(replace(fitted, profiles={}).members, fitted.train)}


def reference_models(train: Interactions, settings: Mapping[str, Mapping[str, float]], seed: int) -> dict[str, Scores]:
    """Return the baselines as scorers, fitted to `train`; `settings` are those of the tuned ones, by name."""
    return {
        "random": baselines.random_order(train.n_movies, seed),
        "popularity": baselines.popularity(train),
        **{name: baselines.TUNABLE[name][0](train, **setting) for name, setting in settings.items()},
    }


def groups(held: HeldOut, train: Interactions) -> dict[str, HeldOut]:
    """Return the evaluation task of each group, by name: parts of the users or of the movies in `held`."""
    cold = cold_movies(train)
    return {
        EVERYONE: held,
        COLD: held.only_movies(cold),
        AMONG_COLD: held.among_movies(cold),
        LIGHT: held.only_users(_rows_of_users(train) < LIGHT_BELOW),
    }


def _rows_of_users(train: Interactions) -> NDArray[np.int64]:
    return np.bincount(train.users, minlength=train.n_users)
