"""ONNX files of two tiny networks, changed by what a stranger might try, and by what makes no difference.

In: the bytes of "text.onnx" or "image.onnx". Out: the files to write in its place, by name.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from tests.fuzz.spoilt_bytes import flipped

Files = dict[str, bytes]
node = helper.make_node

HUGE = (2**40, 2**31, 2**62, 2**63 - 1, -1, -(2**63), 10**9, 30_000 * 30_000)


def spoilt(name: str, data: bytes, draw: np.random.Generator) -> Files:
    """Return the file as it is, with bytes flipped, or with one or two changes to what it says."""
    if (kind := draw.random()) < 0.25:
        return {name: data if kind < 0.05 else flipped(data, draw)}
    model = onnx.load_from_string(data)
    if draw.random() < 0.25:
        return _elsewhere(name, model, draw)
    for _ in range(int(draw.integers(1, 3))):
        WAYS[int(draw.integers(len(WAYS)))](model, draw)
    made: bytes = model.SerializeToString()
    return {name: made}


def _pick(draw: np.random.Generator, *values: int) -> int:
    return int(values[int(draw.integers(len(values)))])


def _constant(model: ModelProto, name: str, value: object, kind: type[np.generic] = np.int64) -> str:
    model.graph.initializer.append(numpy_helper.from_array(np.array(value, dtype=kind), name))
    return name


def _before(model: ModelProto, *nodes: NodeProto) -> None:
    """Put operators in front of all others."""
    kept = [*model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend([*nodes, *kept])


def _added(model: ModelProto, value: str, *nodes: NodeProto) -> None:
    """Have `value`, which `nodes` compute, added to the network's output once it is summed up to one number."""
    if not model.graph.node:
        model.graph.node.add(output=["vector"])
    last = model.graph.node[-1]
    last.output[0] = "as it was"
    model.graph.node.extend(nodes)
    model.graph.node.append(node("ReduceSum", [value], ["summed"], keepdims=0))
    model.graph.node.append(node("Add", ["as it was", "summed"], ["vector"]))


def _shape_bomb(model: ModelProto, draw: np.random.Generator) -> None:
    """An operator that makes much of little, of a size that is said or computed."""
    first = model.graph.input[0].name
    size = [_pick(draw, 30_000, 100_000, *HUGE), _pick(draw, 1, 1000, 30_000, 2**31)]
    shape = _constant(model, "bomb.shape", size)
    nodes = []
    if draw.random() < 0.5:  # computed from the input's shape, or from what it holds
        cast = node("Cast", [first], ["bomb.first"], to=TensorProto.INT64)
        nodes.append([node("Shape", [first], ["bomb.first"]), cast][_pick(draw, 0, 1)])
        nodes.append(node("ReduceMax", ["bomb.first"], ["bomb.most"], keepdims=0))
        nodes.append(node("Mul", ["bomb.most", shape], ["bomb.sizes"]))
        shape = "bomb.sizes"
    one = _constant(model, "bomb.one", [[1.0]], np.float32)
    zero, most, step = (_constant(model, f"bomb.{n}", n, np.float32) for n in (0, _pick(draw, 10**9, 2**40), 1))
    kind = _pick(draw, 0, 1, 2, 3)
    nodes.append(
        [
            node("ConstantOfShape", [shape], ["bomb"]),
            node("Expand", [one, shape], ["bomb"]),
            node("Tile", [one, shape], ["bomb"]),
            node("Range", [zero, most, step], ["bomb"]),
        ][kind]
    )
    _added(model, "bomb", *nodes)


def _doubling(model: ModelProto, draw: np.random.Generator) -> None:
    """A value put beside itself again and again, of a constant or of the input."""
    source = _constant(model, "double0", [1.0, 2.0], np.float32)
    first = [node("Cast", [model.graph.input[0].name], ["double0"], to=TensorProto.FLOAT)]
    if draw.random() < 0.5:
        model.graph.initializer.pop()
    else:
        first = []
    count = _pick(draw, 3, 26, 34, 60)
    nodes = [node("Concat", [f"double{i}", f"double{i}"], [f"double{i + 1}"], axis=0) for i in range(count)]
    _added(model, f"double{count}", *first, *nodes)
    assert source == "double0"


def _slow(model: ModelProto, draw: np.random.Generator) -> None:
    """Products of large matrices, one after the other."""
    width = _pick(draw, 64, 1024)
    first = node("Shape", [model.graph.input[0].name], ["slow.shape"])
    grown = node("Mul", ["slow.shape", _constant(model, "slow.zero", [0])], ["slow.nothing"])
    number = node("ReduceMax", ["slow.nothing"], ["slow.number"], keepdims=0)
    real = node("Cast", ["slow.number"], ["slow.real"], to=TensorProto.FLOAT)
    start = node("Add", ["slow.real", _constant(model, "slow.ones", np.ones((width, width)), np.float32)], ["slow0"])
    count = _pick(draw, 2, 3000)
    nodes = [node("MatMul", [f"slow{i}", "slow0"], [f"slow{i + 1}"]) for i in range(count)]
    _added(model, f"slow{count}", first, grown, number, real, start, *nodes)


