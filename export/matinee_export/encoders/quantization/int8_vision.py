"""Quantizes a vision transformer, including its patch embedding, to int8 with fixed scales.

In: an fp32 ModelProto and rows of pixels. Out: a ModelProto quantized by `int8_static`. The convolution that embeds
a picture's patches is first rewritten as a product of each patch by one matrix, which can be quantized; other
convolutions are left unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from onnx import NodeProto, helper

from matinee_export.encoders.networks.towers import Array
from matinee_export.encoders.onnx.graph import Graph, rebuilt
from matinee_export.encoders.quantization.int8_static import quantize_statically


def quantize_vision(model: onnx.ModelProto, rows: Sequence[Array]) -> onnx.ModelProto:
    """Return the same network in int8.

    Args:
        model: fp32 network with one input; not changed.
        rows: Prepared pixels, (3, crop, crop) each, for calibration.
    """
    return quantize_statically(patches_as_products(model), rows)


def patches_as_products(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the same network with its patch embedding, if it has one, as a matrix product instead of a convolution."""
    graph = Graph(model)
    sizes = {item.name: [axis.dim_value for axis in item.type.tensor_type.shape.dim] for item in model.graph.input}
    constants: dict[str, Array] = {}
    nodes: list[NodeProto] = []
    for node in graph.nodes:
        weights = graph.constant(node.input[1]) if node.op_type == "Conv" else None
        size = sizes.get(node.input[0], [])
        if weights is None or not _side_by_side(node, weights, size):
            nodes.append(node)
            continue
        nodes += _product(node, weights, size, constants)
    return rebuilt(model, nodes, constants)


def _side_by_side(node: NodeProto, weights: Array, size: list[int]) -> bool:
    """Return whether a convolution's windows tile a picture of known size, without overlap, gaps or remainder."""
    given = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    window = list(weights.shape[2:])
    return (
        len(size) == 4
        and len(window) == 2
        and list(given.get("strides", [])) == window
        and not any(given.get("pads", []))
        and set(given.get("dilations", [1])) == {1}
        and given.get("group", 1) == 1
        and given.get("auto_pad", b"NOTSET") == b"NOTSET"
        and all(side > 0 and side % part == 0 for side, part in zip(size[2:], window, strict=True))
    )


def _product(node: NodeProto, weights: Array, size: list[int], constants: dict[str, Array]) -> list[NodeProto]:
    """Return nodes that compute the convolution as a product.

    The input is (batch, channels, height, width), the result (batch, matrix columns, patch rows, patch columns).
    """
    x, y = node.input[0], node.output[0]
    channels, (high, wide) = size[1], weights.shape[2:]
    rows, columns = size[2] // high, size[3] // wide
    shapes: Mapping[str, list[int]] = {
        "cut": [-1, channels, rows, high, columns, wide],
        "flat": [-1, rows * columns, channels * high * wide],
        "square": [-1, len(weights), rows, columns],
    }
    constants |= {f"{y}.{name}": np.array(shape) for name, shape in shapes.items()}
    constants[f"{y}.matrix"] = np.ascontiguousarray(weights.reshape(len(weights), -1).T)  # (width, columns)
    product = f"{y}.product"
    nodes = [
        helper.make_node("Reshape", [x, f"{y}.cut"], [f"{y}.parts"]),
        helper.make_node("Transpose", [f"{y}.parts"], [f"{y}.sorted"], perm=[0, 2, 4, 1, 3, 5]),
        helper.make_node("Reshape", [f"{y}.sorted", f"{y}.flat"], [f"{y}.patches"]),  # (batch, patches, width)
        helper.make_node("MatMul", [f"{y}.patches", f"{y}.matrix"], [product]),
    ]
    if len(node.input) == 3:
        nodes.append(helper.make_node("Add", [product, node.input[2]], [f"{y}.biased"]))
        product = f"{y}.biased"
    return [
        *nodes,
        helper.make_node("Transpose", [product], [f"{y}.channels"], perm=[0, 2, 1]),
        helper.make_node("Reshape", [f"{y}.channels", f"{y}.square"], [y]),
    ]
