"""The manifest: a bundle's table of contents, and the proof that its files are the ones that were written.

In and out: `manifest.json`. It says what built the bundle, from which data, where each encoder's weights come from, how
each model measured, and the sha256 of every file. Knows nothing of what the files hold.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from matinee.errors import BundleError

FORMAT = 2
"""The bundle format that this version writes, and the newest it reads."""

MANIFEST = "manifest.json"

PART = 8 << 20
"""Bytes of a file that are summed at a time."""


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

    name: str
    made_up: bool = False
    note: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    set_aside: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class EncoderInfo:
    """Where an encoder comes from and how far its networks are from the original.

    Attributes:
        source: Name of the weights, such as "google-bert/bert-base-uncased".
        revision: Commit or version of the weights.
        licence: Licence of the weights.
        weights: "pretrained" (from the hub or a folder), "packaged" (from a Python package) or "seeded" (untrained).
        dim: Length of its vectors.
        towers: For "text" and "image", the precision shipped and the figures of every check made.
    """

    source: str
    revision: str
    licence: str
    weights: str
    dim: int
    towers: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelInfo:
    """One model of the bundle.

    Attributes:
        dim: Length of its movie vectors; the hybrid's are ALS's factors, guessed for every movie. 0 where it has none.
        params: What fold-in needs, such as ALS's alpha and regularization.
        index_recall: recall@10 of its HNSW index against exact search.
        metrics: Its figures on held-out rows, by metric name.
        choices: What was chosen for it on validation rows, by the choice's name; "ratings" is how it weighs a rating.
        index: How its HNSW index was made: "library", "numbers", "links" (M) and "ef_construction"; and "ef_search",
            the least effort tried with which it finds what `index_recall` says.
    """

    dim: int
    params: dict[str, float] = field(default_factory=dict)
    index_recall: float | None = None
    metrics: dict[str, float] = field(default_factory=dict)
    choices: dict[str, str | float] = field(default_factory=dict)
    index: dict[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True)
class FileInfo:
    """Size in bytes and sha256 (hex) of one file of the bundle."""

    bytes: int
    sha256: str


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
    built_by: dict[str, str]
    dataset: DatasetInfo
    encoders: dict[str, EncoderInfo]
    models: dict[str, ModelInfo]
    hybrid_weights: dict[str, dict[str, float]]
    files: dict[str, FileInfo]

    def save(self, folder: Path) -> None:
        """Write `manifest.json` into `folder`, in an order that depends on nothing but the content."""
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
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            check_format(data["format"], folder)
            return cls._from_json(data)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BundleError(f"{path} is damaged ({type(error).__name__}: {error}); build the bundle again") from None

    @classmethod
    def _from_json(cls, data: Mapping[str, Any]) -> Manifest:
        return cls(
            format=data["format"],
            seed=data["seed"],
            built_by=data["built_by"],
            dataset=DatasetInfo(**data["dataset"]),
            encoders={name: EncoderInfo(**info) for name, info in data["encoders"].items()},
            models={name: ModelInfo(**info) for name, info in data["models"].items()},
            hybrid_weights=data["hybrid_weights"],
            files={_inside(name): FileInfo(**info) for name, info in data["files"].items()},
        )


def check_format(version: int, folder: Path) -> None:
    """Raise BundleError unless this version of Matinee can read bundle format `version`."""
    if version != FORMAT:
        raise BundleError(
            f"the bundle in {folder} has format {version!r} and this Matinee reads format {FORMAT}; "
            "build the bundle again with this version, or use the version of Matinee that built it"
        )


def _inside(name: str) -> str:
    """Return `name` if it stays inside the bundle, else raise ValueError."""
    if name.startswith("/") or "\\" in name or (".." in name and ".." in name.split("/")):
        raise ValueError(f"file name {name!r} leaves the bundle")
    return name


def sha256(path: Path) -> str:
    """Return the sha256 of a file as 64 hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(PART):  # other threads go on while a part is read and summed
            digest.update(part)
    return digest.hexdigest()


def list_files(folder: Path) -> Iterator[tuple[str, FileInfo]]:
    """Yield every file below `folder` but the manifest, sorted by name, with its size and sha256."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if name != MANIFEST:
            yield name, FileInfo(bytes=path.stat().st_size, sha256=sha256(path))
