"""Reads a model that optimum exported, or has optimum export one: model.onnx, config.json, tokenizer or preprocessor.

In: a folder in optimum's layout. Out: a `LoadedEncoder` whose graphs have "vector" as their only output: pooling is
appended if the graph ends in hidden states, and a graph with two towers is split into two graphs.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper, version_converter
from onnx.utils import Extractor
from tokenizers import Tokenizer

from matinee.errors import BuildError, MatineeError, MissingExtraError
from matinee.onnx_check import inspect_network
from matinee.towers import TEXT_INPUTS, ImageTower, TextTower
from matinee_export.encoders.networks.towers import (
    IMAGE,
    TEXT,
    TOKENIZER,
    Array,
    ImageSource,
    LoadedEncoder,
    TextSource,
)
from matinee_export.encoders.onnx.to_onnx import OPSET, anonymous
from matinee_export.encoders.weights.state import read_json, reading
from matinee_export.encoders.weights.tokenizer_file import read_tokenizer

MAX_TOKENS = 256
PIXELS = "pixel_values"
RESAMPLE = {1: "lanczos", 2: "bilinear", 3: "bicubic"}
"""Interpolation by PIL's number for it, which preprocessor_config.json contains."""


@dataclass(frozen=True)
class Ending:
    """An output of a graph that can be turned into vectors, and its pooling: "as it is", "tokens" or "grid"."""

    output: str
    pooling: str


ENDINGS = {
    "text": (
        Ending("text_embeds", "as it is"),
        Ending("sentence_embedding", "as it is"),
        Ending("last_hidden_state", "tokens"),
        Ending("token_embeddings", "tokens"),
    ),
    "image": (
        Ending("image_embeds", "as it is"),
        Ending("pooler_output", "grid"),
        Ending("last_hidden_state", "grid"),
    ),
}
"""Usable outputs by tower, best first. "tokens" are (batch, tokens, dim), a "grid" is (batch, dim, rows, columns)."""


def load(towers: Container[str], folder: Path) -> LoadedEncoder:
    """Load the towers of an exported folder.

    Args:
        towers: The networks that must be there: "text", "image" or both.
        folder: Folder with model.onnx, config.json, and tokenizer.json or preprocessor_config.json as needed.

    Raises:
        BuildError: A file is missing or damaged, or no output can be turned into vectors.
    """
    try:
        inspect_network(folder / "model.onnx")  # the folder may be untrusted: inspect the file before onnx opens it
        model = onnx.load(folder / "model.onnx")
        onnx.checker.check_model(model)
        if any(not item.domain and item.version < OPSET for item in model.opset_import):
            model = version_converter.convert_version(model, OPSET)  # the pooling appended below uses OPSET
    except MatineeError as error:
        raise BuildError(str(error).replace("build or fetch the bundle again", "export it again")) from error
    except Exception as error:  # protobuf, onnx and the file system each raise errors of their own
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
        raise BuildError(f"model.onnx in {folder} cannot be read ({reason}); export it again") from error
    text = _text(model, folder) if "text" in towers else None
    image = _image(model, folder) if "image" in towers else None
    tower = text or image
    assert tower is not None, "every encoder has a tower"
    return LoadedEncoder(_width(tower.to_onnx(), folder), text=text, image=image)


def run_optimum(model: str, folder: Path) -> None:
    """Export a transformers model, up to its last hidden state, into `folder` with optimum.

    Raises:
        MissingExtraError: optimum-onnx is not installed.
    """
    try:
        from optimum.exporters.onnx import main_export
    except ImportError:
        raise MissingExtraError("optimum-onnx", "optimum") from None
    main_export(model, output=folder, task="feature-extraction", library_name="transformers")


def _text(model: onnx.ModelProto, folder: Path) -> TextSource:
    graph = _tower(model, "text", folder, TEXT_INPUTS)
    path = folder / "config.json"
    config = read_json(path)
    inputs = tuple(item.name for item in graph.graph.input)
    with reading(path):
        config |= config.get("text_config") or {}
        longest = int(config.get("max_position_embeddings", MAX_TOKENS))
        tower = TextTower(TEXT, TOKENIZER, min(MAX_TOKENS, longest), int(config.get("pad_token_id") or 0), inputs)
    tokenizer: Tokenizer = read_tokenizer(folder)
    return TextSource(to_onnx=lambda: graph, tower=tower, tokenizer=tokenizer, reference=None, tolerance=0.0)


