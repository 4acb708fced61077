"""Every review and every poster to a vector, once, in shards that survive an interruption.

In: a `Job`: an encoder of the runtime (what is measured is what is served) and the texts or poster files that it is to
read. Out: one `vectors.npy` (n, dim) float32, memory-mapped, a zero row where a text could not be read, and the
reasons; or how long that will take.
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
"""Rows a shard; an interrupted build loses at most one, or one for each worker of a cluster."""

SHARE = 0.01
"""How much is embedded to say how long all of it takes, in shards spread evenly over the dataset."""


@dataclass(frozen=True)
class Job:
    """One encoder and what it is to read.

    Attributes:
        encoder: The encoder.
        kind: "texts" or "posters".
        items: Those texts, or the files of those posters.
        folder: Where shards are, those of an earlier build among them.
    """

    encoder: Encoder
    kind: Kind
    items: Sequence[str] | Sequence[Path]
    folder: Path

    @property
    def label(self) -> str:
        """What is done, in words: "bert: reviews"."""
        return f"{self.encoder.name}: {'reviews' if self.kind == 'texts' else self.kind}"

    @property
    def starts(self) -> range:
        """Number of the first item of each shard."""
        return range(0, len(self.items), SHARD)

    @property
    def missing(self) -> list[int]:
        """Starts of the shards that are not there yet, or damaged."""
        return [start for start in self.starts if not is_whole(self.file(start))]

    def file(self, start: int) -> Path:
        """Return the file of a shard."""
        return self.folder / f"{start:09d}.npz"

    def shard(self, start: int) -> Shard:
        """Return a shard's items."""
        return Shard(start, self.items[start : start + SHARD])


@dataclass(frozen=True)
class Embedded:
    """Vectors (n, dim) float32 of n inputs, and why some inputs have a zero row, by input number."""

    vectors: npt.NDArray[np.float32]
    refused: dict[int, str]


@dataclass(frozen=True)
class Projection:
    """How long it takes to embed everything of a job, going by a part of it that was embedded just now.

    Attributes:
        label: The job's.
        total: Items of the job.
        measured: Items embedded just now; 0 where every shard was there already.
        seconds: What those took.
    """

    label: str
    total: int
    measured: int
    seconds: float

    @property
    def whole(self) -> float:
        """Seconds that all items take."""
        return self.seconds * self.total / self.measured if self.measured else 0.0

    def __str__(self) -> str:
        if not self.measured:
            return f"{self.label}: all {self.total:,} are embedded already"
        rate = f"{self.measured / self.seconds:,.1f} a second"
        return f"{self.label}: {self.total:,} take {duration(self.whole)} at {rate}, by {self.measured:,} done just now"


def embed(job: Job, engine: Engine) -> Embedded:
    """Embed what a job has not embedded yet, and return all of it."""
    _make(job, job.missing, engine)
    return _join(job)


def project(job: Job, engine: Engine) -> Projection:
    """Embed 1 % of a job, at least one shard, and say how long all of it takes; what is embedded is kept."""
    missing = job.missing
    wanted = max(1, round(SHARE * len(job.starts)))
    chosen = missing[:: max(1, len(missing) // wanted)][:wanted]
    began = time.monotonic()
    _make(job, chosen, engine)
    return Projection(job.label, len(job.items), _rows(job, chosen), time.monotonic() - began)


def _rows(job: Job, starts: Sequence[int]) -> int:
    return sum(len(job.shard(start).items) for start in starts)


def _make(job: Job, starts: Sequence[int], engine: Engine) -> None:
    """Make some shards; each file appears by renaming as soon as it is done."""
    if not starts:
        return
    made = engine(job.encoder, job.kind, (job.shard(start) for start in starts))
    with closing(made) as done, Progress(job.label, total=_rows(job, starts)) as progress:
        for start, content in done:
            write_file(job.file(start), content)
            progress.advance(len(job.shard(start).items))


def _join(job: Job) -> Embedded:
    """Copy the shards into one file, a shard at a time, so that memory stays flat at any size."""
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
