"""How others turn texts into vectors with the very weights that we ship: with torch, or the same file in fastembed.

In: the torch network our export started from, and the folder it wrote. Out: functions from texts to unit vectors
(n, dim) float32. Each peer runs as its own documentation has it; torch in bfloat16 gets its best order and batch.
"""

from __future__ import annotations

# isort: split
import json
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tests.benchmarks.harness import THREADS
from tests.benchmarks.networks import copy_network
from tests.benchmarks.vectors import Vectors, unit
from transformers import BertModel, PreTrainedTokenizerFast

Embed = Callable[[Sequence[str]], Vectors]

BATCH = 32
"""What transformers' and sentence-transformers' examples use."""

TRIED = (1, 2, 4, 8, 16, 32)
"""Batch sizes tried for bfloat16, of which it gets the fastest."""


def tokenizer(folder: Path, max_tokens: int) -> PreTrainedTokenizerFast:
    """The tokenizer of an encoder folder as transformers has it."""
    return PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"), pad_token="[PAD]", model_max_length=max_tokens
    )


def with_torch(network: BertModel, words: PreTrainedTokenizerFast, *, batch: int, by_length: bool) -> Embed:
    """Transformers with torch: batches padded to their longest text, and the masked mean of the last hidden state.

    Args:
        network: The network, in the precision it is to be timed in.
        words: Its tokenizer.
        batch: Texts a batch.
        by_length: Whether texts are sorted by length first.
    """

    @torch.inference_mode()
    def embed(texts: Sequence[str]) -> Vectors:
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row])) if by_length else list(range(len(texts)))
        vectors = np.empty((len(texts), network.config.hidden_size), np.float32)
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            taken = words([texts[row] for row in rows], padding=True, truncation=True, return_tensors="pt")
            ids, mask = taken["input_ids"], taken["attention_mask"]
            hidden = network(input_ids=ids, attention_mask=mask).last_hidden_state.float()  # (batch, tokens, dim)
            keep = mask[:, :, None]
            vectors[rows] = ((hidden * keep).sum(1) / keep.sum(1)).numpy()
        return unit(vectors)

    return embed


def best_batch(make: Callable[[int], Embed], texts: Sequence[str]) -> int:
    """The batch size of TRIED at which `make(size)` embeds these texts fastest, after one round to warm up."""
    took = {}
    for size in TRIED:
        embed = make(size)
        embed(texts[:size])
        start = time.perf_counter()
        embed(texts)
        took[size] = time.perf_counter() - start
    return min(took, key=lambda size: took[size])


def with_sentence_transformers(
    network: BertModel, words: PreTrainedTokenizerFast, folder: Path, max_tokens: int
) -> Embed:
    """sentence-transformers over a local list of modules: transformer, mean, unit length; nothing from the hub."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer

    network.save_pretrained(folder)
    words.save_pretrained(folder)
    transformer = Transformer(str(folder), max_seq_length=max_tokens)
    pooling = Pooling(network.config.hidden_size, pooling_mode="mean")
    model = SentenceTransformer(modules=[transformer, pooling, Normalize()], device="cpu")
    return lambda texts: np.asarray(model.encode(list(texts), batch_size=BATCH, show_progress_bar=False))


def with_fastembed(name: str, encoder: Path, tower: Any, dim: int, folder: Path) -> Embed:  # noqa: ANN401 - a TextTower
    """Fastembed with a network of ours as a custom model: the same file, its output already pooled.

    Args:
        name: What to call it.
        encoder: The encoder's folder.
        tower: What its encoder.json says of the text tower.
        dim: Length of its vectors.
        folder: Where to put what fastembed wants to find.
    """
    from fastembed import TextEmbedding
    from fastembed.common.model_description import ModelSource, PoolingType

    folder = fastembed_texts(encoder, tower, folder)
    TextEmbedding.add_custom_model(
        model=name,
        pooling=PoolingType.DISABLED,
        normalization=True,
        sources=ModelSource(hf=name),  # never asked: the folder is given below
        dim=dim,
        model_file="model.onnx",
    )
    model = TextEmbedding(name, specific_model_path=str(folder), threads=THREADS, cuda=False)
    return lambda texts: unit(list(model.embed(list(texts))))


def fastembed_texts(encoder: Path, tower: Any, folder: Path) -> Path:  # noqa: ANN401 - a TextTower
    """Lay out a text tower as fastembed reads it; returns `folder`."""
    copy_network(encoder, tower.network, folder)
    shutil.copyfile(encoder / tower.tokenizer, folder / "tokenizer.json")
    vocabulary = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    pad = next(token for token, number in vocabulary.items() if number == tower.pad_id)
    settings = {"model_max_length": tower.max_tokens, "pad_token": pad}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    (folder / "config.json").write_text(json.dumps({"pad_token_id": tower.pad_id}), encoding="utf-8")
    return folder
