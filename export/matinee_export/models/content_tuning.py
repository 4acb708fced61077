"""Chooses the settings of the content models, which the paper left open, one setting at a time on validation rows.

In: a `training.SplitData`. Out: `ProfileChoices`: the settings of each content model, with the figures of every value
of every setting. Profiles are made from training rows and measured on validation rows; test rows are not used.

The search starts from the defaults of `ContentModel`, goes through the settings that the model uses, and takes the
value with the highest mean nDCG@100 if it beats the current value by more than chance: a paired randomisation test over
the same users with p < 0.05. So a setting that makes no difference keeps its default, and noise decides nothing. The
search ends when a round changes nothing.

The metric is nDCG@100 and not @10, because content models place few relevant movies among the first ten of thousands:
on movies-real the standard error of BERT's validation nDCG@100 is 7 % of its mean and that of nDCG@10 13 % (random
split), and the gain of centring is 11 standard errors of nDCG@100, but 5.5 of nDCG@10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.weighting import WEIGHTINGS
from matinee_export.evaluation import metrics
from matinee_export.evaluation.evaluate import HeldOut, Scores, rank_relevant
from matinee_export.evaluation.metrics import PerUser, Ranks
from matinee_export.evaluation.ranking import tie_order
from matinee_export.evaluation.significance import paired_p_value
from matinee_export.log import Log
from matinee_export.models.content_model import ContentModel
from matinee_export.models.content_settings import IMPUTED, POOLINGS, SPACES, ContentSettings
from matinee_export.models.registry import CONTENT_MODELS
from matinee_export.models.training import SplitData

VALUES: Mapping[str, tuple[str | float, ...]] = {
    "space": tuple(SPACES),
    "ratings": tuple(WEIGHTINGS),
    "pooling": tuple(POOLINGS),
    "imputed": tuple(IMPUTED),
    "poster": (0.0, 0.25, 0.5, 0.75, 1.0),
}
"""The values to try for each setting."""

MEASURED_ONLY = frozenset({("ratings", "scaled")})
"""Pairs (setting, value) that are measured, because the paper uses them, but never chosen.

