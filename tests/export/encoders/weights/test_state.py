"""A folder of weights from anybody: what its files hold is tensors that fit, or one sentence; nothing of it is run."""

from __future__ import annotations

import json
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from matinee.errors import BuildError
from matinee_export.encoders.networks.bert import load
from matinee_export.encoders.weights.choice import choose
from matinee_export.encoders.weights.source import find_weights, weight_file
from matinee_export.encoders.weights.state import load_into, read_json, read_state
from matinee_export.encoders.weights.tokenizer_file import read_tokenizer
from matinee_export.models.registry import ENCODERS

HOSTILE = "ignore:Detected pickle protocol"  # torch says of some of these that they may not be its own


class Trap:
    """Unpickled, it makes a folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return os.mkdir, (str(self._path),)


def _refused(read: Callable[[Path], object], path: Path) -> str:
    with pytest.raises(BuildError) as caught:
        read(path)
    message = str(caught.value)
    assert path.name in message
    assert "\n" not in message
    assert len(message) < 500
    return message


@pytest.mark.filterwarnings(HOSTILE)
@pytest.mark.parametrize(
    "write", [lambda thing, path: torch.save(thing, path), lambda t, p: p.write_bytes(pickle.dumps(t))]
)
def test_no_pickle_is_run(write: Callable[[object, Path], object], tmp_path: Path) -> None:
    path, trap = tmp_path / "pytorch_model.bin", tmp_path / "trap"
    write({"weight": Trap(trap)}, path)
    assert "it holds more than tensors" in _refused(read_state, path)
    assert not trap.exists()


def _safetensors(header: bytes, data: bytes = b"", length: int | None = None) -> bytes:
    return (len(header) if length is None else length).to_bytes(8, "little") + header + data


def _tensor(**said: object) -> bytes:
    return json.dumps({"a": {"dtype": "F32", "shape": [10], "data_offsets": [0, 40], **said}}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        _safetensors(b"{}", length=2**63),
        _safetensors(b" " * 20_000_000 + b"{}"),
        _safetensors(b'{"a":' * 100_000),
        _safetensors(_tensor(data_offsets=[0, 4_000]), b"\0" * 40),
        _safetensors(_tensor(data_offsets=[40, 0]), b"\0" * 40),
        _safetensors(_tensor(shape=[2**62, 2**62]), b"\0" * 40),
        _safetensors(_tensor(dtype="C64", shape=[5]), b"\0" * 40),
        _safetensors(b"{}"),
    ],
)
def test_a_safetensors_file_whose_header_lies_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    _refused(read_state, path)


@pytest.mark.filterwarnings(HOSTILE)
@pytest.mark.parametrize(
    "state",
    [
        {"a": torch.zeros(1).half().expand(10**10)},  # 20 GB of one number
        {f"{n}": torch.zeros(1000) for n in [0]} | {"b": torch.zeros(4).expand(10**6, 4)},
        {"a": torch.zeros(9, device="meta")},
        {"a": torch.zeros(9).to_sparse()},
        {"a": [torch.zeros(9)]},
        [torch.zeros(9)],
        {},
    ],
)
def test_what_is_no_table_of_plain_tensors_is_refused(state: object, tmp_path: Path) -> None:
    path = tmp_path / "pytorch_model.bin"
    torch.save(state, path)
    _refused(read_state, path)


def test_a_file_that_was_changed_anywhere_in_its_table_is_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "pytorch_model.bin"
    torch.save({"a": torch.arange(9.0), "b": torch.zeros(4, 4).half()}, path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    table = next(name for name in members if name.endswith("data.pkl"))
    draw = torch.Generator().manual_seed(0)
    refused = 0
    for _ in range(300):
        changed = bytearray(members[table])
        at = int(torch.randint(len(changed), (), generator=draw))
        changed[at] = int(torch.randint(256, (), generator=draw))
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in (members | {table: bytes(changed)}).items():
                archive.writestr(name, content)
        try:
            read_state(path)
        except BuildError:
            refused += 1
    assert refused > 100


def test_a_packed_archive_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "pytorch_model.bin"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", b"\0" * 50_000_000)
    assert "packed" in _refused(read_state, path)


def test_weights_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    module = torch.nn.Linear(2, 2)
    for wrong in (float("nan"), float("inf")):
        state = {"weight": torch.full((2, 2), wrong), "bias": torch.zeros(2)}
        with pytest.raises(BuildError, match="NaN or infinity"):
            load_into(module, state, tmp_path / "model.safetensors")


def test_weights_of_half_precision_become_those_of_the_module(tmp_path: Path) -> None:
    state = {"weight": torch.full((2, 2), 0.5).half(), "bias": torch.zeros(2, dtype=torch.float64)}
    module = load_into(torch.nn.Linear(2, 2), state, tmp_path / "model.safetensors")
    assert {weights.dtype for weights in module.parameters()} == {torch.float32}
    assert module.weight.tolist() == [[0.5, 0.5], [0.5, 0.5]]


@pytest.mark.parametrize(
    "content", [b"[" * 200_000, b'{"a":' * 200_000, b"\xff", b"[]", b'{"a": ' + b"9" * 9_000 + b"}"]
)
def test_a_configuration_that_is_none_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(content)
    _refused(read_json, path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tokenizer.json", b"[" * 200_000),
        ("tokenizer.json", b'{"model":' * 10_000),
        ("vocab.txt", b"\xff\xfe[CLS]\n[SEP]"),
        ("vocab.txt", b""),
    ],
)
def test_a_tokenizer_that_is_none_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    _refused(lambda path: read_tokenizer(path.parent), tmp_path / name)


def test_a_tokenizer_at_which_the_librarys_rust_code_gives_up_is_refused_before_it_sees_it(tmp_path: Path) -> None:
    data: dict[str, object] = {
        **dict.fromkeys(("truncation", "padding", "pre_tokenizer", "post_processor", "decoder")),
        "version": "1.0",
        "added_tokens": [],
        "normalizer": {"type": "Precompiled", "precompiled_charsmap": "AAAA"},
        "model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"},
    }
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(data))
    assert "its precompiled_charsmap is no base64" in _refused(lambda path: read_tokenizer(path.parent), path)


@pytest.mark.parametrize(
    "sizes",
    [
        {"num_hidden_layers": 10**9},
        {"hidden_size": 10**9},
        {"vocab_size": 10**12},
        {"hidden_size": "wide"},
        {"num_hidden_layers": 0},
        {"num_attention_heads": 0},
        {"hidden_act": "no such function"},
        {"hidden_size": 2.5},
    ],
)
def test_a_network_larger_than_its_weights_is_refused_before_it_is_made(sizes: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "weights" / "bert"
    folder.mkdir(parents=True)
    config = {"model_type": "bert", "hidden_size": 8, "num_attention_heads": 2, "intermediate_size": 8, "vocab_size": 9}
    (folder / "config.json").write_text(
        json.dumps({**config, "max_position_embeddings": 9, "num_hidden_layers": 1, **sizes})
    )
    save_file({f"{n}": torch.zeros(500) for n in range(3)}, folder / "model.safetensors")
    _refused(
        lambda path: load(find_weights(ENCODERS["bert"], choose(ENCODERS["bert"], tmp_path / "weights"), 0, print), 0),
        folder / "config.json",
    )


def test_a_table_of_shards_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret.safetensors").write_bytes(b"")
    folder = tmp_path / "bert"
    folder.mkdir()
    table = {"weight_map": {"a": "../secret.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(table))
    with pytest.raises(BuildError, match="holds no weights"):
        weight_file(folder)
