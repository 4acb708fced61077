"""Selects the variant of a network to ship, fp32 or a faster one that passes every threshold, and writes it.

In: a network to be exported, rows of real input, the variants to try, and functions that open and serve a file as the
runtime does. Out: one `.onnx` file and a `TowerRecord` of everything measured.

The rule for "auto": fp32 is shipped, unless a variant passes every threshold of `check.THRESHOLDS` and is at least
CLEARLY times as fast; a later variant replaces it only if it is again CLEARLY times as fast. So noise rarely decides
between variants of similar speed: only one whose ratio is close to CLEARLY may be shipped by one build and not the
next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import onnx

from matinee.session import CPU
from matinee_export.encoders.networks.towers import Array, ImageSource, TextSource, Vectors
from matinee_export.encoders.onnx.graph import graphs
from matinee_export.encoders.quantization.variants import AUTO, FP32, Variant
from matinee_export.encoders.record import SPEED, TowerRecord
from matinee_export.encoders.selection.check import COSINE, OVERLAP, check_fp32, check_variant, failures
from matinee_export.encoders.selection.parity import Run, embed
from matinee_export.encoders.selection.speed import Serve, compare, measured_on
from matinee_export.log import Log

ENOUGH = 32
"""Smallest number of real inputs with which variants are calibrated and measured."""

CLEARLY = 1.1
"""Ratio of speeds from which a faster variant is worth its loss of quality."""


@dataclass(frozen=True)
class Plan:
    """Everything needed to select and write one network, besides the network.

    Attributes:
        who: Name of encoder and network, for messages.
        rows: Prepared inputs: real ones, or a few stand-ins.
        open: Opens a network file as the runtime does. Takes the path, the execution provider to run on and the one
            that the file is made for ("" for any).
        serve: Opens an encoder with that file, from the same arguments; the result embeds the first n real inputs.
        precision: "auto", "fp32" or the name of a variant.
        variants: The variants to try.
        provider: The execution provider to measure on.
        log: Called with lines of progress for the user.
    """

    who: str
    rows: Sequence[Array]
    open: Callable[[Path, str, str], Run]
    serve: Callable[[Path, str, str], Serve]
    precision: str
    variants: Sequence[Variant]
    provider: str
    log: Log


def select(source: TextSource | ImageSource, path: Path, plan: Plan) -> TowerRecord:
    """Write the network to `path` in the variant that the plan names or the measurements favour; return its record.

    Raises:
        BuildError: The fp32 network differs from its original by more than its tolerance.
    """
    model = source.to_onnx()
    write(model, path)
    run = plan.open(path, CPU, "")  # the original runs on the CPU, too
    fp32 = TowerRecord(
        FP32, "", check_fp32(plan.who, run, source.reference, source.tolerance, plan.rows), operators(model)
    )
    if not _worth_trying(plan):
        return fp32
    trials = [_Trial.of(variant, model, path, plan) for variant in plan.variants]
    figures = _measure(trials, embed(run, plan.rows), path, plan)
    chosen = best(figures) if plan.precision == AUTO else plan.precision
    record = replace(fp32, variants=figures, measured=measured_on(plan.provider))
    for trial in trials:
        if trial.variant.name == chosen:
            trial.path.replace(path)
            record = replace(record, precision=chosen, provider=trial.variant.provider, fused=trial.fused)
        else:
            trial.path.unlink()
    plan.log(f"{plan.who}: {in_words(record)}")
    return record


@dataclass(frozen=True)
class _Trial:
    """A variant that was written next to the fp32 file, and the counts of its fused operators."""

    variant: Variant
    path: Path
    fused: dict[str, int]

    @classmethod
    def of(cls, variant: Variant, model: onnx.ModelProto, fp32: Path, plan: Plan) -> _Trial:
        reduced, path = variant.make(model, plan.rows), fp32.with_suffix(f".{variant.name}.onnx")
        write(reduced, path)
        return cls(variant, path, operators(reduced))


def _worth_trying(plan: Plan) -> bool:
    if not plan.variants:
        if plan.precision not in (AUTO, FP32):
            plan.log(f"{plan.who}: has no variant called {plan.precision}; shipping fp32")
        return False
    if len(plan.rows) < ENOUGH:
        names = ", ".join(variant.name for variant in plan.variants)
        plan.log(f"{plan.who}: {names} needs {ENOUGH} real inputs, got {len(plan.rows)}; shipping fp32")
        return False
    return True


def _measure(trials: Sequence[_Trial], exact: Vectors, fp32: Path, plan: Plan) -> dict[str, dict[str, float]]:
    """Return quality and speed by the variant's name; `exact` are fp32's vectors of the plan's rows, (n, dim)."""
    here = plan.provider
    quality, served = {}, {}
    for trial in trials:
        name, made_for = trial.variant.name, trial.variant.provider
        quality[name] = check_variant(exact, plan.open(trial.path, here, made_for), plan.rows)
        served[name] = plan.serve(trial.path, here, made_for)
    speeds = compare({FP32: plan.serve(fp32, here, ""), **served}, len(plan.rows))
    return {name: {**figures, SPEED: speeds[name]} for name, figures in quality.items()}


def best(variants: Mapping[str, Mapping[str, float]]) -> str:
    """Return the variant to ship, "fp32" or one of `variants`: measurements by name, in the recipe's order."""
    name, speed = FP32, 1.0
    for candidate, figures in variants.items():
        if not failures(figures) and figures[SPEED] >= CLEARLY * speed:
            name, speed = candidate, figures[SPEED]
    return name


def in_words(record: TowerRecord) -> str:
    """Return one line with the measurements of each variant and the variant shipped."""
    words = []
    for name, figures in record.variants.items():
        missed = "".join(f", fails {threshold}" for threshold in failures(figures))
        shipped = ": shipped" if name == record.precision else ""
        quality = f"cosine {figures[COSINE]:.4f}, overlap {figures[OVERLAP]:.2f}"
        words.append(f"{name} {figures[SPEED]:g}x fp32, {quality}{missed}{shipped}")
    return "; ".join([*words, *(["fp32 shipped"] if record.precision == FP32 else [])])


def operators(model: onnx.ModelProto) -> dict[str, int]:
    """Return the number of operators outside the ONNX standard, by name; both branches of an If are counted."""
    nodes = (node for graph in graphs(model.graph) for node in graph.node)
    return dict(sorted(Counter(node.op_type for node in nodes if node.domain).items()))


def write(model: onnx.ModelProto, path: Path) -> None:
    """Write a network to one file; the same network gives the same bytes."""
    path.write_bytes(model.SerializeToString(deterministic=True))
