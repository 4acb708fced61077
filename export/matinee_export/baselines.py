"""What every model must beat, and two that are hard to beat: random, popularity, recent popularity, item-kNN, EASE.

In: `Interactions` of the train rows. Out: scorers. Only likes are used, as for BPR and ALS. Nothing here is shipped in
a bundle. Knows nothing of texts, posters or test rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matinee_export.evaluate import Scores
from matinee_export.interactions import Interactions


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
        return np.asarray(scores.toarray() if sparse.issparse(scores) else scores, dtype=np.float32)


def random_order(n_movies: int, seed: int = 0) -> Scores:
    """Return chance itself: a random order for each user, the same for a user however users are blocked."""
    return _Random(seed, n_movies)


def popularity(train: Interactions) -> Scores:
    """Return the crowd's answer: how many users liked each movie."""
    return _SameForAll(np.asarray(train.liked().sum(axis=0), dtype=np.float32).ravel())


def recent_popularity(train: Interactions, days: NDArray[np.float64], half_life: float = 365.0) -> Scores:
    """Return the crowd's answer with old likes fading: each like counts 2^(-age / half_life).

    Args:
        train: The train rows.
        days: (n,) when each of those rows was written, in days of any calendar; NaN counts as the oldest.
        half_life: Days after which a like counts half.
    """
    liked = train.is_like
    if not np.isfinite(days[liked]).any():
        return popularity(train)
    age = np.nan_to_num(np.nanmax(days[liked]) - days[liked], nan=np.inf)
    age = np.minimum(age, age[np.isfinite(age)].max())
    weights = np.exp2(-age / half_life)
    return _SameForAll(np.bincount(train.movies[liked], weights, train.n_movies).astype(np.float32))


def item_knn(train: Interactions, neighbours: int = 100, shrink: float = 10.0) -> Scores:
    """Return item-based nearest neighbours: sum over liked movies of the shrunk cosine to each movie's nearest ones.

    similarity(i, j) = |U_i and U_j| / (sqrt(|U_i| |U_j|) + shrink), kept for the `neighbours` most similar j of each i
    (Sarwar et al. 2001; shrinkage as in Bell and Koren 2007).
    """
    liked = train.liked()
    together = (liked.T @ liked).tocsr()
    together.setdiag(0)
    together.eliminate_zeros()
    count = np.asarray(liked.sum(axis=0)).ravel()
    rows = np.repeat(np.arange(together.shape[0]), np.diff(together.indptr))
    together.data /= np.sqrt(count[rows] * count[together.indices]) + shrink
    order = np.lexsort((together.indices, -together.data, rows))
    place = np.arange(len(rows)) - together.indptr[:-1][rows]  # 0 is the nearest within its row
    kept = order[place < neighbours]
    nearest = sparse.csr_matrix((together.data[kept], (rows[kept], together.indices[kept])), shape=together.shape)
    return _ItemToItem(liked, nearest.astype(np.float32))


def ease(train: Interactions, regularization: float = 500.0) -> Scores:
    """Return EASE: B = I - P diag(1 / diag P), P = (X'X + regularization I)^-1, over movies with a like.

    Steck 2019. Takes n_movies^2 floats of memory and n_movies^3 time.
    """
    liked = train.liked()
    used = np.flatnonzero(np.diff(liked.tocsc().indptr))
    gram = (liked[:, used].T @ liked[:, used]).toarray().astype(np.float32)
    gram[np.diag_indices_from(gram)] += np.float32(regularization)
    inverse = np.linalg.inv(gram)
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    full = np.zeros((train.n_movies, train.n_movies), np.float32)
    full[np.ix_(used, used)] = weights
    return _ItemToItem(liked, full)
