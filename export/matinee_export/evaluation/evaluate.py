"""Evaluates models by full ranking: for each user, all movies of the catalogue that the user has not seen.

In: a scorer, which turns user codes (b,) into scores (b, n_movies) float32, and `HeldOut`, made from the training and
the held-out rows. Out: `Metrics`. Users are scored in blocks, so memory does not grow with their number.

A movie is relevant to a user if it has a held-out like (a given rating of at least 7, never an imputed one) and is not
in the user's training rows. Users without a relevant movie are left out of every mean.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matinee.errors import BuildError
from matinee.exact import best
from matinee_export.data.interactions import Interactions
from matinee_export.evaluation import metrics
from matinee_export.evaluation.metrics import PerUser, Ranks
from matinee_export.evaluation.ranking import HIDDEN, tie_order

Scores = Callable[[NDArray[np.int64]], NDArray[np.float32]]
"""A scorer: takes user codes (b,) and returns scores (b, n_movies), all finite; higher is better."""

BLOCK_CELLS = 1_000_000
"""Scores held at a time: about 4 MB as float32, few enough to stay in the processor's cache while being ranked."""


@dataclass(frozen=True)
class HeldOut:
    """An evaluation task: the users to rank movies for, the movies left out, and the relevant ones.

    Args:
        users: (n,) int64 codes of the users with a relevant movie, ascending.
        seen: (n_users, n_movies) ones where the user has a training row.
        relevant: (n_users, n_movies) ones where a held-out row is a like and not seen.
        likes: (n_movies,) float64 number of users who liked each movie in the training rows.
        candidates: (n_movies,) which movies are ranked, apart from seen ones; None for all.
    """

    users: NDArray[np.int64]
    seen: sparse.csr_matrix
    relevant: sparse.csr_matrix
    likes: NDArray[np.float64]
    candidates: NDArray[np.bool_] | None = None

    @classmethod
    def between(cls, train: Interactions, held: Interactions) -> HeldOut:
        """Return the task of ranking the likes of `held` for a model that was fitted to `train`."""
        seen = train.seen()
        relevant = held.liked()
        relevant = (relevant - relevant.multiply(seen)).tocsr()
        relevant.eliminate_zeros()
        return cls(
            users=np.flatnonzero(np.diff(relevant.indptr)),
            seen=seen,
            relevant=relevant,
            likes=np.asarray(train.liked().sum(axis=0), dtype=np.float64).ravel(),
        )

    @classmethod
    def on_train(cls, train: Interactions) -> HeldOut:
        """Return the task of ranking the training likes themselves, with no seen movies removed.

        The paper's table 1 gives the AUC of this task, which measures memorization rather than recommendation.
        """
        return cls.between(train.where(np.zeros(len(train), bool)), train)

    def only_users(self, keep: NDArray[np.bool_]) -> HeldOut:
        """Return the same task for only those users for whom `keep` (n_users,) is True."""
        return replace(self, users=self.users[keep[self.users]])

    def only_movies(self, keep: NDArray[np.bool_]) -> HeldOut:
        """Return the task with only those relevant movies that `keep` (n_movies,) marks; all candidates are ranked."""
        relevant = self.relevant @ sparse.diags_array(keep.astype(np.float32), format="csr")
        relevant = sparse.csr_matrix(relevant)
        relevant.eliminate_zeros()
        with_some = np.diff(relevant.indptr)[self.users] > 0
        return replace(self, users=self.users[with_some], relevant=relevant)

    def among_movies(self, keep: NDArray[np.bool_]) -> HeldOut:
        """Return the task of ranking only the movies for which `keep` (n_movies,) is True."""
        return replace(self.only_movies(keep), candidates=keep)


@dataclass(frozen=True)
class Metrics:
    """The metrics of one model.

    Args:
        users: (n,) int64 codes of the users that the values of `per_user` belong to.
        per_user: Values of each metric, (n,) float64, by name.
        coverage: Share of the catalogue that is in at least one user's list, 0 to 1.
        novelty: Mean self-information of the listed movies, in bits.
        k: Length of the lists.
    """

    users: NDArray[np.int64]
    per_user: dict[str, PerUser]
    coverage: float
    novelty: float
    k: int

    def means(self) -> dict[str, float]:
        """Return every metric's mean over users (nan without users), coverage and novelty, by name."""
        some = len(self.users) > 0
        values = {name: float(v.mean()) if some else float("nan") for name, v in self.per_user.items()}
        return {**values, f"coverage@{self.k}": self.coverage, f"novelty@{self.k}": self.novelty}


