"""Corrects the biases of a convolutional network for the mean error that rounding its weights will cause.

In: an fp32 ModelProto that is about to be quantized, and rows of pixels. Out: the same network with corrected biases.
After a ReLU, activations are positive, so the rounding errors of a channel's weights do not cancel but shift its sums
by about the same amount for every picture; subtracting that from the bias costs nothing. Nagel et al., "Data-Free
Quantization Through Weight Equalization and Bias Correction" (2019), section 4.2, with means measured on real inputs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import NodeProto, helper, numpy_helper

from matinee_export.encoders.networks.towers import Array
from matinee_export.encoders.quantization.calibrate import observe

BATCH = 8


def correct_biases(model: onnx.ModelProto, rows: Sequence[Array], largest: int) -> onnx.ModelProto:
    """Correct the biases of the network's convolutions in place, and return the network.

    Args:
        model: fp32 network with one input, batch normalization folded into its convolutions.
        rows: Prepared pixels, (3, crop, crop) each.
        largest: The integer that the largest weight of an output channel is rounded to.
    """
    tensors = {item.name: item for item in model.graph.initializer}
    convolutions = [n for n in model.graph.node if n.op_type == "Conv" and n.input[1] in tensors and _ungrouped(n)]
    means = _channel_means(model, list(dict.fromkeys(node.input[0] for node in convolutions)), rows)
    for number, node in enumerate(convolutions):
        weights = numpy_helper.to_array(tensors[node.input[1]])  # (out, in, high, wide)
        added = _rounding(weights, largest).sum(axis=(2, 3)) @ means[node.input[0]]  # (out,)
        bias = numpy_helper.to_array(tensors[node.input[2]]) if len(node.input) == 3 else np.zeros_like(added)
        name = f"bias_correction.{number}"
        model.graph.initializer.append(numpy_helper.from_array((bias - added).astype(np.float32), name))
        node.input[:] = [*node.input[:2], name]
    return model


def _ungrouped(node: NodeProto) -> bool:
    return all(attribute.i == 1 for attribute in node.attribute if attribute.name == "group")


def _rounding(weights: Array, largest: int) -> Array:
    """Return each weight's rounding error, with integers from -largest to largest and one scale per output channel."""
    scales = np.abs(weights).max(axis=(1, 2, 3), keepdims=True) / largest
    rounded: Array = np.rint(weights / np.where(scales > 0, scales, 1)) * scales
    return rounded - weights


def _channel_means(model: onnx.ModelProto, names: Sequence[str], rows: Sequence[Array]) -> dict[str, Array]:
    """Return, by name, the channel means (channels,) over all rows of each value (batch, channels, height, width)."""
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    watched.graph.initializer.append(numpy_helper.from_array(np.array([2, 3]), "spatial"))
    means = {name: f"{name}.mean" for name in names}
    watched.graph.node.extend(
        helper.make_node("ReduceMean", [name, "spatial"], [mean], keepdims=0) for name, mean in means.items()
    )
    feed = model.graph.input[0].name
    batches = ({feed: np.stack(rows[i : i + BATCH])} for i in range(0, len(rows), BATCH))
    seen = list(observe(watched, list(means.values()), batches))
    return {name: np.concatenate([values[mean] for values in seen]).mean(axis=0) for name, mean in means.items()}
