"""What a bundle holds is the same on every machine: nothing in it names, or is laid out for, the one that built it.

This runs anywhere; that a bundle also opens and answers under an aarch64 Python is tried by hand, as
tests/benchmarks/aarch64.md says.
"""

from __future__ import annotations

import platform
import struct
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.lib import format as npy
from tests.conftest import ROOT

from matinee.bundle import Bundle
from matinee.errors import BundleError
from matinee.manifest import Manifest

if TYPE_CHECKING:
    from onnx import GraphProto, NodeProto

ONNX, CONTRIB = "", "com.microsoft"
CONTRIB_OPERATORS = {
    "Attention",
    "BiasGelu",
    "DequantizeLinear",
    "DynamicQuantizeMatMul",
    "EmbedLayerNormalization",
    "FastGelu",
    "FusedConv",
    "FusedGemm",
    "FusedMatMul",
    "Gelu",
    "MatMulIntegerToFloat",
    "MultiHeadAttention",
    "NhwcMaxPool",
    "QAttention",
    "QGemm",
    "QLinearAdd",
    "QLinearAveragePool",
    "QLinearConcat",
    "QLinearConv",
    "QLinearGlobalAveragePool",
    "QLinearLeakyRelu",
    "QLinearMul",
    "QLinearSigmoid",
    "QLinearSoftmax",
    "QLinearWhere",
    "QuantizeLinear",
    "QuickGelu",
    "SkipLayerNormalization",
}
"""The com.microsoft operators that a network may have: ONNX Runtime has CPU kernels of them for every processor.

Others it has for some only: all of com.microsoft.nchwc on x86-64, NhwcFusedConv on aarch64.
"""


@pytest.fixture(scope="module")
def bundle(sample_bundle: Path) -> Bundle:
    return Bundle.open(sample_bundle)


def _files(bundle: Bundle, ending: str) -> Iterator[Path]:
    yield from (bundle.path / name for name in bundle.manifest.files if name.endswith(ending))


def test_networks_have_only_operators_that_every_cpu_build_runs(bundle: Bundle) -> None:
    onnx = pytest.importorskip("onnx", reason="reading networks needs the export extra")
    networks = list(_files(bundle, ".onnx"))
    assert networks
    for path in networks:
        model = onnx.load(path, load_external_data=False)
        used = {(node.domain, node.op_type) for node in _nodes(model.graph)}
        assert not model.functions, path
        assert {domain for domain, _ in used} <= {ONNX, CONTRIB}, path
        assert {operator for domain, operator in used if domain == CONTRIB} <= CONTRIB_OPERATORS, path


def _nodes(graph: GraphProto) -> Iterator[NodeProto]:
    """Every node of a graph and of the graphs inside its nodes."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            for inner in (*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs):
                yield from _nodes(inner)


def test_weights_beside_a_network_are_named_by_file_alone(bundle: Bundle) -> None:
    onnx = pytest.importorskip("onnx", reason="reading networks needs the export extra")
    for path in _files(bundle, ".onnx"):
        weights = onnx.load(path, load_external_data=False).graph.initializer
        beside = {entry.value for one in weights for entry in one.external_data if entry.key == "location"}
        for name in beside:
            assert Path(name).name == name, f"{path} finds weights at {name}"
            assert (path.parent / name).relative_to(bundle.path).as_posix() in bundle.manifest.files


def test_arrays_are_little_endian_rows_without_pickles(bundle: Bundle) -> None:
    arrays = list(_files(bundle, ".npy"))
    assert arrays
    for path in arrays:
        with path.open("rb") as file:
            assert npy.read_magic(file) == (1, 0), path
            _, by_columns, dtype = npy.read_array_header_1_0(file)
        assert dtype.str[0] in "<|", f"{path} holds {dtype.str}"
        assert not by_columns, path
        assert not dtype.hasobject, path


def test_index_files_begin_with_little_endian_counts_of_their_movies(bundle: Bundle) -> None:
    for model, info in bundle.manifest.models.items():
        folder = bundle.path / "models" / model
        known = int(np.load(folder / "movies.npy", allow_pickle=False).any(axis=1).sum())
        (path,) = folder.glob("index.*")
        data = path.read_bytes()
        if path.name == "index.hnsw":
            _, most, held = struct.unpack_from("<3Q", data)
            assert (most, held) == (known, known), path
        else:
            rows, width = struct.unpack_from("<2I", data)
            assert rows == known, path
            assert width in (2 * info.dim, 4 * info.dim), path
            assert data[8 + rows * width :].startswith(b"usearch"), path


def test_names_in_the_manifest_are_relative_and_have_forward_slashes(bundle: Bundle) -> None:
    for name in bundle.manifest.files:
        assert not {"\\", ":", "\0"} & set(name), name
        assert not name.startswith("/"), name
        assert all(part not in ("", ".", "..") for part in name.split("/")), name
        assert len(name.encode("ascii")) < 100
    assert len({name.casefold() for name in bundle.manifest.files}) == len(bundle.manifest.files)


def test_no_file_names_the_machine_that_built_it(bundle: Bundle) -> None:
    places = (ROOT, sys.prefix, Path.home(), tempfile.gettempdir(), bundle.path.absolute(), platform.node())
    words = [str(place).encode() for place in places if len(str(place)) > 4]  # shorter ones stand anywhere by chance
    for name in (*bundle.manifest.files, "manifest.json"):
        if not name.endswith(".jpg"):
            data = (bundle.path / name).read_bytes()
            assert not [word for word in (*words, b"site-packages") if word in data], name


def test_the_manifest_is_utf8_with_newlines_of_one_kind(bundle: Bundle) -> None:
    data = (bundle.path / "manifest.json").read_bytes()
    assert b"\r" not in data
    assert not data.startswith(b"\xef\xbb\xbf")
    assert Manifest.load(bundle.path) == bundle.manifest


def test_a_big_endian_machine_is_told_what_the_bundle_needs(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matinee.bundle.sys.byteorder", "big")
    with pytest.raises(BundleError, match="this machine is big-endian; open it on a little-endian one"):
        Bundle.open(bundle.path)
