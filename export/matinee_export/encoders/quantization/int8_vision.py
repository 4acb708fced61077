"""Quantizes a transformer that sees pictures to int8: its patches as products, then every product with fixed scales.

In: an fp32 ModelProto and rows of pixels. Out: a ModelProto as `int8_static` makes it. Knows nothing of posters.
"""

from __future__ import annotations

from collections.abc import Sequence

import onnx

from matinee_export.encoders.networks.towers import Array
from matinee_export.encoders.onnx.patches import patches_as_products
from matinee_export.encoders.quantization.int8_static import quantize_statically


def quantize_vision(model: onnx.ModelProto, rows: Sequence[Array]) -> onnx.ModelProto:
    """The same network in int8.

    Args:
        model: fp32 network with one input, left as it is.
        rows: Pixels as it takes them, (3, crop, crop) each, for calibration.
    """
    return quantize_statically(patches_as_products(model), rows)
