"""Attention as one operator and products in int8 with fixed scales: the same vectors, whoever shares the batch."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from matinee.encoders import Encoder
from matinee.session import open_session
from matinee.text import Tokenizer
from matinee_export.encoders import choose, export_encoder
from matinee_export.encoders.networks.towers import Array
from matinee_export.encoders.onnx.fuse_attention import fuse_attention
from matinee_export.encoders.onnx.graph import graphs
from matinee_export.encoders.onnx.to_onnx import to_onnx
from matinee_export.encoders.quantization.calibrate import sample
from matinee_export.encoders.quantization.int8_static import PIECE, quantize_statically
from matinee_export.encoders.selection import parity
from matinee_export.encoders.selection.select import write
from matinee_export.models.registry import ENCODERS

pytestmark = pytest.mark.slow

LAYERS, WIDTH = 2, 64
RANDOM = np.random.default_rng(7)
ROWS = [RANDOM.integers(1, 99, length) for length in (3, 3, 9, 17, 24, 24)]


def operators(model: onnx.ModelProto) -> Counter[str]:
    """Operators by name, those in branches included."""
    return Counter(node.op_type for graph in graphs(model.graph) for node in graph.node)


@pytest.fixture(scope="module")
def bert() -> onnx.ModelProto:
    from transformers import BertConfig, BertModel

    from matinee_export.encoders.networks.bert import MeanOfTokens, _eager

    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=100,
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=4,
        intermediate_size=PIECE + 8,
        initializer_range=0.3,
    )
    ids = torch.ones((2, 8), dtype=torch.int64)
    module = MeanOfTokens(BertModel(_eager(config), add_pooling_layer=False))
    return to_onnx(module, (ids, ids.clone()), ("input_ids", "attention_mask"), {0: "batch", 1: "tokens"})


@pytest.fixture(scope="module")
def clip() -> onnx.ModelProto:
    from matinee_export.encoders.networks.clip import (  # type: ignore[attr-defined]  # open_clip can be imported only after it
        TextModule,
        open_clip,
    )

    torch.manual_seed(1)
    vision = open_clip.model.CLIPVisionCfg(layers=1, width=64, patch_size=16, image_size=32)
    text = open_clip.model.CLIPTextCfg(context_length=32, vocab_size=100, width=WIDTH, heads=4, layers=LAYERS)
    module = TextModule(open_clip.CLIP(32, vision, text))
    ids = torch.tensor([[1, 2, 3, 4, 5, 6, 7, 99]] * 2)
    return to_onnx(module, (ids,), ("input_ids",), {0: "batch", 1: "tokens"})


def run(model: onnx.ModelProto, path: Path, rows: list[Array], padding: int = 0) -> Array:
    """The vectors of rows of one length, padded by so many tokens."""
    path.write_bytes(model.SerializeToString())
    ids = np.pad(np.stack(rows), ((0, 0), (0, padding)))
    mask = np.pad(np.ones_like(np.stack(rows)), ((0, 0), (0, padding)))
    feed = {"input_ids": ids, "attention_mask": mask}
    session = open_session(path, threads=1)
    vectors: Array = session.run(["vector"], {item.name: feed[item.name] for item in session.get_inputs()})[0]
    return vectors


@pytest.mark.parametrize("name", ["bert", "clip"])
def test_attention_becomes_one_operator_and_nothing_changes(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    model = request.getfixturevalue(name)
    fused = fuse_attention(model)
    counts = operators(fused)
    assert counts["MultiHeadAttention"] == LAYERS * (2 if name == "bert" else 1), "with padding and without"
    assert counts["Softmax"] == 0
    for padding in (0, 5):
        exact, close = (run(m, tmp_path / "network.onnx", ROWS[4:], padding) for m in (model, fused))
        np.testing.assert_allclose(close, exact, atol=1e-5)


def test_a_network_without_attention_stays_as_it_is(tmp_path: Path) -> None:
    ids = torch.tensor([[1, 2, 3]] * 2)
    plain = torch.nn.Sequential(torch.nn.Embedding(100, 8), torch.nn.Flatten(1), torch.nn.Linear(24, 4))
    model = to_onnx(plain, (ids,), ("input_ids",), {0: "batch"})
    fused = fuse_attention(model)
    assert operators(fused) == operators(model)
    exact, after = (run(m, tmp_path / "network.onnx", ROWS[:2]) for m in (model, fused))
    np.testing.assert_array_equal(after, exact)


@pytest.mark.parametrize("name", ["bert", "clip"])
def test_int8_vectors_are_near_and_do_not_know_their_batch_mates(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    model = request.getfixturevalue(name)
    reduced = quantize_statically(model, ROWS)
    assert operators(reduced)["MatMul"] == 0, "every product by a matrix is done in integers"
    assert {node.domain for graph in graphs(reduced.graph) for node in graph.node} <= {"", "com.microsoft"}
    path = tmp_path / "network.onnx"
    assert parity.mean_cosine(run(model, path, ROWS[4:]), run(reduced, path, ROWS[4:])) >= 0.99
    together = run(reduced, path, ROWS[:2])
    alone = np.concatenate([run(reduced, path, [row]) for row in ROWS[:2]])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_hidden_tokens_stay_hidden_whatever_they_are(clip: onnx.ModelProto, tmp_path: Path) -> None:
    fused = fuse_attention(clip)
    rows = [np.concatenate([ROWS[3][:8], [99], ROWS[3][9:]]), np.concatenate([ROWS[3][:8], [99], ROWS[5][:8]])]
    one, other = run(fused, tmp_path / "network.onnx", rows)
    np.testing.assert_allclose(one, other, atol=1e-5)


def test_what_only_products_take_is_normalized_to_their_scale_at_once(
    bert: onnx.ModelProto, clip: onnx.ModelProto
) -> None:
    before, after = operators(fuse_attention(bert))["Mul"], operators(quantize_statically(bert, ROWS))["Mul"]
    assert after - before == 2 * LAYERS, "in BERT the next sum takes it too"
    assert operators(quantize_statically(clip, ROWS))["Mul"] == 0


def test_wide_activations_are_done_in_pieces(bert: onnx.ModelProto) -> None:
    assert operators(quantize_statically(bert, ROWS))["Gelu"] == 2 * LAYERS


def test_the_same_network_and_rows_give_the_same_bytes(bert: onnx.ModelProto) -> None:
    one, other = (quantize_statically(bert, ROWS).SerializeToString(deterministic=True) for _ in range(2))
    assert one == other


def test_calibration_looks_at_all_rows_alike(bert: onnx.ModelProto) -> None:
    value = next(node.output[0] for node in bert.graph.node if node.op_type == "LayerNormalization")
    seen = sample(bert, [value], ROWS)[value]
    assert seen.shape == (3 + 3 + 9 + 16 + 16 + 16, WIDTH)


def test_int8_of_real_weights_holds_whatever_the_lengths_in_a_batch(tmp_path: Path) -> None:
    texts = [" ".join(["a slow film of two brothers"] * (1 + i % 7)) + f" {i}" for i in range(40)]
    export_encoder(
        ENCODERS["bert"], tmp_path, choice=choose(ENCODERS["bert"], "packaged"), precision="fp32", log=lambda _: None
    )
    exact = Encoder.open(tmp_path, threads=2)
    before = np.concatenate(list(exact.embed_texts(texts)))
    tokens = Tokenizer(tmp_path / "tokenizer.json", 256, 0).encode(texts)
    write(quantize_statically(onnx.load(tmp_path / "text.onnx"), tokens), tmp_path / "text.onnx")
    encoder = Encoder.open(tmp_path, threads=2)
    together = np.concatenate(list(encoder.embed_texts(texts)))
    assert (together * before).sum(axis=1).mean() >= 0.99
    alone = np.stack([encoder.text(text) for text in texts])
    assert (together * alone).sum(axis=1).min() >= 0.999
