"""CLIP: turns texts and posters into vectors of one shared space, as open_clip does.

In: a `WeightSource` (a file of open_clip's parameters, or a seed). Out: a `LoadedEncoder` with a text and an image
network. The text network's attention is causal, so tokens after the end of a text do not affect its vector: rows are
padded to the longest of their batch instead of 77 tokens, with the same result. A row's vector is made from one token,
so the last block is computed for that token only.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from copy import deepcopy

import numpy as np
import open_clip
import torch
from open_clip.tokenizer import SimpleTokenizer
from open_clip.transformer import VisionTransformer

from matinee.errors import BuildError, UnknownNameError
from matinee.towers import ImageTower, TextTower
from matinee_export.encoders.networks.clip_tokenizer import clip_tokenizer
from matinee_export.encoders.networks.pooled_block import PooledBlock
from matinee_export.encoders.networks.towers import (
    IMAGE,
    TEXT,
    TOKENIZER,
    Array,
    ImageSource,
    LoadedEncoder,
    TextSource,
    Vectors,
)
from matinee_export.encoders.onnx.to_onnx import to_onnx
from matinee_export.encoders.weights.source import WeightSource
from matinee_export.encoders.weights.state import load_into, read_state, seeded

TEXT_INPUTS = ("input_ids",)
IMAGE_INPUT = "pixels"
TOLERANCE = 1e-4
"""Largest allowed difference from open_clip in any entry; entries are about 1 before normalization."""


class TextModule(torch.nn.Module):
    """open_clip's text transformer for rows of any length, followed by the projection of each row's end token."""

    def __init__(self, clip: open_clip.CLIP) -> None:
        super().__init__()
        self.clip = clip
        *before, last = clip.transformer.resblocks
        self.before, self.last = torch.nn.ModuleList(before), PooledBlock(last)

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        """Map token ids, int64 (batch, tokens), to vectors, float32 (batch, dim). The end token has the largest id."""
        clip, tokens = self.clip, input_ids.shape[1]
        hidden = clip.token_embedding(input_ids) + clip.positional_embedding[:tokens]  # (batch, tokens, width)
        for block in self.before:
            hidden = block(hidden, attn_mask=clip.attn_mask[:tokens, :tokens])
        end = input_ids.argmax(dim=-1)  # (batch,)
        kept = hidden.gather(1, end[:, None, None].expand(-1, -1, hidden.shape[-1]))  # (batch, 1, width)
        kept = self.last(hidden, kept, clip.attn_mask[end, None, None, :tokens])
        vector: torch.Tensor = clip.ln_final(kept[:, 0]) @ clip.text_projection
        return vector


class ImageModule(torch.nn.Module):
    """open_clip's image network, a vision transformer or another, with its projection."""

    def __init__(self, clip: open_clip.CLIP) -> None:
        super().__init__()
        self.visual = deepcopy(clip.visual)
        if pools_class_token(clip.visual):
            self.visual.transformer = ClassToken(clip.visual.transformer.resblocks)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Turn pixels, float32 (batch, 3, crop, crop), into vectors, float32 (batch, dim)."""
        vector: torch.Tensor = self.visual(pixels)
        return vector


def pools_class_token(visual: torch.nn.Module) -> bool:
    """Return whether an image network is a vision transformer whose vector is made from its first (class) token."""
    return isinstance(visual, VisionTransformer) and visual.attn_pool is None and visual.pool_type == "tok"


class ClassToken(torch.nn.Module):
    """The blocks of a vision transformer, returning the first (class) token only."""

    def __init__(self, blocks: Iterable[torch.nn.Module]) -> None:
        super().__init__()
        *before, last = blocks
        self.before, self.last = torch.nn.ModuleList(before), PooledBlock(last)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Map the blocks' input, float32 (batch, tokens, width), to the first token of output, (batch, 1, width)."""
        for block in self.before:
            hidden = block(hidden)
        first: torch.Tensor = self.last(hidden, hidden[:, :1])
        return first


def load(source: WeightSource, seed: int) -> LoadedEncoder:
    """Load both towers of CLIP and their preprocessing.

    Args:
        source: A file of parameters under open_clip's names, or no file (untrained); its `model` is the architecture.
        seed: Seed of untrained weights.

    Raises:
        UnknownNameError: open_clip has no such architecture.
        BuildError: The file is damaged or does not fit, or the architecture is not plain CLIP.
    """
    architecture, _, run = source.model.partition("/")
    if architecture not in open_clip.list_models():
        raise UnknownNameError("CLIP architecture", architecture, open_clip.list_models())
    clip = seeded(lambda: _build(architecture), seed)
    if source.file is not None:
        load_into(clip, read_state(source.file), source.file)
    return LoadedEncoder(clip.text_projection.shape[1], text=_text(clip), image=_image(clip, architecture, run))


def _build(architecture: str) -> open_clip.CLIP:
    logging.disable(logging.WARNING)  # open_clip warns of untrained weights, which are intended here
    try:
        clip = open_clip.create_model(architecture, pretrained=None)
    finally:
        logging.disable(logging.NOTSET)
    if type(clip) is not open_clip.CLIP or clip.text_pool_type != "argmax":
        raise BuildError(
            f"{architecture} is not plain CLIP; the clip encoder takes ViT-B-32, ViT-B-16, ViT-L-14 and the like"
        )
    return clip


def _text(clip: open_clip.CLIP) -> TextSource:
    ids = torch.tensor([[1, 2, 3, 4, 5, 6, 7, clip.vocab_size - 1]] * 2)
    tower = TextTower(TEXT, TOKENIZER, max_tokens=clip.context_length, pad_id=0, inputs=TEXT_INPUTS)
    return TextSource(
        to_onnx=lambda: to_onnx(TextModule(clip), (ids,), TEXT_INPUTS, {0: "batch", 1: "tokens"}),
        tower=tower,
        tokenizer=clip_tokenizer(SimpleTokenizer()),
        reference=lambda rows: _text_reference(clip, rows),
        tolerance=TOLERANCE,
    )


def _image(clip: open_clip.CLIP, architecture: str, run: str) -> ImageSource:
    side = clip.visual.image_size[0]
    preset = open_clip.get_pretrained_cfg(architecture, run) or {}
    tower = ImageTower(
        network=IMAGE,
        input=IMAGE_INPUT,
        resize=side,
        crop=side,
        interpolation=preset.get("interpolation", "bicubic"),
        mean=tuple(preset.get("mean", open_clip.OPENAI_DATASET_MEAN)),
        std=tuple(preset.get("std", open_clip.OPENAI_DATASET_STD)),
    )
    return ImageSource(
        to_onnx=lambda: to_onnx(ImageModule(clip), (torch.zeros(2, 3, side, side),), (IMAGE_INPUT,), {0: "batch"}),
        tower=tower,
        reference=lambda rows: _image_reference(clip, rows),
        tolerance=TOLERANCE,
    )


@torch.inference_mode()
def _text_reference(clip: open_clip.CLIP, rows: Sequence[Array]) -> Vectors:
    """Return the vectors of open_clip's own encode_text over the full 77 tokens, float32 (batch, dim)."""
    ids = np.stack([np.pad(row, (0, clip.context_length - len(row))) for row in rows])
    vectors: Vectors = clip.encode_text(torch.from_numpy(ids)).numpy()
    return vectors


@torch.inference_mode()
def _image_reference(clip: open_clip.CLIP, rows: Sequence[Array]) -> Vectors:
    """Return the vectors of open_clip's own encode_image, float32 (batch, dim)."""
    vectors: Vectors = clip.encode_image(torch.from_numpy(np.stack(rows))).numpy()
    return vectors
