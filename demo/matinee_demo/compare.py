"""The models compared: how much they agree for this visitor, and what each is good at.

In: an `Agreement` and measured metrics. Out: HTML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matinee.agreement import Agreed, Agreement
from matinee_demo.cards import Card
from matinee_demo.templates import render
from matinee_demo.words import UNTRAINED, title

MOST_AGREED = 16


@dataclass(frozen=True)
class Measure:
    """A metric of the evaluation in plain words.

    Attributes:
        name: Its name in the evaluation.
        question: The question that it answers.
        unit: The format of a value, such as "{:.0%}".
    """

    name: str
    question: str
    unit: str


MEASURES = (
    Measure("recall@10", "Of the films a viewer went on to like, how many are among the ten picks?", "{:.1%}"),
    Measure("ndcg@10", "How near the top are they? (nDCG@10; 1 is perfect)", "{:.3f}"),
    Measure("coverage@10", "How much of the catalogue does anybody ever get to see?", "{:.0%}"),
    Measure("novelty@10", "How little known are the picks? (bits; one more is half as many viewers)", "{:.1f}"),
)

BASELINES = {"popularity": "most liked, for everybody", "random": "chance"}
"""The baselines that models are compared with, by name, each with what it recommends."""


def render_agreement(agreement: Agreement | None, depth: int) -> str:
    """Return how much the models' first `depth` picks overlap, and the films that most of them pick.

    Args:
        agreement: The comparison of their picks; None while the taste is empty.
        depth: How many picks of each model were compared.
    """
    if agreement is None:
        return render("agreement.html", shares=None)
    names = [title(model) for model in agreement.models]
    lines = [
        [_cell(row, column, value, depth) for column, value in enumerate(shared)]
        for row, shared in enumerate(agreement.shared)
    ]
    agreed = [Card(one.movie, note=_ranks(one)) for one in agreement.agreed[:MOST_AGREED]]
    return render(
        "agreement.html", depth=depth, names=names, shares=list(zip(names, lines, strict=True)), agreed=agreed
    )


def render_strengths(figures: Mapping[str, Mapping[str, float]], weights: Mapping[str, str]) -> str:
    """Return the models' metrics as bars with those of the baselines; "" where nothing was measured.

    Args:
        figures: Measured metrics by model and baseline.
        weights: Kind of weights of each encoder, by name.
    """
    measures = [
        {"question": measure.question, "bars": _bars(measure, figures, weights)}
        for measure in MEASURES
        if any(measure.name in values for values in figures.values())
    ]
    return render("strengths.html", measures=measures) if measures else ""


def _cell(row: int, column: int, value: int, depth: int) -> dict[str, Any]:
    if row == column:
        return {"share": 0.0, "shown": "–"}
    return {"share": min(1.0, value / max(1, depth)), "shown": value}


def _ranks(one: Agreed) -> str:
    ranks = ", ".join(f"{title(model)} {rank}" for model, rank in one.ranks.items())
    return f"{len(one.ranks)} models: {ranks}"


def _bars(
    measure: Measure, figures: Mapping[str, Mapping[str, float]], weights: Mapping[str, str]
) -> list[dict[str, Any]]:
    values = {name: values[measure.name] for name, values in figures.items() if measure.name in values}
    top = max(values.values(), default=0.0) or 1.0
    return [
        {
            "name": BASELINES.get(name, title(name)),
            "look": _look(name, weights),
            "untrained": weights.get(name) == UNTRAINED,
            "percent": 100 * max(0.0, value / top),
            "value": measure.unit.format(value),
        }
        for name, value in values.items()
    ]


def _look(name: str, weights: Mapping[str, str]) -> str:
    if name in BASELINES:
        return "mt-baseline"
    return "mt-untrained-bar" if weights.get(name) == UNTRAINED else ""
