"""Why `implicit`'s BPR ranks worse than others': one thing changed at a time, everything else left as it comes.

In: the rows of a split. Out: one `Ablation` for each change, with validation and test nDCG@10. What `implicit` does not
let one change (how the loser is drawn, the item biases, the length of the initial factors) is changed in the same
descent written out in numpy, with fewer factors to save time: its unchanged row must agree with that of `implicit` of
the same size, or nothing follows from the others. About half a minute on MovieLens 100K, and too slow for much more.

BPR (Rendle et al. 2009, figure 4): draw a like (u, i) and a movie j, and ascend ln sigmoid(x_ui - x_uj) with
x_ui = p_u . q_i + b_i. In the paper j is drawn uniformly; `implicit` draws the movie of another like.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from implicit.cpu.bpr import BayesianPersonalizedRanking
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from matinee_export.data.interactions import Interactions
from matinee_export.evaluation.evaluate import HeldOut, evaluate
from matinee_export.evaluation.scorers import DotScores
from matinee_export.models.bpr import with_popularity
from matinee_export.models.factor_model import Factors

BATCH = 1024
"""Likes of one step of the descent written out here; `implicit` takes a step for each."""

Fitted = tuple[NDArray[np.float32], NDArray[np.float32]]
"""(n_movies, size + 1) the biases last, and (n_users, size + 1) the last column being 1."""


@dataclass(frozen=True)
class Recipe:
    """How BPR is trained; the defaults are those of `implicit`.

    Attributes:
        size: Factors, without the bias.
        learning_rate: Length of a step.
        regularization: Of factors and biases alike.
        epochs: Times that as many likes are drawn as there are.
        may_be_liked: Whether a movie that the user likes may be drawn to lose.
        uniform: Whether the negative item is sampled uniformly, not by its popularity; written out only.
        biases: Whether movies have a bias; written out only.
        start: Length of the initial factors, 1 for `implicit`'s; written out only.
        put_back: Whether the logarithm of popularity is added to the biases in the end.
    """

    size: int = 100
    learning_rate: float = 0.01
    regularization: float = 0.01
    epochs: int = 100
    may_be_liked: bool = False
    uniform: bool = False
    biases: bool = True
    start: float = 1.0
    put_back: bool = False


@dataclass(frozen=True)
class Ablation:
    """One row of the table.

    Attributes:
        changed: What was changed, in words.
        validation: nDCG@10 on validation rows.
        test: nDCG@10 on test rows.
    """

    changed: str
    validation: float
    test: float


def fit_with_implicit(liked: sparse.csr_matrix, recipe: Recipe, seed: int) -> Fitted:
    """Train with `implicit` on one thread; of the recipe's last four, only the defaults can be had from it."""
    model = BayesianPersonalizedRanking(
        factors=recipe.size,
        learning_rate=recipe.learning_rate,
        regularization=recipe.regularization,
        iterations=recipe.epochs,
        verify_negative_samples=not recipe.may_be_liked,
        num_threads=1,
        random_state=seed,
    )
    model.fit(liked, show_progress=False)
    return model.item_factors, model.user_factors


def fit_written_out(liked: sparse.csr_matrix, recipe: Recipe, seed: int) -> Fitted:
    """Train with the same descent in numpy, `BATCH` likes a step.

    Args:
        liked: (n_users, n_movies) the likes.
        recipe: What to do.
        seed: Seed of the initial factors and of the drawing.
    """
    draw = np.random.default_rng(seed)
    items, users = (_initial(n, recipe, draw) for n in reversed(liked.shape))
    users[:, -1] = 1.0
    of_user = np.repeat(np.arange(liked.shape[0]), np.diff(liked.indptr))
    for _ in range(recipe.epochs):
        likes = draw.integers(0, liked.nnz, liked.nnz)
        user, winner, loser = of_user[likes], liked.indices[likes], _losers(liked, recipe, draw)
        usable = np.flatnonzero(recipe.may_be_liked | ~_likes(liked, of_user, user, loser))
        for at in range(0, len(usable), BATCH):
            batch = usable[at : at + BATCH]
            _step(items, users, (user[batch], winner[batch], loser[batch]), recipe)
    return items, users


def _initial(n: int, recipe: Recipe, draw: np.random.Generator) -> NDArray[np.float32]:
    vectors = (draw.random((n, recipe.size + 1), dtype=np.float32) - 0.5) * np.float32(recipe.start / recipe.size)
    if not recipe.biases:
        vectors[:, -1] = 0.0
    return vectors


def _losers(liked: sparse.csr_matrix, recipe: Recipe, draw: np.random.Generator) -> NDArray[np.integer]:
    """Draw one movie for each like of an epoch."""
    if recipe.uniform:
        return np.asarray(draw.integers(0, liked.shape[1], liked.nnz))
    return np.asarray(liked.indices[draw.integers(0, liked.nnz, liked.nnz)])