def _loop(model: ModelProto, draw: np.random.Generator) -> None:
    """A loop without end, or one in a branch."""
    true = helper.make_tensor_value_info("go", TensorProto.BOOL, [])
    inside = helper.make_graph(
        [node("Identity", ["more"], ["go"]), node("Identity", ["state"], ["next"])],
        "body",
        [
            helper.make_tensor_value_info("round", TensorProto.INT64, []),
            helper.make_tensor_value_info("more", TensorProto.BOOL, []),
            helper.make_tensor_value_info("state", TensorProto.FLOAT, []),
        ],
        [true, helper.make_tensor_value_info("next", TensorProto.FLOAT, [])],
    )
    rounds, yes = _constant(model, "rounds", 2**62), _constant(model, "yes", True, np.bool_)
    state = _constant(model, "begin", 0.0, np.float32)
    loop = node("Loop", [rounds, yes, state], ["looped"], body=inside)
    if draw.random() < 0.5:
        branches = {
            f"{branch}_branch": helper.make_graph(
                [loop], branch, [], [helper.make_tensor_value_info("looped", TensorProto.FLOAT, [])]
            )
            for branch in ("then", "else")
        }
        loop = node("If", [yes], ["looped"], **branches)
    _added(model, "looped", loop)


def _branches(model: ModelProto, draw: np.random.Generator) -> None:
    """Branches inside branches."""
    yes, value = _constant(model, "yes", True, np.bool_), _constant(model, "value", 0.0, np.float32)
    inner = node("Identity", [value], ["branched0"])
    depth = _pick(draw, 1, 2, 3, 4, 20)
    for level in range(depth):
        result = helper.make_tensor_value_info(f"branched{level}", TensorProto.FLOAT, [])
        graph = helper.make_graph([inner], "branch", [], [result])
        inner = node("If", [yes], [f"branched{level + 1}"], then_branch=graph, else_branch=graph)
        if level > 5:  # two of each would double it every time
            inner.attribute.pop()
    _added(model, f"branched{depth}", inner)


def _stranger(model: ModelProto, draw: np.random.Generator) -> None:
    """An operator that no encoder needs."""
    source, (operator, domain) = model.graph.input[0].name, STRANGERS[int(draw.integers(len(STRANGERS)))]
    _before(model, node(operator, [source], ["stranger"], domain=domain))


STRANGERS = (
    ("RandomNormalLike", ""),
    ("SequenceConstruct", ""),
    ("NonZero", ""),
    ("Optional", ""),
    ("StringNormalizer", ""),
    ("Anything", "evil.example"),
    ("Loop", ""),
    ("", ""),
    ("Relu", "com.microsoft.nchwc"),
)


def _parts(model: ModelProto, draw: np.random.Generator) -> None:
    """What a network of ours has not: functions, training, sparse weights, text."""
    kind = _pick(draw, 0, 1, 2, 3)
    if kind == 0:
        opset = [helper.make_opsetid("", 17)]
        model.functions.append(helper.make_function("evil", "F", ["x"], ["y"], [node("Relu", ["x"], ["y"])], opset))
    elif kind == 1:
        model.training_info.add()
    elif kind == 2:
        values = numpy_helper.from_array(np.ones(1, np.float32), "sparse")
        where = numpy_helper.from_array(np.zeros(1, np.int64), "where")
        model.graph.sparse_initializer.append(helper.make_sparse_tensor(values, where, [2**40]))
    else:
        model.graph.initializer.append(numpy_helper.from_array(np.array([b"x" * 1000], dtype=np.object_), "words"))


def _weights(model: ModelProto, draw: np.random.Generator) -> None:
    """Weights of another shape or kind than they say, or that are no numbers."""
    if not model.graph.initializer:
        return
    tensor = model.graph.initializer[int(draw.integers(len(model.graph.initializer)))]
    kind = _pick(draw, 0, 1, 2, 3, 4)
    if kind == 0:
        tensor.dims[:] = [_pick(draw, 0, 1, 2, 3, *HUGE) for _ in range(_pick(draw, 0, 1, 2, 9))]
    elif kind == 1:
        tensor.data_type = _pick(draw, *range(25), 1000)
    elif kind == 2:
        tensor.raw_data = tensor.raw_data[: int(draw.integers(len(tensor.raw_data) + 1))]
    elif kind == 3 and tensor.data_type == TensorProto.FLOAT and len(tensor.raw_data) % 4 == 0:
        values = np.frombuffer(tensor.raw_data, np.float32).copy()
        values[: _pick(draw, 1, values.size)] = [np.nan, np.inf, -np.inf, 1e38, 0, 1][_pick(draw, *range(6))]
        tensor.raw_data = values.tobytes()
    else:
        model.graph.initializer.remove(tensor)


