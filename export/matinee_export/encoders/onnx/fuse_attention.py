"""Rewrites attention spelt out as products and softmax into onnxruntime's one operator for it.

In: an fp32 ModelProto as torch or optimum export a transformer. Out: the same network with MultiHeadAttention nodes;
where the pattern is not found, nodes stay as they are. Where no token of a batch is padding the operator is run without
a mask, which is its fast path.

onnxruntime's and onnxscript's own optimizers know older exporters' graphs and find no attention in these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper

from matinee_export.encoders.networks.towers import Array
from matinee_export.encoders.onnx.graph import LAYOUT, MICROSOFT, Graph, gemm_matrix, rebuilt

MASK = "attention_mask"
FULL, PADDING = "attention.full", "attention.padding"

FLOOR = -60.0
"""Least number that is added to a score to hide it. The share that is left is nothing to float32, as with minus
infinity, unless the score is some 40 above all that are seen. But the exponential of much less is no normal float32,
and processors compute with those many times more slowly."""


@dataclass(frozen=True)
class Linear:
    """A product of rows by a constant matrix, with its bias: x @ matrix + bias.

    Attributes:
        x: The value multiplied, (batch, tokens, width).
        matrix: (width, columns).
        bias: (columns,).
    """

    x: str
    matrix: Array
    bias: Array


@dataclass(frozen=True)
class Scores:
    """What softmax is taken of: scale * query @ key + mask, by the names of the values; no mask is ""."""

    query: str
    key: str
    scale: float
    mask: str


@dataclass(frozen=True)
class Attention:
    """One attention as it was found.

    Attributes:
        parts: Query, key and value, each computed from (batch, tokens, width).
        scale: Factor of the scores.
        mask: Value added to the scores, or "".
        out: The matrix and bias after it; its x does not count.
        output: Name of the result, (batch, tokens, width).
    """

    parts: tuple[Linear, Linear, Linear]
    scale: float
    mask: str
    out: Linear
    output: str

    @property
    def heads(self) -> int:
        """Scores are divided by the square root of a head's width, so the scale tells the width."""
        return round(len(self.parts[0].bias) * self.scale**2)


