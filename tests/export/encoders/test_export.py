"""Exported encoders: the runtime opens them, and their vectors are those that are published."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnx.utils
import pytest
from tests.export.exported import Exported, made_up_texts, quiet

from matinee.encoders import Encoder
from matinee.errors import BuildError, MissingExtraError, UnknownNameError
from matinee_export.encoders import choose, export_encoder
from matinee_export.encoders.networks.towers import Array, Vectors
from matinee_export.encoders.selection.check import check_fp32
from matinee_export.encoders.weights.packages import MINILM
from matinee_export.models.registry import ENCODERS


def test_hello_world_has_the_published_vector(minilm: Exported) -> None:
    vector = Encoder.open(minilm[0]).text("hello world")
    published = [-0.0345, 0.0310, 0.0067, 0.0261, -0.0394, -0.1603]
    np.testing.assert_allclose(vector[:6], published, atol=5e-5)


@pytest.mark.filterwarnings("ignore")  # sentence_transformers' own, of the libraries it imports
def test_sentence_transformers_gives_the_same_vectors(minilm: Exported) -> None:
    sentence_transformers = pytest.importorskip("sentence_transformers")
    texts = made_up_texts(9)
    theirs = sentence_transformers.SentenceTransformer(str(MINILM.need()), device="cpu").encode(texts)
    ours = np.concatenate(list(Encoder.open(minilm[0]).embed_texts(texts)))
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "weights", "dim"), [("minilm", "packaged", 384), ("resnet50", "seeded", 2048), ("clip", "seeded", 512)]
)
def test_the_record_says_what_the_weights_are_and_holds_no_path(
    name: str, weights: str, dim: int, request: pytest.FixtureRequest
) -> None:
    folder, record = request.getfixturevalue(name)
    said = record.to_json()
    assert (said["weights"], said["dim"]) == (weights, dim)
    assert "/tmp" not in json.dumps(said)
    assert Encoder.open(folder).dim == dim


def test_clip_puts_texts_and_posters_into_one_space(clip: Exported, made_up_posters: list[Path]) -> None:
    encoder = Encoder.open(clip[0])
    assert encoder.text("a film").shape == encoder.poster(made_up_posters[0]).shape == (512,)


def test_the_same_weights_give_the_same_bytes_and_no_trace_of_this_machine(minilm: Exported, tmp_path: Path) -> None:
    choice = choose(ENCODERS["bert"], "packaged")
    export_encoder(ENCODERS["bert"], tmp_path, choice=choice, texts=made_up_texts(3), precision="fp32", log=quiet)
    for path in sorted(tmp_path.iterdir()):
        content = path.read_bytes()
        assert hashlib.sha256(content).digest() == hashlib.sha256((minilm[0] / path.name).read_bytes()).digest()
        for trace in (b"site-packages", b"stack_trace", b"modeling_bert", str(Path.home()).encode()):
            assert trace not in content, (path.name, trace)


def test_networks_use_only_operators_that_every_cpu_build_has(minilm: Exported, resnet50: Exported) -> None:
    for folder, file in ((minilm[0], "text.onnx"), (resnet50[0], "image.onnx")):
        model = onnx.load(folder / file)
        assert {node.domain for node in model.graph.node} <= {"", "com.microsoft"}
        assert not any("nchwc" in node.op_type.lower() for node in model.graph.node)
        bare = onnx.load(folder / file, load_external_data=False).graph.initializer
        places = {entry.value for item in bare for entry in item.external_data if entry.key == "location"}
        assert places == {f"{file}.data"}, "weights lie beside their network and nowhere else"


def test_a_network_that_differs_from_its_original_is_refused() -> None:
    rows: Sequence[Array] = [np.zeros(4)] * 3

    def gives(value: float) -> Callable[[Sequence[Array]], Vectors]:
        return lambda rows: np.full((len(rows), 2), value, np.float32)

    with pytest.raises(BuildError, match=r"bert text .*differs .* by 0.5, allowed is 1e-04"):
        check_fp32("bert text", gives(0), gives(0.5), 1e-4, rows)
    with pytest.raises(BuildError, match="nan"):
        check_fp32("bert text", gives(np.nan), gives(0), 1e-4, rows)


def test_too_few_inputs_for_int8_ship_fp32_and_say_so(minilm: Exported, tmp_path: Path) -> None:
    said: list[str] = []
    record = export_encoder(
        ENCODERS["bert"], tmp_path, choice=choose(ENCODERS["bert"], _as_optimum(minilm[0], tmp_path)), log=said.append
    )
    assert record.towers["text"].precision == "fp32"
    assert any("needs 32 real inputs" in line for line in said)


def _as_optimum(exported: Path, folder: Path) -> Path:
    """A folder of weights in optimum's layout: the exported network cut back to its hidden states."""
    target = folder / "weights" / "bert"
    target.mkdir(parents=True)
    model = onnx.load(exported / "text.onnx")
    hidden = [node.output[0] for node in model.graph.node if node.op_type == "LayerNormalization"][-1]
    part = onnx.utils.Extractor(_with_output(model, hidden)).extract_model(["input_ids", "attention_mask"], [hidden])
    for node in part.graph.node:
        node.output[:] = ["last_hidden_state" if name == hidden else name for name in node.output]
        node.input[:] = ["last_hidden_state" if name == hidden else name for name in node.input]
    part.graph.output[0].name = "last_hidden_state"
    onnx.save(part, target / "model.onnx")
    shutil.copy(exported / "tokenizer.json", target)
    (target / "config.json").write_text(json.dumps({"model_type": "bert", "max_position_embeddings": 512}))
    return folder / "weights"


