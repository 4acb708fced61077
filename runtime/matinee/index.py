"""Nearest-neighbour search over the movies of one model, by inner product.

In: movie vectors (n_movies, dim) float32, row i for movie i of the catalogue; a row of zeros is a movie unknown to the
model. Out: rows int64 and scores float32, best first. Every model searches through this one class, so filters, clamping
and fallbacks are the same for all.

A small catalogue, or what a filter leaves of a large one, is searched by computing every inner product. For a larger
one an HNSW graph is opened and searched, and the exact inner products of the movies it found are computed.

The graph is built on the inner product itself, which is not a metric but serves best (Morozov and Babenko 2018,
"Non-metric similarity graphs for maximum inner product search"). The alternative of turning it into a cosine by one
more column (Bachrach et al. 2014) was measured on 5,000 clustered vectors of 64 numbers and log-normal length: its
recall@10 was .89, against .999 here; on unit vectors the two are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from math import ceil, sqrt
from pathlib import Path

import numpy as np

from matinee import hnsw
from matinee.errors import BadInputError, BundleError
from matinee.exact import Mask, Rows, Vectors, best, check_allowed, check_k, products
from matinee.hnsw import Graph, Library, Shape

EXACT_NUMBERS = 8_000_000
"""Up to this many numbers (movies x dim), every inner product is computed: that takes 1 to 2 ms of one core at most.
Searching a graph takes a third of that, but loading it takes some 50 ms, which a hundred searches do not recover, and
it may miss a movie; and the hybrid needs every inner product anyway."""

VISITED = 20
"""About how many movies a graph search visits for each one it returns; with fewer candidates, it is not faster."""

TRUSTED_RECALL = 0.99
"""Least recall@10 of a graph that is searched at all; below it, search is exact for any number of movies."""

EFFORT = 200
"""How many candidates a search keeps (HNSW's ef) where the manifest has no measured value; see `Graph.effort`."""

MOST_EFFORT = 10_000
"""Most candidates that a bundle may ask a search to keep; `matinee_export.bundle.indexes` tries 800 at most."""

LARGEST = 65_504.0
"""Largest absolute value allowed in a movie vector: the largest float16 number."""

LARGEST_IN_QUERY = 1e30
"""Largest absolute value allowed in a query: inner products of up to some 5,000 dimensions stay finite."""

OVERFETCH = 1.5
"""The graph is searched for this many times k movies: its vectors may be rounded, and exact products choose the k."""

UNEVEN = 3
"""With a filter, the graph is searched for this many standard deviations more than an even spread of it needs."""

SCATTERED = 2
"""How many times longer a product with scattered rows takes than with as many adjacent rows."""

GATHERED = 256
"""Number of rows of a narrow filter copied at a time: few enough to stay in the CPU cache, which halves the time."""

CHUNK = 4096
"""Number of rows checked at a time when all vectors are checked."""


class Index:
    """Maximum-inner-product search over the rows of `vectors` that are known, which means not all zero.

    Use `build` or `open` to get one. Searching is safe from several threads at once.

    Args:
        vectors: Movie vectors, (n_movies, dim) float32.
        known: Which rows are known, (n_movies,) bool.
        open_graph: Returns the HNSW graph over the known rows, labelled by row; called when a search first needs it.
        library: The library that built the graph.
        exact_up_to: Search exactly with at most this many candidate movies; by default EXACT_NUMBERS // dim.
    """

    def __init__(
        self,
        vectors: Vectors,
        known: Mask,
        open_graph: Callable[[], Graph],
        library: Library,
        exact_up_to: int | None = None,
    ) -> None:
        self.vectors = vectors
        self.known = known
        self.library = library
        self.exact_up_to = EXACT_NUMBERS // max(1, vectors.shape[1]) if exact_up_to is None else exact_up_to
        self._open_graph = open_graph
        self._plain = vectors.view(np.ndarray)  # np.memmap slows down every small operation
        self._rows: Rows = np.flatnonzero(known)

    @classmethod
    def build(
        cls,
        vectors: Vectors,
        seed: int = 0,
        exact_up_to: int | None = None,
        library: str = hnsw.DEFAULT,
        shape: Shape | None = None,
        effort: int = EFFORT,
    ) -> Index:
        """Build the graph on one thread, so that the same vectors and seed give the same bytes.

        Args:
            vectors: Movie vectors, (n_movies, dim) float32.
            seed: For the libraries that take one.
            exact_up_to: See the class.
            library: One of `matinee.hnsw.LIBRARIES`.
            shape: How the graph is built; by default the first that the library lists.
            effort: HNSW's ef.

        Raises:
            BundleError: if `vectors` is not a matrix of numbers up to LARGEST.
            MissingExtraError: if the library is not installed.
            UnknownNameError: if no library has that name.
        """
        made_by = hnsw.library(library)
        known = _known(vectors)
        graph = made_by.load().build(vectors, np.flatnonzero(known), shape or made_by.shapes[0], seed)
        graph.effort = effort
        return cls(vectors, known, lambda: graph, made_by, exact_up_to)

    @classmethod
    def open(
        cls,
        path: Path,
        vectors: Vectors,
        exact_up_to: int | None = None,
        effort: object = EFFORT,
        check: Callable[[Path], object] = lambda path: None,
    ) -> Index:
        """Open an index whose graph was built over `vectors` and saved as `path`.

        Args:
            path: The graph's file; its suffix tells which library wrote it. It is opened when a search first needs it.
            vectors: Movie vectors, (n_movies, dim) float32.
            exact_up_to: See the class.
            effort: HNSW's ef, 1 to MOST_EFFORT.
            check: Called with `path` before it is read; raises if it is not the expected file.

        Raises:
            BundleError: if `vectors` is not a matrix of numbers up to LARGEST, `effort` is out of bounds, or no library
                writes files with that suffix. A search that needs the graph, and `Index.check`, raise it if the file is
                missing, damaged, of another version or of other vectors.
        """
        if not isinstance(effort, int | float) or not 1 <= effort <= MOST_EFFORT:
            raise BundleError(
                f"a search keeps 1 to {MOST_EFFORT:,} candidates, not {effort} (ef_search in the manifest); "
                "build the bundle again"
            )
        known, made_by = _known(vectors), hnsw.wrote(path)

        def opened() -> Graph:
            check(path)
            graph = _opened(made_by, path, vectors, np.flatnonzero(known))
            graph.effort = int(effort)
            return graph

        return cls(vectors, known, opened, made_by, exact_up_to)

    @cached_property
    def graph(self) -> Graph:
        """The HNSW graph over the known rows."""
        return self._open_graph()

    def check(self) -> None:
        """Open the graph; raises BundleError if its file is missing, damaged or was built from other vectors."""
        _ = self.graph

    def save(self, folder: Path) -> Path:
        """Write the graph, without the vectors, into `folder` under its library's file name, and return the file."""
        path = folder / self.library.file
        self.graph.save(path)
        return path

    def search(
        self, query: Vectors, k: int, allowed: Mask | None = None, scores: Callable[[], Vectors] | None = None
    ) -> tuple[Rows, Vectors]:
        """Find the movies with the largest inner product with `query`.

        Args:
            query: (dim,) float32; need not be a unit vector.
            k: How many to find, at least 1; clamped to what there is.
            allowed: Which movies may be found, (n_movies,) bool; all of them by default.
            scores: Returns every movie's inner product with `query`, (n_movies,), for callers that cache them; called
                only if the search needs all of them.

        Returns:
            Rows and scores of min(k, number of known and allowed movies) movies, best first, equal scores by row.

        Raises:
            BadInputError: if a shape is wrong or k is below 1.
            BundleError: if the graph is needed and its file is missing, damaged or was built from other vectors.
        """
        query, candidates, count = self._check(query, k, allowed)
        cost = count * (SCATTERED if self._narrow(count) else 1)
        if cost <= self.exact_up_to or count <= VISITED * self._fetch(k, count) or not query.any():
            return self._exact(query, k, candidates, scores)
        return self._approximate(query, k, candidates, count)

    def search_exactly(self, query: Vectors, k: int, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        """Like `search`, by computing every inner product."""
        query, candidates, _ = self._check(query, k, allowed)
        return self._exact(query, k, candidates)

    def search_graph(self, query: Vectors, k: int, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        """Like `search`, through the HNSW graph for any number of movies."""
        query, candidates, count = self._check(query, k, allowed)
        return self._approximate(query, k, candidates, count)

    def _check(self, query: Vectors, k: int, allowed: Mask | None) -> tuple[Vectors, Mask | None, int]:
        """Return the query as float32, the candidates (n_movies,) bool (None: all known movies), and their number."""
        n, dim = self._plain.shape
        query = np.asarray(query, dtype=np.float32)
        if query.shape != (dim,):
            raise BadInputError(f"a query for this index has shape ({dim},), not {query.shape}")
        if not (np.abs(query) <= LARGEST_IN_QUERY).all():  # also true of NaN
            raise BadInputError(
                f"the query contains NaN, infinity or a number above {LARGEST_IN_QUERY:g}; give finite numbers"
            )
        check_k(k)
        check_allowed(allowed, n)
        if allowed is None:
            return query, None, len(self._rows)
        candidates = allowed & self.known
        return query, candidates, int(np.count_nonzero(candidates))

    def _fetch(self, k: int, count: int) -> int:
        """Return how many rows to fetch from the graph so that k of them are likely to be among `count` candidates."""
        share = count / max(1, len(self._rows))
        wanted = max(OVERFETCH * k, k + UNEVEN * sqrt(k * (1 - share)))
        return min(len(self._rows), ceil(wanted / share)) if share else 0

    def _narrow(self, count: int) -> bool:
        """Whether copying `count` candidates' rows is faster than computing the products of all rows."""
        return count < len(self._plain) // 4

    def _exact(
        self, query: Vectors, k: int, candidates: Mask | None, scores: Callable[[], Vectors] | None = None
    ) -> tuple[Rows, Vectors]:
        rows = self._rows if candidates is None else np.flatnonzero(candidates)
        if self._narrow(len(rows)):
            parts = [rows[start : start + GATHERED] for start in range(0, len(rows), GATHERED)]
            found = [products(self._plain[part], query) for part in parts]
            return best(rows, np.concatenate([np.empty(0, np.float32), *found]), k)
        every = products(self._plain, query) if scores is None else scores()
        return best(rows, every if len(rows) == len(every) else every[rows], k)

    def _approximate(self, query: Vectors, k: int, candidates: Mask | None, count: int) -> tuple[Rows, Vectors]:
        wanted = min(k, count)
        if not wanted:
            return self._exact(query, k, candidates)
        fetch = self._fetch(wanted, count)
        asked = query / (np.abs(query).max() or 1)  # scaled to fit a graph of float16; the ranking stays the same
        if candidates is None:
            reached = self.graph.reach(asked, fetch)
        else:  # more by `effort`, which the search keeps anyway, since movies further away are found less reliably
            reached = self.graph.reach(asked, min(len(self._rows), fetch + self.graph.effort))
            reached = reached[candidates[reached]]
        if len(reached) < wanted:
            return self._exact(query, k, candidates)
        reached.sort()
        return best(reached, products(self._plain[reached], query), k)


def _known(vectors: Vectors) -> Mask:
    """Return which rows are not all zero, (n,); raises BundleError unless `vectors` is 2-d, with values to LARGEST."""
    if vectors.ndim != 2:
        raise BundleError(f"movie vectors have shape (movies, dim), not {vectors.shape}; build the bundle again")
    known = np.empty(len(vectors), dtype=np.bool_)
    for start in range(0, len(vectors), CHUNK):  # chunks stay in the cache for the second pass
        some = vectors[start : start + CHUNK]
        if not (some.max(initial=0) <= LARGEST and some.min(initial=0) >= -LARGEST):  # also true of NaN
            raise BundleError(
                f"movie vectors hold numbers that are not finite or beyond {LARGEST:,.0f}; build the bundle again"
            )
        known[start : start + CHUNK] = some.any(axis=1)
    return known


def _opened(library: Library, path: Path, vectors: Vectors, rows: Rows) -> Graph:
    """Open the graph in `path` after checking that searches stay inside the file; raises BundleError."""
    if not path.is_file():
        raise BundleError(f"the index {path.name} is missing from {path.parent.name}; build the bundle again")
    try:
        layout = library.layout(np.asarray(np.memmap(path, dtype=np.uint8, mode="r")))
        layout.check()
        if layout.belongs(rows, vectors):
            return library.load().open(path, layout)
    except (OSError, RuntimeError, ValueError) as error:
        raise BundleError(
            f"the index {path.name} is damaged or of another version ({error}); build the bundle again"
        ) from None
    raise BundleError(f"the index {path.name} does not belong to its movies.npy; build the bundle again")
