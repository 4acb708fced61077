"""Posters to vectors with ResNet50 (seeded weights), from JPEG files: decoding, resizing and the network.

In: posters I. Out: one row a peer, and ours beside the machine's own rate of products. Every peer has the same weights,
or the very same file.
"""

from __future__ import annotations

# isort: split
from functools import partial

import numpy as np
import torch
from tests.benchmarks.flops import gflop_of_images
from tests.benchmarks.harness import Context, Result
from tests.benchmarks.image_peers import EmbedPosters, with_fastembed, with_torch
from tests.benchmarks.inputs import POSTERS, posters
from tests.benchmarks.networks import exported
from tests.benchmarks.vectors import OURS, Peer, Workload, measure_vectors
from torchvision.models import ResNet50_Weights, resnet50

from matinee.encoders import Encoder

FP32 = "torchvision + torch fp32"
BF16 = "torch bf16, channels last"
FASTEMBED = "fastembed image, the same ONNX file"
GOALS = {FP32: ">= 4", BF16: "> 1", FASTEMBED: "> 1"}


def measure(context: Context) -> list[Result]:
    """Time ours and every peer on the same posters."""
    files = posters(context, context.pick(quick=8, default=128, full=POSTERS))
    encoder = Encoder.open(exported(context, "resnet50", "seeded"))
    tower = encoder.spec.image
    assert tower is not None
    network = _seeded()
    transform = ResNet50_Weights.IMAGENET1K_V2.transforms()
    beside = context.scratch / "fastembed-resnet50"
    half = _seeded().to(dtype=torch.bfloat16).to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch takes it
    sides: dict[str, EmbedPosters] = {
        OURS: lambda some: np.concatenate(list(encoder.embed_posters(some))),
        FP32: with_torch(network, transform),
        BF16: with_torch(half, transform, torch.bfloat16, torch.channels_last),
        FASTEMBED: with_fastembed("Qdrant/resnet50-onnx", encoder.folder, tower, beside),
    }
    fp32 = tower.precision == "fp32"
    peers = [Peer(name, goal, fp32=name == FP32 or (name == FASTEMBED and fp32)) for name, goal in GOALS.items()]
    gflop = len(files) * gflop_of_images(network, tower.crop)
    note = f"{len(files)} of I, from JPEG files"
    work = Workload("posters to vectors", "ResNet50", tower.precision, "posters", len(files), gflop, note)
    return measure_vectors(work, {name: partial(side, files) for name, side in sides.items()}, peers, context.rounds)


def _seeded() -> torch.nn.Module:
    """Torchvision's own network without its classifier, with the weights that export draws."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = resnet50(weights=None)
    network.fc = torch.nn.Identity()
    return network.eval()
