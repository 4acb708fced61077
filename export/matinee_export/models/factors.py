"""BPR and ALS with `implicit`: one fit with one setting.

In: `Interactions` and a `Setting`, which `tuning` chooses. Out: `Factors`: one float32 vector per movie and per user,
and what fold-in needs to know. Both models see likes only (given ratings of at least 7).

ALS (Hu, Koren and Volinsky 2008). Preference is 1 for a like and 0 otherwise. `implicit` takes the stored value as the
whole confidence c_ui of a like, and 1 as that of everything else; the value given to it is rating / 10 and it
multiplies by alpha, so c_ui = alpha * rating / 10. Each movie and each user is solved on its own, so the number of
threads does not change the result. Where the rows are dated, confidence may also fade with age.

BPR (Rendle et al. 2009) on one thread, since several make it irreproducible. `implicit` samples the negative item
from the likes, so a movie is drawn in proportion to its popularity q, not uniformly as in the paper. What it then
learns is log p(movie | user) - log q(movie): popularity is cancelled, and its rankings fall below those of the
popularity order itself. Adding log q back to the item biases (the correction of sampling bias in Yi et al. 2019) gives
the ranking of the uniform criterion again. On MovieLens 100K, 75/25, nDCG@10 is .30 without it and .47 with it;
study/bpr_ablation.py shows that it is the drawing and nothing else. Its rows cannot be weighted, so no age counts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from implicit.cpu.bpr import BayesianPersonalizedRanking
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from matinee.errors import BuildError
from matinee_export.data.interactions import Interactions
from matinee_export.evaluation.scorers import DotScores

Setting = Mapping[str, float]
"""What a fit is told: size, iterations, regularization, and learning_rate (BPR) or alpha and half_life (ALS).

half_life is in days; 0, or leaving it out, means that nothing fades.
"""

BACK = "popularity put back into the item biases"
"""What makes `implicit`'s BPR the BPR of its paper; see above."""

VANISHED = 1e-6
"""A factor shorter than this share of the longest one is nothing but rounding error."""


@dataclass(frozen=True)
class Factors:
    """What one factor model learned.

    Args:
        kind: "bpr" or "als".
        item_factors: (n_movies, dim) float32, zero rows for movies nobody liked. For BPR dim = size + 1 and the last
            column is the item bias.
        user_factors: (n_users, dim) float32, zero rows for users who liked nothing. For BPR the last column is 1.
        params: The `Setting` it was fitted with: all that fold-in needs.
        made_by: What fitted it, such as "implicit 0.7.3", and what was done to the result.
        sweep: Every setting tried, in order, each with its validation "ndcg@10"; empty for a single fit.
    """

    kind: str
    item_factors: NDArray[np.float32]
    user_factors: NDArray[np.float32]
    params: dict[str, float]
    made_by: str
    sweep: list[dict[str, float]] = field(default_factory=list)

    def scores(self, likes: NDArray[np.float64]) -> DotScores:
        """Return the scorer of this model; `likes` (n_movies,) is the popularity that fills its gaps."""
        return DotScores(self.user_factors, self.item_factors, likes)

    def save(self, folder: Path) -> None:
        """Write the factors into `folder`, for `load`."""
        np.save(folder / "items.npy", self.item_factors, allow_pickle=False)
        np.save(folder / "users.npy", self.user_factors, allow_pickle=False)
        facts = {"kind": self.kind, "params": self.params, "made_by": self.made_by, "sweep": self.sweep}
        (folder / "factors.json").write_text(json.dumps(facts), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Factors:
        """Read what `save` wrote into `folder`."""
        items, users = (np.load(folder / name, allow_pickle=False) for name in ("items.npy", "users.npy"))
        facts = json.loads((folder / "factors.json").read_text(encoding="utf-8"))
        return cls(facts["kind"], items, users, facts["params"], facts["made_by"], facts["sweep"])


def fit_factors(kind: str, interactions: Interactions, setting: Setting, seed: int = 0) -> Factors:
    """Fit one model once.

    Args:
        kind: "bpr" or "als", or "plain-bpr": `implicit`'s BPR as it comes, to be compared with and never shipped.
        interactions: Rows to fit; only the likes among them count.
        setting: size, iterations, regularization, and learning_rate (BPR) or alpha and maybe half_life (ALS).
        seed: Seed of everything random.

    Raises:
        BuildError: There is no like to learn from.
    """
    liked = interactions.liked()
    if not liked.nnz:
        raise BuildError(f"{kind} has nothing to learn from: not one rating is {interactions.liked_from:g} or more")
    params = {**_UNLESS_SAID[kind], **setting, "size": int(setting["size"]), "iterations": int(setting["iterations"])}
    items, users = _FITS[kind](interactions, params, seed)
    items[np.diff(liked.tocsc().indptr) == 0] = 0.0
    users[np.diff(liked.indptr) == 0] = 0.0
    made_by = f"implicit {version('implicit')}"
    fitted = Factors(kind, _without_vanished(items), _without_vanished(users), params, made_by)
    return with_popularity(fitted, liked) if kind == "bpr" else fitted


def with_popularity(plain: Factors, liked: sparse.csr_matrix) -> Factors:
    """Return BPR with log q added to the item biases, q relative to a movie of mean popularity among those with a like.

    Args:
        plain: `implicit`'s BPR as it comes.
        liked: (n_users, n_movies) the likes it was fitted to.
    """
    likes = np.asarray(liked.sum(axis=0)).ravel()  # (n_movies,)
    share = likes / likes[likes > 0].mean()
    items = plain.item_factors.copy()
    items[:, -1] += np.log(share, out=np.zeros_like(share), where=share > 0)
    return replace(plain, kind="bpr", item_factors=items, made_by=f"{plain.made_by}, {BACK}")


def _without_vanished(factors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Zero the rows that ALS shrank to nothing: who likes only what nobody else likes, and what only they like.

    What is left of such a row is rounding error; as a zero row it is what it is, something the model knows nothing of.
    """
    lengths = np.linalg.norm(factors, axis=1)
    factors[lengths < VANISHED * lengths.max(initial=0.0)] = 0.0
    return factors


def _fit_als(interactions: Interactions, params: Setting, seed: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    with _one_blas_thread():
        model = AlternatingLeastSquares(
            factors=int(params["size"]),
            regularization=params["regularization"],
            alpha=params["alpha"],
            iterations=int(params["iterations"]),
            random_state=seed,
        )
        model.fit(interactions.confidence(params["half_life"] or math.inf), show_progress=False)
    return model.item_factors, model.user_factors


def _fit_bpr(interactions: Interactions, params: Setting, seed: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    with _one_blas_thread():
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


_UNLESS_SAID: dict[str, Setting] = {"als": {"half_life": 0.0}, "bpr": {}, "plain-bpr": {}}

_FITS = {"als": _fit_als, "bpr": _fit_bpr, "plain-bpr": _fit_bpr}


@contextmanager
def _one_blas_thread() -> Iterator[None]:
    """Hold BLAS to one thread, as `implicit` asks for: it has threads of its own, and sums then add up alike."""
    with threadpool_limits(limits=1, user_api="blas"):
        yield
