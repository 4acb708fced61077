"""A bundle on disk, opened lazily: nothing is read before it is needed, and nothing is used unchecked.

In: the folder that `matinee-export build` wrote. Out: its catalogue, vectors, indexes and encoders. Each file's sha256
is compared with the manifest's the first time the file is used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, TypeVar, get_args

import numpy as np
import numpy.typing as npt

from matinee.arrays import map_matrix, read_matrix
from matinee.catalogue import Catalogue
from matinee.errors import BundleError
from matinee.hnsw import LIBRARIES
from matinee.index import EFFORT, TRUSTED_RECALL, Index
from matinee.manifest import Manifest, sha256
from matinee.models.spec import Kind
from matinee.whitening import Whitening

if TYPE_CHECKING:
    from matinee.encoders import Encoder

T = TypeVar("T")

PRIOR = "models/hybrid/prior.npy"


class Bundle:
    """An opened bundle; safe to share between threads. Create it with `Bundle.open`.

    Attributes:
        path: The bundle's folder.
        manifest: Its table of contents.
    """

    def __init__(
        self,
        path: Path,
        manifest: Manifest,
        *,
        threads: int | None = None,
        providers: Sequence[str] | None = None,
    ) -> None:
        self.path = path
        self.manifest = manifest
        self._threads = threads
        self._providers = providers
        self._opened: dict[str, object] = {}
        self._lock = RLock()

    @classmethod
    def open(cls, path: str | Path, *, threads: int | None = None, providers: Sequence[str] | None = None) -> Bundle:
        """Open the bundle in folder `path`.

        Args:
            path: The folder that `matinee-export build` wrote.
            threads: Threads for the encoders; by default as many as this process may use.
            providers: ONNX Runtime execution providers for the encoders, best first; by default CUDA where it works.

        Raises:
            BundleError: There is no bundle, its manifest is damaged, or it has another format; or this machine is
                big-endian.
        """
        folder = Path(path)
        if sys.byteorder != "little":
            raise BundleError(
                f"the bundle in {folder} holds little-endian vectors and indexes, and this machine is big-endian; "
                "open it on a little-endian one, such as x86-64 or aarch64"
            )
        return cls(folder, Manifest.load(folder), threads=threads, providers=providers)

    @property
    def catalogue(self) -> Catalogue:
        """The movies, in the row order of every vector file."""
        return self._once("catalogue", lambda: Catalogue.load(self.file("catalogue.jsonl")))

    def vectors(self, model: str) -> npt.NDArray[np.float32]:
        """Movie vectors of `model`, (n_movies, dim) float32, memory-mapped and read-only."""
        self.manifest.model(model)
        return self._once(f"vectors/{model}", lambda: self._load_vectors(model))

    def index(self, model: str) -> Index:
        """Nearest-neighbour index over `model`'s movie vectors."""
        return self._once(f"index/{model}", lambda: self._open_index(model))

    @property
    def has_cold_start(self) -> bool:
        """Whether the hybrid has vectors: ALS factors predicted for every movie, for cold starts."""
        info = self.manifest.models.get("hybrid")
        return info is not None and info.dim > 0

    @property
    def prior(self) -> npt.NDArray[np.float32]:
        """The hybrid's user-independent scores, (n_movies, 2) float32: for visitors with few likes, and with many."""
        return self._once("prior", self._load_prior)

    def whitenings(self, model: str) -> dict[Kind, Whitening]:
        """Whitenings that `model` applies to its encoder's vectors, by kind; kinds without a whitening are missing."""
        files: dict[Kind, str] = {kind: f"models/{model}/{kind}-space.npy" for kind in get_args(Kind)}
        dim = self.manifest.model(model).dim
        listed = {kind: name for kind, name in files.items() if name in self.manifest.files}
        return {kind: self._whitening(name, dim) for kind, name in listed.items()}

    def encoder(self, name: str) -> Encoder:
        """The encoder of the model called `name`; its networks are opened when they are first used."""
        self.manifest.encoder(name)
        return self._once(f"encoder/{name}", lambda: self._open_encoder(name))

    def poster_path(self, row: int) -> Path | None:
        """File of the poster of the movie in `row`, or None where it has none."""
        name = self.catalogue[row].poster
        return None if name is None else self.file(name)

    def file(self, name: str) -> Path:
        """Return the path of a file of the bundle, after comparing its size and sha256 with the manifest once.

        Args:
            name: Path relative to the bundle, as the manifest lists it.

        Raises:
            BundleError: The file is not listed, missing or changed.
        """
        return self._once(f"file/{name}", lambda: self.check_file(name))

    def problems(self) -> Iterator[str]:
        """Check every file and everything that serving relies on; yield one sentence for each problem."""
        from matinee.verify import problems  # here, since it imports modules that import this one

        return problems(self)

    def _load_vectors(self, model: str) -> npt.NDArray[np.float32]:
        name = f"models/{model}/movies.npy"
        vectors = map_matrix(self.file(name), name, self.manifest.models[model].dim)
        self._check_rows(name, vectors)
        return vectors

    def _load_prior(self) -> npt.NDArray[np.float32]:
        vectors = read_matrix(self.file(PRIOR), PRIOR, 2)
        self._check_rows(PRIOR, vectors)
        return vectors

    def _whitening(self, name: str, dim: int) -> Whitening:
        array = read_matrix(self.file(name), name, dim)
        if not len(array):
            raise BundleError(f"{name} is empty and should begin with a centre; build the bundle again")
        return Whitening.of(array)

    def _check_rows(self, name: str, array: npt.NDArray[np.float32]) -> None:
        if len(array) != len(self.catalogue):
            raise BundleError(
                f"{name} has {len(array):,} rows and the catalogue {len(self.catalogue):,} movies; "
                "build the bundle again"
            )

    def _open_index(self, model: str) -> Index:
        vectors, info, home = self.vectors(model), self.manifest.models[model], f"models/{model}"
        written = [library.file for library in LIBRARIES.values() if f"{home}/{library.file}" in self.manifest.files]
        if not written:
            raise BundleError(f"{home} has no index in the bundle in {self.path}; build the bundle again")
        trusted = info.index_recall is None or info.index_recall >= TRUSTED_RECALL
        return Index.open(
            self.path / home / written[0],
            vectors,
            None if trusted else len(vectors),
            info.index.get("ef_search", EFFORT),
            check=lambda path: self.file(f"{home}/{path.name}"),
        )

    def _open_encoder(self, name: str) -> Encoder:
        from matinee.encoders import Encoder  # here, since ratings alone need no encoder

        folder = f"encoders/{name}"
        return Encoder.open(
            self.file(f"{folder}/encoder.json").parent,
            threads=self._threads,
            providers=self._providers,
            check=lambda file: self.file(f"{folder}/{file}"),
        )

    def check_file(self, name: str) -> Path:
        """Return the path of a file, after checking its size and sha256 anew; raises BundleError."""
        info = self.manifest.files.get(name)
        if info is None:
            raise BundleError(f"{name} is not among the files of the bundle in {self.path}; build the bundle again")
        path = self.path / name
        if not path.is_file():
            raise BundleError(f"{name} is missing from the bundle in {self.path}; copy or build the bundle again")
        if path.stat().st_size != info.bytes or sha256(path) != info.sha256:
            raise BundleError(
                f"{name} in the bundle in {self.path} is not the file that was written there (its checksum differs); "
                "copy or build the bundle again"
            )
        return path

    def _once(self, key: str, make: Callable[[], T]) -> T:
        """Return the result of `make`, which is called at most once for each `key`, even by several threads at once."""
        if key not in self._opened:
            with self._lock:
                if key not in self._opened:
                    self._opened[key] = make()
        return self._opened[key]  # type: ignore[return-value]  # a key always has one type