def _likes(
    liked: sparse.csr_matrix, of_user: NDArray[np.integer], user: NDArray[np.integer], movie: NDArray[np.integer]
) -> NDArray[np.bool_]:
    """Return whether each user (m,) likes the movie (m,) beside it."""
    n = liked.shape[1]
    pairs = np.sort(of_user * n + liked.indices)
    asked = user * n + movie
    place = np.minimum(np.searchsorted(pairs, asked), len(pairs) - 1)
    return np.asarray(pairs[place] == asked)


def _step(
    items: NDArray[np.float32], users: NDArray[np.float32], batch: tuple[NDArray[np.integer], ...], recipe: Recipe
) -> None:
    """Ascend the criterion on one batch of users, winners and losers, each (b,), in place."""
    user, winner, loser = batch
    person, ahead = users[user], items[winner] - items[loser]  # (b, size + 1)
    pull = 1.0 / (1.0 + np.exp(np.einsum("ij,ij->i", person, ahead)))[:, None]
    for_winner = pull * person - recipe.regularization * items[winner]
    for_loser = -pull * person - recipe.regularization * items[loser]
    for_user = pull * ahead - recipe.regularization * person
    for_user[:, -1] = 0.0
    both = np.concatenate([for_winner, for_loser])
    if not recipe.biases:
        both[:, -1] = 0.0
    users += recipe.learning_rate * _summed(user, for_user, len(users))
    items += recipe.learning_rate * _summed(np.concatenate([winner, loser]), both, len(items))


def _summed(row: NDArray[np.integer], values: NDArray[np.float32], n: int) -> NDArray[np.float32]:
    """Add up the values (b, dim) that belong to each of n rows: (n, dim)."""
    ones = np.ones(len(row), np.float32)
    return np.asarray(sparse.csc_matrix((ones, row, np.arange(len(row) + 1)), shape=(n, len(row))) @ values)


AS_IT_COMES = Recipe()
SMALLER = Recipe(size=32)

CHANGES: tuple[tuple[str, Callable[[sparse.csr_matrix, Recipe, int], Fitted], Recipe], ...] = (
    ("nothing: implicit as it comes", fit_with_implicit, AS_IT_COMES),
    ("regularization .001", fit_with_implicit, replace(AS_IT_COMES, regularization=0.001)),
    ("regularization .03", fit_with_implicit, replace(AS_IT_COMES, regularization=0.03)),
    ("learning rate .05", fit_with_implicit, replace(AS_IT_COMES, learning_rate=0.05)),
    ("30 epochs", fit_with_implicit, replace(AS_IT_COMES, epochs=30)),
    ("200 epochs", fit_with_implicit, replace(AS_IT_COMES, epochs=200)),
    ("a liked movie may be drawn to lose", fit_with_implicit, replace(AS_IT_COMES, may_be_liked=True)),
    ("popularity put back into the item biases", fit_with_implicit, replace(AS_IT_COMES, put_back=True)),
    ("32 factors", fit_with_implicit, SMALLER),
    ("32 factors, popularity put back", fit_with_implicit, replace(SMALLER, put_back=True)),
    ("32 factors, written out in numpy", fit_written_out, SMALLER),
    ("32 factors, written out, initial factors ten times as long", fit_written_out, replace(SMALLER, start=10.0)),
    ("32 factors, written out, no item biases", fit_written_out, replace(SMALLER, biases=False)),
    ("32 factors, written out, the loser drawn uniformly", fit_written_out, replace(SMALLER, uniform=True)),
)
"""What is tried: in words, who trains, and how."""


def bpr_ablation(
    train: Interactions, validation: Interactions, test: Interactions, seed: int = 0
) -> tuple[Ablation, ...]:
    """Train BPR once for each of `CHANGES` on train rows, and measure it.

    Args:
        train: Rows to fit, with at least one like.
        validation: Rows of the first figure.
        test: Rows of the second; nothing is chosen by either.
        seed: Seed of everything random.
    """
    liked = train.liked()
    held = [HeldOut.between(train, rows) for rows in (validation, test)]

    def ablation(changed: str, fit: Callable[[sparse.csr_matrix, Recipe, int], Fitted], recipe: Recipe) -> Ablation:
        with threadpool_limits(limits=1, user_api="blas"):
            items, users = fit(liked, recipe, seed)
        if recipe.put_back:
            items = with_popularity(Factors("plain-bpr", items, users, {}, ""), liked).item_factors
        scores = DotScores(users, items, held[0].likes)
        return Ablation(changed, *(evaluate(scores, asked).means()["ndcg@10"] for asked in held))

    return tuple(ablation(*change) for change in CHANGES)
