"""Runs an open network on one batch; on a GPU its inputs and output are bound to GPU memory (IO binding).

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
"""Time limit in seconds for each row of a batch: hundreds of times what Matinee's own networks take."""

DEVICES = {CUDA: "cuda"}
"""onnxruntime's device name for each execution provider that has memory of its own."""


def run(session: Any, feed: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.float32]:  # noqa: ANN401 - onnxruntime ships no types
    """Return the output of one batch; raises TimeoutError after SECONDS for each row, and onnxruntime's own errors."""
    device = DEVICES.get(session.get_providers()[0])
    if device is not None:
        return run_bound(session, feed, device)
    with limited(_seconds(feed)) as options:
        vectors: npt.NDArray[np.float32] = session.run([OUTPUT], feed, options)[0]
    return vectors


def _seconds(feed: Mapping[str, npt.NDArray[Any]]) -> float:
    return SECONDS * len(next(iter(feed.values())))


def run_bound(session: Any, feed: Mapping[str, npt.NDArray[Any]], device: str) -> npt.NDArray[np.float32]:  # noqa: ANN401 - onnxruntime ships no types
    """Return the output of one batch, computed with IO binding.

    Each input is copied to `device` once, and nothing but the output comes back. A binding is made for each batch, so
    several threads may run one session at once.

    Args:
        session: An `onnxruntime.InferenceSession`.
        feed: An array for each input.
        device: "cuda"; or "cpu", for the same result as `session.run`.
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