def fuse_attention(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same network with each attention that is recognized as one operator; it may have none."""
    graph = Graph(model)
    nodes: list[NodeProto] = []
    constants: dict[str, Array] = {}
    renamed: dict[str, str] = {}
    padded = any(item.name == MASK for item in model.graph.input)
    if padded:
        nodes += _mask_nodes(constants)
    for node in graph.nodes:
        found = _find(graph, node) if node.op_type == "MatMul" else None
        if found is None:
            nodes.append(_with_inputs(node, renamed))
            continue
        nodes.append(node)  # it dies with the softmax before it unless something else needs it
        nodes += [_with_inputs(new, renamed) for new in _nodes(graph, found, node.output[0], constants)]
        renamed[found.output] = f"{node.output[0]}.out"
    return rebuilt(model, nodes, constants)


def _find(graph: Graph, node: NodeProto) -> Attention | None:
    """The attention whose softmax `node` multiplies by the values."""
    softmax = graph.maker(node.input[0], "Softmax")
    scores = _scores(graph, softmax.input[0]) if softmax else None
    if scores is None:
        return None
    scale, parts = scores.scale, []
    for name in (scores.query, scores.key, node.input[1]):
        part, factor = _projection(graph, name)
        if part is None:
            return None
        parts.append(part)
        scale *= factor
    end = _linear(graph, graph.ahead(node.output[0]))
    if end is None:
        return None
    out, output = end
    return Attention((parts[0], parts[1], parts[2]), scale, scores.mask, out, graph.ahead(output))


def _scores(graph: Graph, name: str) -> Scores | None:
    node = graph.makers.get(name)
    if node is None:
        return None
    if node.op_type == "MatMul" and graph.axes(node.input[1]) < 0:
        return Scores(node.input[0], node.input[1], 1.0, "")
    if node.op_type == "Add":
        for scores, mask in (node.input, node.input[::-1]):
            inner = _scores(graph, scores)
            if inner is not None and not inner.mask:
                return Scores(inner.query, inner.key, inner.scale, mask)
    factor, rest = _factor(graph, node)
    inner = _scores(graph, rest) if rest else None
    return Scores(inner.query, inner.key, inner.scale * factor, inner.mask) if inner and not inner.mask else None


def _factor(graph: Graph, node: NodeProto) -> tuple[float, str]:
    """The constant number by which a node multiplies and what it multiplies; (1, "") where it does not."""
    if node.op_type in ("Mul", "Div"):
        number = graph.number(node.input[1])
        if number:
            return (number if node.op_type == "Mul" else 1 / number), node.input[0]
    return 1.0, ""


def _projection(graph: Graph, name: str) -> tuple[Linear | None, float]:
    """The linear layer that a query, key or value comes from, cut to its third where one makes all, and a factor."""
    scale, third = 1.0, None
    while (node := graph.makers.get(name)) is not None:
        factor, rest = _factor(graph, node)
        index = graph.number(node.input[1]) if node.op_type == "Gather" else None
        if rest:
            name, scale = rest, scale * factor
        elif index is not None:
            name, third = node.input[0], int(index)
        elif node.op_type in LAYOUT:
            name = node.input[0]
        else:
            break
    linear = _made_by(graph, node)
    if linear is None or third is None:
        return linear, scale
    columns = slice(third * len(linear.bias) // 3, (third + 1) * len(linear.bias) // 3)
    return Linear(linear.x, np.ascontiguousarray(linear.matrix[:, columns]), linear.bias[columns]), scale


def _linear(graph: Graph, name: str) -> tuple[Linear, str] | None:
    """The linear layer that takes `name`, and its output."""
    for node in graph.takers[name]:
        for end in (*graph.takers[node.output[0]], node):
            linear = _made_by(graph, end)
            if linear is not None:
                return linear, end.output[0]
    return None


def _made_by(graph: Graph, node: NodeProto | None) -> Linear | None:
    """The linear layer whose last node this is: a Gemm, a product by a matrix, or the Add of a bias to one."""
    kind = node.op_type if node is not None else ""
    if node is None or kind not in ("Gemm", "MatMul", "Add"):
        return None
    if kind == "Add":
        for product, other in (node.input, node.input[::-1]):
            bias, linear = graph.constant(other), _made_by(graph, graph.maker(product, "MatMul"))
            if linear is not None and bias is not None and bias.ndim == 1:
                return Linear(linear.x, linear.matrix, bias)
        return None
    matrix = graph.constant(node.input[1])
    if matrix is None or matrix.ndim != 2:
        return None
    if kind == "Gemm":
        matrix = gemm_matrix(node, matrix)
    bias = graph.constant(node.input[2]) if len(node.input) == 3 else None
    return Linear(graph.behind(node.input[0]), matrix, np.zeros(matrix.shape[1], np.float32) if bias is None else bias)


def _nodes(graph: Graph, found: Attention, name: str, constants: dict[str, Array]) -> list[NodeProto]:
    """Nodes that compute `found` up to `name`.out."""
    nodes = []
    for kind, part in zip(("query", "key", "value"), found.parts, strict=True):
        nodes += _linear_nodes(part, part.x, f"{name}.{kind}", constants)
    inputs = [f"{name}.{kind}" for kind in ("query", "key", "value")]
    attributes: dict[str, Any] = {"num_heads": found.heads, "scale": found.scale}
    if graph.depends(found.mask, MASK):
        nodes.append(_masked(inputs, f"{name}.fused", attributes))
    elif found.mask:
        constants["attention.floor"] = np.array(FLOOR, np.float32)
        nodes.append(helper.make_node("Max", [found.mask, "attention.floor"], [f"{name}.mask"]))
        nodes.append(_operator([*inputs, "", "", f"{name}.mask"], f"{name}.fused", attributes))
    else:
        nodes.append(_operator(inputs, f"{name}.fused", attributes))
    return nodes + _linear_nodes(found.out, f"{name}.fused", f"{name}.out", constants)


def _linear_nodes(linear: Linear, x: str, y: str, constants: dict[str, Array]) -> list[NodeProto]:
    constants |= {f"{y}.matrix": linear.matrix, f"{y}.bias": linear.bias}
    if not linear.bias.any():
        return [helper.make_node("MatMul", [x, f"{y}.matrix"], [y])]
    return [
        helper.make_node("MatMul", [x, f"{y}.matrix"], [f"{y}.product"]),
        helper.make_node("Add", [f"{y}.product", f"{y}.bias"], [y]),
    ]


def _operator(inputs: list[str], output: str, attributes: dict[str, Any]) -> NodeProto:
    return helper.make_node("MultiHeadAttention", inputs, [output], domain=MICROSOFT, **attributes)


def _masked(inputs: list[str], output: str, attributes: dict[str, Any]) -> NodeProto:
    """Attention without a mask where nothing is padded, else with it."""
    branches = {}
    for branch, mask in (("then_branch", []), ("else_branch", ["", PADDING])):
        inner = f"{output}.{branch}"
        result = helper.make_tensor_value_info(inner, TensorProto.FLOAT, None)
        branches[branch] = helper.make_graph([_operator([*inputs, *mask], inner, attributes)], branch, [], [result])
    return helper.make_node("If", [FULL], [output], **branches)


def _mask_nodes(constants: dict[str, Array]) -> list[NodeProto]:
    """Nodes that say whether any token is padding, and which are, as the operator wants it."""
    constants["attention.one"] = np.array(1, np.int64)
    return [
        helper.make_node("ReduceMin", [MASK], ["attention.least"], keepdims=0),
        helper.make_node("Equal", ["attention.least", "attention.one"], [FULL]),
        helper.make_node("Cast", [MASK], [PADDING], to=TensorProto.INT32),
    ]


def _with_inputs(node: NodeProto, renamed: dict[str, str]) -> NodeProto:
    if not any(name in renamed for name in node.input):
        return node
    changed = NodeProto()
    changed.CopyFrom(node)
    changed.input[:] = [renamed.get(name, name) for name in node.input]
    return changed
