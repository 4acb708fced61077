"""All models of a bundle, fitted to some rows and measured on others: where the pieces of the evaluation meet.

In: the review table, a split, the encoders' vectors and the chosen factors. Out: fitted models, the hybrid and every
model's figures beside chance and popularity. Whatever is chosen is chosen with models that know train rows only; what
is measured on test rows, and shipped, knows train and validation rows. Knows nothing of files or the bundle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from matinee_export.models.content import Profiles, bert_profiles, clip_profiles, resnet50_profiles
from matinee_export.models.content_settings import ProfileSettings
from matinee_export.models.factor_tuning import parse_sizes, train_factors
from matinee_export.models.factors import Factors, Setting, fit_factors
from matinee_export.models.hybrid import Fusion, learn_hybrid

FACTOR_MODELS = ("bpr", "als")
CONTENT_MODELS = ("bert", "resnet50", "clip")


@dataclass(frozen=True)
class Question:
    """A dataset, how it is split, and the content vectors: everything an assessment starts from.

    Attributes:
        reviews: The review table.
        facts: What is known of every movie, (n_movies, f) float32; see `matinee_export.models.cold_start.movie_facts`.
        split: Which rows are for what.
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
        """Rows of the movie table."""
        return len(self.facts)

    @property
    def fit_rows(self) -> npt.NDArray[np.int64]:
        """Rows that the shipped models know: train and validation, never test; ascending."""
        return np.union1d(self.split.train, self.split.validation)

    def interactions(self, rows: npt.NDArray[np.int64]) -> Interactions:
        """Return the interactions of `rows`."""
        return Interactions.of(self.reviews, rows, self.n_movies)

    def profiles(self, rows: npt.NDArray[np.int64], settings: Mapping[str, ProfileSettings]) -> dict[str, Profiles]:
        """Return the content models in `settings`, made from `rows` only, without those that know no movie."""
        reviews = imputed_from(self.reviews, rows)
        make: dict[str, Callable[[ProfileSettings], Profiles]] = {
            "bert": lambda chosen: bert_profiles(reviews, rows, self.content.bert, self.n_movies, chosen),
            "resnet50": lambda chosen: resnet50_profiles(reviews, rows, self.content.resnet50, self.n_movies, chosen),
            "clip": lambda chosen: clip_profiles(
                reviews, rows, self.content.clip_texts, self.content.clip_posters, self.n_movies, chosen
            ),
        }
        profiles = {name: make[name](chosen) for name, chosen in settings.items()}
        return {name: known for name, known in profiles.items() if known.movies.any()}


@dataclass(frozen=True)
class Fitted:
    """Every model with vectors of its own, all knowing the same rows and no others.

    Attributes:
        train: Those rows.
        factors: BPR and ALS.
        profiles: The content models.
        guesses: ALS's factors as its movies' facts have them, (n_movies, dim) float32.
    """

    train: Interactions
    factors: Mapping[str, Factors]
    profiles: Mapping[str, Profiles]
    guesses: npt.NDArray[np.float32]

    @classmethod
    def to(
        cls,
        question: Question,
        rows: npt.NDArray[np.int64],
        factors: Mapping[str, Factors],
        settings: Mapping[str, ProfileSettings],
    ) -> Fitted:
        """Return the models that know `rows`, to which `factors` have been fitted; `settings` of the content models."""
        train = question.interactions(rows)
        guesses = guess_factors(factors["als"], question.facts, _likes(train))
        return cls(train, factors, question.profiles(rows, settings), guesses)

    @property
    def models(self) -> dict[str, DotScores]:
        """The models that a bundle shows, as scorers."""
        likes = _likes(self.train)
        known: dict[str, Factors | Profiles] = {**self.factors, **self.profiles}
        return {name: model.scores(likes) for name, model in known.items()}

    @property
    def members(self) -> dict[str, DotScores]:
        """What the hybrid is made of: the models, and the guesses of ALS."""
        guessed = DotScores(self.factors["als"].user_factors, self.guesses, _likes(self.train))
        return {**self.models, COLD_START: guessed}


@dataclass(frozen=True)
class Assessment:
    """The fitted models and how they measure on test rows.

    Attributes:
        fitted: The models, made from train and validation rows.
        fusion: The hybrid's weights.
        metrics: Figures of every model, the hybrid, and the baselines "random" and "popularity".
    """

    fitted: Fitted
    fusion: Fusion
    metrics: Mapping[str, Metrics]


def train_factor_model(question: Question, kind: str, sizes: str, log: Log) -> Factors:
    """Sweep and fit one factor model, `kind` "bpr" or "als"; `sizes` as in `parse_sizes`."""
    train, validation = (question.interactions(rows) for rows in (question.split.train, question.split.validation))
    return train_factors(
        kind,
        train,
        validation,
        sizes=parse_sizes(sizes, int(train.is_like.sum())),
        seed=question.seed,
        log=log,
    )


def assess(
    question: Question, factors: Mapping[str, Factors], settings: Mapping[str, ProfileSettings], log: Log
) -> Assessment:
    """Learn the hybrid's weights on validation rows, then measure every model on test rows.

    Args:
        question: The data.
        factors: BPR and ALS as `train_factor_model` chose them, fitted to train and validation rows.
        settings: What was chosen for each content model.
        log: Called with one line for each finding.
    """
    params = {kind: known.params for kind, known in factors.items()}
    fusion = fuse(question, fit_to_train(question, params, settings), log)
    fitted = Fitted.to(question, question.fit_rows, factors, settings)
    held = HeldOut.between(fitted.train, question.interactions(question.split.test))
    asked: dict[str, Scores] = {
        **fitted.models,
        "hybrid": fusion.scores(fitted.members, fitted.train),
        "popularity": popularity(fitted.train),
        "random": random_order(question.n_movies, question.seed),
    }
    metrics = {}
    for name, scores in asked.items():
        metrics[name] = evaluate(scores, held)
        log(f"{name}: test nDCG@10 {metrics[name].means()['ndcg@10']:.4f}")
    return Assessment(fitted, fusion, metrics)


def fit_to_train(question: Question, params: Mapping[str, Setting], settings: Mapping[str, ProfileSettings]) -> Fitted:
    """Return the models that know train rows only, for what is chosen on validation rows.

    Args:
        question: The data.
        params: What BPR and ALS are fitted with.
        settings: What was chosen for each content model.
    """
    train = question.interactions(question.split.train)
    factors = {kind: fit_factors(kind, train, setting, question.seed) for kind, setting in params.items()}
    return Fitted.to(question, question.split.train, factors, settings)


def fuse(question: Question, known: Fitted, log: Log) -> Fusion:
    """Learn on validation rows how much each model of `known`, which `fit_to_train` fitted, counts in the hybrid."""
    held = HeldOut.between(known.train, question.interactions(question.split.validation))
    return learn_hybrid(known.members, known.train, held, question.seed, log)


def imputed_from(reviews: pd.DataFrame, rows: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Return the table with missing ratings imputed anew from the given ratings of `rows` alone.

    The means that cleaning imputes are over all rows; what is fitted to some rows must not see the others in them.
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
    """How many users liked each movie, (n_movies,)."""
    return np.asarray(train.liked().sum(axis=0), dtype=np.float64).ravel()
