"""Learns the hybrid's weights on validation rows: how much each model counts, for which visitors and which movies.

In: scorers fitted to train rows only, the train rows, and the validation rows as a `HeldOut`. Out: `Fusion`: the
weights in `matinee.blend`'s formula, with which the runtime serves.

The weights maximise the likelihood of the movies that validation users liked, if each user picks from the catalogue
with probability proportional to exp(score): a multinomial logit (McFadden 1974), the loss of ListNet's top-one form
(Cao et al. 2007) and a bound of nDCG (Bruch et al. 2019). The loss is convex, so the result does not depend on the
starting point. A sample of the other movies represents all of them, each weighted by how many it represents (Bengio and
Senecal 2008). Weights of members are kept at 0 or more: a negative weight, for a model whose errors
happen to help, would be fitted noise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from matinee.blend import COLD_BELOW, Weights, prior, sampled, share, standardise, strength
from matinee_export.data.interactions import Interactions
from matinee_export.evaluation.evaluate import HeldOut
from matinee_export.evaluation.scorers import DotScores
from matinee_export.log import Log, silent

FADES = (1.0, 1 / 2, 1 / 20)
"""Half-lives of the likes in the popularity features, as shares of the days that the likes span; 1 means no decay."""

OTHERS = 600
"""Number of movies sampled for each user to represent those that the user did not like."""

USERS = 2000
"""Maximum number of validation users to learn from, drawn at random."""

MOST_LIKES = 10.0
"""Maximum total weight of one user's likes, so that a few heavy users do not dominate."""

PENALTY = 1.0
"""Coefficient of the sum of squared weights, relative to the log-likelihood of one user with one like."""


@dataclass(frozen=True)
class Fusion:
    """The learned weights of the hybrid.

    Args:
        weights: Weights of each member, by name.
        popularity: (f, 2) float32: coefficients of `popularity_features` in the movies' prior; the first column
            is for users with few likes, the second for users with many.
        users: Number of users they were learned from; if it is 0, all members count equally.
    """

    weights: dict[str, Weights]
    popularity: NDArray[np.float32]
    users: int

    def prior(self, train: Interactions) -> NDArray[np.float32]:
        """Return every movie's user-independent score for few and for many likes, (n_movies, 2) float32.

        The popularity features are computed from the rows `train`.
        """
        return np.asarray(popularity_features(train) @ self.popularity, dtype=np.float32)

    def scores(self, members: Mapping[str, DotScores], train: Interactions) -> BlendedScores:
        """Return the hybrid of `members` as a scorer; all of them are fitted to `train`."""
        likes = np.asarray(train.liked().sum(axis=1), dtype=np.float64).ravel()
        return BlendedScores(members, self.weights, self.prior(train), cold_movies(train), likes)


