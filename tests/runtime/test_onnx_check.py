"""Networks from strangers: what is refused before onnxruntime sees it, and what is bounded where it runs."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from matinee import binding, deadline, session, trial
from matinee.bundle import Bundle
from matinee.encoders import Encoder
from matinee.errors import BundleError
from matinee.manifest import Manifest, list_files
from matinee.onnx_check import TOKENS, check_network
from matinee.protobuf import DamagedError, Reader, number, numbers
from matinee.session import open_session

onnx: Any = pytest.importorskip("onnx")
helper, node = onnx.helper, onnx.helper.make_node

INPUTS = {"input_ids": TOKENS, "attention_mask": TOKENS}


@pytest.fixture
def folder(tiny_encoder: Callable[..., Path], tmp_path: Path) -> Path:
    """An encoder of texts to spoil."""
    return tiny_encoder(tmp_path / "bert", "bert", ["text"])


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "text.onnx"


def change(path: Path, what: Callable[[Any], object]) -> None:
    """Change what a network's file says."""
    model = onnx.load(path)
    what(model)
    path.write_bytes(model.SerializeToString())


def constant(model: Any, name: str, value: object, kind: type = np.int64) -> str:  # noqa: ANN401 - onnx ships few types
    model.graph.initializer.append(onnx.numpy_helper.from_array(np.array(value, dtype=kind), name))
    return name


def refused(path: Path, why: str) -> None:
    with pytest.raises(BundleError, match=why) as caught:
        check_network(path, 32, INPUTS)
    assert "\n" not in str(caught.value)


def test_a_network_as_it_was_written_passes_and_needs_no_other_file(path: Path) -> None:
    assert check_network(path, 32, INPUTS) == ()


def test_every_network_that_an_exporter_writes_with_a_branch_passes(path: Path) -> None:
    def branch(model: Any) -> None:  # noqa: ANN401 - onnx ships few types
        model.graph.node[-1].output[0] = "made"
        ends = {}
        for name in ("then_branch", "else_branch"):
            value = helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
            ends[name] = helper.make_graph([node("Identity", ["made"], [name])], name, [], [value])
        model.graph.node.append(node("If", [constant(model, "yes", True, np.bool_)], ["vector"], **ends))

    change(path, branch)
    assert check_network(path, 32, INPUTS) == ()


@pytest.mark.parametrize("operator", ["Loop", "Scan", "RandomNormal", "SequenceConstruct", "NonZero", "StringSplit"])
def test_an_operator_that_no_encoder_needs_is_refused(operator: str, path: Path) -> None:
    change(path, lambda model: model.graph.node.insert(0, node(operator, ["input_ids"], ["x"])))
    refused(path, f"operator '{operator}', which no encoder needs")


def test_a_loop_inside_a_branch_is_refused(path: Path) -> None:
    inner = helper.make_graph([node("Loop", ["", ""], ["x"])], "inner", [], [])
    change(path, lambda model: model.graph.node.insert(0, node("If", ["input_ids"], ["x"], then_branch=inner)))
    refused(path, "operator 'Loop', which no encoder needs")


def test_functions_and_sparse_constants_are_refused(path: Path) -> None:
    before = path.read_bytes()
    change(path, lambda model: model.functions.add(name="f"))
    refused(path, "holds functions")
    path.write_bytes(before)
    change(path, lambda model: model.graph.sparse_initializer.add())
    refused(path, "holds sparse constants")


@pytest.mark.parametrize("dims", [[2**40, 2**40], [2**62, 4], [-1], [3]])
def test_weights_that_are_not_as_long_as_their_shape_says_are_refused(dims: list[int], path: Path) -> None:
    change(path, lambda model: model.graph.initializer[0].dims.__setitem__(slice(None), dims))
    refused(path, "constant 'table'")


def test_a_size_that_depends_on_the_words_is_refused_and_one_of_their_number_is_not(path: Path) -> None:
    nodes = [node("ReduceMax", ["input_ids"], ["most"], keepdims=1), node("ConstantOfShape", ["most"], ["many"])]
    before = path.read_bytes()
    change(path, lambda model: [model.graph.node.insert(at, n) for at, n in enumerate(nodes)])
    refused(path, "size of what its operator 'ConstantOfShape' makes depends on its input")
    path.write_bytes(before)
    nodes[0] = node("Shape", ["input_ids"], ["most"])
    change(path, lambda model: [model.graph.node.insert(at, n) for at, n in enumerate(nodes)])
    assert check_network(path, 32, INPUTS) == ()


