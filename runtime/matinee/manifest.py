"""The manifest: a bundle's table of contents, with the checksums that show whether its files are unchanged.

In and out: `manifest.json`. It records what built the bundle, from which data, where each encoder's weights come from,
each model's metrics, and the sha256 of every file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta

from matinee import records
from matinee.errors import BundleError, UnknownNameError
from matinee.records import Count, Dim, Name, Number, Share, Words

FORMAT = 2
"""The bundle format that this version writes, and the newest it reads."""

MANIFEST = "manifest.json"

MARKER = ".matinee"
"""The file that marks a folder as written by Matinee; see `matinee.folders`."""

TIMINGS = "report/timings.json"
"""How long things took while building: the one file that differs between two builds of the same input."""

UNLISTED = (MANIFEST, MARKER, TIMINGS)
"""Files of a bundle that its manifest does not list."""


Weight = Annotated[float, Meta(ge=0, le=1e6)]
"""A weight of a member of the hybrid."""

REGIMES = ("few", "many", "cold")
"""The three weights of a member: see `matinee.blend.Weights`."""

PART = 8 << 20
"""Number of bytes of a file that are read and hashed at a time."""


@dataclass(frozen=True)
class DatasetInfo:
    """Which data the bundle was built from.

    Attributes:
        name: The dataset's name.
        made_up: Whether its reviewers and posters were invented.
        note: A sentence about its origin, for people to read; may be empty.
        counts: Number of movies, reviewers, ratings, texts, posters after cleaning.
        set_aside: Rows that could not be used, by reason.
    """

    name: Words
    made_up: bool = False
    note: Words = ""
    counts: dict[Words, Count] = field(default_factory=dict)
    set_aside: dict[Words, Count] = field(default_factory=dict)


@dataclass(frozen=True)
class EncoderInfo:
    """Where an encoder comes from and how closely its networks match the original.

    Attributes:
        source: Name of the weights, such as "google-bert/bert-base-uncased".
        revision: Commit or version of the weights.
        licence: Licence of the weights.
        weights: "pretrained" (from the hub or a folder), "packaged" (from a Python package) or "seeded" (untrained).
        dim: Length of its vectors.
        towers: For "text" and "image", the precision shipped and the figures of every check made.
    """

    source: Words
    revision: Words
    licence: Words
    weights: str
    dim: Dim
    towers: dict[Literal["text", "image"], dict[Words, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelInfo:
    """One model of the bundle.

    Attributes:
        dim: Length of its movie vectors, 0 for none; the hybrid's are ALS factors predicted for every movie.
        params: What fold-in needs, such as ALS's alpha and regularization.
        index_recall: recall@10 of its HNSW index against exact search.
        metrics: Its metrics on held-out rows, by name.
        choices: Settings chosen for it on validation rows, by name; "ratings" is its weighting of ratings.
        index: How its HNSW index was made: "library", "numbers", "links" (M) and "ef_construction"; and "ef_search",
            the smallest ef tried with which it reaches `index_recall`.
    """

    dim: Dim
    params: dict[Words, Number] = field(default_factory=dict)
    index_recall: Share | None = None
    metrics: dict[Words, Number] = field(default_factory=dict)
    choices: dict[Words, Words | int | Number] = field(default_factory=dict)
    index: dict[Words, Words | int | Number] = field(default_factory=dict)


@dataclass(frozen=True)
class FileInfo:
    """Size in bytes and sha256 (hex) of one file of the bundle."""

    bytes: Count
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


@dataclass(frozen=True)
class Manifest:
    """A bundle's table of contents.

    Attributes:
        format: Bundle format, see FORMAT.
        seed: Seed of everything drawn at random while building.
        built_by: Versions of Matinee and of the libraries that built the bundle.
        dataset: Which data it was built from.
        encoders: Encoders by name.
        models: Models by name, in the order in which they are shown.
        hybrid_weights: The hybrid's `matinee.blend.Weights`, few, many and cold, of each member by its name; empty
            where there is no hybrid.
        files: Every other file of the bundle, by its path relative to the bundle with "/" between folders.
    """

    format: int
    seed: int
    built_by: dict[Words, Words]
    dataset: DatasetInfo
    encoders: dict[Name, EncoderInfo]
    models: dict[Name, ModelInfo]
    hybrid_weights: dict[Name, dict[Literal["few", "many", "cold"], Weight]]
    files: dict[Words, FileInfo]

    def __post_init__(self) -> None:
        """Raise ValueError for what types cannot express: a file outside the bundle, or a missing weight."""
        for name in self.files:
            _check_inside(name)
        for name, weights in self.hybrid_weights.items():
            if len(weights) != len(REGIMES):
                raise ValueError(f"the hybrid's weights of {name!r} are {', '.join(weights)}, not {', '.join(REGIMES)}")

    def encoder(self, name: str) -> EncoderInfo:
        """Return the entry of the encoder called `name`; raises UnknownNameError, which lists the valid names."""
        if name not in self.encoders:
            raise UnknownNameError("encoder", name, self.encoders)
        return self.encoders[name]

    def model(self, name: str) -> ModelInfo:
        """Return the entry of the model called `name`; raises UnknownNameError, which lists the valid names."""
        if name not in self.models:
            raise UnknownNameError("model", name, self.models)
        return self.models[name]

    def save(self, folder: Path) -> None:
        """Write `manifest.json` into `folder`, in an order that depends only on the content."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read the manifest of the bundle in `folder`.

        Raises:
            BundleError: There is no bundle, its manifest is damaged, or its format is newer than FORMAT.
        """
        path = folder / MANIFEST
        if not path.is_file():
            raise BundleError(
                f"there is no bundle in {folder} (no {MANIFEST}); write one with: matinee-export build --out {folder}"
            )
        content = records.read_bytes(path)
        check_format(records.decode(content, _Format, str(path)).format, folder)
        return records.decode(content, cls, str(path))


@dataclass(frozen=True)
class _Format:
    """The only field that a manifest of every format has."""

    format: Any


def check_format(version: object, folder: Path) -> None:
    """Raise BundleError unless this version of Matinee can read bundle format `version`."""
    if version != FORMAT:
        raise BundleError(
            f"the bundle in {folder} has format {version!r} and this Matinee reads format {FORMAT}; "
            "build the bundle again with this version, or use the version of Matinee that built it"
        )


def _check_inside(name: str) -> None:
    """Raise ValueError unless `name` is the plain path of a file inside the bundle."""
    if not name or name.startswith("/") or set(name) & set("\\:\0") or not {"", ".", ".."}.isdisjoint(name.split("/")):
        raise ValueError(f"file name {name[:200]!r} leaves the bundle")


def sha256(path: Path) -> str:
    """Return the sha256 of a file as 64 hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(PART):  # other threads run while a part is read and hashed
            digest.update(part)
    return digest.hexdigest()


def list_files(folder: Path) -> Iterator[tuple[str, FileInfo]]:
    """Yield every file below `folder` but those in UNLISTED, sorted by name, with its size and sha256."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if name not in UNLISTED:
            yield name, FileInfo(bytes=path.stat().st_size, sha256=sha256(path))
