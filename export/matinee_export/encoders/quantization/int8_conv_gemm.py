"""Quantizes a convolutional network to int8 such that onnxruntime computes its deep convolutions as matrix products.

In: an fp32 ModelProto and rows of pixels. Out: what `int8_conv` makes of them, the same to the last bit, with the
weights of deep convolutions stored one higher and a zero point of 1. onnxruntime computes a convolution whose weights'
zero point is 0 with kernels of its own (VNNI), any other as a product of matrices, which uses the tiles of processors
that have AMX. Shallow convolutions, whose results outweigh their products, stay with the first. Knows nothing of
posters.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import numpy_helper

from matinee_export.encoders.networks.towers import Array
from matinee_export.encoders.quantization.int8_conv import quantize_convolutions

DEEP = 200
"""Fewest products that make one result of a convolution for which a matrix product was measured to be faster; of
100, 200, 300 and 600 the best for ResNet50 in batches of 1, 4 and 16."""

SHIFT = 1
"""The zero point of a deep convolution's weights, which become -63 to 65. Processors without VNNI add products in pairs
in 16 bits: only a pair of largest weights under a pair of largest activations would not fit, by one in a hundred."""


def quantize_convolutions_for_gemm(model: onnx.ModelProto, rows: Sequence[Array]) -> onnx.ModelProto:
    """The same network with its convolutions in int8, deep ones computed as matrix products.

    Args:
        model: fp32 network with one input.
        rows: Pixels as it takes them, (3, crop, crop) each, for calibration.
    """
    reduced = quantize_convolutions(model, rows)
    tensors = {item.name: item for item in reduced.graph.initializer}
    makers = {name: node for node in reduced.graph.node for name in node.output}
    for node in reduced.graph.node:
        if node.op_type != "Conv":
            continue
        weights, _, zero = makers[node.input[1]].input  # of its DequantizeLinear
        if np.prod(tensors[weights].dims[1:]) >= DEEP:
            for name in (weights, zero):
                shifted = numpy_helper.to_array(tensors[name]) + np.int8(SHIFT)
                tensors[name].CopyFrom(numpy_helper.from_array(shifted, name))
    return reduced
