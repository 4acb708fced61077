"""ALS with `implicit` (Hu, Koren and Volinsky 2008).

Preference is 1 for a like and 0 otherwise. The confidence c_ui is alpha * rating / 10 for a like and 1 for everything
else: Matinee passes rating / 10 to `implicit`, which multiplies it by alpha and, unlike the paper, adds no 1. Each
movie and each user is solved on its own, so the number of threads does not change the result. If the rows are dated,
the confidence of a like may also decay with its age.
"""

from __future__ import annotations

import math

from implicit.cpu.als import AlternatingLeastSquares

from matinee_export.data.interactions import Interactions
from matinee_export.models.factor_model import FactorModel, Setting, Vectors, one_blas_thread

GRID: tuple[Setting, ...] = tuple(
    {"regularization": regularization, "alpha": alpha, "iterations": 20}
    for regularization, alpha in [(3.0, 5.0), (10.0, 5.0), (20.0, 5.0), (30.0, 5.0), (50.0, 10.0)]
)
"""Settings to compare. Few factors and strong regularization win on datasets of this kind."""


def fit(interactions: Interactions, params: Setting, seed: int) -> tuple[Vectors, Vectors]:
    """Return vectors of the movies, (n_movies, size), and of the users, (n_users, size), float32."""
    with one_blas_thread():
        model = AlternatingLeastSquares(
            factors=int(params["size"]),
            regularization=params["regularization"],
            alpha=params["alpha"],
            iterations=int(params["iterations"]),
            random_state=seed,
        )
        model.fit(interactions.confidence(params["half_life"] or math.inf), show_progress=False)
    return model.item_factors, model.user_factors


ALS = FactorModel("als", fit, GRID, defaults={"half_life": 0.0}, fades=True)
