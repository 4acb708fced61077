"""How others turn posters into vectors with the very weights that we ship: torch, or the same file in fastembed.

In: a torch network with its transform, or the folder our export wrote. Out: functions from poster files to unit
vectors (n, dim) float32, decoding included. Decoding runs ahead of the network on as many threads as ours may use.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch
from PIL import Image
from tests.benchmarks.harness import THREADS
from tests.benchmarks.networks import copy_network
from tests.benchmarks.vectors import Vectors, unit

from matinee.images import RESAMPLING
from matinee.towers import ImageTower

EmbedPosters = Callable[[Sequence[Path]], Vectors]
Transform = Callable[[Image.Image], torch.Tensor]

BATCH = 32


def with_torch(
    network: Callable[[torch.Tensor], torch.Tensor],
    transform: Transform,
    dtype: torch.dtype = torch.float32,
    layout: torch.memory_format = torch.contiguous_format,
) -> EmbedPosters:
    """A torch network over batches of 32, in a precision and a memory layout.

    Args:
        network: Pixels (batch, 3, crop, crop) in, vectors (batch, dim) out; already in `dtype` and `layout`.
        transform: From an RGB image to its pixels, float32 (3, crop, crop).
        dtype: What the pixels are turned into.
        layout: How they lie in memory.
    """

    def pixels(path: Path) -> torch.Tensor:
        with Image.open(path) as image:
            return transform(image.convert("RGB"))

    @torch.inference_mode()
    def embed(files: Sequence[Path]) -> Vectors:
        vectors = []
        with ThreadPoolExecutor(THREADS) as pool:
            decoded = pool.map(pixels, files)
            for start in range(0, len(files), BATCH):
                batch = torch.stack([next(decoded) for _ in files[start : start + BATCH]])
                vectors.append(network(batch.to(dtype, memory_format=layout)).float())
        return unit(torch.cat(vectors).numpy())

    return embed


def with_fastembed(name: str, encoder: Path, tower: ImageTower, folder: Path) -> EmbedPosters:
    """Fastembed with a network of ours in the place of the one it would download.

    Args:
        name: A model of fastembed's with the same output.
        encoder: The encoder's folder.
        tower: What its encoder.json says of the image tower.
        folder: Where to put what fastembed wants to find.
    """
    from fastembed import ImageEmbedding

    copy_network(encoder, tower.network, folder)
    settings = {
        "image_processor_type": "CLIPImageProcessor",
        "do_resize": True,
        "size": {"shortest_edge": tower.resize},
        "resample": int(RESAMPLING[tower.interpolation]),
        "do_center_crop": True,
        "crop_size": tower.crop,
        "do_normalize": True,
        "image_mean": tower.mean,
        "image_std": tower.std,
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(settings), encoding="utf-8")
    model = ImageEmbedding(name, specific_model_path=str(folder), threads=THREADS, cuda=False)
    return lambda files: unit(list(model.embed([str(file) for file in files])))
