"""Writes a small but real encoder folder, in milliseconds: ONNX networks, a WordPiece tokenizer and `encoder.json`.

Texts with words in common and posters with colours in common get near vectors, so that tests of what stands on encoders
can tell right from wrong. Tests take it from the fixture `tiny_encoder`.
"""

from __future__ import annotations

import string
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from matinee.encoders import EncoderSpec, ImageTower, TextTower

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
WORDS = """a about action actor actress alien and animated awful bad bank beautiful best boring brilliant city classic
comedy cop crime dark director drama ending family fantastic father fear film friend fun funny future galaxy gangster
ghost good great haunted heist hero horror house i in intense is it jokes laugh love magic marriage monster mother
movie murder music mystery never not of old plot police robbery robot romance romantic scary score sea ship slow soul
space spaceship star story superb suspense terrible terrifying the thief thriller time to touching train travel very
villain war was wedding western with wonderful"""


def write_tiny_encoder(
    folder: Path, name: str = "tiny", towers: Sequence[str] = ("text", "image"), *, dim: int = 32, max_tokens: int = 32
) -> Path:
    """Write the folder of an encoder called `name` with the towers "text", "image" or both; return `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(zlib.crc32(name.encode()))
    text = _write_text(folder, random, dim, max_tokens) if "text" in towers else None
    image = _write_image(folder, random, dim) if "image" in towers else None
    EncoderSpec(name, dim, text, image).save(folder)
    return folder


def _write_text(folder: Path, random: np.random.Generator, dim: int, max_tokens: int) -> TextTower:
    pieces = [*string.ascii_lowercase, *string.digits, *string.punctuation]
    tokens = list(dict.fromkeys([*SPECIAL, *WORDS.split(), *pieces, *(f"##{piece}" for piece in pieces)]))
    vocabulary = {token: row for row, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[(t, vocabulary[t]) for t in ("[CLS]", "[SEP]")]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    table = random.normal(size=(len(vocabulary), dim)).astype(np.float32)
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    table[[vocabulary[t] for t in ("[CLS]", "[SEP]")]] *= 0.01
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),  # (batch, tokens, dim)
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["mask3"]),
        helper.make_node("Mul", ["rows", "mask3"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "middle"], ["sum"], keepdims=0),
        helper.make_node("ReduceSum", ["mask", "middle"], ["count"], keepdims=1),
        helper.make_node("Div", ["sum", "count"], ["vector"]),
    ]
    constants = {"table": table, "last": np.array([-1]), "middle": np.array([1])}
    names = ("input_ids", "attention_mask")
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "tokens"]) for n in names]
    write_network(folder / "text.onnx", nodes, inputs, constants, dim)
    return TextTower("text.onnx", "tokenizer.json", max_tokens=max_tokens, pad_id=0, inputs=names)


def _write_image(folder: Path, random: np.random.Generator, dim: int) -> ImageTower:
    nodes = [
        helper.make_node("AveragePool", ["pixels"], ["pooled"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),  # (batch, 48)
        helper.make_node("MatMul", ["flat", "projection"], ["vector"]),
    ]
    projection = random.normal(size=(3 * 4 * 4, dim)).astype(np.float32)
    inputs = [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["batch", 3, 32, 32])]
    write_network(folder / "image.onnx", nodes, inputs, {"projection": projection}, dim)
    half = (0.5, 0.5, 0.5)
    return ImageTower("image.onnx", "pixels", resize=36, crop=32, interpolation="bilinear", mean=half, std=half)


def write_network(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    inputs: Sequence[onnx.ValueInfoProto],
    constants: dict[str, npt.NDArray[np.generic]],
    dim: int,
) -> None:
    """Write a network whose one output is "vector", float32 (batch, dim)."""
    output = helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["batch", dim])
    tensors = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(list(nodes), "tiny", list(inputs), [output], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
