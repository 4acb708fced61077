"""Converts a network to half precision, for GPUs.

In: an fp32 ModelProto. Out: the same graph computed in float16, with unchanged inputs and output: int64 ids or
float32 pixels in, float32 vectors out. No calibration is needed. A row's result depends on that row alone, as in fp32.
"""

from __future__ import annotations

from collections.abc import Sequence

import onnx
from onnxruntime.transformers.float16 import convert_float_to_float16

from matinee_export.encoders.networks.towers import Array
from matinee_export.encoders.onnx.to_onnx import anonymous


def halve(model: onnx.ModelProto, rows: Sequence[Array] = ()) -> onnx.ModelProto:
    """Return the same network in float16.

    Args:
        model: fp32 network; not changed.
        rows: Not used; accepted because other variants need calibration inputs.
    """
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    return anonymous(convert_float_to_float16(copy, keep_io_types=True))
