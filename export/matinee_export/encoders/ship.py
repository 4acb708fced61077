"""Writes one network into its folder: fp32 first, then int8 in its place where that is better.

In: a network still in torch, rows of real input, and how to open a file as the runtime does. Out: one `.onnx` file
and a `TowerRecord`. Knows nothing of weights, posters or texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import onnx

from matinee_export.encoders.check import check_fp32, check_int8, failures
from matinee_export.encoders.parity import Run
from matinee_export.encoders.record import TowerRecord
from matinee_export.encoders.towers import Array, ImageSource, TextSource

Quantize = Callable[[onnx.ModelProto, Sequence[Array]], onnx.ModelProto]

ENOUGH = 32
"""Fewest real inputs from which int8 can be calibrated and judged."""


@dataclass(frozen=True)
class Plan:
    """How one network is to be shipped.

    Attributes:
        who: Name of encoder and network, for people.
        rows: Prepared inputs: real ones, or a few stand-ins.
        open: Opens a network file as the runtime does.
        quantize: Makes the int8 version from the fp32 one and rows.
        precision: "auto", "fp32" or "int8".
        int8_is_faster: Whether it was measured to be, for "auto".
        report: Takes lines for a person.
    """

    who: str
    rows: Sequence[Array]
    open: Callable[[Path], Run]
    quantize: Quantize
    precision: str
    int8_is_faster: bool
    report: Callable[[str], None]


def ship(source: TextSource | ImageSource, path: Path, plan: Plan) -> TowerRecord:
    """Write the network to `path` in the precision that the plan and the figures ask for.

    Raises:
        BuildError: The fp32 network differs from its original by more than its bar.
    """
    model = source.to_onnx()
    write(model, path)
    run = plan.open(path)
    figures = check_fp32(plan.who, run, source.reference, source.bar, plan.rows)
    if not _worth_trying(plan):
        return TowerRecord("fp32", figures, fused_operators(model))
    reduced = plan.quantize(model, plan.rows)
    trial = path.with_suffix(".int8.onnx")
    write(reduced, trial)
    figures |= check_int8(run, plan.open(trial), plan.rows)
    missed = failures(figures)
    if missed:
        plan.report(
            f"{plan.who}: int8 misses {', '.join(missed)}{'' if plan.precision == 'int8' else '; shipping fp32'}"
        )
    if missed and plan.precision == "auto":
        trial.unlink()
        return TowerRecord("fp32", figures, fused_operators(model))
    trial.replace(path)
    return TowerRecord("int8", figures, fused_operators(reduced))


def _worth_trying(plan: Plan) -> bool:
    if plan.precision == "fp32":
        return False
    if len(plan.rows) < ENOUGH:
        plan.report(f"{plan.who}: int8 needs {ENOUGH} real inputs, got {len(plan.rows)}; shipping fp32")
        return False
    return plan.precision == "int8" or plan.int8_is_faster


def fused_operators(model: onnx.ModelProto) -> dict[str, int]:
    """Number of operators outside the standard, by name."""
    return dict(sorted(Counter(node.op_type for node in model.graph.node if node.domain).items()))


def write(model: onnx.ModelProto, path: Path) -> None:
    """Write a network as one file, always the same bytes for the same network."""
    path.write_bytes(model.SerializeToString(deterministic=True))
