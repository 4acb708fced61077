"""Posters and texts to vectors with CLIP ViT-B/32 (seeded weights of the full architecture), each tower on its own.

In: posters I and texts T. Out: one row a tower and peer, and ours beside the machine's own rate of products. Every peer
has the same weights, or the very same file.
"""

from __future__ import annotations

# isort: split
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import open_clip
import torch
from tests.benchmarks.flops import gflop_of_images, gflop_of_texts
from tests.benchmarks.harness import THREADS, Context, Result
from tests.benchmarks.image_peers import BATCH, with_fastembed, with_torch
from tests.benchmarks.inputs import POSTERS, TEXTS, posters, texts
from tests.benchmarks.networks import exported
from tests.benchmarks.text_peers import fastembed_texts
from tests.benchmarks.vectors import OURS, Peer, Vectors, Workload, measure_vectors, unit

from matinee.encoders import Encoder

ARCHITECTURE = "ViT-B-32"
FP32, BF16, FASTEMBED = "open_clip torch fp32", "open_clip torch bf16", "fastembed clip, the same ONNX file"
GOALS = {FP32: ">= 4", BF16: "> 1", FASTEMBED: "> 1"}
Side = Callable[[Sequence[Any]], Vectors]


def measure(context: Context) -> list[Result]:
    """Time both towers, ours and every peer's."""
    encoder = Encoder.open(exported(context, "clip", "seeded"))
    clip, transform = _seeded()
    half = _seeded()[0].to(torch.bfloat16)
    return [*_posters(context, encoder, clip, half, transform), *_texts(context, encoder, clip, half)]


def _posters(
    context: Context,
    encoder: Encoder,
    clip: open_clip.CLIP,
    half: open_clip.CLIP,
    transform: Any,  # noqa: ANN401
) -> list[Result]:
    tower = encoder.spec.image
    assert tower is not None
    files = posters(context, context.pick(quick=8, default=192, full=POSTERS))
    folder = context.scratch / "fastembed-clip-image"
    sides: dict[str, Side] = {
        OURS: lambda some: np.concatenate(list(encoder.embed_posters(some))),
        FP32: with_torch(clip.encode_image, transform),
        BF16: with_torch(half.encode_image, transform, torch.bfloat16),
        FASTEMBED: with_fastembed("Qdrant/clip-ViT-B-32-vision", encoder.folder, tower, folder),
    }
    gflop = len(files) * gflop_of_images(clip.visual, tower.crop)
    return _rows(context, "posters", "image", tower.precision, files, sides, gflop, "from JPEG files")


def _texts(context: Context, encoder: Encoder, clip: open_clip.CLIP, half: open_clip.CLIP) -> list[Result]:
    tower = encoder.spec.text
    assert tower is not None
    given = texts(context, context.pick(quick=8, default=192, full=TEXTS))
    words = open_clip.get_tokenizer(ARCHITECTURE)
    folder = fastembed_texts(encoder.folder, tower, context.scratch / "fastembed-clip-text")
    sides: dict[str, Side] = {
        OURS: lambda some: np.concatenate(list(encoder.embed_texts(some))),
        FP32: _with_open_clip(clip, words),
        BF16: _with_open_clip(half, words),
        FASTEMBED: _with_fastembed(str(folder)),
    }
    lengths = [int(row.argmax()) + 1 for row in words(given)]  # up to the end token, which has the largest id
    gflop = gflop_of_texts(clip, lengths, _text_tower)
    note = f"{np.mean(lengths):.0f} tokens on average; open_clip pads to {clip.context_length}"
    return _rows(context, "texts", "text", tower.precision, given, sides, gflop, note)


def _rows(
    context: Context,
    things: str,
    kind: str,
    precision: str,
    given: Sequence[Any],
    sides: dict[str, Side],
    gflop: float,
    note: str,
) -> list[Result]:
    fp32 = precision == "fp32"
    peers = [Peer(name, goal, fp32=name == FP32 or (name == FASTEMBED and fp32)) for name, goal in GOALS.items()]
    network = f"CLIP ViT-B/32 {kind}"
    about = f"{len(given)} {things}, {note}"
    work = Workload(f"{things} to vectors", network, precision, things, len(given), gflop, about)
    return measure_vectors(work, {name: partial(side, given) for name, side in sides.items()}, peers, context.rounds)


def _with_open_clip(clip: open_clip.CLIP, words: Any) -> Side:  # noqa: ANN401 - open_clip's tokenizers share no type
    @torch.inference_mode()
    def embed(given: Sequence[str]) -> Vectors:
        batches = [words(given[start : start + BATCH]) for start in range(0, len(given), BATCH)]
        return unit(torch.cat([clip.encode_text(batch).float() for batch in batches]).numpy())

    return embed


def _with_fastembed(folder: str) -> Side:
    from fastembed import TextEmbedding

    model = TextEmbedding("Qdrant/clip-ViT-B-32-text", specific_model_path=folder, threads=THREADS, cuda=False)
    return lambda given: unit(list(model.embed(list(given))))


def _text_tower(clip: open_clip.CLIP, ids: torch.Tensor) -> torch.Tensor:
    """open_clip's layers over as many tokens as there are: encode_text would pad to the full context."""
    tokens = ids.shape[1]
    hidden: torch.Tensor = clip.token_embedding(ids) + clip.positional_embedding[:tokens]
    return clip.transformer(hidden, attn_mask=clip.attn_mask[:tokens, :tokens])


def _seeded() -> tuple[open_clip.CLIP, Any]:
    """open_clip's own network with the weights that export draws, and its transform of images."""
    logging.disable(logging.WARNING)  # it warns that the weights are untrained, which is what is wanted here
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        clip = open_clip.create_model(ARCHITECTURE, pretrained=None)
    preset = open_clip.get_pretrained_cfg(ARCHITECTURE, "laion2b_s34b_b79k")
    transform = open_clip.image_transform(
        clip.visual.image_size,
        is_train=False,
        mean=preset["mean"],
        std=preset["std"],
        interpolation=preset["interpolation"],
    )
    return clip.eval(), transform
