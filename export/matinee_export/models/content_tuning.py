"""What the paper left open about the content models, decided by measuring: one choice at a time, on validation rows.

In: a `training.SplitData`. Out: `ProfileChoices`: the settings of each content model, and the figures of every value
of every choice beside them. Profiles are made from training rows and measured on validation rows; test rows have no
part in it.

From the defaults of `ContentModel` the search goes through the choices that mean something to the model, and takes the
value with the highest mean nDCG@100 if it beats the value so far by more than chance: a paired randomisation test over
the same users with p < 0.05. So a choice that makes no difference stays what it is without a manifest, and noise
decides nothing. It ends when a round changes nothing.

nDCG@100 and not @10, because content models place few relevant movies among the first ten of thousands: on movies-real
the standard error of BERT's validation nDCG@100 is 7 % of its mean and that of nDCG@10 13 % (random split), and the
gain of centring is 11 standard errors of nDCG@100, but 5.5 of nDCG@10.
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
"""What is tried of each choice."""

MEASURED_ONLY = frozenset({("ratings", "scaled")})
"""Choices and values that are measured, because the paper has them, but never chosen.

By the scaled rating a film rated 1 speaks for films like it: whoever told Matinee only what they dislike would be given
more of it, and told that this is why. Evaluation cannot see this, because it asks for likes only.
"""

CHANCE = 0.05
"""Above this p-value a difference is chance."""

ROUNDS = 3
"""Rounds over all choices at most."""

USERS = 1200
"""Validation users measured with; beyond this, a random part of them stands for all."""

BLOCK = 256
"""Users scored at a time."""

K = 100
"""Length of the lists by which values are compared."""


@dataclass(frozen=True)
class Tried:
    """One value of one choice, everything else being as it was chosen.

    Attributes:
        model: Its name.
        choice: A name in `ContentSettings`.
        value: What was tried.
        ndcg10: Validation nDCG@10, the mean over users.
        ndcg100: Validation nDCG@100.
        auc: Validation AUC.
        p: How often chance gives so large a difference in nDCG@100 to the chosen value; 1 for the chosen one.
        chosen: Whether it is the one that was chosen.
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
    """What was chosen and why.

    Attributes:
        settings: The winning settings of each content model that knows any movie, by its name.
        tried: Every value of every choice, model by model.
        users: How many validation users it was measured with; with none, nothing could be chosen.
    """

    settings: Mapping[str, ContentSettings]
    tried: tuple[Tried, ...]
    users: int


@dataclass(frozen=True)
class _Figures:
    """Per user, the figures of one model with one set of settings."""

    ndcg10: PerUser
    ndcg100: PerUser
    auc: PerUser


def choose_profiles(data: SplitData, log: Log) -> ProfileChoices:
    """Choose the settings of every content model on validation rows.

    Args:
        data: The data; its validation rows ask, its train rows answer, its test rows are left alone.
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
    """The search for one model's settings; what was measured once is not measured again."""

    def __init__(self, data: SplitData, model: ContentModel, held: HeldOut) -> None:
        self._data = data
        self._model = model
        self._held = held
        self._measured: dict[ContentSettings, _Figures] = {}

    def possible(self) -> bool:
        """Whether the model knows any movie: ResNet50 needs posters."""
        rows = self._data.split.train
        return self._model.name in self._data.profiles(rows, {self._model.name: self._model.defaults})

    def best(self, settings: ContentSettings) -> ContentSettings:
        """Return what a search that starts from `settings` ends with."""
        for _ in range(ROUNDS if len(self._held.users) else 0):
            before = settings
            for choice in self._model.settings:
                settings = self._best_of(choice, settings)
            if settings == before:
                break
        return settings

    def around(self, settings: ContentSettings) -> list[Tried]:
        """Return the figures of every value of every choice, everything else being as in `settings`."""
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
                else _Figures(*(np.zeros(len(self._held.users)) for _ in range(3)))  # it left the model nothing
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
