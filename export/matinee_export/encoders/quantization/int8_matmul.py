"""Quantizes a transformer's matrix products to int8 such that a row's result depends on that row alone.

In: an fp32 ModelProto. Out: the same graph, with each product by a constant matrix computed in integers. A matrix has
one scale per output column. Activations have one scale per row (token), computed at run time: onnxruntime's own dynamic
quantization uses one scale for a whole batch, so that a text's vector would change with the other texts of its batch
and with padding. Row scales need no calibration. The graph uses only standard operators and com.microsoft's
MatMulIntegerToFloat, which every CPU build has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import onnx
from onnx import NodeProto, helper, numpy_helper

from matinee_export.encoders.networks.towers import Array
from matinee_export.encoders.onnx.graph import gemm_matrix

WEIGHT_RANGE = 63
"""Largest integer of a weight, 7 of 8 bits: processors without VNNI add pairs of u8 x s8 products in 16 bits, where
255 * 63 * 2 still fits, so every machine gives the same results."""

ACTIVATION_RANGE = 127
ZERO = 128
"""The integer that represents 0 in a row: signed kernels are slow on x86, so rows are shifted to 1..255."""

SMALLEST_SCALE = 1e-9

CONSTANTS: dict[str, Array] = {  # scalars are arrays without axes
    "int8_one": np.array(1, np.float32),
    "int8_zero": np.array(ZERO, np.uint8),
    "int8_zeros": np.array([ZERO], np.uint8),
    "int8_last": np.array([-1]),
    "int8_step": np.array(1 / ACTIVATION_RANGE, np.float32),
    "int8_smallest": np.array(SMALLEST_SCALE, np.float32),
}


def quantize_products(model: onnx.ModelProto, rows: Sequence[Array] = ()) -> onnx.ModelProto:
    """Return the same network with every product by a constant matrix in int8.

    Args:
        model: fp32 network; not changed.
        rows: Not used, since scales are computed at run time; accepted because other quantizers need them.
    """
    weights = {item.name: item for item in model.graph.initializer if len(item.dims) == 2}
    inits = {name: numpy_helper.from_array(value, name) for name, value in CONSTANTS.items()}
    nodes: list[NodeProto] = []
    quantized: set[str] = set()
    for node in model.graph.node:
        if node.op_type not in ("MatMul", "Gemm") or node.input[1] not in weights:
            nodes.append(node)
            continue
        source, product = node.input[0], node.output[0]
        matrix = numpy_helper.to_array(weights[node.input[1]])
        biased = len(node.input) == 3
        if node.op_type == "Gemm":
            matrix = gemm_matrix(node, matrix)
        if biased:
            product += ".unbiased"
        if source not in quantized:
            quantized.add(source)
            inits[f"{source}.width"] = numpy_helper.from_array(np.array([-1, matrix.shape[0]]), f"{source}.width")
            nodes.extend(_quantize_rows(source))
        inits |= {item.name: item for item in _quantize_matrix(product, matrix)}
        nodes.extend(_multiply(source, product))
        if biased:
            nodes.append(helper.make_node("Add", [product, node.input[2]], node.output))
    return _rebuilt(model, nodes, inits)


def _quantize_rows(x: str) -> list[NodeProto]:
    """Return nodes that turn `x`, (..., width), into `x.int8`, (rows, width), and its scales `x.scale`, (rows,)."""
    node = helper.make_node
    return [
        node("Reshape", [x, f"{x}.width"], [f"{x}.flat"]),
        node("ReduceMax", [f"{x}.flat", "int8_last"], [f"{x}.max"], keepdims=0),
        node("ReduceMin", [f"{x}.flat", "int8_last"], [f"{x}.min"], keepdims=0),
        node("Neg", [f"{x}.min"], [f"{x}.negmin"]),
        node("Max", [f"{x}.max", f"{x}.negmin", "int8_smallest"], [f"{x}.size"]),
        node("Mul", [f"{x}.size", "int8_step"], [f"{x}.scale"]),
        node("Unsqueeze", [f"{x}.scale", "int8_last"], [f"{x}.column"]),
        node("Shape", [f"{x}.scale"], [f"{x}.rows"]),
        node("Expand", ["int8_zeros", f"{x}.rows"], [f"{x}.zeros"]),
        node("QuantizeLinear", [f"{x}.flat", f"{x}.scale", f"{x}.zeros"], [f"{x}.int8"], axis=0),
        node("Shape", [x], [f"{x}.lead"], start=0, end=-1),
    ]


def _multiply(x: str, y: str) -> list[NodeProto]:
    """Return nodes that compute `y`, (..., columns), from the quantized `x` and the quantized matrix of `y`."""
    node = helper.make_node
    product = [f"{x}.int8", f"{y}.int8", "int8_one", f"{y}.scales", "int8_zero", f"{y}.zero"]
    return [
        node("MatMulIntegerToFloat", product, [f"{y}.product"], domain="com.microsoft"),
        node("Mul", [f"{y}.product", f"{x}.column"], [f"{y}.scaled"]),
        node("Concat", [f"{x}.lead", f"{y}.columns"], [f"{y}.shape"], axis=0),
        node("Reshape", [f"{y}.scaled", f"{y}.shape"], [y]),
    ]


def _quantize_matrix(y: str, matrix: Array) -> Iterator[onnx.TensorProto]:
    """Yield the constants of product `y`: its matrix (width, columns) as int8, float32 scales (columns,), zeros."""
    scales = np.maximum(np.abs(matrix).max(axis=0) / WEIGHT_RANGE, SMALLEST_SCALE).astype(np.float32)
    yield numpy_helper.from_array(np.rint(matrix / scales).astype(np.int8), f"{y}.int8")
    yield numpy_helper.from_array(scales, f"{y}.scales")
    yield numpy_helper.from_array(np.zeros(matrix.shape[1], np.int8), f"{y}.zero")
    yield numpy_helper.from_array(np.array([matrix.shape[1]]), f"{y}.columns")


def _rebuilt(model: onnx.ModelProto, nodes: list[NodeProto], inits: dict[str, onnx.TensorProto]) -> onnx.ModelProto:
    """Return the model with `nodes` as its nodes and, of its own constants and `inits`, those that are used."""
    used = {name for node in nodes for name in node.input}
    kept = {item.name: item for item in model.graph.initializer} | inits
    graph = helper.make_graph(
        nodes,
        model.graph.name,
        model.graph.input,
        model.graph.output,
        [item for name, item in kept.items() if name in used],
    )
    opsets = {item.domain: item.version for item in model.opset_import} | {"com.microsoft": 1}
    return helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid(domain, version) for domain, version in opsets.items()],
        ir_version=model.ir_version,
        producer_name=model.producer_name,
    )
