"""Baselines that models are compared with: random, popularity, recent popularity, item-kNN and EASE.

In: `Interactions` of the training rows. Out: scorers. Only likes are used, as for BPR and ALS. `tune` chooses a
baseline's settings on validation rows, as is done for the models, so that models are compared with strong baselines.
Baselines are not shipped in bundles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from matinee.errors import UnknownNameError
from matinee_export.data.interactions import Interactions
from matinee_export.evaluation.evaluate import HeldOut, Scores, evaluate
from matinee_export.evaluation.ranking import movies_of_keys, sort_keys, tie_order

Setting = Mapping[str, float]
"""Keyword arguments of a baseline, by name."""

FADES = (1 / 2, 1 / 6, 1 / 20, 1 / 60)
"""Half-lives tried for recent popularity, as shares of the days between the oldest and the newest like."""

SIMILARITIES = 4_000_000
"""Largest number of similarities that item-kNN holds in memory at a time."""


@dataclass(frozen=True)
class _SameForAll:
    scores: NDArray[np.float32]  # (n_movies,)

    def __call__(self, users: NDArray[np.int64]) -> NDArray[np.float32]:
        return np.tile(self.scores, (len(users), 1))


@dataclass(frozen=True)
class _Random:
    seed: int
    n_movies: int

    def __call__(self, users: NDArray[np.int64]) -> NDArray[np.float32]:
        rows = [np.random.default_rng([self.seed, int(u)]).random(self.n_movies, np.float32) for u in users]
        return np.stack(rows)


@dataclass(frozen=True)
class _ItemToItem:
    liked: sparse.csr_matrix  # (n_users, n_movies)
    weights: NDArray[np.float32] | sparse.csr_matrix  # (n_movies, n_movies): from a liked movie to a scored one

    def __call__(self, users: NDArray[np.int64]) -> NDArray[np.float32]:
        scores = self.liked[users] @ self.weights
        return _or_popularity(scores.toarray() if sparse.issparse(scores) else scores, self.liked)


@dataclass(frozen=True)
class _ItemToItemByUsers:
    """Scores X - X P diag(1 / diag P) with P = diag(own) - half' half, without storing P, (n_movies, n_movies)."""

    liked: sparse.csr_matrix  # (n_users, n_movies)
    own: NDArray[np.float32]  # (n_movies,)
    half: NDArray[np.float32]  # (m, n_movies)

    def __call__(self, users: NDArray[np.int64]) -> NDArray[np.float32]:
        likes = self.liked[users]
        inverse = likes.multiply(self.own).toarray() - (likes @ self.half.T) @ self.half
        diagonal = self.own - np.einsum("ij,ij->j", self.half, self.half)
        return _or_popularity(likes.toarray() - inverse / diagonal, self.liked)


def _or_popularity(scores: NDArray[np.float32], liked: sparse.csr_matrix) -> NDArray[np.float32]:
    """Rank movies without evidence, whose score is 0, after all others in order of popularity.

    A user without likes thus gets the popularity order, as with every model of scorers.py.
    """
    likes = np.asarray(liked.sum(axis=0)).ravel()
    share = np.argsort(np.argsort(likes, kind="stable")) / len(likes)  # 0 to < 1
    fallback = scores.min(axis=1, initial=0.0, keepdims=True) - 2.0 + share
    return np.where(scores == 0, fallback, scores).astype(np.float32)


def random_order(n_movies: int, seed: int = 0) -> Scores:
    """Return a scorer that ranks movies in random order, different for each user but independent of the blocks."""
    return _Random(seed, n_movies)


def popularity(train: Interactions) -> Scores:
    """Return a scorer that ranks movies by the number of users who liked them."""
    return _SameForAll(np.asarray(train.liked().sum(axis=0), dtype=np.float32).ravel())


def recent_popularity(train: Interactions, half_life: float = 365.0) -> Scores:
    """Return a scorer that ranks movies by their likes, each weighted by 2^(-age / half_life).

    Args:
        train: The training rows; if none has a date, the result equals `popularity`.
        half_life: Days after which a like counts half, above 0.
    """
    return _SameForAll(np.asarray(train.liked(half_life).sum(axis=0), dtype=np.float32).ravel())


