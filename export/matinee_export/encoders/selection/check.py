"""Measures the accuracy of a network on real inputs: fp32 against its original, any other variant against fp32.

In: functions that run networks, and rows of input. Out: the measurements, and the thresholds that they fail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matinee.errors import BuildError
from matinee_export.encoders.networks.towers import Array, Reference, Vectors
from matinee_export.encoders.selection import parity
from matinee_export.encoders.selection.parity import Run

COSINE, OVERLAP, INDEPENDENCE = "cosine", "overlap", "batch_cosine"

THRESHOLDS = {COSINE: 0.99, OVERLAP: 0.9, INDEPENDENCE: 0.999}
"""Minimum values for a variant to be shipped by "auto": the mean cosine with fp32, the share of each row's nearest
rows that it has in common with fp32, and the smallest cosine between a row's vector computed alone and in a batch."""

COMPARED = 8
"""Number of inputs that the original is run on; few, because it is the slowest network to run."""


def check_fp32(
    who: str, run: Run, reference: Reference | None, tolerance: float, rows: Sequence[Array]
) -> dict[str, float]:
    """Compare the fp32 network with its original.

    Args:
        who: Name of encoder and network, for the error.
        run: Runs the fp32 network.
        reference: Runs its original; None if there is none.
        tolerance: Largest allowed absolute difference.
        rows: Inputs; the first COMPARED are used.

    Returns:
        Measurements by name.

    Raises:
        BuildError: They differ by more than `tolerance`.
    """
    figures = {"fp32_batch_cosine": parity.batch_independence(run, rows)}
    if reference is None:
        return figures
    some = rows[:COMPARED]
    difference = parity.largest_difference(run(some), reference(some))
    if not difference <= tolerance:  # a NaN fails too
        raise BuildError(
            f"{who} in ONNX differs from the original by {difference:.2g}, allowed is {tolerance:.0e}; report this"
        )
    return {"fp32_max_difference": difference} | figures


def check_variant(exact: Vectors, run: Run, rows: Sequence[Array]) -> dict[str, float]:
    """Return a variant's measurements by the keys of THRESHOLDS; `exact` are fp32's vectors of `rows`, (n, dim)."""
    reduced = parity.embed(run, rows)
    return {
        COSINE: parity.mean_cosine(exact, reduced),
        OVERLAP: parity.neighbour_overlap(exact, reduced),
        INDEPENDENCE: parity.batch_independence(run, rows),
    }


def failures(figures: Mapping[str, float]) -> list[str]:
    """Return the thresholds that a variant fails, each as a phrase such as "cosine 0.9712 < 0.99"."""
    return [
        f"{name} {figures[name]:.4f} < {threshold}"
        for name, threshold in THRESHOLDS.items()
        if not figures[name] >= threshold
    ]
