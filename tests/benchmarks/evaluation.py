"""Evaluating one model by full ranking on the dataset, beside cornac's and recommenders' own evaluation.

In: ALS's scores of every movie for users with held-out likes. Out: one row a peer. All get the same scores, ready made,
the same seen movies to leave out and the same relevant ones; timed is the evaluation alone. Ours computes nine metrics.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from tests.benchmarks.harness import Context, Result, interleave
from tests.benchmarks.inputs import dataset
from tests.benchmarks.training import SETTINGS
from tests.benchmarks.vectors import OURS, DifferentWorkError

from matinee_export.data import clean, read_dataset
from matinee_export.data.interactions import Interactions
from matinee_export.data.split import split
from matinee_export.evaluation.evaluate import HeldOut, evaluate
from matinee_export.models.factors import fit_factors

K = 10
GOAL = ">= 10"
CLOSE = 1e-3
"""How far two sides' nDCG@10 may lie apart: scores that tie may be put in either order."""

Evaluate = Callable[[], float]
"""Computes everything and returns nDCG@10."""


@dataclass(frozen=True)
class Asked:
    """The question that all sides get.

    Args:
        held: Users, seen and relevant movies.
        scores: (n, n_movies) float32, a row for each of `held.users`.
    """

    held: HeldOut
    scores: npt.NDArray[np.float32]


def measure(context: Context) -> list[Result]:
    """Time ours and every peer that is installed on the same users."""
    asked = _question(context)
    work = "evaluating one model by full ranking"
    sides: dict[str, Evaluate] = {OURS: _ours(asked)}
    missing = []
    for name, (extra, make) in PEERS.items():
        try:
            sides[name] = make(asked)
        except ImportError as error:
            missing.append(Result.absent(work, name, GOAL, f"{error.name} is not installed: {extra}"))
    times = interleave(sides, context.rounds, _same)
    ours = times[OURS].median
    found = [
        Result(
            work=work,
            peer=name,
            goal=GOAL,
            ratio=times[name].median / ours,
            quality="the same nDCG@10",
            ours=f"{len(asked.scores) / ours:.0f} users/s",
            theirs=f"{len(asked.scores) / times[name].median:.0f} users/s",
            note=f"{asked.scores.shape[0]:,} users, {asked.scores.shape[1]:,} movies; scores ready made",
            rounds={OURS: times[OURS], name: times[name]},
        )
        for name in sides
        if name != OURS
    ]
    return [*found, *missing]


def _question(context: Context) -> Asked:
    table = clean(read_dataset(dataset(context)))
    sides = split(table.reviews, seed=0)
    train, test = (Interactions.of(table.reviews, rows, len(table.movies)) for rows in (sides.train, sides.test))
    held = HeldOut.between(train, test)
    most = context.pick(quick=64, default=256, full=len(held.users))
    kept = np.zeros(held.seen.shape[0], bool)
    kept[held.users[np.linspace(0, len(held.users) - 1, min(most, len(held.users))).astype(int)]] = True
    held = held.only_users(kept)
    return Asked(held, fit_factors("als", train, SETTINGS["als"]).scores(held.likes)(held.users))


def _ours(asked: Asked) -> Evaluate:
    def scores(users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        return asked.scores[np.searchsorted(asked.held.users, users)]

    return lambda: evaluate(scores, asked.held, K).means()[f"ndcg@{K}"]


def _cornac(asked: Asked) -> Evaluate:
    """Cornac's `ranking_eval` with the five metrics it shares with ours."""
    from cornac.data import Dataset
    from cornac.eval_methods.base_method import ranking_eval
    from cornac.metrics import AUC, MAP, NDCG, Precision, Recall
    from cornac.models import Recommender

    n_users, n_movies = asked.scores.shape
    users, movies = ({row: row for row in range(count)} for count in (n_users, n_movies))

    def rows(matrix: sparse.csr_matrix) -> Dataset:
        cells = matrix.tocoo()
        return Dataset(n_users, n_movies, users, movies, (cells.row, cells.col, np.ones(cells.nnz)))

    class Scored(Recommender):
        """Answers with the scores that all sides get."""

        def score(self, user_idx: int, item_idx: int | None = None) -> npt.NDArray[np.float32]:
            scores: npt.NDArray[np.float32] = asked.scores[user_idx]
            return scores if item_idx is None else scores[item_idx]

    train, test = (rows(matrix[asked.held.users]) for matrix in (asked.held.seen, asked.held.relevant))
    model = Scored("scored")
    model.num_users, model.num_items = n_users, n_movies
    model.uid_map, model.iid_map = users, movies
    measures = [NDCG(k=K), MAP(), Precision(k=K), Recall(k=K), AUC()]
    return lambda: float(ranking_eval(model, measures, train, test)[0][0])


def _recommenders(asked: Asked) -> Evaluate:
    """The four ranking metrics of recommenders, on the table of all scores that it asks for."""
    import pandas as pd
    from recommenders.evaluation.python_evaluation import map_at_k, ndcg_at_k, precision_at_k, recall_at_k

    held, scores = asked.held, asked.scores
    unseen = np.ones(scores.shape, bool)
    unseen[held.seen[held.users].nonzero()] = False
    user, movie = unseen.nonzero()
    predicted = pd.DataFrame({"userID": user, "itemID": movie, "prediction": scores[user, movie]})
    user, movie = (axis.astype(np.int64) for axis in held.relevant[held.users].nonzero())
    true = pd.DataFrame({"userID": user, "itemID": movie, "rating": np.ones(len(user))})

    def run() -> float:
        for compute in (map_at_k, precision_at_k, recall_at_k):
            compute(true, predicted, relevancy_method="top_k", k=K)
        return float(ndcg_at_k(true, predicted, relevancy_method="top_k", k=K))

    return run


PEERS: Mapping[str, tuple[str, Callable[[Asked], Evaluate]]] = {
    "cornac": ("pip install cornac", _cornac),
    "recommenders": ("pip install --no-deps recommenders", _recommenders),
}


def _same(outputs: Mapping[str, float]) -> None:
    for name, found in outputs.items():
        if abs(found - outputs[OURS]) > CLOSE:
            raise DifferentWorkError(f"{name} finds nDCG@{K} {found:.4f}, ours {outputs[OURS]:.4f}")
