"""Reads an ONNX file's graph without opening it as a network: operators, inputs, outputs, and where weights lie.

In: the path of an `.onnx` file. Out: its `Graph`. A large file is mapped, and of a weight only its name, kind, shape
and place are read, so that it costs no more than its graph. Whether it may be run is decided by `onnx_check`.
Reference: onnx.proto of ONNX 1.22, whose field numbers stand below.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from matinee.protobuf import DamagedError, Reader, Span, message, messages, number, numbers, signed, text, texts

DEEPEST = 3
"""Maximum nesting of graphs; the branches of an `If` are nested graphs."""

SMALL = 16 << 20
"""Files of up to this many bytes are read; larger ones are mapped."""

NODES = 10_000
"""Maximum number of operators of a network; the largest one of the sample bundle has 576."""

FLOAT, INT64 = 1, 7

BITS = {
    1: 32, 2: 8, 3: 8, 4: 16, 5: 16, 6: 32, 7: 64, 9: 8, 10: 16, 11: 64, 12: 32, 13: 64, 16: 16, 17: 8, 18: 8, 19: 8,
    20: 8, 21: 4, 22: 4,
}  # fmt: skip
"""Bits of an element by ONNX's data type number; all numeric types but complex ones."""

_MODEL = {7: message("graph"), 20: messages("training"), 25: messages("functions")}
_GRAPH = {
    1: messages("nodes"),
    5: messages("tensors"),
    11: messages("inputs"),
    12: messages("outputs"),
    15: messages("sparse"),
}
_NODE = {1: texts("inputs"), 2: texts("outputs"), 4: text("operator"), 5: messages("attributes"), 7: text("domain")}
_ATTRIBUTE = {
    1: text("name"),
    3: number("number"),
    5: message("tensor"),
    6: message("graph"),
    8: numbers("numbers"),
    10: messages("tensors"),
    11: messages("graphs"),
    20: number("kind"),
    21: text("reference"),
    22: message("sparse"),
    23: messages("sparses"),
}
_TENSOR = {
    1: numbers("dims"),
    2: number("kind"),
    3: message("segment"),
    4: messages("float_data"),
    5: messages("int32_data"),
    6: messages("string_data"),
    7: messages("int64_data"),
    8: text("name"),
    9: message("raw_data"),
    10: messages("double_data"),
    11: messages("uint64_data"),
    13: messages("external"),
    14: number("location"),
}
_ENTRY = {1: text("key"), 2: text("value")}
_VALUE = {1: text("name"), 2: message("type")}
_TYPE = {1: message("tensor"), 4: message("sequence"), 5: message("map"), 8: message("sparse"), 9: message("optional")}
_TENSOR_TYPE = {1: number("kind"), 2: message("shape")}
_SHAPE = {1: messages("dims")}
_DIM = {1: number("size")}


@dataclass(frozen=True)
class Tensor:
    """The description of a constant, without its values.

    Attributes:
        name: Its name.
        kind: ONNX's data type number of its elements, a key of BITS.
        dims: Its shape.
        inline: Number of its bytes in the network's own file, or None where it lies in another file.
        place: Names and values that locate it in that other file: "location", "offset", "length".
    """

    name: str
    kind: int
    dims: tuple[int, ...]
    inline: int | None
    place: tuple[tuple[str, str], ...]

    @property
    def bytes(self) -> int:
        """Bytes that its elements take."""
        count = 1
        for dim in self.dims:
            count *= dim
        return (count * BITS[self.kind] + 7) // 8


@dataclass(frozen=True)
class Node:
    """One operator of a graph, with its attributes that are numbers, constants or graphs."""

    operator: str
    domain: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    numbers: dict[str, tuple[int, ...]]
    tensors: tuple[Tensor, ...]
    graphs: tuple[Graph, ...]


@dataclass(frozen=True)
class Value:
    """An input or output: name, data type number of its elements (0: unknown), shape (None for a variable size)."""

    name: str
    kind: int
    dims: tuple[int | None, ...] | None


@dataclass(frozen=True)
class Graph:
    """A graph: its operators in order, its constants, its inputs and its outputs."""

    nodes: tuple[Node, ...]
    tensors: tuple[Tensor, ...]
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]


