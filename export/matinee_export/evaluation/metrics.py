"""Ranking metrics, computed for all users at once from the ranks of their held-out likes.

In: `Ranks`, the 1-based ranks of held-out relevant movies among a user's candidates (the whole catalogue minus the
movies that the user has seen), and the top lists. Out: one float64 per user, so that means, intervals and paired tests
use the same values; coverage and novelty are single numbers for all lists.

Notation: a user has R relevant held-out movies at ranks r_1 < ... < r_R among N candidates; [x] is 1 if x holds, else
0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PerUser = NDArray[np.float64]


@dataclass(frozen=True)
class Ranks:
    """The ranks of the m relevant movies of n users, grouped by user.

    Args:
        user: (m,) int64, 0 to n - 1, ascending: the user that each relevant movie belongs to.
        rank: (m,) int64, 1 to N: its rank with ties broken at random; distinct and ascending within a user.
        middle: (m,) float64: its rank with tied movies at the mean of their ranks, for AUC.
        relevant: (n,) int64, R of each user, at least 1.
        candidates: (n,) int64, N of each user, at least R.
    """

    user: NDArray[np.int64]
    rank: NDArray[np.int64]
    middle: NDArray[np.float64]
    relevant: NDArray[np.int64]
    candidates: NDArray[np.int64]

    @classmethod
    def joined(cls, parts: Sequence[Ranks]) -> Ranks:
        """Concatenate the ranks of several groups of users, renumbering the users."""
        starts = np.cumsum([0, *(len(p.relevant) for p in parts)])
        return cls(
            user=np.concatenate([p.user + start for p, start in zip(parts, starts[:-1], strict=True)]),
            rank=np.concatenate([p.rank for p in parts]),
            middle=np.concatenate([p.middle for p in parts]),
            relevant=np.concatenate([p.relevant for p in parts]),
            candidates=np.concatenate([p.candidates for p in parts]),
        )

    def sum_by_user(self, values: NDArray[np.float64]) -> PerUser:
        """Add up one value per relevant movie (m,) into one per user (n,)."""
        sums = np.bincount(self.user, weights=values, minlength=len(self.relevant))
        return sums.astype(np.float64, copy=False)

    def hits_so_far(self) -> NDArray[np.int64]:
        """Return j of each r_j, (m,): the number of the user's relevant movies ranked at or before this one."""
        first = np.cumsum(self.relevant) - self.relevant
        return np.arange(len(self.rank), dtype=np.int64) - first[self.user] + 1


def ndcg(ranks: Ranks, k: int) -> PerUser:
    """Normalised discounted cumulative gain: sum_j [r_j <= k] / log2(r_j + 1), divided by its maximum.

    The maximum is sum_{i=1..min(k, R)} 1 / log2(i + 1); gains are binary. Järvelin and Kekäläinen 2002, with the
    discount of Burges et al. 2005. 0 to 1.
    """
    gains = np.where(ranks.rank <= k, 1.0 / np.log2(ranks.rank + 1.0), 0.0)
    best = np.cumsum(1.0 / np.log2(np.arange(2, k + 2)))
    ideal: PerUser = best[np.minimum(ranks.relevant, k) - 1]
    return ranks.sum_by_user(gains) / ideal


def precision(ranks: Ranks, k: int) -> PerUser:
    """Precision at k: sum_j [r_j <= k] / k, divided by k even if fewer than k movies can be listed. 0 to 1."""
    return ranks.sum_by_user((ranks.rank <= k).astype(np.float64)) / k


def recall(ranks: Ranks, k: int) -> PerUser:
    """Recall at k: sum_j [r_j <= k] / R. 0 to 1."""
    return ranks.sum_by_user((ranks.rank <= k).astype(np.float64)) / ranks.relevant


