"""Decides which version of a network is shipped, from what was measured on real inputs.

In: a network in fp32, perhaps its original, perhaps the same network in int8, and rows of input. Out: the figures,
and whether they pass. The decision never rests on a timing, so the same weights and inputs always ship the same
bytes: where int8 is faster is a table, measured beforehand. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Sequence

from matinee.errors import BuildError
from matinee_export.encoders import parity
from matinee_export.encoders.parity import Run
from matinee_export.encoders.towers import Array, Reference

COSINE, OVERLAP, INDEPENDENCE = "int8_mean_cosine", "int8_neighbour_overlap", "int8_batch_cosine"

BARS = {COSINE: 0.99, OVERLAP: 0.9, INDEPENDENCE: 0.999}
"""What int8 must reach against fp32, figure by figure, to be shipped."""

FASTER_IN_INT8 = {("bert", "text"), ("resnet50", "image"), ("clip", "text"), ("clip", "image")}
"""Where int8 was measured to be faster than fp32 in onnxruntime on two x86-64 cores with VNNI, at batch 32."""

COMPARED = 8
"""Rows of input that the original computes too; it is the slowest of the three."""


def check_fp32(who: str, run: Run, reference: Reference | None, bar: float, rows: Sequence[Array]) -> dict[str, float]:
    """Compare the fp32 network with its original.

    Args:
        who: Name of encoder and network, for the error.
        run: The network.
        reference: Its original; None where there is none.
        bar: Largest allowed absolute difference.
        rows: Inputs; the first COMPARED are used.

    Raises:
        BuildError: They differ by more than `bar`.
    """
    figures = {"fp32_batch_cosine": parity.batch_independence(run, rows)}
    if reference is None:
        return figures
    some = rows[:COMPARED]
    difference = parity.largest_difference(run(some), reference(some))
    if not difference <= bar:  # a NaN fails too
        raise BuildError(
            f"{who} in ONNX differs from the original by {difference:.2g}, allowed is {bar:.0e}; report this"
        )
    return {"fp32_max_difference": difference} | figures


def check_int8(fp32: Run, int8: Run, rows: Sequence[Array]) -> dict[str, float]:
    """Compare the int8 network with the fp32 one, on all rows."""
    exact, reduced = parity.embed(fp32, rows), parity.embed(int8, rows)
    return {
        COSINE: parity.mean_cosine(exact, reduced),
        OVERLAP: parity.neighbour_overlap(exact, reduced),
        INDEPENDENCE: parity.batch_independence(int8, rows),
    }


def failures(figures: dict[str, float]) -> list[str]:
    """The bars that int8 misses, each as a phrase."""
    return [f"{name} {figures[name]:.4f} < {bar}" for name, bar in BARS.items() if not figures[name] >= bar]
