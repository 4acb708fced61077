"""Writes a folder for `--weights DIR`: tiny real networks for all encoders, in the layout that optimum exports."""

from __future__ import annotations

import json
from pathlib import Path

import onnx
from onnx import compose, helper
from tests.runtime.tiny import write_tiny_encoder

SIDE = 32


def write_tiny_weights(folder: Path, scratch: Path) -> Path:
    """Write `folder`/bert, resnet50 and clip, by way of `scratch`; return `folder`."""
    ends = {"text": "text_embeds", "image": "image_embeds"}
    for name, towers in {"bert": ["text"], "resnet50": ["image"], "clip": ["text", "image"]}.items():
        tiny = write_tiny_encoder(scratch / name, name, towers)
        parts = [_tower(tiny / f"{tower}.onnx", tower, ends[tower]) for tower in towers]
        home = folder / name
        home.mkdir(parents=True)
        onnx.save(_side_by_side(parts), home / "model.onnx")
        (home / "config.json").write_text(json.dumps({"max_position_embeddings": 32, "pad_token_id": 0}))
        if "text" in towers:
            (tiny / "tokenizer.json").rename(home / "tokenizer.json")
        if "image" in towers:
            (home / "preprocessor_config.json").write_text(json.dumps(_PREPROCESSING))
    return folder


def _tower(path: Path, prefix: str, end: str) -> onnx.ModelProto:
    """Read one tower and give it the names that optimum gives to inputs and outputs."""
    model = compose.add_prefix(onnx.load(path), f"{prefix}_", rename_inputs=False, rename_outputs=False)
    names = {"pixels": "pixel_values", "vector": end}
    for node in model.graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]
    for value in (*model.graph.input, *model.graph.output):
        value.name = names.get(value.name, value.name)
    return model


def _side_by_side(models: list[onnx.ModelProto]) -> onnx.ModelProto:
    graphs = [model.graph for model in models]
    graph = helper.make_graph(
        [node for part in graphs for node in part.node],
        "towers",
        [value for part in graphs for value in part.input],
        [value for part in graphs for value in part.output],
        [tensor for part in graphs for tensor in part.initializer],
    )
    return helper.make_model(graph, opset_imports=models[0].opset_import, ir_version=models[0].ir_version)


_PREPROCESSING = {
    "size": {"shortest_edge": SIDE},
    "crop_size": {"height": SIDE, "width": SIDE},
    "image_mean": [0.5, 0.5, 0.5],
    "image_std": [0.5, 0.5, 0.5],
    "resample": 2,
}
