"""Fits all models of a bundle to some rows and measures them on others.

In: the review table, a split, the encoders' vectors and the chosen factors. Out: fitted models, the hybrid, and the
metrics of every model and of two baselines, a random order and popularity. All choices are made with models fitted to
train rows only; the models that are measured on test rows, and shipped, are fitted to train and validation rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from matinee.models.cold_start import COLD_START
from matinee_export.data.clean import impute
from matinee_export.data.interactions import Interactions
from matinee_export.data.split import Split
from matinee_export.embedding.vectors import ContentVectors
from matinee_export.evaluation.baselines import popularity, random_order
from matinee_export.evaluation.evaluate import HeldOut, Metrics, Scores, evaluate
from matinee_export.evaluation.scorers import DotScores
from matinee_export.log import Log
from matinee_export.models.cold_start import guess_factors
from matinee_export.models.content import Profiles, profiles_of
from matinee_export.models.content_settings import ContentSettings
from matinee_export.models.factor_model import Factors, Setting
from matinee_export.models.factor_tuning import parse_sizes, train_factors
from matinee_export.models.factors import fit_factors
from matinee_export.models.hybrid import Fusion, learn_hybrid


@dataclass(frozen=True)
class SplitData:
    """A dataset, its split, and the content vectors: the input of training and evaluation.

    Attributes:
        reviews: The review table.
        facts: Features of every movie, (n_movies, f) float32; see `matinee_export.models.cold_start.movie_facts`.
        split: The train, validation and test rows.
        content: The encoders' vectors.
        seed: Seed of everything random.
    """

    reviews: pd.DataFrame
    facts: npt.NDArray[np.float32]
    split: Split
    content: ContentVectors
    seed: int

    @property
    def n_movies(self) -> int:
        """Number of rows of the movie table."""
        return len(self.facts)

    @property
    def fit_rows(self) -> npt.NDArray[np.int64]:
        """Rows that the shipped models are fitted to: train and validation, never test; ascending."""
        return np.union1d(self.split.train, self.split.validation)

    def interactions(self, rows: npt.NDArray[np.int64]) -> Interactions:
        """Return the interactions of `rows`."""
        return Interactions.of(self.reviews, rows, self.n_movies)

    def profiles(self, rows: npt.NDArray[np.int64], settings: Mapping[str, ContentSettings]) -> dict[str, Profiles]:
        """Return the content models in `settings`, made from `rows` only, except those that get no movie vector."""
        return profiles_of(imputed_from(self.reviews, rows), rows, self.n_movies, self.content, settings)


@dataclass(frozen=True)
class Fitted:
    """Every model with vectors of its own, all fitted to the same rows.

    Attributes:
        train: The rows they are fitted to.
        factors: BPR and ALS.
        profiles: The content models.
        guesses: ALS factors predicted from each movie's genres and year (cold start), (n_movies, dim) float32.
    """

    train: Interactions
    factors: Mapping[str, Factors]
    profiles: Mapping[str, Profiles]
    guesses: npt.NDArray[np.float32]

    @classmethod
    def to(
        cls,
        data: SplitData,
        rows: npt.NDArray[np.int64],
        factors: Mapping[str, Factors],
        settings: Mapping[str, ContentSettings],
    ) -> Fitted:
        """Return all models for `rows`, to which `factors` are already fitted; `settings` are of the content models."""
        train = data.interactions(rows)
        guesses = guess_factors(factors["als"], data.facts, _likes(train))
        return cls(train, factors, data.profiles(rows, settings), guesses)

    @property
    def models(self) -> dict[str, DotScores]:
        """The models that a bundle shows, as scorers."""
        likes = _likes(self.train)
        known: dict[str, Factors | Profiles] = {**self.factors, **self.profiles}
        return {name: model.scores(likes) for name, model in known.items()}

    @property
    def members(self) -> dict[str, DotScores]:
        """The members of the hybrid as scorers: the models, and ALS with predicted factors (cold start)."""
        guessed = DotScores(self.factors["als"].user_factors, self.guesses, _likes(self.train))
        return {**self.models, COLD_START: guessed}


@dataclass(frozen=True)
class Evaluated:
    """The fitted models and their metrics on test rows.

    Attributes:
        fitted: The models, fitted to train and validation rows.
        fusion: The hybrid's weights.
        metrics: Metrics of every model, the hybrid, and the baselines "random" and "popularity".
    """

    fitted: Fitted
    fusion: Fusion
    metrics: Mapping[str, Metrics]


def train_factor_model(data: SplitData, kind: str, sizes: str, log: Log) -> Factors:
    """Sweep and fit one factor model, `kind` "bpr" or "als"; `sizes` as in `parse_sizes`."""
    train, validation = (data.interactions(rows) for rows in (data.split.train, data.split.validation))
    return train_factors(
        kind,
        train,
        validation,
        sizes=parse_sizes(sizes, int(train.is_like.sum())),
        seed=data.seed,
        log=log,
    )


def train_and_evaluate(
    data: SplitData, factors: Mapping[str, Factors], settings: Mapping[str, ContentSettings], log: Log
) -> Evaluated:
    """Learn the hybrid's weights on validation rows, then measure every model on test rows.

    Args:
        data: The data.
        factors: BPR and ALS as `train_factor_model` chose them, fitted to train and validation rows.
        settings: The chosen settings of each content model, by name.
        log: Called with one line for each result.
    """
    params = {kind: known.params for kind, known in factors.items()}
    fusion = fuse(data, fit_to_train(data, params, settings), log)
    fitted = Fitted.to(data, data.fit_rows, factors, settings)
    held = HeldOut.between(fitted.train, data.interactions(data.split.test))
    asked: dict[str, Scores] = {
        **fitted.models,
        "hybrid": fusion.scores(fitted.members, fitted.train),
        "popularity": popularity(fitted.train),
        "random": random_order(data.n_movies, data.seed),
    }
    metrics = {}
    for name, scores in asked.items():
        metrics[name] = evaluate(scores, held)
        log(f"{name}: test nDCG@10 {metrics[name].means()['ndcg@10']:.4f}")
    return Evaluated(fitted, fusion, metrics)


def fit_to_train(data: SplitData, params: Mapping[str, Setting], settings: Mapping[str, ContentSettings]) -> Fitted:
    """Return the models fitted to train rows only, for choices that are made on validation rows.

    Args:
        data: The data.
        params: The settings of BPR and ALS, by name.
        settings: The chosen settings of each content model, by name.
    """
    train = data.interactions(data.split.train)
    factors = {kind: fit_factors(kind, train, setting, data.seed) for kind, setting in params.items()}
    return Fitted.to(data, data.split.train, factors, settings)


def fuse(data: SplitData, known: Fitted, log: Log) -> Fusion:
    """Learn the hybrid's weights on validation rows, from the models `known`, which are fitted to train rows only."""
    held = HeldOut.between(known.train, data.interactions(data.split.validation))
    return learn_hybrid(known.members, known.train, held, data.seed, log)


def imputed_from(reviews: pd.DataFrame, rows: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Return the table with missing ratings imputed anew from the given ratings of `rows` alone.

    Cleaning imputes means over all rows, through which a model fitted to some rows would see the others.
    """
    inside = np.zeros(len(reviews), dtype=np.bool_)
    inside[rows] = True
    rating, movie, imputed = (reviews[name].to_numpy() for name in ("rating", "movie", "imputed"))
    known = inside & ~imputed
    if not known.any():
        return reviews
    fresh = impute(rating, movie, known)
    return reviews.assign(rating=np.where(imputed, fresh, rating).astype(np.float32))


def _likes(train: Interactions) -> npt.NDArray[np.float64]:
    """Return how many users liked each movie, (n_movies,)."""
    return np.asarray(train.liked().sum(axis=0), dtype=np.float64).ravel()
