"""Fitting BPR and ALS through our `fit_factors`, beside `implicit` called directly with the same settings.

In: the likes of the dataset. Out: one row a model. Nothing may be added to what `implicit` takes: its own two runs of
the same fit differ by a few percent, which is all the goal allows for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from implicit.cpu.als import AlternatingLeastSquares
from implicit.cpu.bpr import BayesianPersonalizedRanking
from tests.benchmarks.harness import Context, Result, interleave
from tests.benchmarks.inputs import dataset
from tests.benchmarks.vectors import OURS, DifferentWorkError
from threadpoolctl import threadpool_limits

from matinee_export.data import clean, read_dataset
from matinee_export.data.interactions import Interactions
from matinee_export.models.factors import fit_factors

PEER = "implicit called directly"
GOAL = "<= 1.05"
SIZE = 64
SETTINGS: Mapping[str, Mapping[str, float]] = {
    "als": {"size": SIZE, "iterations": 20, "regularization": 10.0, "alpha": 5.0},
    "bpr": {"size": SIZE, "iterations": 100, "regularization": 0.03, "learning_rate": 0.02},
}


def measure(context: Context) -> list[Result]:
    """Time both models on every like of the dataset."""
    table = clean(read_dataset(dataset(context)))
    rows = Interactions.of(table.reviews, np.arange(len(table.reviews)), len(table.movies))
    return [_measure(kind, rows, context) for kind in SETTINGS]


def _measure(kind: str, rows: Interactions, context: Context) -> Result:
    setting = SETTINGS[kind]
    matrix = rows.confidence() if kind == "als" else rows.liked()
    sides = {OURS: lambda: fit_factors(kind, rows, setting).item_factors, PEER: lambda: _directly(kind, matrix)}
    times = interleave(sides, context.rounds, _same)
    ours, theirs = times[OURS].median, times[PEER].median
    return Result(
        work=f"fitting {kind.upper()}, {SIZE} factors",
        peer=PEER,
        goal=GOAL,
        ratio=ours / theirs,
        quality="the same factors",
        ours=f"{ours:.2f} s",
        theirs=f"{theirs:.2f} s",
        note=f"{matrix.nnz:,} likes; a ratio of 1 adds nothing",
        rounds=times,
    )


def _directly(kind: str, matrix: Any) -> npt.NDArray[np.float32]:  # noqa: ANN401 - a scipy.sparse.csr_matrix
    """`implicit` as its own examples call it, BLAS on one thread as it asks for; BPR on one thread, as ours is."""
    setting = SETTINGS[kind]
    common = {"factors": SIZE, "iterations": int(setting["iterations"]), "random_state": 0}
    if kind == "als":
        model = AlternatingLeastSquares(regularization=setting["regularization"], alpha=setting["alpha"], **common)
    else:
        rate = setting["learning_rate"]
        model = BayesianPersonalizedRanking(
            learning_rate=rate, regularization=setting["regularization"], num_threads=1, **common
        )
    with threadpool_limits(limits=1, user_api="blas"):
        model.fit(matrix, show_progress=False)
    factors: npt.NDArray[np.float32] = model.item_factors
    return factors


def _same(outputs: Mapping[str, npt.NDArray[np.float32]]) -> None:
    """Compare movies that somebody likes, leaving aside the biases, into which ours puts the popularity back."""
    ours, theirs = (outputs[name][:, :SIZE] for name in (OURS, PEER))
    known = ours.any(axis=1)
    if not np.allclose(ours[known], theirs[known], rtol=1e-3, atol=1e-5):
        raise DifferentWorkError("the two fits gave different factors")
