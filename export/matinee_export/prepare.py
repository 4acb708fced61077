"""From a dataset folder to embedding vectors: the stages that a build and a study have in common.

In: a `Source`. Out: the cleaned dataset, and `Prepared`: its readable posters, the exported encoders and their vectors
of all texts and posters. Every result is kept in a step of a `Workspace`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from matinee_export.bundle.thumbnails import read_refused, write_thumbnails
from matinee_export.data import Dataset, clean, read_dataset
from matinee_export.embedding.corpus import Corpus, Exporting, embed_all, export, jobs
from matinee_export.embedding.embed import Job, Projection, project
from matinee_export.embedding.engines import Kind, find_engine
from matinee_export.embedding.vectors import ContentVectors
from matinee_export.encoders import EncoderChoice, check_precision, choose
from matinee_export.encoders.record import EncoderPiece
from matinee_export.log import Log
from matinee_export.models.factor_tuning import parse_sizes
from matinee_export.models.registry import ENCODERS, content_model
from matinee_export.workspace import Workspace, files_digest
from matinee_sample import SAMPLE, write_sample

TABLES = (".csv", ".json", ".data", ".item", ".user")
"""Suffixes of the tables that a dataset can be read from, MovieLens files included."""


@dataclass(frozen=True)
class Source:
    """The dataset to read, and the options for encoders, embedding and factor models.

    Attributes:
        data: Dataset folder, or "sample".
        weights: "auto", "hub", "packaged", "seeded" or a folder; see `matinee_export.encoders`.
        encoders: By encoder name, the model to use instead of the default one.
        precision: "auto", "fp32" or the name of a variant; see `variants`.
        exporter: "torch" or "optimum".
        seed: Seed of the sample, of untrained weights and of the choice of inputs that networks are checked with.
        factors: Numbers of factors to try for BPR and ALS: "auto", or a list such as "50,100,200".
        engine: Where embedding runs: "local" or "ray"; see `engines`.
    """

    data: str
    weights: str = "auto"
    encoders: Mapping[str, str] = field(default_factory=dict)
    precision: str = "auto"
    exporter: str = "torch"
    seed: int = 0
    factors: str = "auto"
    engine: str = "local"

    def choices(self) -> dict[str, EncoderChoice]:
        """Return the weights choice of each encoder; raises UnknownNameError for an unknown encoder or weights."""
        for name in self.encoders:
            content_model(name)
        return {name: choose(encoder, self.weights, self.encoders.get(name)) for name, encoder in ENCODERS.items()}

    def check(self) -> None:
        """Validate the options, before anything is read or written.

        Raises:
            BadInputError: An option cannot be used.
            MissingExtraError: What an option needs is not installed.
        """
        parse_sizes(self.factors, 0)
        check_precision(self.precision)
        find_engine(self.engine)
        self.choices()

    def read(self, workspace: Workspace, log: Log) -> Dataset:
        """Return the dataset, cleaned; the sample is written into the workspace first. Raises DatasetError."""
        folder = Path(self.data)
        if self.data == SAMPLE:
            folder = workspace.step(
                "sample", ["matinee_sample"], {"seed": self.seed}, lambda to: write_sample(to, self.seed)
            )
        log(f"reading {folder} ...")
        dataset = clean(read_dataset(folder))
        log(f"{dataset.name}: {len(dataset.reviews):,} reviews of {len(dataset.movies):,} movies")
        for reason, rows in dataset.set_aside.items():
            log(f"set aside: {rows:,} x {reason}")
        return dataset


@dataclass(frozen=True)
class Prepared:
    """A dataset with its posters, exported encoders and vectors.

    Attributes:
        dataset: The dataset.
        posters: File of each movie's poster; None for a movie without a readable one.
        thumbnails: Folder of thumbnails, see `thumbnails.write_thumbnails`.
        encoders: The exported encoders by name; only those for which the dataset has texts or posters.
        vectors: The encoders' vectors of texts and posters.
        key: Digests of dataset and networks, and the seed: the key of later steps that depend on all of this; JSON.
    """

    dataset: Dataset
    posters: list[Path | None]
    thumbnails: Path
    encoders: Mapping[str, EncoderPiece]
    vectors: ContentVectors
    key: Mapping[str, Any]


@dataclass(frozen=True)
class _Exported:
    """The results of all stages before the embedding: the first fields of `Prepared`, and the embedding jobs."""

    posters: list[Path | None]
    thumbnails: Path
    encoders: Mapping[str, EncoderPiece]
    corpus: Corpus
    jobs: Mapping[tuple[str, Kind], Job]
    key: Mapping[str, Any]


def prepare(source: Source, dataset: Dataset, train: npt.NDArray[np.int64], workspace: Workspace, log: Log) -> Prepared:
    """Export the encoders and embed every text and every poster, reusing what earlier runs finished.

    Args:
        source: The options for encoders and embedding.
        dataset: What `source.read` returned.
        train: (m,) training rows, as positions in the review table; networks are calibrated on texts of these rows
            only.
        workspace: Where finished steps are kept.
        log: Called with one line of text for each step and each result.
    """
    ready = _export(source, dataset, train, workspace, log)
    vectors = embed_all(ready.jobs, ready.corpus, find_engine(source.engine), log)
    return Prepared(dataset, ready.posters, ready.thumbnails, ready.encoders, vectors, ready.key)


def estimate(
    source: Source, dataset: Dataset, train: npt.NDArray[np.int64], workspace: Workspace, log: Log
) -> list[Projection]:
    """Run `prepare` up to the first 1 % of the embedding; return the projected time of each embedding job.

    Finished steps are kept in the workspace. For the arguments see `prepare`.
    """
    ready = _export(source, dataset, train, workspace, log)
    return [project(job, find_engine(source.engine)) for job in ready.jobs.values() if len(job.items)]


def _export(
    source: Source, dataset: Dataset, train: npt.NDArray[np.int64], workspace: Workspace, log: Log
) -> _Exported:
    named = [dataset.folder / name if name else None for name in dataset.movies["poster"]]
    key = {"data": _digest(dataset.folder, named), "seed": source.seed}
    thumbnails = workspace.step(
        "thumbnails",
        ["matinee_export.bundle.thumbnails"],
        key,
        lambda to: write_thumbnails(dataset.movies, dataset.folder, to),
    )
    posters = _readable(named, read_refused(thumbnails), log)
    corpus = Corpus.of(dataset, posters, train)
    how = Exporting(source.precision, source.exporter, source.seed)
    checked_on = {**key, "calibration": hashlib.sha256(train.astype(np.int64).tobytes()).hexdigest()}
    encoders = {
        name: export(ENCODERS[name], choice, how, corpus, workspace, checked_on, log)
        for name, choice in source.choices().items()
        if corpus.has_for(ENCODERS[name])
    }
    networks = {name: files_digest(sorted(piece.folder.iterdir())) for name, piece in encoders.items()}
    found = jobs(encoders, corpus, workspace, key, networks)
    return _Exported(posters, thumbnails, encoders, corpus, found, {**key, "networks": networks})


def _digest(folder: Path, posters: list[Path | None]) -> str:
    """Return a digest of the tables in a dataset folder and of its poster files."""
    tables = [path for path in sorted(folder.iterdir()) if path.is_file() and path.suffix in TABLES]
    return files_digest([*tables, *(path for path in posters if path is not None)])


def _readable(posters: list[Path | None], refused: Mapping[int, str], log: Log) -> list[Path | None]:
    """Return the posters with None in place of each refused one, and log why it was refused."""
    for reason in refused.values():
        log(f"set aside: {reason}")
    return [None if row in refused else path for row, path in enumerate(posters)]