def item_knn(train: Interactions, neighbours: int = 100, shrink: float = 10.0) -> Scores:
    """Return item-kNN: a movie's score sums its shrunk cosines to the liked movies that it is a neighbour of.

    similarity(i, j) = |U_i and U_j| / (sqrt(|U_i| |U_j|) + shrink), kept for the `neighbours` most similar j of each i
    (Sarwar et al. 2001; shrinkage as in Bell and Koren 2007).
    """
    liked = train.liked()
    used = np.flatnonzero(np.diff(liked.tocsc().indptr))
    blocks = np.array_split(np.arange(len(used)), max(1, len(used) ** 2 // SIMILARITIES))
    nearest = sparse.vstack([_nearest(liked[:, used], rows, int(neighbours), shrink) for rows in blocks], format="coo")
    cells = (used[nearest.row], used[nearest.col])
    return _ItemToItem(liked, sparse.csr_matrix((nearest.data, cells), shape=(train.n_movies, train.n_movies)))


def _nearest(liked: sparse.csr_matrix, rows: NDArray[np.int64], neighbours: int, shrink: float) -> sparse.csr_matrix:
    """Return the similarities (b, n) of the movies `rows` (b,) to their nearest neighbours, zero elsewhere."""
    n = liked.shape[1]
    count = np.asarray(liked.sum(axis=0)).ravel()  # (n,), at least 1
    similar = (liked[:, rows].T @ liked).toarray() / (np.sqrt(np.outer(count[rows], count)) + np.float32(shrink))
    similar[np.arange(len(rows)), rows] = 0.0
    most, ties = min(neighbours, n), tie_order(n)
    keys = np.partition(sort_keys(similar, ties), n - most, axis=1)[:, n - most :]
    movies = movies_of_keys(keys, ties)  # (b, most)
    values = np.take_along_axis(similar, movies, axis=1)
    kept = sparse.csr_matrix((values.ravel(), movies.ravel(), np.arange(len(rows) + 1) * most), shape=(len(rows), n))
    kept.eliminate_zeros()
    return kept


def ease(train: Interactions, regularization: float = 500.0) -> Scores:
    """Return EASE: B = I - P diag(1 / diag P), P = (X'X + regularization I)^-1, a movie's own weight being 0.

    Steck 2019. P is computed from the smaller of two matrices: over the movies with a like, or over the users with more
    than one (a user with one like changes only the diagonal of X'X). Time grows with the cube of the smaller number,
    memory with the product of both.

    Args:
        train: The training rows.
        regularization: Above 0; larger values lower the weights of rarely co-liked pairs.
    """
    liked = train.liked()
    used = np.flatnonzero(np.diff(liked.tocsc().indptr))
    several = np.flatnonzero(np.diff(liked.indptr) > 1)
    by_users = len(several) < len(used)
    return _ease_by_users(liked, several, regularization) if by_users else _ease_by_movies(liked, used, regularization)


def _ease_by_movies(liked: sparse.csr_matrix, used: NDArray[np.int64], regularization: float) -> Scores:
    """Invert X'X + regularization I over the used movies, by Cholesky."""
    gram = (liked[:, used].T @ liked[:, used]).toarray().astype(np.float32)
    gram[np.diag_indices_from(gram)] += np.float32(regularization)
    factor, _ = linalg.lapack.spotrf(gram, lower=1, overwrite_a=1)
    lower, _ = linalg.lapack.spotri(factor, lower=1, overwrite_c=1)
    inverse = np.tril(lower) + np.tril(lower, -1).T
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    full = np.zeros((liked.shape[1], liked.shape[1]), np.float32)
    full[np.ix_(used, used)] = weights
    return _ItemToItem(liked, full)


def _ease_by_users(liked: sparse.csr_matrix, several: NDArray[np.int64], regularization: float) -> Scores:
    """Invert D + S'S (S: likes of `several`, D: diagonal) by Woodbury's identity: D^-1 - D^-1 S' K^-1 S D^-1.

    K = I + S D^-1 S' = L L', so the second term is half' half with half = L^-1 S D^-1.
    """
    some = liked[several]
    singles = np.asarray(liked.sum(axis=0) - some.sum(axis=0)).ravel()
    own = (1.0 / (singles + regularization)).astype(np.float32)
    weighted = some.multiply(own).tocsr()
    kernel = (weighted @ some.T).toarray()
    kernel[np.diag_indices_from(kernel)] += 1.0
    lower = linalg.cholesky(kernel, lower=True, overwrite_a=True, check_finite=False)
    half = linalg.solve_triangular(lower, weighted.toarray(), lower=True, overwrite_b=True, check_finite=False)
    return _ItemToItemByUsers(liked, own, half)


@dataclass(frozen=True)
class Tuned:
    """A baseline with tuned settings.

    Attributes:
        scores: Its scorer, fitted to training and validation rows.
        setting: The chosen settings; empty if there was nothing to choose.
        sweep: All settings tried, in order, each with its validation "ndcg@10".
    """

    scores: Scores
    setting: Setting
    sweep: tuple[Setting, ...]


def tune(name: str, train: Interactions, validation: Interactions) -> Tuned:
    """Choose a baseline's settings by validation nDCG@10, then fit it to training and validation rows together.

    Args:
        name: One of `TUNABLE`.
        train: Rows that candidates are fitted to.
        validation: Rows that they are compared on. Without a relevant movie, the first settings are chosen.

    Raises:
        UnknownNameError: There is no such baseline, or it has no settings.
    """
    if name not in TUNABLE:
        raise UnknownNameError("tunable baseline", name, TUNABLE)
    fit, settings = TUNABLE[name]
    held = HeldOut.between(train, validation)
    tried = [(setting, evaluate(fit(train, **setting), held).means()["ndcg@10"]) for setting in settings(train)]
    best = tried[int(np.argmax([ndcg for _, ndcg in tried]))][0]
    sweep = tuple({**setting, "ndcg@10": ndcg} for setting, ndcg in tried)
    return Tuned(fit(train.plus(validation), **best), best, sweep)


def _half_lives(train: Interactions) -> tuple[Setting, ...]:
    span = train.where(train.is_like).span
    return tuple({"half_life": max(1.0, float(round(share * span)))} for share in FADES) if span else ({},)


def _neighbourhoods(train: Interactions) -> tuple[Setting, ...]:
    return tuple({"neighbours": n, "shrink": shrink} for n in (20, 100, 500) for shrink in (0.0, 10.0))


def _regularizations(train: Interactions) -> tuple[Setting, ...]:
    return tuple({"regularization": value} for value in (50.0, 150.0, 500.0, 1500.0))


TUNABLE: Mapping[str, tuple[Callable[..., Scores], Callable[[Interactions], tuple[Setting, ...]]]] = {
    "recent popularity": (recent_popularity, _half_lives),
    "item-kNN": (item_knn, _neighbourhoods),
    "EASE": (ease, _regularizations),
}
"""Baselines with settings, by name: the function that fits one, and the settings to try for given training rows."""
