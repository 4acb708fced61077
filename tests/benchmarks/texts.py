"""Review texts to vectors: BERT-base (seeded weights of the full architecture) and MiniLM-L6 (the packaged weights).

In: texts T. Out: one row a peer, and one for the share of the machine's own rate of products. Ours is the encoder that
export ships by default on this machine; every peer has the same weights, or the very same file.
"""

from __future__ import annotations

from matinee_export.encoders import choose, find_weights
from matinee_export.models.registry import ENCODERS

# isort: split
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from tests.benchmarks import text_peers
from tests.benchmarks.flops import gflop_of_texts
from tests.benchmarks.harness import Context, Result
from tests.benchmarks.inputs import TEXTS, texts
from tests.benchmarks.networks import exported
from tests.benchmarks.vectors import OURS, Peer, Workload, measure_vectors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast
from transformers.utils import logging

from matinee.encoders import Encoder

HALF = ">= 0.5"
"""Share of the machine's own rate that BENCH asks for."""


@dataclass(frozen=True)
class Job:
    """One network, how many texts it is timed on, and what the ratios have to be.

    Args:
        network: Name in `machine.SHAPES`.
        weights: What export is told.
        load: The torch network with those weights.
        counts: Texts of a quick, a default and a full run.
        goals: What each peer's ratio has to be.
    """

    network: str
    weights: str
    load: Callable[[], BertModel]
    counts: tuple[int, int, int]
    goals: Mapping[str, str]
    half: str


UNSORTED = "transformers + torch fp32, batch 32, unsorted"
SORTED = "transformers + torch fp32, batch 32, sorted"
BF16 = "transformers + torch bf16, sorted, its best batch"
SENTENCES = "sentence-transformers"
FASTEMBED = "fastembed, the same ONNX file"


def _seeded() -> BertModel:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return BertModel(BertConfig(), add_pooling_layer=False).eval()


def _packaged() -> BertModel:
    logging.set_verbosity_error()  # it tells of the pooling head that nobody uses
    logging.disable_progress_bar()
    weights = find_weights(ENCODERS["bert"], choose(ENCODERS["bert"], "packaged"), 0, print).file
    assert weights is not None, "the package holds a file"
    return BertModel.from_pretrained(weights.parent, add_pooling_layer=False).eval()


AHEAD = dict.fromkeys((SORTED, BF16, SENTENCES, FASTEMBED), "> 1")
JOBS = (
    Job("BERT-base", "seeded", _seeded, (8, 64, TEXTS), {UNSORTED: ">= 5", **AHEAD}, HALF),
    Job("MiniLM-L6", "packaged", _packaged, (16, 256, TEXTS), {BF16: "> 1", SENTENCES: ">= 4", FASTEMBED: ">= 2"}, ""),
)


def measure(context: Context) -> list[Result]:
    """Time every peer of both networks."""
    return [row for job in JOBS for row in _measure(job, context)]


def _measure(job: Job, context: Context) -> list[Result]:
    quick, default, full = job.counts
    given = texts(context, context.pick(quick=quick, default=default, full=full))
    folder = exported(context, "bert", job.weights)
    encoder = Encoder.open(folder)
    tower = encoder.spec.text
    assert tower is not None
    network = job.load()
    words = text_peers.tokenizer(folder, tower.max_tokens)
    lengths = [len(ids) for ids in words(given, truncation=True)["input_ids"]]
    peers = [Peer(name, goal, fp32=_in_fp32(name, tower)) for name, goal in job.goals.items()]
    sides = _sides(job, encoder, network, words, context, given)
    gflop = gflop_of_texts(network, lengths, lambda net, ids: net(input_ids=ids))
    note = f"{len(given)} of T, {np.mean(lengths):.0f} tokens on average"
    work = Workload("texts to vectors", job.network, tower.precision, "texts", len(given), gflop, note, job.half)
    return measure_vectors(work, {name: partial(side, given) for name, side in sides.items()}, peers, context.rounds)


def _in_fp32(name: str, tower: Any) -> bool:  # noqa: ANN401 - a TextTower
    return name != BF16 and (name != FASTEMBED or tower.precision == "fp32")


def _sides(
    job: Job,
    encoder: Encoder,
    network: BertModel,
    words: PreTrainedTokenizerFast,
    context: Context,
    given: list[str],
) -> dict[str, text_peers.Embed]:
    """Ours and every peer, opened; a network in float32 serves all that can share it."""
    tower = encoder.spec.text
    assert tower is not None
    space = context.scratch / f"peers-{job.weights}"
    half = job.load().to(torch.bfloat16)  # type: ignore[arg-type]  # transformers wraps it as if unbound

    def in_bf16(batch: int) -> text_peers.Embed:
        return text_peers.with_torch(half, words, batch=batch, by_length=True)

    batch = text_peers.best_batch(in_bf16, given[:32])
    makers: dict[str, Callable[[], text_peers.Embed]] = {
        OURS: lambda: lambda some: np.concatenate(list(encoder.embed_texts(some))),
        UNSORTED: lambda: text_peers.with_torch(network, words, batch=text_peers.BATCH, by_length=False),
        SORTED: lambda: text_peers.with_torch(network, words, batch=text_peers.BATCH, by_length=True),
        BF16: lambda: in_bf16(batch),
        SENTENCES: lambda: text_peers.with_sentence_transformers(network, words, space / "torch", tower.max_tokens),
        FASTEMBED: lambda: text_peers.with_fastembed(
            f"matinee/{job.weights}", encoder.folder, tower, encoder.dim, space / "fastembed"
        ),
    }
    return {name: makers[name]() for name in (OURS, *job.goals)}
