"""HNSW graphs: the libraries that can build and search one, a module each, behind one small contract.

In: which library, and movie vectors or a file that it wrote. Out: a `Graph`. A library is imported when a graph is
first built or opened, since most catalogues are small enough to be searched without one. Exact search and filters are
in `matinee.index`.

usearch is the default: it has wheels for every platform, maps its file into memory and keeps numbers of 16 bits.
hnswlib answers a little faster while everything is in memory, but comes as source only: it needs a compiler, and makes
a library that may crash on another machine unless it is installed with HNSWLIB_NO_NATIVE=1.
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
        numbers: How the graph keeps its own copy of the vectors, "float16" or "float32".
        ef_construction: How many candidates are kept while looking for those neighbours.
    """

    links: int = 16
    numbers: str = "float16"
    ef_construction: int = 200


class Graph(Protocol):
    """An HNSW graph over some rows of a matrix of vectors, by inner product.

    Attributes:
        effort: HNSW's ef: how many candidates a search keeps; more are kept where more are wanted.
    """

    effort: int

    def reach(self, query: Vectors, wanted: int) -> Rows:
        """Return rows of about the `wanted` largest inner products with `query` (dim,); fewer where it finds fewer."""

    def save(self, path: Path) -> None:
        """Write it to the file `path`."""


class Maker(Protocol):
    """What a library's module offers."""

    def build(self, vectors: Vectors, rows: Rows, shape: Shape, seed: int) -> Graph:
        """Build a graph over the `rows` (m,) of `vectors` on one thread: the same arguments give the same bytes."""

    def open(self, path: Path, layout: Layout) -> Graph:
        """Open the graph in `path`, whose layout was checked; raises RuntimeError or ValueError where it cannot."""


@dataclass(frozen=True)
class Library:
    """One library.

    Attributes:
        package: The name by which it is installed and chosen.
        module: Where its `Maker` is.
        layout: Finds where things are in one of its files, without the library; raises ValueError where it is damaged.
        file: What its files are called in a bundle.
        shapes: The graphs worth trying with it, cheapest first.
    """

    package: str
    module: str
    layout: Callable[[Bytes], Layout]
    file: str
    shapes: tuple[Shape, ...]

    def load(self) -> Maker:
        """Import it; raises MissingExtraError where it is not installed."""
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
"""How many vectors are copied out to be added together, so that mapped ones are never in memory as a whole."""


def portions(rows: Rows) -> Iterator[Rows]:
    """Cut the rows (m,) that a graph is built over into pieces of AT_ONCE, in order; none where there are no rows."""
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))


def library(name: str) -> Library:
    """Return the library called `name`; raises UnknownNameError."""
    if name not in LIBRARIES:
        raise UnknownNameError("index library", name, LIBRARIES)
    return LIBRARIES[name]


def wrote(path: Path) -> Library:
    """Return the library that writes files called as `path` is; raises BundleError if none does."""
    for one in LIBRARIES.values():
        if path.suffix == Path(one.file).suffix:
            return one
    valid = " or ".join(one.file for one in LIBRARIES.values())
    raise BundleError(f"an index is called {valid}, not {path.name}; build the bundle again")