def average_precision(ranks: Ranks, k: int) -> PerUser:
    """Average precision at k over the number of possible hits: sum_j [r_j <= k] j / r_j / min(k, R).

    Its mean over users is MAP@k as `implicit` normalises it. 0 to 1.
    """
    return _precision_at_hits(ranks, k) / np.minimum(ranks.relevant, k)


def average_precision_over_all(ranks: Ranks, k: int) -> PerUser:
    """Average precision at k over every relevant movie: sum_j [r_j <= k] j / r_j / R.

    Its mean over users is MAP@k as TREC and ranx normalise it: never more than `average_precision`, and less
    for users with more than k relevant movies. With k = N it is the full MAP. 0 to 1.
    """
    return _precision_at_hits(ranks, k) / ranks.relevant


def _precision_at_hits(ranks: Ranks, k: int) -> PerUser:
    return ranks.sum_by_user(np.where(ranks.rank <= k, ranks.hits_so_far() / ranks.rank, 0.0))


def auc(ranks: Ranks) -> PerUser:
    """Area under the ROC curve over all candidates: the share of correctly ordered (relevant, other) pairs.

    (sum_j (N + 1 - r_j) - R (R + 1) / 2) / (R (N - R)) with tied movies at their mean rank, so that ties count half:
    the Mann-Whitney statistic (Hanley and McNeil 1982; per user as in Rendle et al. 2009). 0 to 1; 0.5 if every
    candidate is relevant.
    """
    n, r = ranks.candidates.astype(np.float64), ranks.relevant.astype(np.float64)
    pairs = r * (n - r)
    right = r * (n + 1) - ranks.sum_by_user(ranks.middle) - r * (r + 1) / 2
    share: PerUser = np.divide(right, pairs, out=np.full(len(r), 0.5), where=pairs > 0)
    return share


def coverage(top: NDArray[np.integer], n_movies: int) -> float:
    """Catalogue coverage: the share of the catalogue that is in at least one user's list.

    Args:
        top: (n, k) movie rows, -1 where a list is shorter.
        n_movies: Size of the catalogue.

    Returns:
        0 to 1. Ge, Delgado-Battenfeld and Jannach 2010.
    """
    return len(np.unique(top[top >= 0])) / n_movies


def novelty(top: NDArray[np.integer], likes: NDArray[np.float64], n_users: int) -> float:
    """Mean self-information of the listed movies in bits: mean of -log2 of the share of users who liked the movie.

    The share is (likes + 1) / (n_users + 1), so that it is above 0 for a movie that nobody liked. Zhou et al. 2010. A
    higher value means that less popular movies are listed.

    Args:
        top: (n, k) movie rows, -1 where a list is shorter.
        likes: (n_movies,) number of users who liked each movie in the training rows.
        n_users: Number of users.
    """
    share = (likes + 1.0) / (n_users + 1.0)
    return float(-np.log2(share[top[top >= 0]]).mean())


COLUMNS = ("ndcg@10", "map", "precision@10", "recall@10", "auc", "coverage@10", "novelty@10")
"""Metrics in the columns of a table of models, in order."""

ASKED = (
    "Every user's whole catalogue minus what they had seen is ranked. Relevant (R of them) are held-out ratings of at "
    "least 7 that were really given; users without one are left out. r_j is the rank of the j-th relevant movie, N the "
    "number of candidates."
)
"""Text for reports: the evaluation task, and the symbols used in FORMULAS."""

FORMULAS = (
    "nDCG@10 = sum over r_j <= 10 of 1 / log2(r_j + 1), over its best possible value",
    "MAP = mean over j of j / r_j, over the full ranking",
    "precision@10 = hits in the first 10 / 10; recall@10 = hits in the first 10 / R",
    "AUC = share of (relevant, other) pairs ranked in the right order",
    "coverage@10 = share of the catalogue that is in anybody's first 10",
    "novelty@10 = mean of -log2 of the share of users who liked what is listed, in bits",
)
"""Text for reports: the formulas of `COLUMNS`, one or two per line."""
