"""A network whose weights lie in a file beside it is the same network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="onnx comes with the export extra")

from matinee.session import open_session  # noqa: E402 - after the skip
from matinee_export.encoders.weights.weights_file import ALIGNMENT, part_weights  # noqa: E402


def _network(path: Path, width: int) -> Path:
    """A network that gives pixels @ weights + bias, for pixels (n, 5)."""
    draw = np.random.default_rng(0)
    arrays = {"bias": (width,), "weights": (5, width)}
    given, gives = (
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [None, size])
        for name, size in (("pixels", 5), ("vector", width))
    )
    nodes = [
        onnx.helper.make_node("MatMul", ["pixels", "weights"], ["product"]),
        onnx.helper.make_node("Add", ["product", "bias"], ["vector"]),
    ]
    weights = [
        onnx.numpy_helper.from_array(draw.normal(size=shape).astype(np.float32), name) for name, shape in arrays.items()
    ]
    graph = onnx.helper.make_graph(nodes, "product", [given], [gives], weights)
    onnx.save(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8), path)
    return path


def test_it_computes_what_it_did_and_keeps_no_weights_of_its_own(tmp_path: Path) -> None:
    path = _network(tmp_path / "text.onnx", 1001)
    pixels = {"pixels": np.ones((2, 5), dtype=np.float32)}
    before, size = open_session(path).run(None, pixels)[0], path.stat().st_size
    part_weights(path)
    np.testing.assert_array_equal(open_session(path).run(None, pixels)[0], before)
    assert path.stat().st_size < size / 10
    assert sorted(file.name for file in tmp_path.iterdir()) == ["text.onnx", "text.onnx.data"]


def test_every_weight_begins_at_a_line_of_the_cache(tmp_path: Path) -> None:
    path = _network(tmp_path / "text.onnx", 1001)
    part_weights(path)
    weights = onnx.load(path, load_external_data=False).graph.initializer
    places = [{entry.key: entry.value for entry in tensor.external_data} for tensor in weights]
    assert [int(place["offset"]) % ALIGNMENT for place in places] == [0, 0]
    assert [place["location"] for place in places] == ["text.onnx.data"] * 2


def test_the_same_network_gives_the_same_bytes_also_when_parted_again(tmp_path: Path) -> None:
    path = _network(tmp_path / "text.onnx", 1001)
    part_weights(path)
    first = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    part_weights(path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == first


def test_a_network_of_small_weights_stays_one_file(tmp_path: Path) -> None:
    path = _network(tmp_path / "text.onnx", 3)
    before = path.read_bytes()
    part_weights(path)
    assert [file.name for file in tmp_path.iterdir()] == ["text.onnx"]
    assert path.read_bytes() == before
