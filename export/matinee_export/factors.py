"""BPR and ALS with `implicit`: fit, sweep over sizes and settings, choose on validation rows, fit again for good.

In: the train and validation `Interactions`. Out: `Factors`: one float32 vector per movie and per user, what fold-in
needs to know, and the whole sweep. Both models see likes only (given ratings of at least 7). The choice is by nDCG@10
on validation rows; the chosen setting is then fitted to train and validation rows together, and that fit is what is
measured on test rows and served. No test row comes in here. Knows nothing of files, texts or posters.

ALS (Hu, Koren and Volinsky 2008). Preference is 1 for a like and 0 otherwise. `implicit` takes the stored value as the
whole confidence c_ui of a like, and 1 as that of everything else; the value given to it is rating / 10 and it
multiplies by alpha, so c_ui = alpha * rating / 10. Each movie and each user is solved on its own, so the number of
threads does not change the result. Where the rows are dated, confidence may also fade with age: half-lives are tried
once size and setting are chosen, and one is kept only if validation rows are clearly better ranked with it.

BPR (Rendle et al. 2009) on one thread, since several make it irreproducible. `implicit` draws the movie that is to lose
from the likes, so a movie is drawn in proportion to its popularity q, not uniformly as in the paper. What it then
learns is log p(movie | user) - log q(movie): popularity is cancelled, and its rankings fall below those of the
popularity order itself. Adding log q back to the item biases (the correction of sampling bias in Yi et al. 2019) gives
the ranking of the uniform criterion again. On MovieLens 100K, 75/25, nDCG@10 is .30 without it and .47 with it;
study/bpr_ablation.py shows that it is the drawing and nothing else. Its rows cannot be weighted, so no age counts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
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

from matinee.errors import BadInputError, BuildError, UnknownNameError
from matinee_export.evaluate import HeldOut, evaluate
from matinee_export.interactions import Interactions
from matinee_export.metrics import PerUser
from matinee_export.scorers import DotScores

Setting = Mapping[str, float]
"""What a fit is told: size, iterations, regularization, and learning_rate (BPR) or alpha and half_life (ALS).

half_life is in days; 0, or leaving it out, means that nothing fades.
"""

GRIDS: dict[str, tuple[Setting, ...]] = {
    "als": tuple(
        {"regularization": regularization, "alpha": alpha, "iterations": 20}
        for regularization, alpha in [(3.0, 5.0), (10.0, 5.0), (20.0, 5.0), (30.0, 5.0), (50.0, 10.0)]
    ),
    "bpr": tuple(
        {"regularization": regularization, "learning_rate": 0.02, "iterations": 100}
        for regularization in (0.02, 0.03, 0.045)
    ),
}
"""Settings tried for each kind. Few factors and strong regularization win on datasets of this kind."""

HALF_LIVES = (1 / 2, 1 / 6, 1 / 20)
"""Half-lives of ALS's confidence that are tried, as shares of the days between the oldest and the newest train row.

A dataset of 24 years gets 12, 4 and 1.2 years; MovieLens 100K, whose ratings came within 7 months, weeks and months.
"""

BACK = "popularity put back into the item biases"
"""What makes `implicit`'s BPR the BPR of its paper; see above."""

VANISHED = 1e-6
"""A factor shorter than this share of the longest one is nothing but rounding error."""

AUTO_SIZES = ((20_000, (16, 8, 32)), (200_000, (64, 32, 16)), (float("inf"), (128, 64)))
"""Sizes tried unless told otherwise, by the number of likes they are enough for.

The grid is compared at the first: with few factors weak regularization does no harm, and would be chosen for many.
"""


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


def parse_sizes(text: str, n_likes: int) -> tuple[int, ...]:
    """Return the sizes to sweep over.

    Args:
        text: "auto", or positive whole numbers with commas between, such as "50,100,200,500,1000".
        n_likes: Train likes, which "auto" goes by.

    Raises:
        BadInputError: The text is neither.
    """
    if text.strip().lower() == "auto":
        return next(sizes for enough_for, sizes in AUTO_SIZES if n_likes <= enough_for)
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise BadInputError(f"factor sizes are auto or whole numbers such as 50,100,200, not {text!r}")
    return tuple(int(part) for part in parts)


def train_factors(
    kind: str,
    train: Interactions,
    validation: Interactions,
    sizes: Sequence[int],
    grid: Sequence[Setting] | None = None,
    seed: int = 0,
    report: Callable[[str], None] = lambda line: None,
) -> Factors:
    """Choose size and setting by validation nDCG@10, then fit the choice to train and validation rows together.

    The settings of the grid are compared at the first size; the best of them is then tried at every other size, and
    for ALS the best of these with every half-life, if the rows are dated, to be kept if it is `clearly_better`.

    Args:
        kind: "bpr" or "als".
        train: Rows to fit while choosing.
        validation: Rows to choose by. Where they hold no relevant movie, the first setting and size are taken.
        sizes: Numbers of factors, the first of which the grid is compared at.
        grid: Settings to try; by default those of `GRIDS`.
        seed: Seed of the initial factors and of BPR's sampling.
        report: Called with one line for each fit.

    Raises:
        UnknownNameError: No such kind.
        BuildError: Not a single like in the train rows.
    """
    if kind not in GRIDS:
        raise UnknownNameError("factor model", kind, GRIDS)
    held = HeldOut.between(train, validation)
    sweep: list[dict[str, float]] = []

    def try_out(setting: Setting) -> tuple[dict[str, float], PerUser]:
        fitted = fit_factors(kind, train, setting, seed)
        measured = evaluate(fitted.scores(held.likes), held)
        ndcg = measured.means()["ndcg@10"]
        sweep.append({**fitted.params, "ndcg@10": ndcg})
        report(f"{kind} {_spelled(fitted.params)}: validation nDCG@10 {ndcg:.4f}")
        return fitted.params, measured.per_user["ndcg@10"]

    def best(tried: Sequence[tuple[dict[str, float], PerUser]]) -> tuple[dict[str, float], PerUser]:
        return max(tried, key=lambda one: float(one[1].sum()))  # the first of equals

    chosen = best([try_out({**setting, "size": sizes[0]}) for setting in (GRIDS[kind] if grid is None else grid)])
    chosen = best([chosen, *(try_out({**chosen[0], "size": size}) for size in sizes[1:])])
    if kind == "als" and (fading := [try_out({**chosen[0], "half_life": days}) for days in half_lives(train)]):
        newer = best(fading)
        chosen = newer if clearly_better(newer[1], chosen[1]) else chosen
    return replace(fit_factors(kind, train.plus(validation), chosen[0], seed), sweep=sweep)


def clearly_better(one: PerUser, other: PerUser) -> bool:
    """Return whether the mean over users (n,) of `one` is higher than that of `other` by more than one standard error.

    The rule of Breiman et al. 1984 (Classification and Regression Trees, section 3.4.3), of the paired differences:
    what makes a model less simple has to earn it.
    """
    difference = one - other
    return len(difference) > 1 and bool(difference.mean() > difference.std(ddof=1) / np.sqrt(len(difference)))


def half_lives(train: Interactions) -> tuple[float, ...]:
    """Return the half-lives worth trying on these rows, in whole days, the longest first; none for undated rows."""
    span = train.where(train.is_like).span
    return tuple(max(1.0, float(round(share * span))) for share in HALF_LIVES) if span else ()


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


def _spelled(params: Setting) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in params.items())
