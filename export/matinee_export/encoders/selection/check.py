"""Measures how good a network is: fp32 against its original, any other form against fp32, on real inputs.

In: open networks and rows of input. Out: the figures, and which bars they miss. Knows nothing of files, speed or what
is shipped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matinee.errors import BuildError
from matinee_export.encoders.networks.towers import Array, Reference, Vectors
from matinee_export.encoders.selection import parity
from matinee_export.encoders.selection.parity import Run

COSINE, OVERLAP, INDEPENDENCE = "cosine", "overlap", "batch_cosine"

BARS = {COSINE: 0.99, OVERLAP: 0.9, INDEPENDENCE: 0.999}
"""What a form must reach against fp32 to be shipped unasked: the mean cosine, the share of each row's nearest rows that
are the same, and the smallest cosine between a row's vector alone and among others."""

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


def check_form(exact: Vectors, run: Run, rows: Sequence[Array]) -> dict[str, float]:
    """Compare a form with fp32's vectors `exact`, (n, dim), of the same n rows."""
    reduced = parity.embed(run, rows)
    return {
        COSINE: parity.mean_cosine(exact, reduced),
        OVERLAP: parity.neighbour_overlap(exact, reduced),
        INDEPENDENCE: parity.batch_independence(run, rows),
    }


def failures(figures: Mapping[str, float]) -> list[str]:
    """The bars that a form misses, each as a phrase."""
    return [f"{name} {figures[name]:.4f} < {bar}" for name, bar in BARS.items() if not figures[name] >= bar]