def read_onnx(path: Path) -> Graph:
    """Return the graph of a network.

    Raises:
        DamagedError: The file is no network, or has parts that no encoder has: functions, training, sparse weights.
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        if not size:
            raise DamagedError("it is empty")
        with _bytes(file, size) as data:
            reader = Reader(data)
            model = reader.read((0, size), _MODEL)
            for part in ("training", "functions"):
                if model[part]:
                    raise DamagedError(f"it holds {part}")
            if model["graph"] is None:
                raise DamagedError("it holds no graph")
            return _graph(reader, model["graph"], 0)


@contextmanager
def _bytes(file: BinaryIO, size: int) -> Iterator[bytes | mmap.mmap]:
    """Give the bytes of a file: a small one is read, which is faster to parse, a larger one mapped."""
    if size <= SMALL:
        file.seek(0)
        yield file.read()
    else:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data


def _graph(reader: Reader, span: Span, depth: int) -> Graph:
    if depth > DEEPEST:
        raise DamagedError(f"its graphs are nested more than {DEEPEST} deep")
    graph = reader.read(span, _GRAPH)
    if graph["sparse"]:
        raise DamagedError("it holds sparse constants")
    if len(graph["nodes"]) > NODES:
        raise DamagedError(f"it has {len(graph['nodes']):,} operators and may have {NODES:,}")
    return Graph(
        tuple(_node(reader, place, depth) for place in graph["nodes"]),
        tuple(_tensor(reader, place) for place in graph["tensors"]),
        tuple(_value(reader, place) for place in graph["inputs"]),
        tuple(_value(reader, place) for place in graph["outputs"]),
    )


def _node(reader: Reader, span: Span, depth: int) -> Node:
    node = reader.read(span, _NODE)
    values: dict[str, tuple[int, ...]] = {}
    tensors: list[Tensor] = []
    graphs: list[Graph] = []
    for place in node["attributes"]:
        found = reader.read(place, _ATTRIBUTE)
        if found["sparse"] or found["sparses"] or found["reference"]:
            raise DamagedError(f"its operator {node['operator']!r} has an attribute that is no number, tensor or graph")
        if found["name"] in values:
            raise DamagedError(f"its operator {node['operator']!r} has the attribute {found['name']!r} twice")
        values[found["name"]] = tuple(signed(value) for value in (found["number"], *found["numbers"]))
        tensors += [_tensor(reader, inner) for inner in _given(found["tensor"], found["tensors"])]
        graphs += [_graph(reader, inner, depth + 1) for inner in _given(found["graph"], found["graphs"])]
    inputs, outputs = tuple(node["inputs"]), tuple(node["outputs"])
    return Node(node["operator"], node["domain"], inputs, outputs, values, tuple(tensors), tuple(graphs))


def _given(one: Span | None, many: Sequence[Span]) -> Iterator[Span]:
    if one is not None:
        yield one
    yield from many


def _tensor(reader: Reader, span: Span) -> Tensor:
    found = reader.read(span, _TENSOR)
    name, kind = found["name"], found["kind"]
    dims = tuple(signed(dim) for dim in found["dims"])
    if kind not in BITS or found["segment"] or found["string_data"]:
        raise DamagedError(f"its constant {name!r} is of a kind {kind} that no encoder has")
    if any(dim < 0 for dim in dims):
        raise DamagedError(f"its constant {name!r} has the shape {list(dims)[:8]}")
    place = tuple((entry["key"], entry["value"]) for entry in (reader.read(e, _ENTRY) for e in found["external"]))
    outside = bool(found["location"])
    return Tensor(name, kind, dims, None if outside else _inline(reader, found), place)


def _inline(reader: Reader, found: dict[str, Any]) -> int:
    """Return the size in bytes of the elements that are stored in the tensor itself."""
    if found["raw_data"] is not None:
        start, end = found["raw_data"]
        return int(end - start)
    bits: int = BITS[found["kind"]]
    wide = {"float_data": 4, "double_data": 8}
    count: int = sum((end - start) // size for name, size in wide.items() for start, end in found[name])
    for name in ("int32_data", "int64_data", "uint64_data"):
        for start, end in found[name]:  # a number ends with a byte below 128
            count += int(np.count_nonzero(np.frombuffer(reader.data, np.uint8, end - start, start) < 128))
    return count * max(8, bits) // 8


def _value(reader: Reader, span: Span) -> Value:
    value = reader.read(span, _VALUE)
    kind: dict[str, Any] = reader.read(value["type"], _TYPE) if value["type"] is not None else {"tensor": None}
    if any(place is not None for name, place in kind.items() if name != "tensor"):
        raise DamagedError(f"its {value['name']!r} is no tensor")
    tensor: dict[str, Any] = {"kind": 0, "shape": None}
    if kind["tensor"] is not None:
        tensor = reader.read(kind["tensor"], _TENSOR_TYPE)
    if tensor["shape"] is None:
        return Value(value["name"], tensor["kind"], None)
    dims = (reader.read(place, _DIM)["size"] for place in reader.read(tensor["shape"], _SHAPE)["dims"])
    return Value(value["name"], tensor["kind"], tuple(dim or None for dim in dims))
