"""The forms that each network can be shipped in besides fp32: one table, the only place that names them.

In: a precision's name, an encoder and one of its networks. Out: the forms to try, each with what makes it. Knows
nothing of how a form is measured or which one is shipped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import onnx

from matinee.errors import UnknownNameError
from matinee.session import CPU, CUDA
from matinee_export.encoders.networks.towers import Array
from matinee_export.encoders.quantization.fp16 import halve
from matinee_export.encoders.quantization.int8_conv import quantize_convolutions
from matinee_export.encoders.quantization.int8_conv_gemm import quantize_convolutions_for_gemm
from matinee_export.encoders.quantization.int8_matmul import quantize_products
from matinee_export.encoders.quantization.int8_static import quantize_statically
from matinee_export.encoders.quantization.int8_vision import quantize_vision

Make = Callable[[onnx.ModelProto, Sequence[Array]], onnx.ModelProto]

AUTO, FP32 = "auto", "fp32"


@dataclass(frozen=True)
class Form:
    """One way to make a network smaller and faster.

    Attributes:
        name: What `--precision` and the manifest call it.
        make: Makes it from the fp32 network, which is left as it is, and rows of real input for calibration: token ids
            (tokens,), or pixels (3, crop, crop).
        provider: The onnxruntime execution provider whose kernels it is for; it is tried by itself only there.
    """

    name: str
    make: Make
    provider: str = CPU


FORMS: dict[tuple[str, str], tuple[Form, ...]] = {
    ("bert", "text"): (
        Form("int8-static", quantize_statically),
        Form("int8", quantize_products),
        Form("fp16", halve, CUDA),
    ),
    ("resnet50", "image"): (
        Form("int8-gemm", quantize_convolutions_for_gemm),
        Form("int8", quantize_convolutions),
        Form("fp16", halve, CUDA),
    ),
    ("clip", "text"): (
        Form("int8-static", quantize_statically),
        Form("int8", quantize_products),
        Form("fp16", halve, CUDA),
    ),
    ("clip", "image"): (Form("int8", quantize_vision), Form("fp16", halve, CUDA)),
}
"""By encoder and network, the likely fastest first: a later one is shipped where an earlier one misses a bar, or where
it is clearly faster than that on this machine."""

PRECISIONS = (AUTO, FP32, *dict.fromkeys(form.name for forms in FORMS.values() for form in forms))
"""What `--precision` may say."""


def check_precision(precision: str) -> None:
    """Raise UnknownNameError unless `precision` is one of PRECISIONS."""
    if precision not in PRECISIONS:
        raise UnknownNameError("precision", precision, PRECISIONS)


def forms_to_try(encoder: str, tower: str, precision: str, provider: str) -> tuple[Form, ...]:
    """The forms of one network that are worth making.

    Args:
        encoder: Name of the encoder.
        tower: "text" or "image".
        precision: "auto" for all that are for `provider`; a form's name for that one, wherever it is for.
        provider: The execution provider that networks run on here.
    """
    forms = FORMS[encoder, tower]
    if precision == AUTO:
        return tuple(form for form in forms if form.provider == provider)
    return tuple(form for form in forms if form.name == precision)


def measured_on_provider(forms: Sequence[Form], provider: str) -> str:
    """The execution provider to measure `forms` on, where networks run on `provider`: a form for CPUs runs anywhere."""
    return CPU if any(form.provider == CPU for form in forms) else provider
