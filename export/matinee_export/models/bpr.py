"""BPR with `implicit` (Rendle et al. 2009), on one thread, since several threads make it irreproducible.

`implicit` samples the negative item from the likes, so a movie is drawn in proportion to its popularity q, not
uniformly as in the paper. What it then learns is log p(movie | user) - log q(movie): popularity is cancelled, and its
rankings are worse than the popularity order itself. Adding log q back to the item biases (the correction of
sampling bias in Yi et al. 2019) restores the ranking of uniform sampling. On MovieLens 100K, 75/25, nDCG@10 is .30
without it and .47 with it; `study.experiments.bpr_ablation` shows that the sampling alone is the cause. BPR takes no
weights for its rows, so likes cannot lose weight with age.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from implicit.cpu.bpr import BayesianPersonalizedRanking
from scipy import sparse

from matinee_export.data.interactions import Interactions
from matinee_export.models.factor_model import FactorModel, Factors, Setting, Vectors, one_blas_thread

BACK = "popularity put back into the item biases"
"""The note in `Factors.made_by` that log popularity was added to the item biases; see above for why."""

GRID: tuple[Setting, ...] = tuple(
    {"regularization": regularization, "learning_rate": 0.02, "iterations": 100}
    for regularization in (0.02, 0.03, 0.045)
)
"""Settings to compare. Few factors and strong regularization win on datasets of this kind."""


def fit(interactions: Interactions, params: Setting, seed: int) -> tuple[Vectors, Vectors]:
    """Return vectors of movies, (n_movies, size + 1), item bias last, and of users, (n_users, size + 1), a 1 last."""
    with one_blas_thread():
        model = BayesianPersonalizedRanking(
            factors=int(params["size"]),
            learning_rate=params["learning_rate"],
            regularization=params["regularization"],
            iterations=int(params["iterations"]),
            num_threads=1,
            random_state=seed,
        )
        model.fit(interactions.liked(), show_progress=False)
    return model.item_factors, model.user_factors


def with_popularity(plain: Factors, liked: sparse.csr_matrix) -> Factors:
    """Return the factors with log(likes / mean likes) added to the bias of each movie that has a like.

    The mean is over the movies that have a like.

    Args:
        plain: Factors as `implicit` fitted them.
        liked: (n_users, n_movies) the likes that they were fitted to.
    """
    likes = np.asarray(liked.sum(axis=0)).ravel()  # (n_movies,)
    share = likes / likes[likes > 0].mean()
    items = plain.item_factors.copy()
    items[:, -1] += np.log(share, out=np.zeros_like(share), where=share > 0)
    return replace(plain, kind="bpr", item_factors=items, made_by=f"{plain.made_by}, {BACK}")


BPR = FactorModel("bpr", fit, GRID, finish=lambda plain, rows: with_popularity(plain, rows.liked()))

PLAIN_BPR = FactorModel("plain-bpr", fit, GRID)
"""`implicit`'s BPR without the popularity correction: for comparison only, never shipped."""
