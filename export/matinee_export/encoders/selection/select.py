"""Writes one network into its folder in the form that measures best: fp32, or a reduced one that keeps every bar.

In: a network still in torch, rows of real input, the forms to try, and how to open and serve a file as the runtime
does. Out: one `.onnx` file and a `TowerRecord` of everything measured. Knows nothing of weights, posters or texts.

The rule for "auto": fp32 is what is shipped, unless a form keeps every bar of `check.BARS` and is at least CLEARLY
times as fast; a further form of the table takes its place where it is that much faster again. So noise does not decide
between near-equals: only a form that is just about CLEARLY faster may be shipped by one build and not by the next.
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
from matinee_export.encoders.quantization.variants import AUTO, FP32, Form
from matinee_export.encoders.record import SPEED, TowerRecord
from matinee_export.encoders.selection.check import COSINE, OVERLAP, check_form, check_fp32, failures
from matinee_export.encoders.selection.parity import Run, embed
from matinee_export.encoders.selection.speed import Serve, compare, measured_on
from matinee_export.log import Log

ENOUGH = 32
"""Fewest real inputs from which a form can be calibrated and judged."""

CLEARLY = 1.1
"""How many times as fast a form must be to be worth its loss of quality."""


@dataclass(frozen=True)
class Plan:
    """How one network is to be shipped.

    Attributes:
        who: Name of encoder and network, for people.
        rows: Prepared inputs: real ones, or a few stand-ins.
        open: Opens a network file as the runtime does, on one execution provider, made for another or the same.
        serve: Opens one as it is served; the result embeds the first so many of the inputs behind `rows`.
        precision: "auto", "fp32" or the name of a form.
        forms: The forms to try.
        provider: The execution provider to measure on.
        log: Takes lines for a person.
    """

    who: str
    rows: Sequence[Array]
    open: Callable[[Path, str, str], Run]
    serve: Callable[[Path, str, str], Serve]
    precision: str
    forms: Sequence[Form]
    provider: str
    log: Log


def ship(source: TextSource | ImageSource, path: Path, plan: Plan) -> TowerRecord:
    """Write the network to `path` in the form that the plan and the figures ask for.

    Raises:
        BuildError: The fp32 network differs from its original by more than its bar.
    """
    model = source.to_onnx()
    write(model, path)
    run = plan.open(path, CPU, "")  # where its original runs
    fp32 = TowerRecord(FP32, "", check_fp32(plan.who, run, source.reference, source.bar, plan.rows), operators(model))
    if not _worth_trying(plan):
        return fp32
    trials = [_Trial.of(form, model, path, plan) for form in plan.forms]
    figures = _measure(trials, embed(run, plan.rows), path, plan)
    chosen = best(figures) if plan.precision == AUTO else plan.precision
    record = replace(fp32, forms=figures, measured=measured_on(plan.provider))
    for trial in trials:
        if trial.form.name == chosen:
            trial.path.replace(path)
            record = replace(record, precision=chosen, provider=trial.form.provider, fused=trial.fused)
        else:
            trial.path.unlink()
    plan.log(f"{plan.who}: {in_words(record)}")
    return record


@dataclass(frozen=True)
class _Trial:
    """A form that was made: its file beside the fp32 one, and its fused operators."""

    form: Form
    path: Path
    fused: dict[str, int]

    @classmethod
    def of(cls, form: Form, model: onnx.ModelProto, fp32: Path, plan: Plan) -> _Trial:
        reduced, path = form.make(model, plan.rows), fp32.with_suffix(f".{form.name}.onnx")
        write(reduced, path)
        return cls(form, path, operators(reduced))


def _worth_trying(plan: Plan) -> bool:
    if not plan.forms:
        if plan.precision not in (AUTO, FP32):
            plan.log(f"{plan.who}: has no form called {plan.precision}; shipping fp32")
        return False
    if len(plan.rows) < ENOUGH:
        names = ", ".join(form.name for form in plan.forms)
        plan.log(f"{plan.who}: {names} needs {ENOUGH} real inputs, got {len(plan.rows)}; shipping fp32")
        return False
    return True


def _measure(trials: Sequence[_Trial], exact: Vectors, fp32: Path, plan: Plan) -> dict[str, dict[str, float]]:
    """Quality and speed of each trial by its form's name; `exact` are fp32's vectors of the plan's rows, (n, dim)."""
    here = plan.provider
    quality = {t.form.name: check_form(exact, plan.open(t.path, here, t.form.provider), plan.rows) for t in trials}
    served = {t.form.name: plan.serve(t.path, here, t.form.provider) for t in trials}
    speeds = compare({FP32: plan.serve(fp32, here, ""), **served}, len(plan.rows))
    return {name: {**figures, SPEED: speeds[name]} for name, figures in quality.items()}


def best(forms: Mapping[str, Mapping[str, float]]) -> str:
    """The name of what is to be shipped of fp32 and `forms`, whose figures stand in the order of the table."""
    name, speed = FP32, 1.0
    for candidate, figures in forms.items():
        if not failures(figures) and figures[SPEED] >= CLEARLY * speed:
            name, speed = candidate, figures[SPEED]
    return name


def in_words(record: TowerRecord) -> str:
    """What was measured of each form, and what was shipped, in one line."""
    words = []
    for name, figures in record.forms.items():
        missed = "".join(f", misses {bar}" for bar in failures(figures))
        shipped = ": shipped" if name == record.precision else ""
        quality = f"cosine {figures[COSINE]:.4f}, overlap {figures[OVERLAP]:.2f}"
        words.append(f"{name} {figures[SPEED]:g}x fp32, {quality}{missed}{shipped}")
    return "; ".join([*words, *(["fp32 shipped"] if record.precision == FP32 else [])])


def operators(model: onnx.ModelProto) -> dict[str, int]:
    """Number of operators outside the standard, by name; of two branches of which one is run, both count."""
    nodes = (node for graph in graphs(model.graph) for node in graph.node)
    return dict(sorted(Counter(node.op_type for node in nodes if node.domain).items()))


def write(model: onnx.ModelProto, path: Path) -> None:
    """Write a network as one file, always the same bytes for the same network."""
    path.write_bytes(model.SerializeToString(deterministic=True))