def test_operators_may_stand_in_any_order_as_some_exporters_write_them(path: Path) -> None:
    change(path, lambda model: model.graph.node.append(model.graph.node.pop(0)))
    assert check_network(path, 32, INPUTS) == ()


def test_an_order_that_would_hide_what_a_size_depends_on_hides_nothing(path: Path) -> None:
    nodes = [node("ConstantOfShape", ["most"], ["many"]), node("ReduceMax", ["input_ids"], ["most"], keepdims=1)]
    change(path, lambda model: [model.graph.node.insert(at, n) for at, n in enumerate(nodes)])
    refused(path, "size of what its operator 'ConstantOfShape' makes depends on its input")


def test_an_operator_that_takes_its_own_output_or_nobodys_is_refused(path: Path) -> None:
    before = path.read_bytes()
    nodes = [node("Add", ["a", "input_ids"], ["b"]), node("Identity", ["b"], ["a"])]
    change(path, lambda model: [model.graph.node.append(n) for n in nodes])
    refused(path, "operator 'Add' takes what is never computed")
    path.write_bytes(before)
    change(path, lambda model: model.graph.node.append(node("Identity", ["nowhere"], ["a"])))
    refused(path, "operator 'Identity' takes what is never computed")


def outside(path: Path, location: str, **place: object) -> None:
    """Have the largest weights lie in another file."""

    def move(model: Any) -> None:  # noqa: ANN401 - onnx ships few types
        tensor = model.graph.initializer[0]
        path.with_name("text.onnx.data").write_bytes(tensor.raw_data)
        tensor.ClearField("raw_data")
        tensor.data_location = onnx.TensorProto.EXTERNAL
        for key, value in {"location": location, **place}.items():
            tensor.external_data.add(key=key, value=str(value))

    change(path, move)


def test_weights_beside_the_network_are_named_so_that_they_can_be_checked(path: Path) -> None:
    outside(path, "text.onnx.data", offset=0)
    assert check_network(path, 32, INPUTS) == ("text.onnx.data",)


@pytest.mark.parametrize(
    "location", ["../secret", "/etc/passwd", "", "..", "a/b", "a\\b", "*/_ORT_MEM_ADDR_/*", "text.onnx", "C:x"]
)
def test_weights_that_lie_anywhere_else_are_refused(location: str, path: Path) -> None:
    outside(path, location)
    refused(path, "no file beside it")


@pytest.mark.parametrize("place", [{"offset": 64}, {"offset": -1}, {"length": 1}, {"offset": 10**17}, {"offset": "0x"}])
def test_weights_outside_their_file_are_refused(place: dict[str, object], path: Path) -> None:
    outside(path, "text.onnx.data", **place)
    refused(path, "do not fit into|an offset or a length in it is")


def test_weights_that_a_bundle_does_not_list_are_refused_before_anything_is_opened(folder: Path, path: Path) -> None:
    outside(path, "text.onnx.data")

    def listed(name: str) -> None:
        if name.endswith(".data"):
            raise BundleError(f"{name} is not among the files of the bundle")

    with pytest.raises(BundleError, match="not among the files"):
        Encoder.open(folder, check=listed).text("good")


def test_a_field_given_twice_is_refused_for_two_readers_may_differ_on_it(path: Path) -> None:
    path.write_bytes(path.read_bytes() * 2)
    refused(path, "field graph is given twice")


@pytest.mark.parametrize("data", [b"\x08", b"\x0a\x05ab", b"\x0b\x0c", b"\x80" * 20, b"\x12\xff\xff\xff\xff\x0f"])
def test_bytes_that_are_cut_short_are_no_message(data: bytes) -> None:
    with pytest.raises(DamagedError, match="cut short or no message"):
        Reader(data).read((0, len(data)), {1: number("a")})


def test_numbers_are_read_one_by_one_and_packed() -> None:
    assert Reader(b"\x08\x01\x0a\x02\x02\x03\x08\x80\x01").read((0, 9), {1: numbers("a")}) == {"a": [1, 2, 3, 128]}


