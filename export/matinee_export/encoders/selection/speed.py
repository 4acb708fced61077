"""Measures how fast several variants of a network are beside each other, as they are served.

In: for each variant, a function that embeds the first n of some real inputs. Out: how many times as fast as the first
each of them is. They take turns, so that whatever else the machine does meets all of them alike. Also says in
words what it was measured on.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from matinee.session import CPU, cpu_quota

Serve = Callable[[int], None]

WARM_UP = 4
PASS_SECONDS = 0.5
"""How long one pass of the first variant should take: inputs are taken until it does."""

ROUNDS = (3, 9)
"""Fewest and most rounds in which every variant has its turn."""

SECONDS = 5.0
"""No further round is begun after that long, once there were the fewest."""

INSTRUCTIONS = {
    "avx2": "AVX2",
    "avx512f": "AVX-512",
    "avx_vnni": "VNNI",
    "avx512_vnni": "VNNI",
    "amx_int8": "AMX",
    "asimddp": "dot products",
    "i8mm": "I8MM",
    "sve": "SVE",
}
"""What matters to reduced precision among the flags that Linux lists of a processor, as people call it."""


def compare(serve: Mapping[str, Serve], inputs: int) -> dict[str, float]:
    """How many times as fast as the first variant each is: the median over rounds of the ratio of their times.

    Args:
        serve: Embeds the first so many inputs, by variant.
        inputs: How many inputs there are, at least 1.

    Returns:
        Ratios by variant, to two significant digits; 1 for the first.
    """
    base = next(iter(serve))
    few = min(WARM_UP, inputs)
    for run in serve.values():
        run(few)
    count = max(few, min(inputs, int(few * PASS_SECONDS / max(_seconds(serve[base], few), 1e-9))))
    rounds: list[dict[str, float]] = []
    start = time.perf_counter()
    fewest, most = ROUNDS
    while len(rounds) < fewest or (len(rounds) < most and time.perf_counter() - start < SECONDS):
        rounds.append({name: _seconds(run, count) for name, run in serve.items()})
    return {name: float(f"{median(taken[base] / taken[name] for taken in rounds):.2g}") for name in serve}


def _seconds(run: Serve, count: int) -> float:
    start = time.perf_counter()
    run(count)
    return time.perf_counter() - start


def measured_on(provider: str) -> dict[str, Any]:
    """What speeds measured now depend on: provider, processor and its instruction sets, threads."""
    threads = cpu_quota()
    if provider != CPU:
        return {"provider": provider, "threads": threads}
    return {"provider": provider, "processor": platform.machine(), "instructions": _instructions(), "threads": threads}


def _instructions() -> list[str]:
    """The instruction sets of INSTRUCTIONS that this processor has; none where the system does not list them."""
    try:
        listed = set(Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").split())
    except OSError:
        return []
    return list(dict.fromkeys(word for flag, word in INSTRUCTIONS.items() if flag in listed))
