"""Nearest-neighbour search over the movies of one model, by inner product.

In: movie vectors (n_movies, dim) float32, row i for movie i of the catalogue; a row of zeros means that the model knows
nothing of that movie. Out: rows int64 and scores float32, best first. Every model searches through this one class, so
filters, clamping and fallbacks are the same for all. Knows nothing of movies, models or visitors.

An inner product becomes a cosine by one more column, sqrt(max |x|^2 - |x|^2), which gives every row the same length
(Bachrach et al. 2014, "Speeding up the Xbox recommender system using a Euclidean transformation for inner-product
spaces", section 3). Unit rows take the same way and get a column of zeros.
"""

from __future__ import annotations

from pathlib import Path

import hnswlib
import numpy as np
import numpy.typing as npt

from matinee.errors import BadInputError, BundleError

Vectors = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

EXACT_UP_TO = 20_000
"""Up to this many movies to compare with, every dot product is computed: that takes a few milliseconds and is exact."""

LINKS, EF_CONSTRUCTION, EF_SEARCH = 16, 200, 200
"""HNSW's M, and how many candidates it keeps while building and while searching."""

OVERFETCH = 1.5
"""With a filter, the graph is asked for this many times the number of neighbours that an even spread would need."""


class Index:
    """Maximum-inner-product search over the rows of `vectors` that are known, which means not all zero.

    Use `build` or `open` to get one. Searching is safe from several threads at once.

    Args:
        vectors: Movie vectors, (n_movies, dim) float32.
        graph: The HNSW graph over the known rows, labelled by row.
        known: Which rows are known, (n_movies,) bool.
        exact_up_to: With at most this many movies to choose from, search exactly.
    """

    def __init__(self, vectors: Vectors, graph: hnswlib.Index, known: Mask, exact_up_to: int = EXACT_UP_TO) -> None:
        self.vectors = vectors
        self.known = known
        self.exact_up_to = exact_up_to
        self._graph = graph
        self._graph.set_ef(EF_SEARCH)  # hnswlib does not save it, and uses max(ef, k)

    @classmethod
    def build(cls, vectors: Vectors, seed: int = 0, exact_up_to: int = EXACT_UP_TO) -> Index:
        """Build the graph on one thread, so that the same vectors and seed give the same bytes.

        Raises:
            BundleError: if `vectors` is not a matrix of finite numbers.
        """
        norms = _norms(vectors)
        known = norms > 0
        rows = np.flatnonzero(known)
        graph = _new_graph(vectors)
        graph.init_index(max_elements=max(1, len(rows)), M=LINKS, ef_construction=EF_CONSTRUCTION, random_seed=seed)
        if len(rows):
            graph.add_items(_augment(vectors[rows], norms[rows], norms.max()), rows, num_threads=1)
        return cls(vectors, graph, known, exact_up_to)

    @classmethod
    def open(cls, path: Path, vectors: Vectors, exact_up_to: int = EXACT_UP_TO) -> Index:
        """Open the graph saved at `path`, which must have been built over these very `vectors`.

        Raises:
            BundleError: if the file is missing, damaged or belongs to other vectors.
        """
        norms = _norms(vectors)
        known = norms > 0
        if not path.is_file():
            raise BundleError(f"the index {path.name} is missing from {path.parent.name}; build the bundle again")
        graph = _new_graph(vectors)
        try:
            graph.load_index(str(path), max_elements=max(1, int(known.sum())))
        except RuntimeError as error:
            raise BundleError(f"the index {path.name} is damaged ({error}); build the bundle again") from None
        if not _belongs(graph, vectors, norms):
            raise BundleError(f"the index {path.name} does not belong to its movies.npy; build the bundle again")
        return cls(vectors, graph, known, exact_up_to)

    def save(self, path: Path) -> None:
        """Write the graph to `path`; the vectors are saved by whoever owns them."""
        self._graph.save_index(str(path))

    def search(self, query: Vectors, k: int, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        """Find the movies with the largest inner product with `query`.

        Args:
            query: (dim,) float32 of any length.
            k: How many to find, at least 1; clamped to what there is.
            allowed: Which movies may be found, (n_movies,) bool; all of them by default.

        Returns:
            Rows and scores of min(k, number of known and allowed movies) movies, best first, equal scores by row.

        Raises:
            BadInputError: if a shape is wrong or k is below 1.
        """
        query, candidates = self._check(query, k, allowed)
        if candidates.sum() <= max(self.exact_up_to, k) or not query.any():
            return self._exact(query, k, candidates)
        return self._approximate(query, k, candidates)

    def search_exactly(self, query: Vectors, k: int, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        """Like `search`, by computing every inner product."""
        query, candidates = self._check(query, k, allowed)
        return self._exact(query, k, candidates)

    def search_graph(self, query: Vectors, k: int, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        """Like `search`, through the HNSW graph however few the movies."""
        query, candidates = self._check(query, k, allowed)
        return self._approximate(query, k, candidates)

    def _check(self, query: Vectors, k: int, allowed: Mask | None) -> tuple[Vectors, Mask]:
        n, dim = self.vectors.shape
        query = np.asarray(query, dtype=np.float32)
        if query.shape != (dim,):
            raise BadInputError(f"a query for this index has shape ({dim},), not {query.shape}")
        if not np.isfinite(query).all():
            raise BadInputError("a query for this index has only finite numbers, and this one has not")
        if k < 1:
            raise BadInputError(f"k is at least 1, not {k}")
        if allowed is not None and (allowed.shape != (n,) or allowed.dtype != np.bool_):
            raise BadInputError(
                f"a filter for this index is bool of shape ({n},), not {allowed.dtype} of shape {allowed.shape}"
            )
        return query, self.known if allowed is None else self.known & allowed

    def _exact(self, query: Vectors, k: int, candidates: Mask) -> tuple[Rows, Vectors]:
        rows = np.flatnonzero(candidates)
        narrow = len(rows) < len(candidates) // 4
        scores = self.vectors[rows] @ query if narrow else (self.vectors @ query)[rows]
        return _best(rows, scores, k)

    def _approximate(self, query: Vectors, k: int, candidates: Mask) -> tuple[Rows, Vectors]:
        wanted = min(k, int(candidates.sum()))
        if not wanted:
            return self._exact(query, k, candidates)
        reached = self._reach(query, wanted, candidates)
        rows = reached[candidates[reached]]
        if len(rows) < wanted:
            return self._exact(query, k, candidates)
        return _best(np.sort(rows), self.vectors[np.sort(rows)] @ query, k)

    def _reach(self, query: Vectors, wanted: int, candidates: Mask) -> Rows:
        known = int(self.known.sum())
        fetch = min(known, int(np.ceil(OVERFETCH * wanted * known / candidates.sum())))
        try:
            labels, _ = self._graph.knn_query(np.append(query, np.float32(0)), k=fetch, num_threads=1)
        except RuntimeError:  # hnswlib's way to say that its graph reached fewer than k
            return np.empty(0, dtype=np.int64)
        return np.asarray(labels[0], dtype=np.int64)


def recall(index: Index, queries: Vectors, k: int) -> float:
    """Return the share of the exact top k that the HNSW graph finds, averaged over `queries` (n_queries, dim)."""
    found = [len(np.intersect1d(index.search_graph(q, k)[0], index.search_exactly(q, k)[0])) for q in queries]
    possible = min(k, int(index.known.sum()))
    return float(np.mean(found)) / possible if possible else 1.0


def _new_graph(vectors: Vectors) -> hnswlib.Index:
    return hnswlib.Index(space="cosine", dim=vectors.shape[1] + 1)


def _norms(vectors: Vectors) -> npt.NDArray[np.float64]:
    if vectors.ndim != 2:
        raise BundleError(f"movie vectors have shape (movies, dim), not {vectors.shape}; build the bundle again")
    norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
    if not np.isfinite(norms).all():
        raise BundleError("movie vectors hold numbers that are not finite; build the bundle again")
    return np.asarray(norms, dtype=np.float64)


def _augment(vectors: Vectors, norms: npt.NDArray[np.float64], longest: float) -> Vectors:
    """Append the column that gives every row the norm `longest`: (n, dim) -> (n, dim + 1)."""
    column = np.sqrt(np.maximum(longest**2 - norms**2, 0)).astype(np.float32)
    return np.hstack([vectors, column[:, None]])


def _belongs(graph: hnswlib.Index, vectors: Vectors, norms: npt.NDArray[np.float64]) -> bool:
    """Whether the graph holds the known rows: as many, under their labels, and the same numbers in a sample of them."""
    rows = np.flatnonzero(norms > 0)
    if graph.get_current_count() != len(rows):
        return False
    if not len(rows):
        return True
    if not np.array_equal(np.sort(graph.get_ids_list()), rows):
        return False
    some = rows[np.unique(np.linspace(0, len(rows) - 1, 5, dtype=np.int64))]
    expected = _augment(vectors[some], norms[some], norms.max()) / norms.max()
    return bool(np.allclose(np.asarray(graph.get_items(some)), expected, atol=1e-4))


def _best(rows: Rows, scores: Vectors, k: int) -> tuple[Rows, Vectors]:
    """The k best of `rows`, which are ascending, by score; equal scores by row."""
    if k < len(rows):
        worst = np.partition(scores, len(scores) - k)[len(scores) - k]
        kept = scores >= worst
        rows, scores = rows[kept], scores[kept]
    order = np.argsort(-scores, kind="stable")[:k]
    return rows[order], scores[order].astype(np.float32)