With "scaled" weights, a film rated 1 counts in favour of similar films: a visitor who entered only dislikes would be
recommended more of the same, with the dislikes as the reason. Evaluation cannot show this, because only likes are
relevant in it.
"""

CHANCE = 0.05
"""A difference whose p-value is not below this is treated as chance."""

ROUNDS = 3
"""Maximum number of rounds over all settings."""

USERS = 1200
"""Maximum number of validation users to measure with; if there are more, a random sample of this size is used."""

BLOCK = 256
"""Users scored at a time."""

K = 100
"""The k of the nDCG@k by which values are compared."""


@dataclass(frozen=True)
class Tried:
    """The validation figures of one value of one setting, all other settings being the chosen ones.

    Attributes:
        model: Name of the model.
        choice: Name of the setting, a field of `ContentSettings`.
        value: The value that was tried.
        ndcg10: nDCG@10, the mean over users.
        ndcg100: nDCG@100, the mean over users.
        auc: AUC, the mean over users.
        p: p-value of the paired test of nDCG@100 against the chosen value; 1 for the chosen value itself.
        chosen: Whether this value was chosen.
    """

    model: str
    choice: str
    value: str | float
    ndcg10: float
    ndcg100: float
    auc: float
    p: float
    chosen: bool


@dataclass(frozen=True)
class ProfileChoices:
    """The settings chosen for each content model, with the measurements behind the choice.

    Attributes:
        settings: The chosen settings by model name; only models with a vector for some movie.
        tried: The figures of every value of every setting, model by model.
        users: Number of validation users measured with; if it is 0, `settings` are the defaults.
    """

    settings: Mapping[str, ContentSettings]
    tried: tuple[Tried, ...]
    users: int


@dataclass(frozen=True)
class _Figures:
    """The metrics of one model with one set of settings, each as an array over the validation users."""

    ndcg10: PerUser
    ndcg100: PerUser
    auc: PerUser


def choose_profiles(data: SplitData, log: Log) -> ProfileChoices:
    """Choose the settings of every content model on validation rows.

    Args:
        data: The data; profiles are made from its train rows and measured on its validation rows; test rows are not
            used.
        log: Called with one line for each model.
    """
    train = data.interactions(data.split.train)
    held = _some_users(HeldOut.between(train, data.interactions(data.split.validation)), data.seed)
    found: dict[str, ContentSettings] = {}
    tried: list[Tried] = []
    for name, model in CONTENT_MODELS.items():
        search = _Search(data, model, held)
        if not search.possible():
            continue
        found[name] = search.best(model.defaults)
        tried += search.around(found[name])
        log(f"{name}: {_spelled(model.choices(found[name]))}")
    return ProfileChoices(found, tuple(tried), len(held.users))


class _Search:
    """The search for one model's settings, with the figures of all settings measured so far."""

    def __init__(self, data: SplitData, model: ContentModel, held: HeldOut) -> None:
        self._data = data
        self._model = model
        self._held = held
        self._measured: dict[ContentSettings, _Figures] = {}

    def possible(self) -> bool:
        """Return whether the model has a vector for any movie; ResNet50, for example, needs posters."""
        rows = self._data.split.train
        return self._model.name in self._data.profiles(rows, {self._model.name: self._model.defaults})

    def best(self, settings: ContentSettings) -> ContentSettings:
        """Return the settings that the search finds when it starts from `settings`."""
        for _ in range(ROUNDS if len(self._held.users) else 0):
            before = settings
            for choice in self._model.settings:
                settings = self._best_of(choice, settings)
            if settings == before:
                break
        return settings

    def around(self, settings: ContentSettings) -> list[Tried]:
        """Return the figures of every value of every setting, all other settings being as in `settings`."""
        if not len(self._held.users):
            return []
        return [self._tried(choice, value, settings) for choice in self._model.settings for value in VALUES[choice]]

    def _best_of(self, choice: str, settings: ContentSettings) -> ContentSettings:
        so_far = self._measure(settings).ndcg100
        better = [
            other
            for other in (
                settings.but(choice, value) for value in VALUES[choice] if (choice, value) not in MEASURED_ONLY
            )
            if self._measure(other).ndcg100.mean() > so_far.mean()
            and paired_p_value(self._measure(other).ndcg100, so_far, self._data.seed) < CHANCE
        ]
        return max(better, key=lambda other: float(self._measure(other).ndcg100.mean()), default=settings)

    def _tried(self, choice: str, value: str | float, settings: ContentSettings) -> Tried:
        figures, chosen = self._measure(settings.but(choice, value)), self._measure(settings)
        return Tried(
            model=self._model.name,
            choice=choice,
            value=value,
            ndcg10=float(figures.ndcg10.mean()),
            ndcg100=float(figures.ndcg100.mean()),
            auc=float(figures.auc.mean()),
            p=paired_p_value(figures.ndcg100, chosen.ndcg100, self._data.seed),
            chosen=getattr(settings, choice) == value,
        )

    def _measure(self, settings: ContentSettings) -> _Figures:
        if settings not in self._measured:
            known = self._data.profiles(self._data.split.train, {self._model.name: settings})
            self._measured[settings] = (
                _measured(known[self._model.name].scores(self._held.likes), self._held)
                if known
                else _Figures(*(np.zeros(len(self._held.users)) for _ in range(3)))  # no movie has a vector
            )
        return self._measured[settings]


def _measured(scores: Scores, held: HeldOut) -> _Figures:
    ties = tie_order(held.seen.shape[1])
    ranks = Ranks.joined([_ranks(scores, held, users, ties) for users in _blocks(held.users)])
    return _Figures(metrics.ndcg(ranks, 10), metrics.ndcg(ranks, K), metrics.auc(ranks))


def _ranks(scores: Scores, held: HeldOut, users: NDArray[np.int64], ties: NDArray[np.int64]) -> Ranks:
    ranks, _ = rank_relevant(scores(users), held.seen[users], held.relevant[users], ties, K)
    return ranks


def _blocks(users: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    return [users[start : start + BLOCK] for start in range(0, len(users), BLOCK)]


def _some_users(held: HeldOut, seed: int) -> HeldOut:
    if len(held.users) <= USERS:
        return held
    keep = np.zeros(held.seen.shape[0], np.bool_)
    keep[np.random.default_rng(seed).choice(held.users, USERS, replace=False)] = True
    return held.only_users(keep)


def _spelled(choices: Mapping[str, str | float]) -> str:
    return ", ".join(f"{name} {value}" for name, value in choices.items())
