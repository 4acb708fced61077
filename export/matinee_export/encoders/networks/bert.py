"""BERT: turns a review's text into the mean of its tokens' last hidden states.

In: a `WeightSource` (a folder in the hub's layout, or a seed). Out: a `LoadedEncoder` with one text network. Pooling is
always the masked mean, as in the paper's review vectors; a head that comes with the weights is ignored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import onnx
import torch
from tokenizers import Tokenizer
from torch.nn.utils.rnn import pad_sequence
from transformers import BertConfig, BertModel

from matinee.errors import BuildError
from matinee.towers import TextTower
from matinee_export.encoders.networks.towers import TEXT, TOKENIZER, Array, LoadedEncoder, TextSource, Vectors
from matinee_export.encoders.onnx.to_onnx import to_onnx
from matinee_export.encoders.weights.packages import MINILM
from matinee_export.encoders.weights.source import WeightSource
from matinee_export.encoders.weights.state import load_into, read_json, read_state, reading, seeded
from matinee_export.encoders.weights.tokenizer_file import read_tokenizer

MAX_TOKENS = 256
"""Largest number of tokens read of a review, about 190 words."""

INPUTS = ("input_ids", "attention_mask")
TOLERANCE = 1e-4
ATTENTION_OFF = -10000.0
"""Added to the attention scores of padding, whose softmax weight becomes 0: exp of this is 0 in float32."""

RENAMED = {"LayerNorm.gamma": "LayerNorm.weight", "LayerNorm.beta": "LayerNorm.bias"}
"""Parameter names of the first BERT checkpoints, and the present names."""


class MeanOfTokens(torch.nn.Module):
    """A BERT encoder followed by the masked mean of its last hidden states."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Turn token ids and mask, int64 (batch, tokens), into vectors, float32 (batch, dim)."""
        keep = attention_mask.to(torch.float32)
        blocked = (1.0 - keep[:, None, None, :]) * ATTENTION_OFF  # (batch, 1, 1, tokens)
        hidden = self.encoder(input_ids, attention_mask=blocked).last_hidden_state  # (batch, tokens, dim)
        mean: torch.Tensor = (hidden * keep[:, :, None]).sum(1) / keep.sum(1, keepdim=True).clamp(min=1.0)
        return mean


def load(source: WeightSource, seed: int) -> LoadedEncoder:
    """Load BERT's encoder and its tokenizer.

    Args:
        source: A folder with config.json, weights and tokenizer.json or vocab.txt; or no file, for untrained weights.
        seed: Seed of untrained weights, for BERT-base with the packaged uncased English vocabulary.

    Raises:
        BuildError: A file is missing or damaged, or the model is not BERT.
        MissingExtraError: Weights are untrained and the package that contains the vocabulary is not installed.
    """
    encoder, tokenizer = _from_seed(seed) if source.file is None else _from_folder(source.file)
    config = encoder.config
    tower = TextTower(
        network=TEXT,
        tokenizer=TOKENIZER,
        max_tokens=min(MAX_TOKENS, config.max_position_embeddings),
        pad_id=config.pad_token_id or 0,
        inputs=INPUTS,
    )
    text = TextSource(
        to_onnx=lambda: _to_onnx(encoder),
        tower=tower,
        tokenizer=tokenizer,
        reference=lambda rows: _reference(encoder, rows),
        tolerance=TOLERANCE,
    )
    return LoadedEncoder(config.hidden_size, text=text)


def _from_seed(seed: int) -> tuple[BertModel, Tokenizer]:
    tokenizer = read_tokenizer(MINILM.need())
    return seeded(lambda: BertModel(_eager(BertConfig()), add_pooling_layer=False), seed), tokenizer


def _from_folder(file: Path) -> tuple[BertModel, Tokenizer]:
    described = file.parent / "config.json"
    config = read_json(described)
    if config.get("model_type") != "bert":
        raise BuildError(
            f"{file.parent} holds a {str(config.get('model_type'))[:40]!r} model; the bert encoder takes only 'bert'"
        )
    state = {_renamed(name): tensor for name, tensor in read_state(file).items()}
    with reading(described):
        checked = BertConfig(**config)
        _check_sizes(checked, state, file)
        encoder = BertModel(_eager(checked), add_pooling_layer=False)
    unused = ("cls.", "pooler.", "embeddings.position_ids")
    return load_into(encoder, state, file, unused), read_tokenizer(file.parent)


def _check_sizes(config: BertConfig, state: Mapping[str, torch.Tensor], file: Path) -> None:
    """Raise BuildError if config.json describes a larger network than the weights can fill, before memory is taken."""
    width, layers = config.hidden_size, config.num_hidden_layers
    sizes = (width, layers, config.intermediate_size, config.vocab_size, config.max_position_embeddings)
    if not all(type(size) is int and size > 0 for size in sizes):
        raise ValueError(f"sizes are whole numbers above 0, not {sizes}")
    rows = config.vocab_size + config.max_position_embeddings + layers * (4 * width + 2 * config.intermediate_size)
    if layers > len(state) or rows * width > sum(tensor.numel() for tensor in state.values()):
        raise BuildError(
            f"the weights {file.name} in {file.parent} do not fit the architecture: config.json describes "
            f"{layers:,} layers of width {width:,}, which are more weights"
        )


def _eager(config: BertConfig) -> BertConfig:
    """Switch to attention written as separate matrix products, the pattern that graph optimizers recognize."""
    config._attn_implementation = "eager"
    return config


def _renamed(name: str) -> str:
    name = name.removeprefix("bert.")
    for old, new in RENAMED.items():
        name = name.replace(old, new)
    return name


def _to_onnx(encoder: BertModel) -> onnx.ModelProto:
    ids = torch.ones((2, 8), dtype=torch.int64)
    return to_onnx(MeanOfTokens(encoder), (ids, ids.clone()), INPUTS, {0: "batch", 1: "tokens"})


@torch.inference_mode()
def _reference(encoder: BertModel, rows: Sequence[Array]) -> Vectors:
    """Run transformers' own forward pass with its own mask; return the means over real tokens, float32 (batch, dim)."""
    lengths = torch.tensor([len(row) for row in rows])
    ids = pad_sequence([torch.from_numpy(row) for row in rows], batch_first=True)  # (batch, tokens)
    mask = (torch.arange(ids.shape[1])[None, :] < lengths[:, None]).long()
    hidden = encoder(ids, attention_mask=mask).last_hidden_state
    vectors: Vectors = torch.stack([hidden[i, :n].mean(0) for i, n in enumerate(lengths.tolist())]).numpy()
    return vectors
