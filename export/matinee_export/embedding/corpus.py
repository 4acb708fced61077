"""Exports and checks the encoders, and embeds every text and every readable poster of a dataset with them.

In: a dataset and its readable posters. Out: encoder folders with their manifest entries, and `ContentVectors`. Results
of every step are stored in the workspace. Text networks are calibrated on training rows only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from matinee.encoders import Encoder
from matinee.manifest import EncoderInfo
from matinee_export.data import Dataset
from matinee_export.embedding.embed import Job, embed
from matinee_export.embedding.engines import Engine, Kind
from matinee_export.embedding.vectors import ContentVectors, ReviewVectors
from matinee_export.encoders import EncoderChoice, EncoderPiece, EncoderRecipe, export_encoder
from matinee_export.encoders.record import take_speeds
from matinee_export.log import Log
from matinee_export.workspace import Workspace

CHECKED_TEXTS, CHECKED_POSTERS = 256, 128
"""Number of real inputs passed to an export, which calibrates and checks with the first that can be read."""

READS: Mapping[str, Kind] = {"text": "texts", "image": "posters"}
"""The kind of input that each network of an encoder reads."""

_NAMED: Mapping[Kind, str] = {"texts": "the text of review row", "posters": "the poster of movie row"}

EMBEDDING = ("matinee_export.embedding.embed",)
"""Modules whose code the vectors depend on, besides the exported networks."""


@dataclass(frozen=True)
class Corpus:
    """The texts and posters of a dataset that are to be embedded.

    Attributes:
        rows: Rows of the review table that have a text or a summary, (m,) int64, ascending.
        texts: Those texts, (m,): the review's text, or its summary if it has no text.
        posters: File of each movie's poster, None if it has no readable one; (n_movies,).
        train: Rows of the review table that calibration may use.
    """

    rows: npt.NDArray[np.int64]
    texts: Sequence[str]
    posters: Sequence[Path | None]
    train: npt.NDArray[np.int64]

    @classmethod
    def of(cls, dataset: Dataset, posters: Sequence[Path | None], train: npt.NDArray[np.int64]) -> Corpus:
        """Return the texts and posters of a dataset; `posters` and `train` as in the attributes."""
        reviews = dataset.reviews
        words = reviews["text"].where(reviews["text"] != "", reviews["summary"])
        rows = np.flatnonzero((words != "").to_numpy()).astype(np.int64)
        return cls(rows, words.iloc[rows].tolist(), posters, train)

    def has_for(self, encoder: EncoderRecipe) -> bool:
        """Return whether there is at least one input, a text or a poster, for any of an encoder's networks."""
        return any({"texts": bool(self.texts), "posters": bool(self.files)}[READS[kind]] for kind in encoder.variants)

    @property
    def pictured(self) -> list[int]:
        """Rows of the movies that have a poster."""
        return [row for row, path in enumerate(self.posters) if path is not None]

    @property
    def files(self) -> list[Path]:
        """Files of the posters of the movies in `pictured`, in that order."""
        return [path for path in self.posters if path is not None]

    def by_movie(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Expand the vectors of `files`, (m, dim), to one row per movie, (n_movies, dim), zero without a poster."""
        rows = np.zeros((len(self.posters), vectors.shape[1]), np.float32)
        rows[self.pictured] = vectors
        return rows

    def checked_texts(self, seed: int) -> list[str]:
        """Return the training texts, sampled with `seed`, that networks are calibrated and checked with."""
        return [self.texts[i] for i in _some(np.flatnonzero(np.isin(self.rows, self.train)), CHECKED_TEXTS, seed)]

    def checked_posters(self, seed: int) -> list[Path]:
        """Return the posters, sampled with `seed`, that networks are calibrated and checked with."""
        files = self.files
        return [files[i] for i in _some(np.arange(len(files)), CHECKED_POSTERS, seed)]


@dataclass(frozen=True)
class Exporting:
    """Settings of the export of encoders.

    Attributes:
        precision: "auto", "fp32" or the name of a variant; see `encoders.quantization.variants`.
        exporter: "torch" or "optimum".
        seed: Seed of untrained weights and of the sample of inputs for the checks.
    """

    precision: str
    exporter: str
    seed: int


def export(
    encoder: EncoderRecipe,
    choice: EncoderChoice,
    how: Exporting,
    corpus: Corpus,
    workspace: Workspace,
    key: Mapping[str, Any],
    log: Log,
) -> EncoderPiece:
    """Export one encoder, or return its earlier export from the workspace.

    Args:
        encoder: The recipe of the encoder.
        choice: The weights to use.
        how: Settings of the export.
        corpus: Source of the texts and posters that it is checked with.
        workspace: Stores the results of finished steps.
        key: Identifies the dataset; part of the step's key.
        log: Called with one line for each message.
    """

    def make(folder: Path) -> None:
        record = export_encoder(
            encoder,
            folder / "encoder",
            choice=choice,
            texts=corpus.checked_texts(how.seed),
            posters=corpus.checked_posters(how.seed),
            log=log,
            **asdict(how),
        )
        (folder / "record.json").write_text(json.dumps(record.to_json()), encoding="utf-8")

    depends = {"checked": [CHECKED_TEXTS, CHECKED_POSTERS], "recipe": encoder.facts()}
    code = ["matinee_export.encoders", encoder.network]
    folder = workspace.step(f"encoder-{encoder.name}", code, {**key, **asdict(choice), **asdict(how), **depends}, make)
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    speeds = take_speeds(record["towers"])
    return EncoderPiece(folder / "encoder", EncoderInfo(**record), speeds)


def jobs(
    encoders: Mapping[str, EncoderPiece],
    corpus: Corpus,
    workspace: Workspace,
    key: Mapping[str, Any],
    networks: Mapping[str, str],
) -> dict[tuple[str, Kind], Job]:
    """Return the embedding jobs by encoder and kind of input, "texts" or "posters".

    Args:
        encoders: The exported encoders by name; there is one job for each network.
        corpus: The texts and posters to embed.
        workspace: Stores finished shards.
        key: Identifies the dataset; part of the shards' key.
        networks: Digest of each encoder's files, by name.
    """
    items: Mapping[Kind, Sequence[str] | Sequence[Path]] = {"texts": corpus.texts, "posters": corpus.files}
    found = {}
    for name, piece in encoders.items():
        encoder = Encoder.open(piece.folder)
        for kind in (READS[tower] for tower in piece.info.towers):
            folder = workspace.shards(f"{name}-{kind}", EMBEDDING, {**key, "networks": networks[name]})
            found[name, kind] = Job(encoder, kind, items[kind], folder)
    return found


def embed_all(found: Mapping[tuple[str, Kind], Job], corpus: Corpus, engine: Engine, log: Log) -> ContentVectors:
    """Run every job, reusing shards that are already embedded, and return the vectors.

    Args:
        found: The jobs, as returned by `jobs`.
        corpus: The corpus that they were made from.
        engine: Embeds the shards.
        log: Called with one line for each text or poster that an encoder cannot read.
    """
    rows: Mapping[Kind, Sequence[int] | npt.NDArray[np.int64]] = {"texts": corpus.rows, "posters": corpus.pictured}
    vectors: dict[tuple[str, Kind], npt.NDArray[np.float32]] = {}
    for (name, kind), job in found.items():
        done = embed(job, engine)
        vectors[name, kind] = done.vectors
        for item, why in done.refused.items():
            log(f"set aside: {_NAMED[kind]} {rows[kind][item]}: {why}")
    return ContentVectors(
        texts={name: ReviewVectors(corpus.rows, made) for (name, kind), made in vectors.items() if kind == "texts"},
        posters={name: corpus.by_movie(made) for (name, kind), made in vectors.items() if kind == "posters"},
    )


def _some(rows: npt.NDArray[np.integer[Any]], most: int, seed: int) -> list[int]:
    """Return at most `most` of `rows`, sampled with `seed`, in ascending order."""
    if len(rows) > most:
        rows = np.random.default_rng(seed).choice(rows, size=most, replace=False)
    return sorted(int(row) for row in rows)
