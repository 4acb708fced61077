"""Embeds every review and every poster once, in shards that survive an interruption.

In: a `Job`: an encoder of the runtime (so that the measured vectors are the served ones) and the texts or poster files
to embed. Out: one `vectors.npy` (n, dim) float32, memory-mapped, with zero rows for inputs that could not be read, and
the reasons; or an estimate of the time that this takes.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from matinee.encoders import Encoder
from matinee.marker import write_file
from matinee.progress import Progress, duration
from matinee_export.embedding.engines import Engine, Kind, Shard
from matinee_export.embedding.engines.shard import is_whole, read_shard

SHARD = 1024
"""Rows per shard; an interrupted build loses at most one shard, or one for each worker of a cluster."""

SHARE = 0.01
"""Share of a job that is embedded, in shards spread evenly over the dataset, to estimate the duration of all of it."""


@dataclass(frozen=True)
class Job:
    """One encoder and the inputs that it is to embed.

    Attributes:
        encoder: The encoder.
        kind: "texts" or "posters".
        items: The texts, or the files of the posters.
        folder: Folder of the shards, including those of an earlier build.
    """

    encoder: Encoder
    kind: Kind
    items: Sequence[str] | Sequence[Path]
    folder: Path

    @property
    def label(self) -> str:
        """Name of the job for progress messages, such as "bert: reviews"."""
        return f"{self.encoder.name}: {'reviews' if self.kind == 'texts' else self.kind}"

    @property
    def starts(self) -> range:
        """Index of the first item of each shard."""
        return range(0, len(self.items), SHARD)

    @property
    def missing(self) -> list[int]:
        """Starts of the shards whose files are missing or damaged."""
        return [start for start in self.starts if not is_whole(self.file(start))]

    def file(self, start: int) -> Path:
        """Return the file of the shard that begins at item `start`."""
        return self.folder / f"{start:09d}.npz"

    def shard(self, start: int) -> Shard:
        """Return the shard that begins at item `start`."""
        return Shard(start, self.items[start : start + SHARD])


@dataclass(frozen=True)
class Embedded:
    """Vectors (n, dim) float32 of n inputs, and the reasons for zero rows, by index of the input."""

    vectors: npt.NDArray[np.float32]
    refused: dict[int, str]


@dataclass(frozen=True)
class Projection:
    """An estimate of the time that a whole job takes, from the time that a part of it took.

    Attributes:
        label: The job's label.
        total: Number of items of the job.
        measured: Number of items embedded for the estimate; 0 if every shard was there already.
        seconds: Seconds that those took.
    """

    label: str
    total: int
    measured: int
    seconds: float

    @property
    def whole(self) -> float:
        """Estimated seconds for all items."""
        return self.seconds * self.total / self.measured if self.measured else 0.0

    def __str__(self) -> str:
        if not self.measured:
            return f"{self.label}: all {self.total:,} are embedded already"
        rate = f"{self.measured / self.seconds:,.1f} a second"
        return f"{self.label}: {self.total:,} take {duration(self.whole)} at {rate}, by {self.measured:,} done just now"


def embed(job: Job, engine: Engine) -> Embedded:
    """Embed the missing shards of a job, and return the vectors of all its items."""
    _make(job, job.missing, engine)
    return _join(job)


def project(job: Job, engine: Engine) -> Projection:
    """Embed 1 % of a job, at least one shard, and estimate the time for all of it; the shards are kept."""
    missing = job.missing
    wanted = max(1, round(SHARE * len(job.starts)))
    chosen = missing[:: max(1, len(missing) // wanted)][:wanted]
    began = time.monotonic()
    _make(job, chosen, engine)
    return Projection(job.label, len(job.items), _rows(job, chosen), time.monotonic() - began)


def _rows(job: Job, starts: Sequence[int]) -> int:
    return sum(len(job.shard(start).items) for start in starts)


def _make(job: Job, starts: Sequence[int], engine: Engine) -> None:
    """Embed the shards that begin at `starts`; each file is written by atomic renaming as soon as it is done."""
    if not starts:
        return
    made = engine(job.encoder, job.kind, (job.shard(start) for start in starts))
    with closing(made) as done, Progress(job.label, total=_rows(job, starts)) as progress:
        for start, content in done:
            write_file(job.file(start), content)
            progress.advance(len(job.shard(start).items))


def _join(job: Job) -> Embedded:
    """Copy the shards into one file, a shard at a time, so that memory use does not grow with the dataset."""
    refused: dict[int, str] = {}
    path = job.folder / "vectors.npy"
    with path.open("wb") as file:
        shape = (len(job.items), job.encoder.dim)
        np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": shape})
        for start in job.starts:
            vectors, why = read_shard(job.file(start))
            file.write(vectors.astype("<f4", copy=False).tobytes())
            refused |= {start + row: reason for row, reason in why.items()}
    return Embedded(np.load(path, mmap_mode="r" if job.items else None, allow_pickle=False), refused)
