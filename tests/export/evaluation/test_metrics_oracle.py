"""Every metric against NIST's trec_eval (and AUC against scipy), user by user to a millionth, ties and all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse
from scipy.stats import mannwhitneyu

from matinee_export.data import clean, read_dataset
from matinee_export.data.interactions import Interactions
from matinee_export.evaluation import baselines
from matinee_export.evaluation.evaluate import HeldOut, Metrics, Scores, evaluate
from matinee_export.evaluation.ranking import tie_order
from matinee_export.evaluation.scorers import DotScores
from matinee_export.study.experiments.reproduced import split_a

pytrec_eval = pytest.importorskip("pytrec_eval", reason="pytrec_eval-terrier has no wheel for this machine")

THEIRS = {
    "ndcg@10": "ndcg_cut_10",
    "map_all@10": "map_cut_10",
    "map": "map",
    "precision@10": "P_10",
    "recall@10": "recall_10",
}
"""What trec_eval calls the metrics it has; map@10, over min(10, R), is its map_cut_10 times R / min(10, R)."""


def _trec_eval(scores: Scores, held: HeldOut) -> dict[str, NDArray[np.float64]]:
    """trec_eval's figures of each user; a movie's name is its place in our tie order, by which it breaks ties too."""
    names = np.char.zfill(tie_order(held.seen.shape[1]).astype(str), 6)
    run, relevant = {}, {}
    for user, row in zip(held.users.tolist(), scores(held.users), strict=True):
        unseen = held.seen[[user]].toarray()[0] == 0
        run[str(user)] = dict(zip(names[unseen].tolist(), row[unseen].tolist(), strict=True))
        relevant[str(user)] = dict.fromkeys(names[held.relevant[[user]].indices].tolist(), 1)
    evaluator = pytrec_eval.RelevanceEvaluator(relevant, {"ndcg_cut.10", "map_cut.10", "map", "P.10", "recall.10"})
    measured = evaluator.evaluate(run)
    return {ours: np.array([measured[str(u)][name] for u in held.users]) for ours, name in THEIRS.items()}


def _mann_whitney(scores: Scores, held: HeldOut) -> NDArray[np.float64]:
    """AUC of each user from scipy's U statistic."""
    shares = []
    for user, row in zip(held.users.tolist(), scores(held.users), strict=True):
        relevant = held.relevant[[user]].toarray()[0] > 0
        other = ~relevant & (held.seen[[user]].toarray()[0] == 0)
        u = mannwhitneyu(row[relevant], row[other], method="asymptotic").statistic
        shares.append(u / (relevant.sum() * other.sum()))
    return np.array(shares)


def _assert_equal(ours: Metrics, scores: Scores, held: HeldOut) -> None:
    theirs = _trec_eval(scores, held)
    count = np.diff(held.relevant.indptr)[held.users]
    theirs["map@10"] = theirs["map_all@10"] * count / np.minimum(count, 10)
    theirs["auc"] = _mann_whitney(scores, held)
    assert set(theirs) == set(ours.per_user)
    for name, values in theirs.items():
        np.testing.assert_allclose(ours.per_user[name], values, rtol=0, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("grain", [None, 3], ids=["no ties", "many ties"])
@pytest.mark.parametrize("share", [0.01, 0.2], ids=["few relevant", "more relevant than are listed"])
def test_metrics_equal_trec_evals_on_made_lists(grain: int | None, share: float) -> None:
    rng = np.random.default_rng(0)
    cells = rng.random((50, 200))
    seen = sparse.csr_matrix((cells > 0.9).astype(np.float32))
    relevant = sparse.csr_matrix((cells < share).astype(np.float32))
    held = HeldOut(np.flatnonzero(np.diff(relevant.indptr)), seen, relevant, np.ones(200))
    users, movies = rng.normal(size=(50, 6)).astype(np.float32), rng.normal(size=(200, 6)).astype(np.float32)
    made = DotScores(users, movies, np.ones(200))

    def scores(asked: NDArray[np.int64]) -> NDArray[np.float32]:
        return made(asked) if grain is None else np.round(made(asked) / grain)

    _assert_equal(evaluate(scores, held), scores, held)


@pytest.mark.parametrize("model", [baselines.popularity, baselines.ease])
def test_metrics_equal_trec_evals_on_movielens(model: Callable[[Interactions], Scores], ml_100k: Path) -> None:
    sides = split_a(clean(read_dataset(ml_100k)))
    some = sides.held.only_users(np.arange(sides.train.n_users) % 10 == 0)
    scores = model(sides.train)
    _assert_equal(evaluate(scores, some), scores, some)
