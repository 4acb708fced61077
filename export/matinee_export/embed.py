"""Every review and every poster to a vector, once, in shards that survive an interruption.

In: an opened encoder of the runtime (what is measured is what is served) and the texts or poster files. Out: one
`vectors.npy` (n, dim) float32, memory-mapped, a zero row where a text could not be read, and the reasons. Knows nothing
of users, ratings or splits: a row is embedded without looking at any other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from matinee.encoders import Encoder
from matinee.errors import MatineeError
from matinee.progress import Progress
from matinee_export.workspace import PART

SHARD = 1024
"""Rows a shard; an interrupted build loses at most one."""

Item = TypeVar("Item")
OnError = Callable[[int, MatineeError], None]


@dataclass(frozen=True)
class Embedded:
    """Vectors (n, dim) float32 of n inputs, and why some inputs have a zero row, by input number."""

    vectors: npt.NDArray[np.float32]
    refused: dict[int, str]


def embed_texts(encoder: Encoder, texts: Sequence[str], folder: Path) -> Embedded:
    """Embed `texts` with `encoder`, going on with the shards that `folder` holds already."""
    return _embed(
        f"{encoder.name}: reviews",
        lambda part, on_error: encoder.embed_texts(part, on_error=on_error),
        texts,
        encoder.dim,
        folder,
    )


def embed_posters(encoder: Encoder, posters: Sequence[Path], folder: Path) -> Embedded:
    """Embed the poster files `posters` with `encoder`, going on with the shards that `folder` holds already.

    Raises:
        BadImageError: A poster cannot be decoded; leave out beforehand those that `write_thumbnails` refused.
    """
    return _embed(
        f"{encoder.name}: posters",
        lambda part, on_error: encoder.embed_posters(part),
        posters,
        encoder.dim,
        folder,
    )


def _embed(
    label: str,
    embed: Callable[[Sequence[Item], OnError], Iterator[npt.NDArray[np.float32]]],
    items: Sequence[Item],
    dim: int,
    folder: Path,
) -> Embedded:
    starts = range(0, len(items), SHARD)
    with Progress(label, total=len(items)) as progress:
        for start in starts:
            part = items[start : start + SHARD]
            if not _shard(folder, start).exists():
                _write_shard(_shard(folder, start), embed, part, dim)
            progress.advance(len(part))
    return _join(folder, starts, len(items), dim)


def _shard(folder: Path, start: int) -> Path:
    return folder / f"{start:09d}.npz"


def _write_shard(
    path: Path,
    embed: Callable[[Sequence[Item], OnError], Iterator[npt.NDArray[np.float32]]],
    items: Sequence[Item],
    dim: int,
) -> None:
    refused: dict[int, str] = {}
    blocks = list(embed(items, lambda row, error: refused.update({row: str(error)})))
    vectors = np.concatenate(blocks) if blocks else np.zeros((0, dim), np.float32)
    part = path.with_suffix(PART)
    with part.open("wb") as file:
        np.savez(file, vectors=vectors, refused=json.dumps(refused))
    part.rename(path)


def _join(folder: Path, starts: range, rows: int, dim: int) -> Embedded:
    """Copy the shards into one file, a shard at a time, so that memory stays flat at any size."""
    refused: dict[int, str] = {}
    path = folder / "vectors.npy"
    joined = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(rows, dim)) if rows else None
    for start in starts:
        with np.load(_shard(folder, start), allow_pickle=False) as shard:
            block = shard["vectors"]
            refused.update({start + int(row): why for row, why in json.loads(str(shard["refused"])).items()})
        if joined is not None:
            joined[start : start + len(block)] = block
    if joined is None:
        return Embedded(np.zeros((0, dim), np.float32), refused)
    joined.flush()
    return Embedded(np.load(path, mmap_mode="r", allow_pickle=False), refused)
