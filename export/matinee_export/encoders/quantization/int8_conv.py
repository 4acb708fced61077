"""Quantizes a convolutional network to int8, with fixed scales from a few real inputs.

In: an fp32 ModelProto and rows of pixels. Out: a ModelProto in QDQ form: uint8 activations with one scale per tensor,
from the smallest and largest value seen; int8 weights with one scale per output channel. Weights use 7 of their 8
bits, so that processors without VNNI, whose int8 products would overflow, give the same results; biases are corrected
for the mean error of that rounding.

onnxruntime computes a convolution whose weights have zero point 0 with convolution kernels (VNNI), any other as a
matrix product, which uses AMX tiles on processors that have them. `quantize_convolutions_for_gemm` makes use of that:
it adds 1 to the weights of deep convolutions and sets their zero point to 1, which gives bit-identical results. Shallow
convolutions, where storing results costs more than the products, are left unchanged.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from onnx import numpy_helper
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from matinee_export.encoders.networks.towers import Array
from matinee_export.encoders.onnx.to_onnx import anonymous
from matinee_export.encoders.quantization.bias_correction import correct_biases

BATCH = 8

LARGEST = 64
"""The integer that the largest weight of an output channel becomes with onnxruntime's `reduce_range`."""


class _Rows(CalibrationDataReader):  # type: ignore[misc] # onnxruntime ships no types
    """Feeds rows of pixels to onnxruntime's calibrator, BATCH at a time."""

    def __init__(self, name: str, rows: Sequence[Array]) -> None:
        self._batches: Iterator[dict[str, Array]] = (
            {name: np.stack(rows[i : i + BATCH])} for i in range(0, len(rows), BATCH)
        )

    def get_next(self) -> dict[str, Array] | None:
        """Return the next batch by input name, or None after the last."""
        return next(self._batches, None)


def quantize_convolutions(model: onnx.ModelProto, rows: Sequence[Array]) -> onnx.ModelProto:
    """Return the same network with its convolutions in int8.

    Args:
        model: fp32 network with one input.
        rows: Prepared pixels, (3, crop, crop) each, for calibration.
    """
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # onnxruntime's tools log recommendations that are followed here already
    try:
        with TemporaryDirectory() as folder:
            fp32, ready, int8 = (str(Path(folder) / f"{name}.onnx") for name in ("fp32", "ready", "int8"))
            onnx.save(model, fp32)
            quant_pre_process(fp32, ready, skip_symbolic_shape=True)
            onnx.save(correct_biases(onnx.load(ready), rows, LARGEST), ready)
            quantize_static(
                ready,
                int8,
                _Rows(model.graph.input[0].name, rows),
                quant_format=QuantFormat.QDQ,
                per_channel=True,
                reduce_range=True,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                calibrate_method=CalibrationMethod.MinMax,
            )
            return anonymous(onnx.load(int8))
    finally:
        root.setLevel(level)


DEEP = 200
"""Number of multiplications per output value from which a convolution counts as deep and is computed as a matrix
product; of 100, 200, 300 and 600 the fastest measured for ResNet50 in batches of 1, 4 and 16."""

SHIFT = 1
"""The zero point of a deep convolution's weights, which then range from -63 to 65. Processors without VNNI add pairs of
products in 16 bits, which overflows (by 1 %) only if two largest weights meet two largest activations."""


def quantize_convolutions_for_gemm(model: onnx.ModelProto, rows: Sequence[Array]) -> onnx.ModelProto:
    """Return the same network with its convolutions in int8, deep ones computed as matrix products.

    Args:
        model: fp32 network with one input.
        rows: Prepared pixels, (3, crop, crop) each, for calibration.
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
