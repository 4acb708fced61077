"""Shards: consecutive texts or posters of a job, embedded into one file of vectors.

In: texts or images. Out: the bytes of an .npz file with `vectors` (n, dim) float32 and `refused`, a JSON object from
row of the shard to the reason why it is zero. The same inputs give the same bytes.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from matinee.encoders import Encoder, OnError

Kind = Literal["texts", "posters"]
"""The kind of input that an encoder is to embed."""

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Shard:
    """Consecutive items of a job.

    Attributes:
        start: Index of the first item among all of the job's.
        items: Texts, or files of posters.
    """

    start: int
    items: Sequence[str] | Sequence[Path]


def make_shard(encoder: Encoder, kind: Kind, items: Sequence[Any]) -> bytes:
    """Embed a shard's items (texts, poster files or the bytes of poster files) and return the bytes of its file."""
    refused: dict[int, str] = {}
    blocks = list(_READ[kind](encoder, items, lambda row, error: refused.update({row: str(error)})))
    vectors = np.concatenate(blocks) if blocks else np.zeros((0, encoder.dim), np.float32)
    file = BytesIO()
    np.savez(file, vectors=vectors, refused=np.array(json.dumps(refused)))
    return file.getvalue()


def read_shard(path: Path) -> tuple[Vectors, dict[int, str]]:
    """Return the vectors (n, dim) of a shard's file, and the reasons for its zero rows, by row."""
    with np.load(path, allow_pickle=False) as shard:
        refused: dict[str, str] = json.loads(str(shard["refused"]))
        return shard["vectors"], {int(row): why for row, why in refused.items()}


def is_whole(path: Path) -> bool:
    """Return whether a shard's file exists and all its parts match their checksums."""
    try:
        with zipfile.ZipFile(path) as shard:
            return shard.testzip() is None
    except (OSError, zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, zlib.error):
        return False


_READ: Mapping[Kind, Callable[[Encoder, Sequence[Any], OnError], Iterator[Vectors]]] = {
    "texts": lambda encoder, items, on_error: encoder.embed_texts(items, on_error=on_error),
    "posters": lambda encoder, items, on_error: encoder.embed_posters(items, on_error=on_error),
}