def _wiring(model: ModelProto, draw: np.random.Generator) -> None:
    """Operators left out, swapped, renamed or fed with something else."""
    graph = model.graph
    if not graph.node:
        return
    at = int(draw.integers(len(graph.node)))
    kind = _pick(draw, 0, 1, 2, 3, 4, 5)
    if kind == 0:
        del graph.node[at]
    elif kind == 1:
        graph.node[at].op_type = ["Div", "MatMul", "Pow", "Gather", "Softmax"][_pick(draw, *range(5))]
    elif kind == 2:
        names = [*(v.name for v in graph.input), *(t.name for t in graph.initializer), "nothing", ""]
        graph.node[at].input[0] = names[int(draw.integers(len(names)))]
    elif kind == 3:
        graph.output[0].name = "other"
    elif kind == 4:
        kept = [*graph.node]
        del graph.node[:]
        graph.node.extend(reversed(kept))
    else:
        graph.input[0].type.tensor_type.elem_type = _pick(draw, 0, 1, 6, 7, 8, 9, 99)


def _attributes(model: ModelProto, draw: np.random.Generator) -> None:
    """Attributes that are absurd."""
    if not model.graph.node:
        return
    target = model.graph.node[int(draw.integers(len(model.graph.node)))]
    value = _pick(draw, 0, 1, *HUGE)
    for attribute in target.attribute:
        if attribute.ints:
            attribute.ints[:] = [value] * len(attribute.ints)
        else:
            attribute.i = value
    if draw.random() < 0.3:
        name = ["axis", "strides", "pads", "kernel_shape", "dilations", "to"][_pick(draw, *range(6))]
        target.attribute.append(helper.make_attribute(name, [value, value] if name != "axis" else value))


def _harmless(model: ModelProto, draw: np.random.Generator) -> None:
    """What changes no vector."""
    kind = _pick(draw, 0, 1, 2, 3)
    if kind == 0:
        model.doc_string = "x" * _pick(draw, 1, 1_000_000)
    elif kind == 1:
        model.producer_name = "somebody"
        model.metadata_props.add(key="a", value="b")
    elif kind == 2:
        _constant(model, "unused", draw.normal(size=(50, 50)), np.float32)
    else:
        _before(model, node("Identity", [model.graph.input[0].name], ["unused value"]))


def _many(model: ModelProto, draw: np.random.Generator) -> None:
    """More operators than any network has."""
    source = model.graph.input[0].name
    model.graph.node.extend(node("Identity", [source], [f"many{i}"]) for i in range(_pick(draw, 100, 10_001)))


WAYS: tuple[Callable[[ModelProto, np.random.Generator], None], ...] = (
    _shape_bomb,
    _doubling,
    _slow,
    _loop,
    _branches,
    _stranger,
    _parts,
    _weights,
    _weights,
    _wiring,
    _wiring,
    _attributes,
    _harmless,
    _harmless,
    _many,
)


def _elsewhere(name: str, model: ModelProto, draw: np.random.Generator) -> Files:
    """The largest weights in another file: the listed one beside it, or one that is no business of the network's."""
    tensor = max(model.graph.initializer, key=lambda t: len(t.raw_data))
    data, tensor.raw_data = tensor.raw_data, b""
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    places = [f"{name}.data"] * 4 + [
        "../secret", "/etc/passwd", "unlisted.data", "*/_ORT_MEM_ADDR_/*", "", "..", "no.data", name, "a/b", "\\\\x\\y",
        "../clip/unlisted.data", "unlisted.data\0",
    ]  # fmt: skip
    location = places[int(draw.integers(len(places)))]
    tensor.external_data.add(key="location", value=location)
    if draw.random() < 0.8:
        offset = str(_pick(draw, 0, 0, 0, 64, 4096, *HUGE)) if draw.random() < 0.9 else "0x10"
        tensor.external_data.add(key="offset", value=offset)
    if draw.random() < 0.8:
        tensor.external_data.add(key="length", value=str(_pick(draw, *[len(data)] * 4, 0, *HUGE)))
    if draw.random() < 0.1:
        tensor.external_data.add(key="location", value="/etc/passwd")
    made: bytes = model.SerializeToString()
    return {name: made, f"{name}.data": data + bytes(64 * _pick(draw, 0, 1))}
