"""ResNet50: turns a poster into torchvision's pooled features, the 2,048 numbers before the classifier.

In: a `WeightSource` (a file of torchvision's parameters, or a seed). Out: a `LoadedEncoder` with one image network.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torchvision.models import ResNet50_Weights, resnet50

from matinee.towers import ImageTower
from matinee_export.encoders.networks.towers import IMAGE, Array, ImageSource, LoadedEncoder, Vectors
from matinee_export.encoders.onnx.to_onnx import to_onnx
from matinee_export.encoders.weights.source import WeightSource
from matinee_export.encoders.weights.state import load_into, read_state, seeded

DIM = 2048
INPUT = "pixels"
TOLERANCE = 1e-3


def load(source: WeightSource, seed: int) -> LoadedEncoder:
    """Load ResNet50 without its classifier, and the preprocessing of its IMAGENET1K_V2 weights.

    Args:
        source: A file of parameters under torchvision's names, or no file, for untrained weights.
        seed: Seed of untrained weights.

    Raises:
        BuildError: The file is damaged or is not a ResNet50.
    """
    module = _headless() if source.file is not None else seeded(_headless, seed)
    if source.file is not None:
        load_into(module, read_state(source.file), source.file, ignore=("fc.",))
    preset = ResNet50_Weights.IMAGENET1K_V2.transforms()
    tower = ImageTower(
        network=IMAGE,
        input=INPUT,
        resize=preset.resize_size[0],
        crop=preset.crop_size[0],
        interpolation=preset.interpolation.value,
        mean=tuple(preset.mean),
        std=tuple(preset.std),
    )
    image = ImageSource(
        to_onnx=lambda: to_onnx(module, (torch.zeros(2, 3, tower.crop, tower.crop),), (INPUT,), {0: "batch"}),
        tower=tower,
        reference=lambda rows: _reference(module, rows),
        tolerance=TOLERANCE,
    )
    return LoadedEncoder(DIM, image=image)


def _headless() -> torch.nn.Module:
    module: torch.nn.Module = resnet50(weights=None)
    module.fc = torch.nn.Identity()
    return module


@torch.inference_mode()
def _reference(module: torch.nn.Module, rows: Sequence[Array]) -> Vectors:
    """Return the features of torchvision's own forward pass, float32 (batch, 2048)."""
    features: Vectors = module(torch.from_numpy(np.stack(rows))).numpy()
    return features