def evaluate(scores: Scores, held: HeldOut, k: int = 10) -> Metrics:
    """Rank the unseen movies for every user of `held` and compute the metrics.

    Args:
        scores: The model's scorer.
        held: The evaluation task.
        k: Length of the lists for the @k metrics, at least 1.

    Returns:
        Per user: ndcg@k, map@k (over min(k, R)), map_all@k (over R), map (over the full ranking), precision@k, recall@k
        and auc; over all lists: coverage@k and novelty@k. Formulas and sources are in metrics.py.

    Raises:
        BuildError: A score is NaN or infinite.
    """
    ties = tie_order(held.seen.shape[1])
    blocks = [_ranked(scores(users), held, users, ties, k) for users in _blocks(held)]
    ranks = Ranks.joined([ranks for ranks, _ in blocks]) if blocks else _NOBODY
    top = np.concatenate([top for _, top in blocks]) if blocks else np.empty((0, k), np.int64)
    listed = top.size > 0
    return Metrics(
        users=held.users,
        per_user=per_user(ranks, k),
        coverage=metrics.coverage(top, len(held.likes)) if listed else 0.0,
        novelty=metrics.novelty(top, held.likes, held.seen.shape[0]) if listed else 0.0,
        k=k,
    )


def per_user(ranks: Ranks, k: int) -> dict[str, PerUser]:
    """Return the values of every per-user metric, (n,), by name."""
    return {
        f"ndcg@{k}": metrics.ndcg(ranks, k),
        f"map@{k}": metrics.average_precision(ranks, k),
        f"map_all@{k}": metrics.average_precision_over_all(ranks, k),
        "map": metrics.average_precision_over_all(ranks, int(ranks.rank.max(initial=1))),
        f"precision@{k}": metrics.precision(ranks, k),
        f"recall@{k}": metrics.recall(ranks, k),
        "auc": metrics.auc(ranks),
    }


def rank_relevant(
    scores: NDArray[np.float32],
    seen: sparse.csr_matrix,
    relevant: sparse.csr_matrix,
    ties: NDArray[np.int64],
    k: int,
    candidates: NDArray[np.bool_] | None = None,
) -> tuple[Ranks, NDArray[np.int64]]:
    """Rank one block of users.

    Args:
        scores: (b, n) float32.
        seen: (b, n) ones for the movies to leave out.
        relevant: (b, n) ones for the relevant movies, at least one in each row.
        ties: (n,) from `tie_order`.
        k: Length of the top lists.
        candidates: (n,) which movies are ranked, including all relevant ones; None for all.

    Returns:
        The ranks of the relevant movies, and the top lists (b, k), padded with -1 where fewer than k movies are left.
    """
    order, n = np.argsort(-ties), len(ties)
    place = n - 1 - ties  # position of each movie in `order`
    scores = np.take(scores, order, axis=1)  # in tie order: of equal scores, the first column ranks first
    scores[_rows_of(seen), place[seen.indices]] = HIDDEN
    if candidates is not None:
        scores[:, ~candidates[order]] = HIDDEN
    owner, wanted = _rows_of(relevant), place[relevant.indices]
    rank, middle = np.empty(len(owner), np.int64), np.empty(len(owner), np.float64)
    left, top = np.empty(len(scores), np.int64), np.full((len(scores), k), -1, np.int64)
    for user, (row, start, end) in enumerate(zip(scores, relevant.indptr[:-1], relevant.indptr[1:], strict=True)):
        ordered = np.sort(row)
        rank[start:end], middle[start:end] = _places(row, ordered, wanted[start:end])
        left[user] = n - ordered.searchsorted(HIDDEN, side="right")
        good = np.flatnonzero(row >= ordered[-min(k, left[user])])
        listed, _ = best(good, row[good], k)
        top[user, : len(listed)] = order[listed]
    sequence = np.lexsort((rank, owner))  # within a user, best ranked first
    return Ranks(owner, rank[sequence], middle[sequence], np.diff(relevant.indptr).astype(np.int64), left), top


def _places(
    row: NDArray[np.float32], ordered: NDArray[np.float32], wanted: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the rank of each wanted movie in its user's scores `row`, and the mean rank of the movies it ties with."""
    scores = row[wanted]
    below, up_to = ordered.searchsorted(scores), ordered.searchsorted(scores, side="right")
    rank, middle = len(row) + 1 - up_to, len(row) - (below + up_to - 1) / 2
    for tied in np.flatnonzero(up_to - below > 1):
        rank[tied] += np.count_nonzero(row[: wanted[tied]] == scores[tied])
    return rank, middle


def _ranked(
    scores: NDArray[np.float32], held: HeldOut, users: NDArray[np.int64], ties: NDArray[np.int64], k: int
) -> tuple[Ranks, NDArray[np.int64]]:
    scores = np.asarray(scores, dtype=np.float32)
    if not np.isfinite(scores).all():
        raise BuildError("a model gave a score that is not a finite number; its vectors hold NaN or infinity")
    return rank_relevant(scores, held.seen[users], held.relevant[users], ties, k, held.candidates)


def _blocks(held: HeldOut) -> list[NDArray[np.int64]]:
    size = max(1, BLOCK_CELLS // max(1, held.seen.shape[1]))
    return [held.users[i : i + size] for i in range(0, len(held.users), size)]


def _rows_of(matrix: sparse.csr_matrix) -> NDArray[np.int64]:
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))


_NONE = np.empty(0, np.int64)
_NOBODY = Ranks(_NONE, _NONE, _NONE.astype(np.float64), _NONE, _NONE)
