"""Placeholder."""

from __future__ import annotations

from collections.abc import Sequence

import onnx

from matinee_export.encoders.towers import Array


def quantize_products(model: onnx.ModelProto, rows: Sequence[Array]) -> onnx.ModelProto:
    """The same network with its products in int8."""
    return model
