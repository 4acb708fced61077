"""Measures how good a network is: fp32 against its original, any other variant against fp32, on real inputs.

In: open networks and rows of input. Out: the figures, and which thresholds they fail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matinee.errors import BuildError
from matinee_export.encoders.networks.towers import Array, Reference, Vectors
from matinee_export.encoders.selection import parity
from matinee_export.encoders.selection.parity import Run

COSINE, OVERLAP, INDEPENDENCE = "cosine", "overlap", "batch_cosine"

THRESHOLDS = {COSINE: 0.99, OVERLAP: 0.9, INDEPENDENCE: 0.999}
"""What a variant must reach against fp32 to be shipped by "auto": the mean cosine, the share of each row's nearest rows
that are the same, and the smallest cosine between a row's vector alone and in a batch."""

COMPARED = 8
"""Rows of input that the original computes too; it is the slowest of the three."""


def check_fp32(
    who: str, run: Run, reference: Reference | None, tolerance: float, rows: Sequence[Array]
) -> dict[str, float]:
    """Compare the fp32 network with its original.

    Args:
        who: Name of encoder and network, for the error.
        run: The network.
        reference: Its original; None where there is none.
        tolerance: Largest allowed absolute difference.
        rows: Inputs; the first COMPARED are used.

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
    """Compare a variant with fp32's vectors `exact`, (n, dim), of the same n rows."""
    reduced = parity.embed(run, rows)
    return {
        COSINE: parity.mean_cosine(exact, reduced),
        OVERLAP: parity.neighbour_overlap(exact, reduced),
        INDEPENDENCE: parity.batch_independence(run, rows),
    }


def failures(figures: Mapping[str, float]) -> list[str]:
    """The thresholds that a variant fails, each as a phrase."""
    return [
        f"{name} {figures[name]:.4f} < {threshold}"
        for name, threshold in THRESHOLDS.items()
        if not figures[name] >= threshold
    ]
