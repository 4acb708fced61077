"""Replaces attention written as matrix products and softmax by onnxruntime's single operator for it.

In: an fp32 ModelProto as torch or optimum export a transformer. Out: the same network with MultiHeadAttention nodes;
where the pattern is not found, nodes stay as they are. For a batch without padding, the operator runs without a mask,
which is faster.

The optimizers of onnxruntime and onnxscript recognize graphs of older exporters only and find no attention in these.
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
"""Lower bound of the mask values added to scores. A score masked by it gets a softmax weight that is lost in float32's
rounding, as with minus infinity, unless it exceeds all unmasked scores by about 40. The exponential of much lower
values is a subnormal float32, with which processors compute many times more slowly."""


@dataclass(frozen=True)
class Linear:
    """A linear layer with constant weights: x @ matrix + bias.

    Attributes:
        x: Name of its input, (batch, tokens, width).
        matrix: (width, columns).
        bias: (columns,).
    """

    x: str
    matrix: Array
    bias: Array


@dataclass(frozen=True)
class Scores:
    """The argument of a softmax, scale * query @ key + mask, by the names of its values; `mask` may be ""."""

    query: str
    key: str
    scale: float
    mask: str


@dataclass(frozen=True)
class Attention:
    """One attention found in a graph.

    Attributes:
        parts: Query, key and value, each computed from (batch, tokens, width).
        scale: Factor of the scores.
        mask: Name of the value added to the scores, or "".
        out: The output projection after it; its `x` is not used.
        output: Name of the result, (batch, tokens, width).
    """

    parts: tuple[Linear, Linear, Linear]
    scale: float
    mask: str
    out: Linear
    output: str

    @property
    def heads(self) -> int:
        """Number of heads, derived from the scale, which is 1 / sqrt(width of a head)."""
        return round(len(self.parts[0].bias) * self.scale**2)


def fuse_attention(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the same network with each recognized attention, if any, replaced by one operator."""
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
        nodes.append(node)  # `rebuilt` drops it, and the softmax before it, unless another node needs it
        nodes += [_with_inputs(new, renamed) for new in _nodes(graph, found, node.output[0], constants)]
        renamed[found.output] = f"{node.output[0]}.out"
    return rebuilt(model, nodes, constants)


def _find(graph: Graph, node: NodeProto) -> Attention | None:
    """Return the attention in which `node` multiplies the softmax by the values, or None if it does not."""
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
    """Return the constant by which a node multiplies and the name of its other operand; (1, "") if it does not."""
    if node.op_type in ("Mul", "Div"):
        number = graph.number(node.input[1])
        if number:
            return (number if node.op_type == "Mul" else 1 / number), node.input[0]
    return 1.0, ""


def _projection(graph: Graph, name: str) -> tuple[Linear | None, float]:
    """Return the linear layer that computes a query, key or value, and the factor applied after it.

    If one layer computes all three, the layer returned has only the columns of this one.
    """
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
    """Return the linear layer whose input is `name`, and the name of its output."""
    for node in graph.takers[name]:
        for end in (*graph.takers[node.output[0]], node):
            linear = _made_by(graph, end)
            if linear is not None:
                return linear, end.output[0]
    return None


def _made_by(graph: Graph, node: NodeProto | None) -> Linear | None:
    """Return the linear layer that ends in this node: a Gemm, a MatMul by a constant, or the Add of a bias to one."""
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
    """Return nodes that compute the attention `found`; the result is named `name`.out."""
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
    """Return an If node that runs the operator without a mask if nothing is padded, and with the mask otherwise."""
    branches = {}
    for branch, mask in (("then_branch", []), ("else_branch", ["", PADDING])):
        inner = f"{output}.{branch}"
        result = helper.make_tensor_value_info(inner, TensorProto.FLOAT, None)
        branches[branch] = helper.make_graph([_operator([*inputs, *mask], inner, attributes)], branch, [], [result])
    return helper.make_node("If", [FULL], [output], **branches)


def _mask_nodes(constants: dict[str, Array]) -> list[NodeProto]:
    """Return nodes that compute FULL, whether no token is padding, and PADDING, the mask as int32 for the operator."""
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
