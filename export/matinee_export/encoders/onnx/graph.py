"""Looks up and rebuilds the nodes of an ONNX graph: the node that computes a value, those that use it, constants.

In and out: a ModelProto, which is never changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import onnx
from onnx import NodeProto, helper, numpy_helper

from matinee_export.encoders.networks.towers import Array

LAYOUT = frozenset({"Reshape", "Transpose", "Squeeze", "Unsqueeze", "Identity"})
"""Operators that rearrange values without changing them."""

MICROSOFT = "com.microsoft"
"""Domain of the operators that onnxruntime provides beyond the standard ones."""


class Graph:
    """A network's nodes, indexed by the names of their outputs and inputs.

    Attributes:
        nodes: Its nodes in order, Constant nodes left out.
        makers: The node that outputs a value, by the value's name.
        takers: The nodes that have a value as an input, by the value's name.
    """

    def __init__(self, model: onnx.ModelProto) -> None:
        self._tensors = {item.name: item for item in model.graph.initializer}
        self.nodes: list[NodeProto] = []
        for node in model.graph.node:
            if node.op_type == "Constant" and node.attribute[0].name == "value":
                self._tensors[node.output[0]] = node.attribute[0].t
            else:
                self.nodes.append(node)
        self.makers = {name: node for node in self.nodes for name in node.output}
        self.takers: dict[str, list[NodeProto]] = defaultdict(list)
        for node in self.nodes:
            for name in node.input:
                self.takers[name].append(node)

    def maker(self, name: str, *kinds: str) -> NodeProto | None:
        """Return the node that outputs `name` if its operator is one of `kinds`, else None."""
        node = self.makers.get(name)
        return node if node is not None and node.op_type in kinds else None

    def axes(self, name: str) -> int:
        """Return the number of axes of a constant; -1 if `name` is not a constant."""
        return len(self._tensors[name].dims) if name in self._tensors else -1

    def constant(self, name: str) -> Array | None:
        """Return the value of a constant; None if `name` is not one."""
        return numpy_helper.to_array(self._tensors[name]) if name in self._tensors else None

    def number(self, name: str) -> float | None:
        """Return the value of a constant that is a single number; None if `name` is not one."""
        value = self.constant(name)
        return float(value.item()) if value is not None and value.size == 1 else None

    def behind(self, name: str) -> str:
        """Follow `name` back through nodes that only rearrange data and return the original value's name."""
        while (node := self.maker(name, *LAYOUT)) is not None:
            name = node.input[0]
        return name

    def ahead(self, name: str) -> str:
        """Follow `name` forward through nodes that only rearrange data and return the last value's name."""
        while len(takers := self.takers[name]) == 1 and takers[0].op_type in LAYOUT and takers[0].input[0] == name:
            name = takers[0].output[0]
        return name

    def depends(self, name: str, on: str) -> bool:
        """Return whether the value `name` is computed, directly or indirectly, from the value `on`."""
        seen, open_names = set(), [name]
        while open_names:
            name = open_names.pop()
            if name == on:
                return True
            if name not in seen and name in self.makers:
                seen.add(name)
                open_names.extend(self.makers[name].input)
        return False


def graphs(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    """Yield the graph and, recursively, the subgraphs of its branches."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                yield from graphs(attribute.g)


def gemm_matrix(node: NodeProto, matrix: Array) -> Array:
    """Return the matrix by which a Gemm node multiplies rows; torch exports linear layers as unscaled Gemm nodes."""
    given = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    plain = {"alpha": 1.0, "beta": 1.0, "transA": 0}
    assert all(given.get(name, value) == value for name, value in plain.items()), "a linear layer scales nothing"
    return matrix.T if given.get("transB") else matrix


def rebuilt(model: onnx.ModelProto, nodes: Sequence[NodeProto], constants: Mapping[str, Array]) -> onnx.ModelProto:
    """Return the model with `nodes` as its nodes and `constants` added to its own; unused ones are dropped."""
    kept = _needed(nodes, {item.name for item in model.graph.output})
    used = {name for node in kept for name in _inputs(node)}
    old = {item.name: item for item in model.graph.initializer}
    old |= {node.output[0]: _named(node) for node in model.graph.node if node.op_type == "Constant"}
    new = {name: numpy_helper.from_array(value, name) for name, value in constants.items() if name in used}
    graph = helper.make_graph(
        kept,
        model.graph.name,
        model.graph.input,
        model.graph.output,
        [item for name, item in (old | new).items() if name in used],
    )
    opsets = {item.domain: item.version for item in model.opset_import} | {MICROSOFT: 1}
    return helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid(domain, version) for domain, version in opsets.items()],
        ir_version=model.ir_version,
        producer_name=model.producer_name,
    )


def _needed(nodes: Sequence[NodeProto], wanted: set[str]) -> list[NodeProto]:
    kept = []
    for node in reversed(nodes):
        if node.op_type != "Constant" and wanted.intersection(node.output):
            kept.append(node)
            wanted.update(_inputs(node))
    return kept[::-1]


def _inputs(node: NodeProto) -> set[str]:
    """Return the names of a node's inputs, including those used inside its branches."""
    branches = [attribute.g for attribute in node.attribute if attribute.type == onnx.AttributeProto.GRAPH]
    return {*node.input, *(name for branch in branches for inner in branch.node for name in _inputs(inner))}


def _named(node: NodeProto) -> onnx.TensorProto:
    """Return a copy of a Constant node's tensor, named like the node's output."""
    tensor = onnx.TensorProto()
    tensor.CopyFrom(node.attribute[0].t)
    tensor.name = node.output[0]
    return tensor
