"""Exports a torch module as a single fp32 ONNX graph whose bytes depend only on the module.

In: a torch module in evaluation mode, example inputs with batch >= 2, and the axes of variable size. Out: a
ModelProto with one output, "vector", which contains all weights.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping, Sequence

import onnx
import torch

OPSET = 20
"""ONNX operator set of the exported graphs; the oldest onnxruntime that the runtime accepts can read it."""

MESSAGES_OF_TORCH = (
    r".*isinstance\(treespec, LeafSpec\).*",  # torch.export calling its own deprecated code
    r".*The axis name: .* will not be used.*",  # several inputs share their axis names, as intended
)


def to_onnx(
    module: torch.nn.Module, example: Sequence[torch.Tensor], names: Sequence[str], free: Mapping[int, str]
) -> onnx.ModelProto:
    """Export `module` with inputs named `names` and an output named "vector".

    Args:
        module: Takes the tensors of `example` in order and returns a float32 (batch, dim) tensor.
        example: One tensor for each input, of at least two rows, since torch treats an axis of size 1 as constant.
        names: One name for each input.
        free: Names of the axes of variable size, by axis; the same for every input.
    """
    module.eval()
    exporter_log = logging.getLogger("torch.onnx")
    level = exporter_log.level
    exporter_log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            for message in MESSAGES_OF_TORCH:
                warnings.filterwarnings("ignore", message=message)
            program = torch.onnx.export(
                module,
                tuple(example),
                dynamo=True,
                input_names=list(names),
                output_names=["vector"],
                dynamic_shapes=tuple(dict(free) for _ in example),
                opset_version=OPSET,
                verbose=False,
            )
    finally:
        exporter_log.setLevel(level)
    assert program is not None, "export returns a program unless it writes a file"
    return anonymous(program.model_proto)


def anonymous(model: onnx.ModelProto) -> onnx.ModelProto:
    """Remove, in place, all traces of a model's export: source paths, stack traces, comments, inferred shapes."""
    graph = model.graph
    model.ClearField("metadata_props")
    for part in (model, graph, *graph.node, *graph.initializer, *graph.input, *graph.output):
        part.ClearField("doc_string")
    for part in (graph, *graph.node, *graph.initializer, *graph.input, *graph.output):
        part.ClearField("metadata_props")
    graph.ClearField("value_info")
    model.producer_name, model.producer_version = "matinee", ""
    return model
