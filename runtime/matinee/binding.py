"""Runs an open network once, with its inputs and its output bound to the memory of the GPU where it runs on one.

In: a session and a batch of arrays by input name. Out: the network's vectors, float32 (batch, dim), in the memory of
the CPU. A run that takes too long is ended, between two of the network's operators.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from matinee.deadline import limited
from matinee.session import CUDA

OUTPUT = "vector"
"""Name of every network's output."""

SECONDS = 60.0
"""How long a network may take for one row: hundreds of times what any of ours takes."""

DEVICES = {CUDA: "cuda"}
"""What onnxruntime calls the memory of each provider that has its own."""


def run(session: Any, feed: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.float32]:  # noqa: ANN401 - onnxruntime ships no types
    """Return the output of one batch; onnxruntime's own errors pass through. After SECONDS a row: TimeoutError."""
    device = DEVICES.get(session.get_providers()[0])
    if device is not None:
        return run_bound(session, feed, device)
    with limited(_seconds(feed)) as options:
        vectors: npt.NDArray[np.float32] = session.run([OUTPUT], feed, options)[0]
    return vectors


def _seconds(feed: Mapping[str, npt.NDArray[Any]]) -> float:
    return SECONDS * len(next(iter(feed.values())))


def run_bound(session: Any, feed: Mapping[str, npt.NDArray[Any]], device: str) -> npt.NDArray[np.float32]:  # noqa: ANN401 - onnxruntime ships no types
    """Return the output of one batch by way of IO binding.

    Each input is copied to `device` once, and nothing but the output comes back. A binding is made for each batch, so
    several threads may run one session at once.

    Args:
        session: An `onnxruntime.InferenceSession`.
        feed: An array for each input.
        device: "cuda", or "cpu", which gives what `session.run` gives.
    """
    from onnxruntime import OrtValue

    binding = session.io_binding()
    for name, array in feed.items():
        binding.bind_ortvalue_input(name, OrtValue.ortvalue_from_numpy(np.ascontiguousarray(array), device, 0))
    binding.bind_output(OUTPUT, device)
    with limited(_seconds(feed)) as options:
        session.run_with_iobinding(binding, options)
    vectors: npt.NDArray[np.float32] = binding.copy_outputs_to_cpu()[0]
    return vectors
