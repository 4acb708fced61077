"""What the paper's figures cannot show, each point with the corresponding figure of this dataset.

In: a `PaperStudy`. Out: blocks of a document.
"""

from __future__ import annotations

from collections.abc import Iterator

from matinee_export.reports import Block, Bullets, Heading, Text
from matinee_export.study.experiments.sweep import PLAIN_ALS, PLAIN_BPR, Curve
from matinee_export.study.labels import figure
from matinee_export.study.paper.experiments import ALS_SIZE, BPR_SIZE, KEPT, REMOVED, PaperStudy, PaperTable

TRAINED, EVERYTHING = "vectors from train rows only", "vectors from all rows, test rows too"
"""Labels of rows in the tables of the content models."""

ELSEWHERE = (
    "**Ranking only what a user rated.** The paper does not say what is ranked. Where only a user's own test items "
    "are, a random order already gets precision@10 of .581 on MovieLens 100K; here the whole catalogue is ranked.",
    "**A random split flatters.** What came after a test row is known. Honest mode shows a split by time and one that "
    "leaves each user's last row out beside it, and they are harsher as a rule.",
    "**Nothing to compare with.** The paper's tables have no random order, no popularity, no interval and no test: "
    "whether a figure is high, or a difference more than luck, cannot be told. Honest mode has all of these.",
    "**A misprint.** Table 1's last size is printed as 10000; it is taken for 1000.",
)
"""Flaws of the paper's protocol that paper mode does not measure."""


def flaws(study: PaperStudy) -> Iterator[Block]:
    """Yield what the paper's tables cannot show, with the figures of this dataset."""
    curves = {curve.name: curve for curve in study.curves}
    yield Heading(2, "What cannot be read off these tables")
    yield Text("Each with what it comes to on this dataset, where paper mode measures it.")
    yield Bullets(
        [
            _train_auc(curves[PLAIN_ALS], curves[PLAIN_BPR]),
            *_leaks(study),
            _seen_kept(curves[PLAIN_BPR], curves[PLAIN_ALS]),
            _two_maps(curves[PLAIN_ALS]),
            *_imputed(study),
            *ELSEWHERE,
        ]
    )


def _train_auc(*curves: Curve) -> str:
    return "**Train AUC says nothing of recommending.** It is how well a model remembers. " + " ".join(
        f"{curve.name}: by train AUC the best size is {_best(curve, 'train')} ({_auc(curve, 'train')}; "
        f"{_auc_at(curve, 'train')} on test rows), by test AUC it is {_best(curve, REMOVED)} ({_auc(curve, REMOVED)})."
        for curve in curves
    )


def _best(curve: Curve, question: str) -> int:
    return max(curve.series(question, "auc"), key=lambda point: point[1])[0]


def _auc(curve: Curve, question: str) -> str:
    return figure(max(value for _, value in curve.series(question, "auc")))


def _auc_at(curve: Curve, question: str) -> str:
    """Return the test AUC at the size that is best by `question`."""
    return figure(curve.at(_best(curve, question))[REMOVED]["auc"])


def _leaks(study: PaperStudy) -> list[str]:
    found = []
    for table in study.tables:
        honest, leaking = (_value(table, label, "precision@10") for label in (TRAINED, EVERYTHING))
        if honest is not None and leaking is not None:
            theirs = figure(_value(table, "paper", "precision@10"))
            found.append(
                f"table {table.number}: {figure(honest)} from train rows, {figure(leaking)} from all; paper {theirs}"
            )
    words = (
        "**A user vector that holds test rows knows the answers.** The paper does not say that they were left out. The "
        "leak test of honest mode shows that even random vectors score high this way."
    )
    return [f"{words} precision@10 in {'; '.join(found)}."] if found else [words]


def _value(table: PaperTable, label: str, column: str) -> float | None:
    row = next((row for row in table.rows if row.label == label), None)
    return None if row is None or column not in table.columns else row.values[table.columns.index(column)]


def _seen_kept(bpr: Curve, als: Curve) -> str:
    spelled = "; ".join(
        f"{curve.name}, {size} factors: {figure(curve.at(size)[REMOVED]['ndcg@10'])} without, "
        f"{figure(curve.at(size)[KEPT]['ndcg@10'])} with them"
        for curve, size in ((bpr, BPR_SIZE), (als, ALS_SIZE))
    )
    return f"**Movies already seen take the first places if they stay in the ranking.** nDCG@10: {spelled}."


def _two_maps(als: Curve) -> str:
    found = als.at(ALS_SIZE)[REMOVED]
    return (
        "**MAP has more than one meaning.** The same lists of ALS as it comes have "
        f"{figure(found['map'])} over the full ranking, divided by all relevant movies, and {figure(found['map@10'])} "
        f"over the first ten, divided by at most ten; divided by all it is {figure(found['map_all@10'])}."
    )


def _imputed(study: PaperStudy) -> list[str]:
    total, imputed = study.counts["test positives"], study.counts["test positives imputed"]
    if not imputed:
        return []
    return [
        "**Imputed labels measure the imputation.** A missing rating becomes the mean of its movie over all rows, test "
        f"rows too: {imputed:,} of the {total:,} test positives ({imputed / total:.0%}) are such. Tables 2 and 3 have "
        "a row without them."
    ]
