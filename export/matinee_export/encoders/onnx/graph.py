"""Looks up and rebuilds the nodes of an ONNX graph: who makes a value, who takes it, what is constant.

In and out: a ModelProto, which is never changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import onnx
from onnx import NodeProto, helper, numpy_helper

from matinee_export.encoders.networks.towers import Array

LAYOUT = frozenset({"Reshape", "Transpose", "Squeeze", "Unsqueeze", "Identity"})
"""Operators that move numbers and change none."""

MICROSOFT = "com.microsoft"
"""Domain of the operators that every onnxruntime adds to the standard ones."""


class Graph:
    """A network's nodes by the values they make and take.

    Attributes:
        nodes: Its nodes in order, constants left out.
        makers: The node that makes a value, by the value's name.
        takers: The nodes that take a value.
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
        """The node that makes `name`, if it is of one of `kinds`."""
        node = self.makers.get(name)
        return node if node is not None and node.op_type in kinds else None

    def axes(self, name: str) -> int:
        """Number of axes of a constant; -1 for what is no constant."""
        return len(self._tensors[name].dims) if name in self._tensors else -1

    def constant(self, name: str) -> Array | None:
        """The value of a constant."""
        return numpy_helper.to_array(self._tensors[name]) if name in self._tensors else None

    def number(self, name: str) -> float | None:
        """The value of a constant that is a single number."""
        value = self.constant(name)
        return float(value.item()) if value is not None and value.size == 1 else None

    def behind(self, name: str) -> str:
        """The value that `name` is another layout of."""
        while (node := self.maker(name, *LAYOUT)) is not None:
            name = node.input[0]
        return name

    def ahead(self, name: str) -> str:
        """The last layout that `name` takes before it is computed with."""
        while len(takers := self.takers[name]) == 1 and takers[0].op_type in LAYOUT and takers[0].input[0] == name:
            name = takers[0].output[0]
        return name

    def depends(self, name: str, on: str) -> bool:
        """Whether the value `name` is computed from the value `on`."""
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
    """The graph, and those of the branches within it."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                yield from graphs(attribute.g)


def gemm_matrix(node: NodeProto, matrix: Array) -> Array:
    """The matrix by which a Gemm node multiplies rows; torch's linear layers become Gemm without any scaling."""
    given = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    plain = {"alpha": 1.0, "beta": 1.0, "transA": 0}
    assert all(given.get(name, value) == value for name, value in plain.items()), "a linear layer scales nothing"
    return matrix.T if given.get("transB") else matrix


def rebuilt(model: onnx.ModelProto, nodes: Sequence[NodeProto], constants: Mapping[str, Array]) -> onnx.ModelProto:
    """The model with `nodes`, less those that no output needs, and with `constants` beside its own that are used."""
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
    """What a node takes, its branches included."""
    branches = [attribute.g for attribute in node.attribute if attribute.type == onnx.AttributeProto.GRAPH]
    return {*node.input, *(name for branch in branches for inner in branch.node for name in _inputs(inner))}


def _named(node: NodeProto) -> onnx.TensorProto:
    """The tensor of a Constant node under the name of the node's output."""
    tensor = onnx.TensorProto()
    tensor.CopyFrom(node.attribute[0].t)
    tensor.name = node.output[0]
    return tensor
