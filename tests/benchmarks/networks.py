"""The encoders of ours that are timed: exported once a run, as export does by default on this machine.

In: an encoder's name and which weights. Out: the folder that `Encoder.open` takes. Untrained weights of the full
architecture are as fast as trained ones.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.benchmarks.harness import Context
from tests.benchmarks.inputs import posters, texts

from matinee_export.encoders import choose, export_encoder
from matinee_export.models.registry import ENCODERS

JUDGED = 64
"""Texts and posters by which export chooses the precision."""


def exported(context: Context, name: str, weights: str) -> Path:
    """The folder of the encoder `name` as export writes it by default on this machine, from real inputs."""
    folder = context.scratch / f"{name}-{weights}"
    if not (folder / "encoder.json").is_file():
        export_encoder(
            ENCODERS[name],
            folder,
            choice=choose(ENCODERS[name], weights),
            texts=texts(context, JUDGED),
            posters=posters(context, JUDGED),
            log=print,
        )
    return folder


def copy_network(encoder: Path, network: str, folder: Path) -> None:
    """Copy a network as `model.onnx` into `folder`, with whatever file its weights are kept in beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(encoder / network, folder / "model.onnx")
    for weights in encoder.glob(f"{network}?*"):  # the network names this file, so its name stays
        shutil.copyfile(weights, folder / weights.name)
