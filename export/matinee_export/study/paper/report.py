"""The report of paper mode: a document for people, and figures for programs.

In: a `PaperStudy`, and the descriptions of the dataset and the encoders. Out: a `Document` or a JSON object, the same
for the same study.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from matinee.manifest import DatasetInfo, EncoderInfo
from matinee_export.bundle.report import rounded
from matinee_export.evaluation.metrics import FORMULAS
from matinee_export.reports import Block, Bullets, Document, Heading, Plot, Table, Text, plain, plots
from matinee_export.study.experiments.sweep import Curve
from matinee_export.study.labels import bold, figure, listed, metric_name, setting_words, untrained
from matinee_export.study.paper.experiments import REMOVED, PaperStudy, PaperTable, Row
from matinee_export.study.paper.figures import TRAIN_AUC
from matinee_export.study.paper.flaws import flaws

PAPER = "paper"
"""Label of the row that holds the paper's figures."""

SWEPT: tuple[tuple[str, str, str, str], ...] = (
    ("train-auc", "train", "auc", "AUC on train rows"),
    ("test-auc", REMOVED, "auc", "AUC on test rows"),
    ("train-ndcg", "train", "ndcg@10", "nDCG@10 on train rows"),
    ("test-ndcg", REMOVED, "ndcg@10", "nDCG@10 on test rows"),
)
"""Plots of the sweep: name, evaluation task, metric and title."""


def paper_document(study: PaperStudy, data: DatasetInfo, encoders: Mapping[str, EncoderInfo]) -> Document:
    """Return the report as a document.

    Args:
        study: The results of paper mode.
        data: Description of the dataset.
        encoders: Descriptions of the encoders by name; empty if nothing was embedded.
    """
    return Document(f"The paper's experiments on another dataset: {data.name}", tuple(_blocks(study, data, encoders)))


def paper_json(study: PaperStudy) -> dict[str, Any]:
    """Return the figures of a study as a JSON object; every figure is a share, missing ones are null."""
    return {
        "mode": "paper",
        "tables": {
            table.number: {
                "title": table.title,
                "note": table.note,
                "rows": {row.label: dict(zip(table.columns, row.values, strict=True)) for row in table.rows},
            }
            for table in study.tables
        },
        "sweep": {
            curve.name: {
                "setting": dict(curve.setting),
                "made_by": curve.made_by,
                "sizes": {
                    point.size: {name: rounded(figures) for name, figures in point.figures.items()}
                    for point in curve.points
                },
            }
            for curve in study.curves
        },
        "left_open": [asdict(choice) for choice in study.choices],
        "counts": dict(study.counts),
    }


def _blocks(study: PaperStudy, data: DatasetInfo, encoders: Mapping[str, EncoderInfo]) -> Iterator[Block]:
    yield from _opening(study, data, encoders)
    yield Heading(2, "The paper's tables")
    yield Text(
        "Ours on this dataset, the paper's on its own in the last row. Every figure is a share from 0 to 1, where the "
        "paper prints its AUCs in percent. Figures of different datasets do not compare; what does is which model "
        "comes before which, and what a choice is worth."
    )
    for table in study.tables:
        yield from _table(table)
    yield Bullets((*FORMULAS[:4], "MAP@10 = sum over r_j <= 10 of j / r_j, over the lesser of 10 and R"))
    yield from _sweep(study)
    yield Heading(2, "What the paper left open, and what is done here")
    yield Bullets([f"**{_sentence(choice.question)}** {choice.answer}" for choice in study.choices])
    yield from flaws(study)


def _opening(study: PaperStudy, data: DatasetInfo, encoders: Mapping[str, EncoderInfo]) -> Iterator[Block]:
    if data.made_up:
        yield Text(
            bold("This dataset is made up: no person wrote these reviews. Its figures show that everything works.")
        )
    if data.note:
        yield Text(plain(data.note))
    counts = listed([f"{count:,} {plain(what)}" for what, count in data.counts.items()])
    yield Text(
        "The experiments of Cooper, de Pineda and Ramon, “A Multi-Modal Approach to Movie Recommendation: Text and "
        f"Image Synergy”, as they describe them, on {plain(data.name)} ({counts}): 80 % of the rows, stratified by "
        f"rating, are train rows ({study.counts['train']:,}), the others test rows ({study.counts['test']:,}), of "
        f"which {study.counts['test positives']:,} are positive, rated 7 or higher."
    )
    yield Text(
        "This is **not** how well Matinee's models recommend: what the paper's protocol cannot tell is listed at the "
        "end, and the honest mode of this study measures it."
    )
    if missing := [table for table in study.tables if table.note]:
        spelled = "; ".join(f"table {table.number}: {table.note}" for table in missing)
        yield Text(f"The paper's figures stand alone in {spelled}.")
    if warning := untrained(encoders):
        yield Text(warning)


def _table(table: PaperTable) -> Iterator[Block]:
    yield Heading(3, f"Table {table.number}: {table.title}")
    shown = [column for column in table.columns if any(_at(table, row, column) is not None for row in table.rows)]
    rows = [(_label(row), *(_cell(row, _at(table, row, column)) for column in shown)) for row in table.rows]
    note = f"Ours is missing: {table.note}." if table.note else ""
    yield Table(("", *(f"{c} factors" if c.isdecimal() else metric_name(c) for c in shown)), rows, note)


def _at(table: PaperTable, row: Row, column: str) -> float | None:
    return row.values[table.columns.index(column)]


def _label(row: Row) -> str:
    return bold("the paper") if row.label == PAPER else row.label


def _cell(row: Row, value: float | None) -> str:
    return bold(figure(value)) if row.label == PAPER and value is not None else figure(value)


def _sweep(study: PaperStudy) -> Iterator[Block]:
    yield Heading(2, "Number of factors")
    yield Text("The paper's five sizes, on the rows a model was trained on and on the test rows.")
    for name, question, metric, words in SWEPT:
        series: dict[str, list[tuple[float, float]]] = {
            curve.name: [(float(size), value) for size, value in curve.series(question, metric)]
            for curve in study.curves
        }
        if (question, metric) == ("train", "auc"):
            series["the paper"] = [(float(size), auc) for size, auc in TRAIN_AUC.items()]
        best = {name: max(points, key=lambda point: point[1]) for name, points in series.items()}
        spelled = listed([f"{name} {figure(value)} at {size:g}" for name, (size, value) in best.items()])
        drawn = plots.lines(f"{words}, by number of factors", series, "factors", metric_name(metric), log_x=True)
        yield Plot(name, drawn, f"{words}. Highest: {spelled}.")
    yield Bullets([_made(curve) for curve in study.curves])


def _made(curve: Curve) -> str:
    return f"**{curve.name}**: {setting_words(curve.setting)}; {curve.made_by}"


def _sentence(question: str) -> str:
    first, rest = question.split(" ", 1)
    return f"{first if len(first) == 1 else first.capitalize()} {rest}:"
