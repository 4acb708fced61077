"""The names and number formats that a study's reports use for models, splits, metrics and settings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from matinee.manifest import EncoderInfo
from matinee.models import MODELS
from matinee.models.cold_start import COLD_START
from matinee_export.evaluation.metrics import ASKED, FORMULAS
from matinee_export.evaluation.significance import Interval
from matinee_export.reports import Block, Bullets, Table, Text

TITLES: Mapping[str, str] = {"ease": "EASE", "random": "random order", COLD_START: "mapped ALS"}
"""Display names of scorers that differ from their names in code; the runtime's models have titles of their own."""

SPLITS: Mapping[str, str] = {"random": "at random", "leave-last": "leave-last", "time": "by time"}
"""Display names of the splits."""

METRICS: Mapping[str, str] = {
    "ndcg@10": "nDCG@10",
    "map": "MAP",
    "map@10": "MAP@10",
    "map_all@10": "MAP@10 over all",
    "auc": "AUC",
}
"""Display names of metrics that differ from their names in code."""


SETTINGS: Mapping[str, str] = {"half_life": "half-life {:g} days", "size": "{:g} factors"}
"""Formats of settings that are not printed as "name value"."""


def title(model: str) -> str:
    """Return the display name of a model."""
    return MODELS[model].spec.title if model in MODELS else TITLES.get(model, model)


def metric_name(metric: str) -> str:
    """Return the display name of a metric."""
    return METRICS.get(metric, metric)


def split_name(by: str) -> str:
    """Return the display name of a split, for a sentence or a column: "at random"."""
    return SPLITS.get(by, by)


def untrained(encoders: Mapping[str, EncoderInfo]) -> str:
    """Return a sentence that names the encoders with untrained weights; "" if there are none."""
    seeded = [title(name) for name, encoder in encoders.items() if encoder.weights == "seeded"]
    if not seeded:
        return ""
    of, are, their = ("s of", "are", "Their") if len(seeded) > 1 else (" of", "is", "Its")
    return (
        f"**The network{of} {listed(seeded)} {are} untrained**: seeded random weights. {their} figures show the "
        "machinery, not the model."
    )


def figure(value: float | None) -> str:
    """Return a figure to 4 decimals, "–" for None, NaN or infinity."""
    return "–" if value is None or not math.isfinite(value) else f"{value:.4f}"


def signed(value: float | None) -> str:
    """Return a difference to 4 decimals with its sign, without one if it is 0."""
    if value is None or not math.isfinite(value):
        return "–"
    return figure(0.0) if abs(value) < 0.00005 else f"{value:+.4f}".replace("-", "−")


def span(found: Interval) -> str:
    """Return the ends of an interval, joined by a dash."""
    return "–" if not math.isfinite(found.low) else f"{figure(found.low)}–{figure(found.high)}"


def signed_span(found: Interval) -> str:
    """Return the ends of an interval around a difference, with their signs."""
    return "–" if not math.isfinite(found.low) else f"{signed(found.low)}…{signed(found.high)}"


def p_words(p: float) -> str:
    """Return a p-value to 4 decimals, the precision of 2,000 rounds."""
    return "1" if p >= 1 else f"{p:.4f}"


def listed(names: Sequence[str], last: str = "and") -> str:
    """Return names as a list in a sentence: "a, b and c"."""
    return f" {last} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def highest(column: Sequence[float | None]) -> float:
    """Return the highest figure of a column; NaN if it has none."""
    return max((value for value in column if value is not None and math.isfinite(value)), default=math.nan)


def bold(text: str) -> str:
    """Return text in bold."""
    return f"**{text}**"


def best_bold(columns: Iterable[Sequence[float | None]]) -> list[list[str]]:
    """Return columns of figures as table cells, the highest of each column in bold unless all are equal."""
    return [_best_bold([figure(value) for value in column], figure(highest(column))) for column in columns]


def _best_bold(cells: Sequence[str], best: str) -> list[str]:
    return [bold(cell) if cell == best and len(set(cells)) > 1 else cell for cell in cells]


def setting_words(setting: Mapping[str, float]) -> str:
    """Return a setting in words: "64 factors, alpha 5"; a half-life of 0 is left out."""
    known = {name: value for name, value in setting.items() if name != "ndcg@10" and (name, value) != ("half_life", 0)}
    forms = {name: SETTINGS.get(name, name.replace("_", " ") + " {:g}") for name in known}
    return ", ".join(forms[name].format(value) for name, value in known.items()) or "nothing to set"


def formulas() -> tuple[Block, ...]:
    """Return the explanation of the metrics, to print beside them."""
    return Text(ASKED), Bullets(FORMULAS)


def across(header: Sequence[str], names: Sequence[str], columns: Sequence[Sequence[str]], note: str = "") -> Table:
    """Return a table whose first column is `names`, followed by `columns` of cells."""
    return Table(header, [(name, *cells) for name, *cells in zip(names, *columns, strict=True)], note)