def grown(model: Any, size: int) -> None:  # noqa: ANN401 - onnx ships few types
    """Have a network compute a square of `size` times the number of its tokens."""
    model.graph.node[-1].output[0] = "made"
    nodes = [
        node("Shape", ["input_ids"], ["shape"]),
        node("Mul", ["shape", constant(model, "size", [size, size])], ["sizes"]),
        node("ConstantOfShape", ["sizes"], ["square"]),
        node("ReduceSum", ["square"], ["nothing"], keepdims=0),
        node("Add", ["made", "nothing"], ["vector"]),
    ]
    model.graph.node.extend(nodes)


def test_a_network_that_wants_all_memory_fails_and_takes_none(folder: Path, path: Path) -> None:
    change(path, lambda model: grown(model, 60_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BundleError, match=r"text\.onnx failed \("):
        Encoder.open(folder).text("good film")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000, "KB"


def test_a_constant_that_doubles_and_doubles_is_not_computed_while_the_network_opens(path: Path) -> None:
    def double(model: Any) -> None:  # noqa: ANN401 - onnx ships few types
        constant(model, "d0", [1.0], np.float32)
        model.graph.node.extend(node("Concat", [f"d{i}", f"d{i}"], [f"d{i + 1}"], axis=0) for i in range(40))
        model.graph.output.add(name="d40").type.tensor_type.elem_type = onnx.TensorProto.FLOAT

    change(path, double)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    open_session(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8 * session.FOLDED / 1024


def test_a_run_without_end_is_ended(folder: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binding, "SECONDS", 0.2)
    monkeypatch.setattr(deadline, "EVERY", 0.1)

    def slow(model: Any) -> None:  # noqa: ANN401 - onnx ships few types
        model.graph.node[-1].output[0] = "s0"
        constant(model, "w", np.zeros((32, 32)), np.float32)
        constant(model, "wide", [60_000, 1])
        model.graph.node.append(node("Tile", ["s0", "wide"], ["s1"]))
        model.graph.node.extend(node("MatMul", [f"s{i}", "w"], [f"s{i + 1}"]) for i in range(1, 4_000))
        model.graph.node.append(node("ReduceMax", ["s4000"], ["vector"], axes=[0]))

    change(path, slow)
    with pytest.raises(BundleError, match=r"failed \(it took more than 0 s\)"):
        Encoder.open(folder, threads=1).text("good")


def test_verify_tries_an_encoder_in_a_process_of_its_own(folder: Path, path: Path) -> None:
    Encoder.open(folder).check()
    vocabulary = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]
    nan = b"\xff" * 4 * 32 * len(vocabulary)
    change(path, lambda model: setattr(model.graph.initializer[0], "raw_data", nan))
    with pytest.raises(BundleError, match="values that are not finite numbers"):
        Encoder.open(folder).check()


def test_a_trial_that_takes_too_long_is_ended(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "SECONDS", 0.01)
    with pytest.raises(BundleError, match="gave no answer within"):
        Encoder.open(folder).check()


def test_a_trial_in_too_little_memory_is_one_refusal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "MEMORY", 1 << 20)
    with pytest.raises(BundleError) as caught:
        Encoder.open(folder).check()
    assert "\n" not in str(caught.value)


def test_an_integer_that_a_crafted_network_divides_into_a_crash_ends_the_trial_only(folder: Path, path: Path) -> None:
    def crash(model: Any) -> None:  # noqa: ANN401 - onnx ships few types
        nodes = [
            node("Min", ["input_ids", constant(model, "least", -(2**63))], ["low"]),
            node("Div", ["low", constant(model, "minus", -1)], ["high"]),
            node("Cast", ["high"], ["real"], to=onnx.TensorProto.FLOAT),
            node("ReduceMin", ["real"], ["one"], keepdims=0),
            node("Min", ["made", "one"], ["vector"]),
        ]
        model.graph.node[-1].output[0] = "made"
        model.graph.node.extend(nodes)

    change(path, crash)
    with pytest.raises(BundleError, match="ended the process that tried it"):
        Encoder.open(folder).check()


def test_verify_finds_a_loop_in_a_bundle_whose_sums_were_mended(
    world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path: Path
) -> None:
    folder = world.write_bundle(tmp_path / "bundle", tiny_encoder, {"als": 1.0})
    loop = node("Loop", ["", ""], ["x"])
    change(folder / "encoders" / "bert" / "text.onnx", lambda model: model.graph.node.insert(0, loop))
    replace(Manifest.load(folder), files=dict(list_files(folder))).save(folder)
    (problem,) = Bundle.open(folder).problems()
    assert "text.onnx cannot be opened (it has the operator 'Loop', which no encoder needs)" in problem
