"""Finds out why `implicit`'s BPR ranks worse than others': an ablation that changes one thing at a time.

In: the rows of a split. Out: one `Ablation` for each change, with validation and test nDCG@10. What `implicit` does not
let one change (how the negative item is sampled, the item biases, the length of the initial factors) is changed in a
numpy version of the same gradient ascent, with fewer factors to save time. Unchanged, the numpy version must agree with
`implicit` at the same size, or nothing follows from its other results. The ablation takes about half a minute on
MovieLens 100K and is too slow for much larger datasets.

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
"""Number of likes per step of the numpy version; `implicit` takes a step for each like."""

Fitted = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Vectors of movies, (n_movies, size + 1) with the biases last, and of users, (n_users, size + 1) with a 1 last."""


@dataclass(frozen=True)
class Recipe:
    """Hyperparameters and sampling rules of BPR; the defaults are those of `implicit`.

    Attributes:
        size: Number of factors, without the bias.
        learning_rate: Step size.
        regularization: L2 regularization of factors and biases alike.
        epochs: Number of epochs; each samples as many likes as there are.
        may_be_liked: Whether the negative item may be a movie that the user likes.
        uniform: Whether the negative item is sampled uniformly, not by its popularity; numpy version only.
        biases: Whether movies have a bias; numpy version only.
        start: Length of the initial factors relative to `implicit`'s; numpy version only.
        put_back: Whether the logarithm of popularity is added to the item biases after training.
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
    """The result of one change.

    Attributes:
        changed: Description of the change.
        validation: nDCG@10 on validation rows.
        test: nDCG@10 on test rows.
    """

    changed: str
    validation: float
    test: float


def fit_with_implicit(liked: sparse.csr_matrix, recipe: Recipe, seed: int) -> Fitted:
    """Train with `implicit` on one thread; `uniform`, `biases` and `start` must have their defaults."""
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
    """Train with the numpy version of the same ascent, `BATCH` likes a step.

    Args:
        liked: (n_users, n_movies) the likes.
        recipe: How to train.
        seed: Seed of the initial factors and of the sampling.
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
    """Sample a negative item for each like of an epoch."""
    if recipe.uniform:
        return np.asarray(draw.integers(0, liked.shape[1], liked.nnz))
    return np.asarray(liked.indices[draw.integers(0, liked.nnz, liked.nnz)])


def _likes(
    liked: sparse.csr_matrix, of_user: NDArray[np.integer], user: NDArray[np.integer], movie: NDArray[np.integer]
) -> NDArray[np.bool_]:
    """Return for each pair of a user (m,) and a movie (m,) whether the user likes the movie."""
    n = liked.shape[1]
    pairs = np.sort(of_user * n + liked.indices)
    asked = user * n + movie
    place = np.minimum(np.searchsorted(pairs, asked), len(pairs) - 1)
    return np.asarray(pairs[place] == asked)


def _step(
    items: NDArray[np.float32], users: NDArray[np.float32], batch: tuple[NDArray[np.integer], ...], recipe: Recipe
) -> None:
    """Ascend the criterion, in place, on one batch: users, liked movies and negative items, each (b,)."""
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
    """Return the sum of the values (b, dim) by their row (b,): (n, dim)."""
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
"""The changes: description, training function and recipe of each."""


def bpr_ablation(
    train: Interactions, validation: Interactions, test: Interactions, seed: int = 0
) -> tuple[Ablation, ...]:
    """Train BPR once for each of `CHANGES` on train rows, and measure it on the others.

    Args:
        train: Rows to fit, with at least one like.
        validation: Rows on which the first figure is measured.
        test: Rows on which the second is measured; nothing is chosen by either.
        seed: Seed of the initial factors and of all sampling.
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
