"""Collects samples of a network's intermediate values on real inputs.

In: a ModelProto, names of float values (batch, ..., width), and rows of input: token ids (tokens,), or pixels (3, crop,
crop). Out: for each value a sample of its vectors, (n, width), with equal shares from all rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper

from matinee.session import CPU
from matinee_export.encoders.networks.towers import Array

ROWS = 32
"""Largest number of input rows used."""

TOKENS = 16
"""Largest number of vectors kept of a row, spread evenly from its first token to its last."""


def sample(model: onnx.ModelProto, names: Sequence[str], rows: Sequence[Array]) -> dict[str, Array]:
    """Return a sample of the vectors of each value in `names`, float32 (n, width), by name."""
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
    """Yield, for each of `feeds`, the network's intermediate float values in `names`, by name."""
    import onnxruntime

    if not names:
        return  # onnxruntime would return all outputs for an empty list
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    watched.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(watched.SerializeToString(), options, providers=[CPU])
    for feed in feeds:
        yield dict(zip(names, session.run(list(names), feed), strict=True))


def _feed(model: onnx.ModelProto, row: Array) -> dict[str, Array]:
    """Return the inputs of a batch with this one row, which needs no padding."""
    ones = np.ones((1, *row.shape), np.int64)
    known = {"attention_mask": ones, "token_type_ids": 0 * ones}
    return {item.name: known.get(item.name, row[None]) for item in model.graph.input}
