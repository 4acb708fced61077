"""Which variant of a network is shipped: what measures best on this machine within the bars, or what was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from tests.export.exported import made_up_texts

from matinee.encoders import Encoder
from matinee.errors import UnknownNameError
from matinee.session import CPU, CUDA, ProviderWarning
from matinee_export.encoders import EncoderRecord, choose, export_encoder
from matinee_export.encoders.quantization.variants import (
    PRECISIONS,
    Variant,
    check_precision,
    measured_on_provider,
    variants_to_try,
)
from matinee_export.encoders.selection import select as ship
from matinee_export.encoders.selection import speed
from matinee_export.encoders.selection.check import THRESHOLDS
from matinee_export.encoders.selection.select import best
from matinee_export.log import silent
from matinee_export.models.registry import ENCODERS

GOOD = dict.fromkeys(THRESHOLDS, 0.9995)


NETWORKS = [variants for encoder in ENCODERS.values() for variants in encoder.variants.values()]


def figures(ratio: float, **quality: float) -> dict[str, float]:
    return {**GOOD, **quality, "speed": ratio}


@pytest.mark.parametrize(
    ("variants", "shipped"),
    [
        ({}, "fp32"),
        ({"int8": figures(2.9)}, "int8"),
        ({"int8": figures(1.0)}, "fp32"),
        ({"int8": figures(1.09)}, "fp32"),
        ({"int8": figures(1.1)}, "int8"),
        ({"int8": figures(9.0, cosine=0.9899)}, "fp32"),
        ({"int8": figures(9.0, overlap=0.89)}, "fp32"),
        ({"int8": figures(9.0, batch_cosine=0.9989)}, "fp32"),
        ({"int8": figures(9.0, cosine=float("nan"))}, "fp32"),
        ({"one": figures(2.0), "two": figures(2.1)}, "one"),
        ({"one": figures(2.0), "two": figures(2.3)}, "two"),
        ({"one": figures(2.0, overlap=0.5), "two": figures(1.5)}, "two"),
    ],
)
def test_the_fastest_within_the_bars_is_shipped_where_it_is_clearly_faster(
    variants: Mapping[str, Mapping[str, float]], shipped: str
) -> None:
    assert best(variants) == shipped


class Clock:
    """A clock that only work moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.turns: list[tuple[str, int]] = []

    def perf_counter(self) -> float:
        """Now, in seconds."""
        return self.now

    def work(self, name: str, seconds: float) -> speed.Serve:
        """Something that takes `seconds` an input, and notes its turns."""

        def run(count: int) -> None:
            self.turns.append((name, count))
            self.now += seconds * count

        return run


