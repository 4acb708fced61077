"""All models of a bundle, fitted to some rows and measured on others: where the pieces of the evaluation meet.

In: the review table, a split, the encoders' vectors and the chosen factors. Out: fitted models, the hybrid's weights
and every model's figures beside chance and popularity. The hybrid's weights are chosen with models that know train rows
only; what is measured on test rows, and shipped, knows train and validation rows. Knows nothing of files or the bundle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from matinee_export.baselines import popularity, random_order
from matinee_export.dataset import Split, impute
from matinee_export.evaluate import HeldOut, Metrics, Scores, evaluate
from matinee_export.factors import Factors, fit_factors, parse_sizes, train_factors
from matinee_export.hybrid import Fusion, tune_hybrid
from matinee_export.interactions import Interactions
from matinee_export.scorers import FusedScores
from matinee_export.vectors import Profiles, ReviewVectors, bert_profiles, clip_profiles, resnet50_profiles

FACTOR_MODELS = ("bpr", "als")
CONTENT_MODELS = ("bert", "resnet50", "clip")

Report = Callable[[str], None]


@dataclass(frozen=True)
class ContentVectors:
    """What the encoders made of the dataset, of all its rows; which of them may be looked at is decided later.

    Attributes:
        bert: BERT's vectors of the reviews.
        resnet50: ResNet50's vectors of the posters, (n_movies, dim) float32, zero rows where there is none.
        clip_texts: CLIP's vectors of the reviews.
        clip_posters: CLIP's vectors of the posters, as above.
    """

    bert: ReviewVectors
    resnet50: npt.NDArray[np.float32]
    clip_texts: ReviewVectors
    clip_posters: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Question:
    """A dataset, how it is split, and the content vectors: everything an assessment starts from.

    Attributes:
        reviews: The review table.
        n_movies: Rows of the movie table.
        split: Which rows are for what.
        content: The encoders' vectors.
        seed: Seed of everything random.
    """

    reviews: pd.DataFrame
    n_movies: int
    split: Split
    content: ContentVectors
    seed: int

    @property
    def fit_rows(self) -> npt.NDArray[np.int64]:
        """Rows that the shipped models know: train and validation, never test; ascending."""
        return np.union1d(self.split.train, self.split.validation)

    def interactions(self, rows: npt.NDArray[np.int64]) -> Interactions:
        """Return the interactions of `rows`."""
        return Interactions.of(self.reviews, rows, self.n_movies)

    def profiles(self, rows: npt.NDArray[np.int64]) -> dict[str, Profiles]:
        """Return the content models that know `rows` only, without those that know no movie: ResNet50 needs posters."""
        reviews = imputed_from(self.reviews, rows)
        n, content = self.n_movies, self.content
        profiles = {
            "bert": bert_profiles(reviews, rows, content.bert, n),
            "resnet50": resnet50_profiles(reviews, rows, content.resnet50, n),
            "clip": clip_profiles(reviews, rows, content.clip_texts, content.clip_posters, n),
        }
        return {name: known for name, known in profiles.items() if known.movies.any()}


@dataclass(frozen=True)
class Assessment:
    """The fitted models and how they measure on test rows.

    Attributes:
        factors: BPR and ALS, fitted to train and validation rows.
        profiles: The content models, made from train and validation rows.
        fusion: The hybrid's weights.
        metrics: Figures of every model, the hybrid, and the baselines "random" and "popularity".
    """

    factors: Mapping[str, Factors]
    profiles: Mapping[str, Profiles]
    fusion: Fusion
    metrics: Mapping[str, Metrics]


def train_factor_model(question: Question, kind: str, sizes: str, report: Report) -> Factors:
    """Sweep and fit one factor model, `kind` "bpr" or "als"; `sizes` as in `parse_sizes`."""
    train, validation = (question.interactions(rows) for rows in (question.split.train, question.split.validation))
    return train_factors(
        kind,
        train,
        validation,
        sizes=parse_sizes(sizes, int(train.is_like.sum())),
        seed=question.seed,
        report=report,
    )


def assess(question: Question, factors: Mapping[str, Factors], report: Report) -> Assessment:
    """Choose the hybrid's weights on validation rows, then measure every model on test rows.

    Args:
        question: The data.
        factors: BPR and ALS as `train_factor_model` chose them, fitted to train and validation rows.
        report: Called with one line for each finding.
    """
    fusion = _tune(question, factors, report)
    profiles = question.profiles(question.fit_rows)
    train = question.interactions(question.fit_rows)
    held = HeldOut.between(train, question.interactions(question.split.test))
    models: dict[str, Scores] = {
        **{name: fitted.scores(held.likes) for name, fitted in factors.items()},
        **{name: profile.scores(held.likes) for name, profile in profiles.items()},
    }
    asked: dict[str, Scores] = {
        **models,
        "hybrid": FusedScores(models, fusion.weights, held.seen),
        "popularity": popularity(train),
        "random": random_order(question.n_movies, question.seed),
    }
    metrics = {}
    for name, scores in asked.items():
        metrics[name] = evaluate(scores, held)
        report(f"{name}: test nDCG@10 {metrics[name].means()['ndcg@10']:.4f}")
    return Assessment(factors, profiles, fusion, metrics)


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


def _tune(question: Question, factors: Mapping[str, Factors], report: Report) -> Fusion:
    """Choose the hybrid's weights with models that know train rows only."""
    train = question.interactions(question.split.train)
    held = HeldOut.between(train, question.interactions(question.split.validation))
    models: dict[str, Scores] = {
        name: fit_factors(name, train, chosen.params, question.seed).scores(held.likes)
        for name, chosen in factors.items()
    }
    models |= {name: p.scores(held.likes) for name, p in question.profiles(question.split.train).items()}
    return tune_hybrid(models, held, question.seed, report)
