"""Fits a factor model once, with one setting.

In: `Interactions`, and a `Setting` that `factor_tuning` chooses. Out: `Factors`: one float32 vector per movie and per
user, and the parameters of fold-in. All models are fitted to likes only: ratings of at least 7 that a user gave, none
that was imputed.
"""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from matinee.errors import BuildError
from matinee_export.data.interactions import Interactions
from matinee_export.models.bpr import PLAIN_BPR
from matinee_export.models.factor_model import Factors, Setting
from matinee_export.models.registry import FACTOR_MODELS

VANISHED = 1e-6
"""A factor vector shorter than this share of the longest one is only rounding error."""

_FITTED = {**FACTOR_MODELS, PLAIN_BPR.name: PLAIN_BPR}


def fit_factors(kind: str, interactions: Interactions, setting: Setting, seed: int = 0) -> Factors:
    """Fit one model once.

    Args:
        kind: Name of a factor model, or "plain-bpr".
        interactions: Rows to fit; only the likes among them count.
        setting: size, iterations, regularization, and learning_rate (BPR) or alpha and optionally half_life (ALS).
        seed: Seed of everything random.

    Raises:
        BuildError: `interactions` contain no like.
    """
    model = _FITTED[kind]
    liked = interactions.liked()
    if not liked.nnz:
        raise BuildError(f"{kind} has nothing to learn from: not one rating is {interactions.liked_from:g} or more")
    params = {**model.defaults, **setting, "size": int(setting["size"]), "iterations": int(setting["iterations"])}
    items, users = model.fit(interactions, params, seed)
    items[np.diff(liked.tocsc().indptr) == 0] = 0.0
    users[np.diff(liked.indptr) == 0] = 0.0
    made_by = f"implicit {version('implicit')}"
    fitted = Factors(kind, _without_vanished(items), _without_vanished(users), params, made_by)
    return model.finish(fitted, interactions)


def _without_vanished(factors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Zero the rows that ALS shrank to nothing: users whose likes nobody else shares, and the movies only they like.

    Such a row holds only rounding error; a zero row marks the user or movie as unknown to the model.
    """
    lengths = np.linalg.norm(factors, axis=1)
    factors[lengths < VANISHED * lengths.max(initial=0.0)] = 0.0
    return factors
