"""The reduced-precision variants of a network: the name of each, the function that makes it and its hardware.

A recipe lists those that suit its networks; `selection` measures them and chooses one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import onnx

from matinee.errors import UnknownNameError
from matinee.session import CPU, CUDA
from matinee_export.encoders.networks.towers import Array
from matinee_export.encoders.quantization.fp16 import halve
from matinee_export.encoders.quantization.int8_conv import quantize_convolutions, quantize_convolutions_for_gemm
from matinee_export.encoders.quantization.int8_matmul import quantize_products
from matinee_export.encoders.quantization.int8_static import quantize_statically
from matinee_export.encoders.quantization.int8_vision import quantize_vision

Make = Callable[[onnx.ModelProto, Sequence[Array]], onnx.ModelProto]

AUTO, FP32 = "auto", "fp32"


@dataclass(frozen=True)
class Variant:
    """One way to make a network smaller and faster.

    Attributes:
        name: Its name in `--precision` and in the manifest.
        make: Makes it from the fp32 network, which is not changed, and rows of real input for calibration: token ids
            (tokens,), or pixels (3, crop, crop).
        provider: The onnxruntime execution provider that it is made for; "auto" tries it only there.
    """

    name: str
    make: Make
    provider: str = CPU


INT8_STATIC = Variant("int8-static", quantize_statically)
INT8_PRODUCTS = Variant("int8", quantize_products)
INT8_CONVOLUTIONS = Variant("int8", quantize_convolutions)
INT8_GEMM = Variant("int8-gemm", quantize_convolutions_for_gemm)
INT8_VISION = Variant("int8", quantize_vision)
FP16 = Variant("fp16", halve, CUDA)

TEXT_TRANSFORMER = (INT8_STATIC, INT8_PRODUCTS, FP16)
VISION_TRANSFORMER = (INT8_VISION, FP16)
CONVOLUTIONS = (INT8_GEMM, INT8_CONVOLUTIONS, FP16)
"""The variants that suit each kind of network, probably the fastest first."""

PRECISIONS = (
    AUTO,
    FP32,
    *dict.fromkeys(one.name for one in (*TEXT_TRANSFORMER, *CONVOLUTIONS, *VISION_TRANSFORMER)),
)
"""The values of `--precision`."""


def check_precision(precision: str) -> None:
    """Raise UnknownNameError unless `precision` is one of PRECISIONS."""
    if precision not in PRECISIONS:
        raise UnknownNameError("precision", precision, PRECISIONS)


def variants_to_try(variants: Sequence[Variant], precision: str, provider: str) -> tuple[Variant, ...]:
    """Return the variants of a network to make and measure.

    Args:
        variants: The variants that suit the network.
        precision: "auto" for all those made for `provider`; a variant's name for that one, whatever its provider.
        provider: The execution provider that networks run on here.
    """
    if precision == AUTO:
        return tuple(variant for variant in variants if variant.provider == provider)
    return tuple(variant for variant in variants if variant.name == precision)


def measured_on_provider(variants: Sequence[Variant], provider: str) -> str:
    """Return the execution provider to measure on: the CPU if any variant is made for it, else `provider`."""
    return CPU if any(variant.provider == CPU for variant in variants) else provider
