"""HNSW graphs: one interface to the libraries that can build and search them, each in a module of its own.

In: a library's name, and movie vectors or a file that it wrote. Out: a `Graph`. A library is imported when a graph is
first built or opened, since most catalogues are small enough to be searched without one. Exact search and filters are
in `matinee.index`.

usearch is the default: it has wheels for every platform, maps its file into memory and keeps numbers of 16 bits.
hnswlib searches a little faster while everything is in memory, but is distributed as source only: it needs a compiler,
and the compiled library may crash on another machine unless it was installed with HNSWLIB_NO_NATIVE=1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from matinee.errors import BundleError, MissingExtraError, UnknownNameError
from matinee.exact import Rows, Vectors
from matinee.hnsw import hnswlib_layout, usearch_layout
from matinee.hnsw.layout import Bytes, Layout


class Shape(NamedTuple):
    """How a graph is built.

    Attributes:
        links: HNSW's M, how many neighbours a movie is linked to.
        numbers: Element type of the graph's own copy of the vectors, "float16" or "float32".
        ef_construction: How many candidates are kept while looking for those neighbours.
    """

    links: int = 16
    numbers: str = "float16"
    ef_construction: int = 200


class Graph(Protocol):
    """An HNSW graph over some rows of a matrix of vectors, by inner product.

    Attributes:
        effort: HNSW's ef: how many candidates a search keeps, or the number of rows wanted if that is larger.
    """

    effort: int

    def reach(self, query: Vectors, wanted: int) -> Rows:
        """Return about the `wanted` rows with the largest inner products with `query` (dim,); may return fewer."""

    def save(self, path: Path) -> None:
        """Write the graph to the file `path`."""


class Maker(Protocol):
    """The functions that the module of each HNSW library defines."""

    def build(self, vectors: Vectors, rows: Rows, shape: Shape, seed: int) -> Graph:
        """Build a graph over the `rows` (m,) of `vectors` on one thread: the same arguments give the same bytes."""

    def open(self, path: Path, layout: Layout) -> Graph:
        """Open the graph in `path`, whose layout was checked; raises RuntimeError or ValueError where it cannot."""


@dataclass(frozen=True)
class Library:
    """An HNSW library that can build and open the graph files of a bundle.

    Attributes:
        package: Name of its package, by which it is also selected.
        module: Name of the module that implements `Maker` with it.
        layout: Parses the layout of one of its files without the library; raises ValueError if the file is damaged.
        file: Name of its graph files in a bundle.
        shapes: The graph shapes worth trying with it, cheapest first.
    """

    package: str
    module: str
    layout: Callable[[Bytes], Layout]
    file: str
    shapes: tuple[Shape, ...]

    def load(self) -> Maker:
        """Import the library's module; raises MissingExtraError if the library is not installed."""
        try:
            return cast(Maker, import_module(self.module))
        except ModuleNotFoundError:
            raise MissingExtraError(self.package, self.package) from None


FLOAT32 = (Shape(16, "float32"), Shape(32, "float32"))

LIBRARIES = {
    library.package: library
    for library in (
        Library("usearch", "matinee.hnsw.by_usearch", usearch_layout.layout, "index.usearch", (Shape(), *FLOAT32)),
        Library("hnswlib", "matinee.hnsw.by_hnswlib", hnswlib_layout.layout, "index.hnsw", FLOAT32),
    )
}

DEFAULT = "usearch"


AT_ONCE = 10_000
"""Number of vectors copied and added at a time, so that mapped vectors are never in memory as a whole."""


def portions(rows: Rows) -> Iterator[Rows]:
    """Return an iterator over consecutive slices of `rows` (m,), each of at most AT_ONCE rows."""
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))


def library(name: str) -> Library:
    """Return the library called `name`; raises UnknownNameError."""
    if name not in LIBRARIES:
        raise UnknownNameError("index library", name, LIBRARIES)
    return LIBRARIES[name]


def wrote(path: Path) -> Library:
    """Return the library whose graph files have the suffix of `path`; raises BundleError if there is none."""
    for one in LIBRARIES.values():
        if path.suffix == Path(one.file).suffix:
            return one
    valid = " or ".join(one.file for one in LIBRARIES.values())
    raise BundleError(f"an index is called {valid}, not {path.name}; build the bundle again")