def _image(model: onnx.ModelProto, folder: Path) -> ImageSource:
    graph = _tower(model, "image", folder, (PIXELS,))
    return ImageSource(to_onnx=lambda: graph, tower=_preprocessing(folder), reference=None, tolerance=0.0)


def _preprocessing(folder: Path) -> ImageTower:
    """Read the image tower from preprocessor_config.json; with `crop_pct`, images are resized to crop / crop_pct."""
    path = folder / "preprocessor_config.json"
    config: dict[str, Any] = read_json(path)
    try:
        size, crop = _side(config["size"]), _side(config.get("crop_size") or config["size"])
        resize = round(crop / config["crop_pct"]) if config.get("crop_pct") else size
        mean, std = (tuple(map(float, config[key])) for key in ("image_mean", "image_std"))
        interpolation = RESAMPLE[config.get("resample", 2)]
        return ImageTower(
            IMAGE, PIXELS, resize, crop, interpolation, (mean[0], mean[1], mean[2]), (std[0], std[1], std[2])
        )
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise BuildError(f"{path.name} in {folder} lacks or misspells {error}; export the model again") from error


def _side(size: int | dict[str, int]) -> int:
    return int(size if isinstance(size, int) else size.get("shortest_edge") or size["height"])


def _tower(model: onnx.ModelProto, kind: str, folder: Path, inputs: tuple[str, ...]) -> onnx.ModelProto:
    """Extract the part of the graph from `inputs` to the best ending for `kind`, and append that ending's pooling."""
    outputs = {item.name for item in model.graph.output}
    ending = next((ending for ending in ENDINGS[kind] if ending.output in outputs), None)
    if ending is None:
        wanted = ", ".join(ending.output for ending in ENDINGS[kind])
        raise BuildError(
            f"model.onnx in {folder} gives {', '.join(sorted(outputs))}; {kind} vectors need one of {wanted}"
        )
    names = [item.name for item in model.graph.input if item.name in inputs]
    part = Extractor(model).extract_model(names, [ending.output])
    return anonymous(_pooled(part, ending))


def _pooled(model: onnx.ModelProto, ending: Ending) -> onnx.ModelProto:
    """Append the pooling of `ending`, whose result is named "vector", as the only output."""
    graph, (nodes, constants) = model.graph, _pooling(ending)
    graph.node.extend(nodes)
    graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in constants.items())
    shape = graph.output[0].type.tensor_type.shape.dim
    width = shape[1].dim_value if ending.pooling == "grid" else shape[-1].dim_value
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["batch", width or None]))
    return model


def _pooling(ending: Ending) -> tuple[list[NodeProto], dict[str, Array]]:
    """Return the nodes that turn the ending's output into "vector", and their constants by name."""
    node, x = helper.make_node, ending.output
    if ending.pooling == "as it is":
        return [node("Identity", [x], ["vector"])], {}
    if ending.pooling == "grid":
        return [node("GlobalAveragePool", [x], ["pool.mean"]), node("Flatten", ["pool.mean"], ["vector"], axis=1)], {}
    nodes = [
        node("Cast", ["attention_mask"], ["pool.mask"], to=TensorProto.FLOAT),
        node("Unsqueeze", ["pool.mask", "pool.last"], ["pool.keep"]),
        node("Mul", [x, "pool.keep"], ["pool.kept"]),
        node("ReduceSum", ["pool.kept", "pool.tokens"], ["pool.sum"], keepdims=0),
        node("ReduceSum", ["pool.mask", "pool.tokens"], ["pool.count"], keepdims=1),
        node("Max", ["pool.count", "pool.one"], ["pool.least"]),
        node("Div", ["pool.sum", "pool.least"], ["vector"]),
    ]
    return nodes, {"pool.last": np.array([-1]), "pool.tokens": np.array([1]), "pool.one": np.array([1], np.float32)}


def _width(model: onnx.ModelProto, folder: Path) -> int:
    width = model.graph.output[0].type.tensor_type.shape.dim[-1].dim_value
    if width < 1:
        raise BuildError(
            f"model.onnx in {folder} does not say how long its vectors are; export it with a fixed hidden size"
        )
    return int(width)