@dataclass(frozen=True)
class BlendedScores:
    """The hybrid as a scorer of the whole catalogue: `matinee.blend`'s formula, for blocks of users.

    Args:
        members: The members' scorers, by name.
        weights: The members' weights, by name.
        prior: (n_movies, 2) float32, the user-independent scores for few and for many likes.
        cold: (n_movies,) which movies are cold.
        likes: (n_users,) how many movies each user liked.
    """

    members: Mapping[str, DotScores]
    weights: Mapping[str, Weights]
    prior: NDArray[np.float32]
    cold: NDArray[np.bool_]
    likes: NDArray[np.float64]

    def __call__(self, users: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return scores (b, n_movies) for user codes (b,)."""
        strengths = strength(self.likes[users])[:, None]
        among = sampled(len(self.cold))
        total = prior(self.prior, strengths)
        for name, weights in self.weights.items():
            if any(weights):
                scores = self.members[name].users[users] @ self.members[name].movies.T
                total += standardise(scores, scores[:, among]) * share(weights, strengths, self.cold)
        return total


def cold_movies(train: Interactions) -> NDArray[np.bool_]:
    """Return which movies have fewer than COLD_BELOW given ratings among the rows `train`, (n_movies,)."""
    return np.bincount(train.movies[~train.imputed], minlength=train.n_movies) < COLD_BELOW


def popularity_features(train: Interactions) -> NDArray[np.float32]:
    """Return popularity features of every movie, (n_movies, f) float32: log likes by half-life, and coldness.

    The columns are: log likes at each half-life in FADES, standardised over the movies; the same columns, zero except
    for cold movies; and whether the movie is cold.
    """
    span = train.where(train.is_like).span
    cold = cold_movies(train)[:, None]
    columns = []
    for fade in FADES:
        half_life = np.inf if fade == 1.0 or not span else max(1.0, fade * span)
        likes = np.log1p(np.asarray(train.liked(half_life).sum(axis=0), dtype=np.float64).ravel())
        columns.append((likes - likes.mean()) / max(float(likes.std()), 1e-9))
    popularity = np.stack(columns, axis=1)
    return np.hstack([popularity, popularity * cold, cold]).astype(np.float32)


def learn_hybrid(
    members: Mapping[str, DotScores],
    train: Interactions,
    held: HeldOut,
    seed: int = 0,
    log: Log = silent,
) -> Fusion:
    """Learn the hybrid's weights.

    Args:
        members: Scorers by name, at least one, fitted to the rows `train` alone: for BPR and ALS the fit of
            `fit_factors`, not the final one of `train_factors`, which is fitted to the validation rows too.
        train: The rows that the members are fitted to.
        held: The validation task, `HeldOut.between(train, validation)`. If it has no users, all members count equally.
        seed: Seed of the samples of users and of movies.
        log: Called with one line when done.
    """
    users = _some_users(held, seed)
    equal = {name: Weights(1.0, 1.0, 0.0) for name in members}
    start = Fusion(equal, np.zeros((popularity_features(train).shape[1], 2), np.float32), len(users))
    if not len(users):
        return start
    lists = _Lists.of(start.scores(members, train), popularity_features(train), held, users, seed)
    found = _fit(lists, bounded=3 * len(members))
    by_member = found[: 3 * len(members)].reshape(-1, 3).round(4).tolist()
    weights = {name: Weights(*row) for name, row in zip(members, by_member, strict=True)}
    log(f"hybrid: {_spelled(weights)}")
    return Fusion(weights, found[3 * len(members) :].reshape(2, -1).T.astype(np.float32), len(users))


@dataclass(frozen=True)
class _Lists:
    """One list of movies for each user, concatenated: the user's validation likes, and the sample of other movies.

    Attributes:
        features: (m, f) float32; a score is features @ weights.
        correction: (m,) log of the number of movies that each one represents.
        liked: (m,) weight of the movie as a like, 0 for the sampled others.
        starts: (n_users,) index of the first entry of each list.
    """

    features: NDArray[np.float32]
    correction: NDArray[np.float64]
    liked: NDArray[np.float64]
    starts: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        blend: BlendedScores,
        popularity: NDArray[np.float32],
        held: HeldOut,
        users: NDArray[np.int64],
        seed: int,
    ) -> _Lists:
        features, correction, liked, sizes = [], [], [], []
        for user in users:
            likes = held.relevant[user].indices
            others = _others(len(blend.cold), np.union1d(likes, held.seen[user].indices), [seed, int(user)])
            shown = np.concatenate([likes, others.rows])
            features.append(_features(blend, popularity, user, shown))
            correction.append(np.concatenate([np.zeros(len(likes)), np.full(len(others.rows), np.log(others.each))]))
            liked.append(np.where(np.arange(len(shown)) < len(likes), min(1.0, MOST_LIKES / len(likes)), 0.0))
            sizes.append(len(shown))
        starts = np.cumsum([0, *sizes[:-1]])
        return cls(np.concatenate(features), np.concatenate(correction), np.concatenate(liked), starts)


@dataclass(frozen=True)
class _Others:
    rows: NDArray[np.int64]
    each: float  # how many movies each of them represents


def _others(n_movies: int, known: NDArray[np.int64], seed: list[int]) -> _Others:
    """Sample OTHERS movies and return those that are not `known`."""
    drawn = np.random.default_rng(seed).choice(n_movies, min(OTHERS, n_movies), replace=False)
    rows = np.setdiff1d(drawn, known)
    return _Others(rows, (n_movies - len(known)) / max(1, len(rows)))


def _features(
    blend: BlendedScores, popularity: NDArray[np.float32], user: np.int64, shown: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the terms of the score of each movie in `shown` (m,), in the order of the weights: (m, 3 k + 2 f)."""
    s = float(strength(blend.likes[[user]])[0])
    among, cold = sampled(len(blend.cold)), blend.cold[shown]
    columns = []
    for member in blend.members.values():
        vector = member.users[user]
        z = standardise(member.movies[shown] @ vector, member.movies[among] @ vector)
        columns += [(1 - s) * z, s * z, cold * z]
    return np.hstack([np.stack(columns, axis=1), (1 - s) * popularity[shown], s * popularity[shown]]).astype(np.float32)


def _fit(lists: _Lists, bounded: int) -> NDArray[np.float64]:
    """Return the weights of highest penalised log-likelihood; the first `bounded` of them are kept at 0 or more."""
    owner = np.repeat(np.arange(len(lists.starts)), np.diff([*lists.starts, len(lists.liked)]))
    by_user = np.add.reduceat(lists.liked, lists.starts)
    total = float(by_user.sum())

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = (lists.features @ weights.astype(np.float32)).astype(np.float64)
        shifted = scores + lists.correction
        highest = np.maximum.reduceat(shifted, lists.starts)
        odds = np.exp(shifted - highest[owner])
        sums = np.add.reduceat(odds, lists.starts)
        likelihood = lists.liked @ scores - by_user @ (np.log(sums) + highest)
        slope = lists.features.T @ (lists.liked - (by_user / sums)[owner] * odds).astype(np.float32)
        return (PENALTY * weights @ weights - likelihood) / total, (2 * PENALTY * weights - slope) / total

    size = lists.features.shape[1]
    bounds = [(0.0, None)] * bounded + [(None, None)] * (size - bounded)
    found = optimize.minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x)


def _some_users(held: HeldOut, seed: int) -> NDArray[np.int64]:
    if len(held.users) <= USERS:
        return held.users
    return np.sort(np.random.default_rng(seed).choice(held.users, USERS, replace=False))


def _spelled(weights: Mapping[str, Weights]) -> str:
    return ", ".join(f"{name} {w.few:.2f}/{w.many:.2f}/{w.cold:.2f}" for name, w in weights.items())