def _with_output(model: onnx.ModelProto, name: str) -> onnx.ModelProto:
    shape: list[str | int | None] = ["batch", "tokens", 384]
    model.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape))
    return model


def test_a_folder_in_optimums_layout_gives_the_same_vectors(minilm: Exported, tmp_path: Path) -> None:
    weights = _as_optimum(minilm[0], tmp_path)
    record = export_encoder(
        ENCODERS["bert"], tmp_path / "out", choice=choose(ENCODERS["bert"], weights), precision="fp32", log=quiet
    )
    assert (record.weights, record.dim) == ("pretrained", 384)
    assert "fp32_max_difference" not in record.towers["text"].parity
    texts = made_up_texts(6)
    ours, theirs = (np.concatenate(list(Encoder.open(f).embed_texts(texts))) for f in (tmp_path / "out", minilm[0]))
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_an_onnx_folder_that_is_damaged_or_gives_no_vectors_is_named(tmp_path: Path, resnet50: Exported) -> None:
    from matinee_export.encoders.selection.select import write

    folder = tmp_path / "bert"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(b"not a network")
    with pytest.raises(BuildError, match=r"model\.onnx cannot be opened \(it is cut short"):
        export_encoder(ENCODERS["bert"], tmp_path / "out", choice=choose(ENCODERS["bert"], tmp_path), log=quiet)
    write(onnx.load(resnet50[0] / "image.onnx"), folder / "model.onnx")
    with pytest.raises(BuildError, match="gives vector; text vectors need one of text_embeds"):
        export_encoder(ENCODERS["bert"], tmp_path / "out", choice=choose(ENCODERS["bert"], tmp_path), log=quiet)


def test_optimum_is_named_where_it_is_missing(tmp_path: Path) -> None:
    pytest.importorskip("transformers", minversion="5")  # optimum-onnx cannot be installed beside it
    with pytest.raises(MissingExtraError, match=r"matinee\[optimum\]"):
        export_encoder(
            ENCODERS["bert"], tmp_path, choice=choose(ENCODERS["bert"], "packaged"), exporter="optimum", log=quiet
        )


def test_unknown_names_list_the_valid_ones(tmp_path: Path) -> None:
    choice = choose(ENCODERS["bert"], "packaged")
    with pytest.raises(UnknownNameError, match="int8"):
        export_encoder(ENCODERS["bert"], tmp_path, choice=choice, precision="int4")
    with pytest.raises(UnknownNameError, match="optimum"):
        export_encoder(ENCODERS["bert"], tmp_path, choice=choice, exporter="optimus")
