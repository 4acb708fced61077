"""Nearest-neighbour search over the movies of one model, by inner product.

In: movie vectors (n_movies, dim) float32, row i for movie i of the catalogue; a row of zeros means that the model knows
nothing of that movie. Out: rows int64 and scores float32, best first. Every model searches through this one class, so
filters, clamping and fallbacks are the same for all. Knows nothing of movies, models or visitors.

The graph is built on the inner product itself, which is not a metric but serves best (Morozov and Babenko 2018,
"Non-metric similarity graphs for maximum inner product search"). Turning it into a cosine by one more column (Bachrach
et al. 2014) was measured on clustered vectors of 64 numbers, five thousand of them, of log-normal length, and found .89
of the true ten nearest where this finds .999; on unit vectors the two are the same.
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

TRUSTED_RECALL = 0.99
"""Least recall@10 of a graph that is searched at all; below it, search is exact however many the movies."""

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
        known = _known(vectors)
        rows = np.flatnonzero(known)
        graph = _new_graph(vectors)
        graph.init_index(max_elements=max(1, len(rows)), M=LINKS, ef_construction=EF_CONSTRUCTION, random_seed=seed)
        if len(rows):
            graph.add_items(vectors[rows], rows, num_threads=1)
        return cls(vectors, graph, known, exact_up_to)

    @classmethod
    def open(cls, path: Path, vectors: Vectors, exact_up_to: int = EXACT_UP_TO) -> Index:
        """Open the graph saved at `path`, which must have been built over these very `vectors`.

        Raises:
            BundleError: if the file is missing, damaged or belongs to other vectors.
        """
        known = _known(vectors)
        if not path.is_file():
            raise BundleError(f"the index {path.name} is missing from {path.parent.name}; build the bundle again")
        graph = _new_graph(vectors)
        try:
            graph.load_index(str(path), max_elements=max(1, int(known.sum())))
        except RuntimeError as error:
            raise BundleError(f"the index {path.name} is damaged ({error}); build the bundle again") from None
        if not _belongs(graph, vectors, known):
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
        check_k(k)
        check_allowed(allowed, n)
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
            labels, _ = self._graph.knn_query(query, k=fetch, num_threads=1)
        except RuntimeError:  # hnswlib's way to say that its graph reached fewer than k
            return np.empty(0, dtype=np.int64)
        return np.asarray(labels[0], dtype=np.int64)


def check_k(k: int) -> None:
    """Raise BadInputError unless k, how many to find, is at least 1."""
    if k < 1:
        raise BadInputError(f"k is at least 1, not {k}")


def check_allowed(allowed: Mask | None, n_movies: int) -> None:
    """Raise BadInputError unless a filter, where there is one, is bool of shape (n_movies,)."""
    if allowed is not None and (allowed.shape != (n_movies,) or allowed.dtype != np.bool_):
        raise BadInputError(
            f"a filter for this index is bool of shape ({n_movies},), not {allowed.dtype} of shape {allowed.shape}"
        )


def recall(index: Index, queries: Vectors, k: int) -> float:
    """Return the share of the exact top k that the HNSW graph finds, averaged over `queries` (n_queries, dim)."""
    if not len(queries):
        return 1.0
    found = [len(np.intersect1d(index.search_graph(q, k)[0], index.search_exactly(q, k)[0])) for q in queries]
    possible = min(k, int(index.known.sum()))
    return float(np.mean(found)) / possible if possible else 1.0


def _new_graph(vectors: Vectors) -> hnswlib.Index:
    return hnswlib.Index(space="ip", dim=vectors.shape[1])


def _known(vectors: Vectors) -> Mask:
    """Which rows are not all zero; raises BundleError unless `vectors` is a matrix of finite numbers."""
    if vectors.ndim != 2:
        raise BundleError(f"movie vectors have shape (movies, dim), not {vectors.shape}; build the bundle again")
    if not np.isfinite(vectors.sum(axis=1, dtype=np.float64)).all():
        raise BundleError("movie vectors hold numbers that are not finite; build the bundle again")
    return np.asarray(vectors.any(axis=1))


def _belongs(graph: hnswlib.Index, vectors: Vectors, known: Mask) -> bool:
    """Whether the graph holds the known rows: as many, under their labels, and the same numbers in a sample of them."""
    rows = np.flatnonzero(known)
    if graph.get_current_count() != len(rows):
        return False
    if not len(rows):
        return True
    some = rows[np.unique(np.linspace(0, len(rows) - 1, 5, dtype=np.int64))]
    same_rows = np.array_equal(np.sort(graph.get_ids_list()), rows)
    return same_rows and np.array_equal(np.asarray(graph.get_items(some), dtype=np.float32), vectors[some])


def _best(rows: Rows, scores: Vectors, k: int) -> tuple[Rows, Vectors]:
    """The k best of `rows`, which are ascending, by score; equal scores by row."""
    if k < len(rows):
        worst = np.partition(scores, len(scores) - k)[len(scores) - k]
        kept = scores >= worst
        rows, scores = rows[kept], scores[kept]
    order = np.argsort(-scores, kind="stable")[:k]
    return rows[order], scores[order].astype(np.float32)
