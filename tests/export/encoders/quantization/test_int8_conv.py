"""Convolutions in int8: both forms compute the same numbers, rounding moves no mean, and nothing is this machine's."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

pytest.importorskip("onnxruntime.quantization", exc_type=ImportError)

from tests.export.small_convolutions import convolution, network, picture_like, run

from matinee_export.encoders.quantization.bias_correction import correct_biases
from matinee_export.encoders.quantization.int8_conv import quantize_convolutions, quantize_convolutions_for_gemm

ROWS = picture_like(24)


@pytest.fixture(scope="module")
def kernels() -> onnx.ModelProto:
    return quantize_convolutions(network(), ROWS[:16])


@pytest.fixture(scope="module")
def gemm() -> onnx.ModelProto:
    return quantize_convolutions_for_gemm(network(), ROWS[:16])


def test_int8_is_close_to_fp32(kernels: onnx.ModelProto) -> None:
    exact, reduced = run(network(), ROWS[16:]), run(kernels, ROWS[16:])
    cosine = (exact * reduced).sum(1) / np.linalg.norm(exact, axis=1) / np.linalg.norm(reduced, axis=1)
    assert cosine.min() > 0.999


def test_products_of_matrices_compute_what_the_convolutions_do(kernels: onnx.ModelProto, gemm: onnx.ModelProto) -> None:
    np.testing.assert_array_equal(run(gemm, ROWS), run(kernels, ROWS))


def test_only_deep_convolutions_become_products(gemm: onnx.ModelProto) -> None:
    tensors = {item.name: numpy_helper.to_array(item) for item in gemm.graph.initializer}
    makers = {name: node for node in gemm.graph.node for name in node.output}
    zeros = {
        node.name: set(tensors[makers[node.input[1]].input[2]]) for node in gemm.graph.node if node.op_type == "Conv"
    }
    assert zeros == {"a": {0}, "c": {0}, "e": {1}}


def test_a_vector_does_not_know_its_batch_mates(gemm: onnx.ModelProto) -> None:
    together = run(gemm, ROWS)
    np.testing.assert_array_equal(together[5:6], run(gemm, ROWS[5:6]))


def test_a_form_holds_standard_operators_only_and_the_same_bytes_each_time(gemm: onnx.ModelProto) -> None:
    assert {node.domain for node in gemm.graph.node} <= {"", "ai.onnx"}
    assert not any("nchwc" in node.op_type.lower() for node in gemm.graph.node)
    again = quantize_convolutions_for_gemm(network(), ROWS[:16])
    assert again.SerializeToString(deterministic=True) == gemm.SerializeToString(deterministic=True)


def test_rounded_weights_with_corrected_biases_keep_every_channels_mean() -> None:
    exact = convolution((3, 24), window=4, stride=4)  # every pixel counts alike, so the correction is exact
    corrected = correct_biases(convolution((3, 24), window=4, stride=4), ROWS, largest=8)
    plain = convolution((3, 24), window=4, stride=4)
    for model in (corrected, plain):
        weights = model.graph.initializer[0]
        values = numpy_helper.to_array(weights)
        scales = np.abs(values).max(axis=(1, 2, 3), keepdims=True) / 8
        weights.CopyFrom(numpy_helper.from_array((np.rint(values / scales) * scales).astype(np.float32), weights.name))
    means, moved, kept = (run(model, ROWS).mean(axis=(0, 2, 3)) for model in (exact, plain, corrected))
    assert np.abs(moved - means).max() > 0.01
    assert np.abs(kept - means).max() < np.abs(moved - means).max() / 20
