"""Counts what a network computes, from its own shapes and without computing it: torch's counter on the meta device.

In: a torch module and the shapes of its inputs. Out: floating-point operations, two a multiplication with addition, as
in the rates of `machine`. Padding is never counted: it is not work that anybody asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode


def gflop_of_texts(network: torch.nn.Module, lengths: Sequence[int], call: Callable[[Any, Any], object]) -> float:
    """10^9 operations for texts of these lengths in tokens, one by one.

    Args:
        network: What reads token ids.
        lengths: Tokens of each text.
        call: Runs the network on ids, int64 (1, tokens).
    """
    empty = deepcopy(network).to("meta")
    counts = Counter(lengths)
    # Products cost in proportion to the length, attention to its square: two lengths say it for all.
    long = max(2, *lengths)
    short = long // 2
    costs = {length: _gflop(lambda ids: call(empty, ids), _ids(length)) for length in (short, long)}
    squared = (costs[long] / long - costs[short] / short) / (long - short)
    linear = costs[short] / short - squared * short
    return sum(often * (linear * length + squared * length**2) for length, often in counts.items())


def gflop_of_images(network: torch.nn.Module, side: int) -> float:
    """10^9 operations for one image of `side` by `side` pixels."""
    empty = deepcopy(network).to("meta")
    return _gflop(empty, torch.empty(1, 3, side, side, device="meta"))


def _ids(length: int) -> torch.Tensor:
    return torch.empty(1, length, dtype=torch.int64, device="meta")


def _gflop(run: Callable[[torch.Tensor], object], given: torch.Tensor) -> float:
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        run(given)
    return float(counter.get_total_flops()) / 1e9
