"""A small network of convolutions, and a few inputs for it, made without torch."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from matinee.session import CPU

SIDE = 32

Floats = npt.NDArray[np.float32]


def picture_like(count: int) -> list[Floats]:
    """Random pixels, (3, SIDE, SIDE) each, never below 0 as behind a ReLU."""
    random = np.random.default_rng(11)
    return list(random.random((count, 3, SIDE, SIDE), dtype=np.float32))


def convolution(channels: tuple[int, int], window: int, stride: int = 1, pad: int = 0) -> onnx.ModelProto:
    """One convolution with a bias, pixels (batch, in, SIDE, SIDE) to vector (batch, out, ...)."""
    nodes, tensors = _layer("pixels", "vector", channels, window, stride, pad)
    return _model(nodes, tensors, channels[0])


def network() -> onnx.ModelProto:
    """Three convolutions, the last of them deep (288 products a result), and a mean: (batch, 24)."""
    nodes, tensors = [], []
    sizes = (("pixels", "a", (3, 16), 3), ("b", "c", (16, 32), 1), ("d", "e", (32, 24), 3))
    for (x, y, channels, window), relu in zip(sizes, ("b", "d", "f"), strict=True):
        layer, weights = _layer(x, y, channels, window, 1, window // 2)
        nodes += [*layer, helper.make_node("Relu", [y], [relu])]
        tensors += weights
    tensors.append(numpy_helper.from_array(np.array([2, 3]), "axes"))
    nodes.append(helper.make_node("ReduceMean", ["f", "axes"], ["vector"], keepdims=0))
    return _model(nodes, tensors, 3)


def run(model: onnx.ModelProto, rows: list[Floats]) -> Floats:
    """What the network gives for rows of pixels, one batch."""
    import onnxruntime

    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=[CPU])
    vectors: Floats = session.run(["vector"], {"pixels": np.stack(rows)})[0]
    return vectors


def _layer(
    x: str, y: str, channels: tuple[int, int], window: int, stride: int, pad: int
) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    random = np.random.default_rng(channels[1])
    fan_in = channels[0] * window**2
    weights = random.standard_normal((channels[1], channels[0], window, window), dtype=np.float32) / fan_in**0.5
    bias = random.standard_normal(channels[1], dtype=np.float32)
    node = helper.make_node(
        "Conv", [x, f"{y}.w", f"{y}.b"], [y], name=y, strides=[stride] * 2, pads=[pad] * 4, kernel_shape=[window] * 2
    )
    return [node], [numpy_helper.from_array(weights, f"{y}.w"), numpy_helper.from_array(bias, f"{y}.b")]


def _model(nodes: list[onnx.NodeProto], tensors: list[onnx.TensorProto], channels: int) -> onnx.ModelProto:
    pixels = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["batch", channels, SIDE, SIDE])
    vector = helper.make_tensor_value_info("vector", TensorProto.FLOAT, None)
    graph = helper.make_graph(nodes, "small", [pixels], [vector], tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
