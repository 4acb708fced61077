"""Rewrites a network to half precision, for GPUs.

In: an fp32 ModelProto. Out: the same graph computed in float16, its inputs and its output as they were: int64 ids or
float32 pixels in, float32 vectors out. Needs no calibration: a row's result depends on that row alone, as in fp32.
"""

from __future__ import annotations

from collections.abc import Sequence

import onnx
from onnxruntime.transformers.float16 import convert_float_to_float16

from matinee_export.encoders.networks.towers import Array
from matinee_export.encoders.onnx.to_onnx import anonymous


def halve(model: onnx.ModelProto, rows: Sequence[Array] = ()) -> onnx.ModelProto:
    """The same network in float16.

    Args:
        model: fp32 network; left as it is.
        rows: Not needed; taken because other variants need them.
    """
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    return anonymous(convert_float_to_float16(copy, keep_io_types=True))
