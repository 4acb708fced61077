"""Compares the speed of several variants of a network, measured as they are served.

In: for each variant, a function that embeds the first n of some real inputs. Out: the speed of each as a multiple of
the first one's. Variants are timed in turns, so that other load on the machine affects all of them alike. Also
describes the hardware that speeds are measured on.
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
"""Target duration of one pass of the first variant, which sets the number of inputs in a pass."""

ROUNDS = (3, 9)
"""Minimum and maximum number of rounds; each round times every variant once."""

SECONDS = 5.0
"""Time after which no further round begins, once the minimum number is done."""

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
"""Common names of the instruction sets that speed up reduced precision, by Linux's processor flag."""


def compare(serve: Mapping[str, Serve], inputs: int) -> dict[str, float]:
    """Return the speed of each variant relative to the first: the median over rounds of the ratio of their times.

    Args:
        serve: For each variant, a function that embeds the first n inputs.
        inputs: Number of inputs available, at least 1.

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
    """Return the hardware that speeds measured now depend on: provider, processor, instruction sets, threads."""
    threads = cpu_quota()
    if provider != CPU:
        return {"provider": provider, "threads": threads}
    return {"provider": provider, "processor": platform.machine(), "instructions": _instructions(), "threads": threads}


def _instructions() -> list[str]:
    """Return the instruction sets of INSTRUCTIONS that this processor has; none if the system does not list them."""
    try:
        listed = set(Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").split())
    except OSError:
        return []
    return list(dict.fromkeys(word for flag, word in INSTRUCTIONS.items() if flag in listed))
