"""Collects what chosen values of a network look like on real inputs.

In: a ModelProto, names of float values (batch, ..., width), and rows of input: token ids (tokens,), or pixels (3, crop,
crop). Out: for each value some of its vectors, (n, width), from all rows alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper

from matinee.session import CPU
from matinee_export.encoders.networks.towers import Array

ROWS = 32
"""Most rows that are used."""

TOKENS = 16
"""Most tokens of a row that are kept, spread evenly from its first to its last."""


def sample(model: onnx.ModelProto, names: Sequence[str], rows: Sequence[Array]) -> dict[str, Array]:
    """Some of the vectors that each value of `names` takes, float32 (n, width)."""
    seen: dict[str, list[Array]] = {name: [] for name in names}
    for values in observe(model, names, (_feed(model, row) for row in rows[:ROWS])):
        for name, value in values.items():
            vectors = value.reshape(-1, value.shape[-1])
            spread = np.unique(np.linspace(0, len(vectors) - 1, TOKENS).astype(int))
            seen[name].append(vectors[spread])
    return {name: np.concatenate(parts) for name, parts in seen.items()}


def observe(
    model: onnx.ModelProto, names: Sequence[str], feeds: Iterable[Mapping[str, Array]]
) -> Iterator[dict[str, Array]]:
    """Yield the float values called `names` within the network, by name, for each of `feeds`."""
    import onnxruntime

    if not names:
        return  # onnxruntime would take no names for all outputs
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    watched.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(watched.SerializeToString(), options, providers=[CPU])
    for feed in feeds:
        yield dict(zip(names, session.run(list(names), feed), strict=True))


def _feed(model: onnx.ModelProto, row: Array) -> dict[str, Array]:
    """A batch of one row, alone, so without padding."""
    ones = np.ones((1, *row.shape), np.int64)
    known = {"attention_mask": ones, "token_type_ids": 0 * ones}
    return {item.name: known.get(item.name, row[None]) for item in model.graph.input}