def test_forms_take_turns_on_as_many_inputs_as_a_short_pass_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(speed, "time", clock)
    found = speed.compare({"fp32": clock.work("fp32", 0.029), "int8": clock.work("int8", 0.01)}, 64)
    assert found == {"fp32": 1.0, "int8": 2.9}
    warm, rounds = clock.turns[:3], clock.turns[3:]
    assert [name for name, _ in warm] == ["fp32", "int8", "fp32"]
    assert [name for name, _ in rounds] == ["fp32", "int8"] * (len(rounds) // 2)
    assert {count for _, count in rounds} == {17}


def test_a_slow_network_has_three_rounds_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(speed, "time", clock)
    assert speed.compare({"fp32": clock.work("fp32", 3.0), "int8": clock.work("int8", 4.0)}, 64)["int8"] == 0.75
    assert clock.turns.count(("int8", 4)) == 1 + 3


def test_what_speeds_were_measured_on_is_said_in_words() -> None:
    told = speed.measured_on(CPU)
    assert told["provider"] == CPU
    assert told["threads"] >= 1
    assert set(told["instructions"]) <= set(speed.INSTRUCTIONS.values())


def test_by_itself_only_what_is_made_for_the_provider_is_tried() -> None:
    for variants in NETWORKS:
        assert {variant.provider for variant in variants_to_try(variants, "auto", CPU)} == {CPU}
        assert [variant.name for variant in variants_to_try(variants, "auto", CUDA)] == ["fp16"]
        assert [variant.name for variant in variants_to_try(variants, "fp16", CPU)] == ["fp16"]
        assert variants_to_try(variants, "fp32", CPU) == ()


def test_what_is_made_for_a_cpu_is_measured_on_one_also_beside_a_gpu() -> None:
    for variants in NETWORKS:
        assert measured_on_provider(variants_to_try(variants, "int8", CUDA), CUDA) == CPU
        assert measured_on_provider(variants_to_try(variants, "auto", CUDA), CUDA) == CUDA
        assert measured_on_provider(variants_to_try(variants, "fp16", CPU), CPU) == CPU


def test_each_network_has_one_variant_of_a_name_and_each_can_be_asked_for() -> None:
    for variants in NETWORKS:
        names = [variant.name for variant in variants]
        assert len(set(names)) == len(names)
        assert set(names) <= set(PRECISIONS)


def test_an_unknown_precision_lists_the_known() -> None:
    assert {"auto", "fp32", "int8", "fp16"} <= set(PRECISIONS)
    with pytest.raises(UnknownNameError, match=r"no precision is called 'int3'.*int8"):
        check_precision("int3")


def export(
    folder: Path,
    weights: Path,
    precision: str,
    said: list[str] | None = None,
    variants: Sequence[Variant] = ENCODERS["bert"].variants["text"],
) -> EncoderRecord:
    log = said.append if said is not None else silent
    encoder = replace(ENCODERS["bert"], variants={"text": tuple(variants)})
    choice = choose(encoder, weights)
    return export_encoder(encoder, folder, choice=choice, texts=made_up_texts(40), precision=precision, log=log)


@pytest.mark.parametrize(("ratio", "shipped"), [(3.0, "int8-static"), (1.0, "fp32")])
def test_what_was_measured_decides_and_is_written_down(
    ratio: float, shipped: str, tiny_weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ship, "compare", lambda serve, inputs: dict.fromkeys(serve, ratio))
    said: list[str] = []
    record = export(tmp_path, tiny_weights, "auto", said).towers["text"]
    assert record.precision == shipped
    assert record.provider == {"int8-static": CPU, "fp32": ""}[shipped]
    assert all(figures["speed"] == ratio for figures in record.variants.values())
    assert list(record.variants) == [
        variant.name for variant in variants_to_try(ENCODERS["bert"].variants["text"], "auto", CPU)
    ]
    assert sum(line.startswith(f"bert text: int8-static {ratio:g}x fp32, cosine ") for line in said) == 1
    assert Encoder.open(tmp_path).towers["text"].precision == shipped
    assert not [path.name for path in tmp_path.iterdir() if path.name not in SHIPPED]


SHIPPED = ("encoder.json", "text.onnx", "text.onnx.data", "tokenizer.json")


def test_a_variant_that_spoils_the_vectors_is_named_and_shipped_only_where_it_was_asked_for(
    tiny_weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = [Variant("int8", lambda model, rows: _spoilt(model))]
    monkeypatch.setattr(ship, "compare", lambda serve, inputs: dict.fromkeys(serve, 5.0))
    said: list[str] = []
    assert export(tmp_path / "a", tiny_weights, "auto", said, spoilt).towers["text"].precision == "fp32"
    assert any("fails cosine 0" in line and line.endswith("fp32 shipped") for line in said), said
    assert export(tmp_path / "b", tiny_weights, "int8", variants=spoilt).towers["text"].precision == "int8"


def _spoilt(model: onnx.ModelProto) -> onnx.ModelProto:
    """The network with another table of words."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    table = max(copy.graph.initializer, key=lambda tensor: len(tensor.raw_data))
    other = np.random.default_rng(0).normal(size=tuple(table.dims)).astype(np.float32)
    table.CopyFrom(numpy_helper.from_array(other, table.name))
    return copy


def test_fp16_is_made_for_a_gpu_says_so_elsewhere_and_gives_the_same_vectors(
    tiny_weights: Path, tmp_path: Path
) -> None:
    export(tmp_path / "fp32", tiny_weights, "fp32")
    record = export(tmp_path / "fp16", tiny_weights, "fp16").towers["text"]
    assert (record.precision, record.provider) == ("fp16", CUDA)
    model = onnx.load(tmp_path / "fp16" / "text.onnx")
    types = [value.type.tensor_type.elem_type for value in (*model.graph.input, *model.graph.output)]
    assert set(types) == {onnx.TensorProto.INT64, onnx.TensorProto.FLOAT}
    assert any(tensor.data_type == onnx.TensorProto.FLOAT16 for tensor in model.graph.initializer)
    with pytest.warns(ProviderWarning, match=f"made for {CUDA} and run on {CPU}"):
        half = Encoder.open(tmp_path / "fp16").text("a slow crime story")
    assert half.dtype == np.float32
    assert half @ Encoder.open(tmp_path / "fp32").text("a slow crime story") >= 0.9999


def test_a_precision_that_a_network_has_no_variant_of_gives_fp32_and_is_told(
    tiny_weights: Path, tmp_path: Path
) -> None:
    said: list[str] = []
    assert export(tmp_path, tiny_weights, "fp16", said, ()).towers["text"].precision == "fp32"
    assert "bert text: has no variant called fp16; shipping fp32" in said
