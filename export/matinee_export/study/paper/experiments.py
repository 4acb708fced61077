"""Runs the paper's experiments as it describes them, and puts its tables beside those published.

In: the review table, the encoders' vectors where there are any, and a seed. Out: `PaperStudy`: tables 1 to 6, the
assumptions made about what the paper leaves open, and the sweep behind tables 1 to 3. Nothing is tuned here. Parts of
the protocol are what the honest protocol avoids: train AUC, imputed ratings as positives, user vectors made from test
rows.

From Cooper, de Pineda, Ramon, "A Multi-Modal Approach to Movie Recommendation: Text and Image Synergy", section 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from matinee_export.data import Split, split
from matinee_export.data.interactions import Interactions
from matinee_export.embedding.vectors import ContentVectors
from matinee_export.evaluation.evaluate import HeldOut, evaluate
from matinee_export.log import Log, silent
from matinee_export.models.content import profiles_of
from matinee_export.models.content_settings import ContentSettings
from matinee_export.models.factors import fit_factors
from matinee_export.study.experiments.sweep import (
    ALS,
    AS_IT_COMES,
    BPR,
    PLAIN_ALS,
    PLAIN_BPR,
    SIZES,
    Curve,
    Figures,
    measured,
    questions,
    sweep,
)
from matinee_export.study.paper.assumptions import Choice, choices
from matinee_export.study.paper.figures import FIGURES, TRAIN_AUC

RANKED = ("map", "map@10", "ndcg@10", "auc")
"""Columns of tables 2 and 3."""

LISTED = ("map", "map@10", "precision@10", "recall@10")
"""Columns of tables 4 to 6."""

BPR_SIZE, ALS_SIZE = 100, 200
"""Numbers of factors in tables 2 and 3."""


@dataclass(frozen=True)
class ContentTable:
    """The description of a table of the paper about one content model.

    Attributes:
        number: Its number in the paper.
        title: Its title in the report.
        missing: Note for the report if the model has no vector for any movie, so that the table has no row of ours.
        settings: The paper's settings, as far as it states them.
    """

    number: int
    title: str
    missing: str
    settings: ContentSettings


CONTENT: Mapping[str, ContentTable] = {
    "bert": ContentTable(
        4,
        "BERT on test rows",
        "the dataset has no review texts, or was not embedded",
        ContentSettings(ratings="scaled"),
    ),
    "resnet50": ContentTable(
        5,
        "ResNet50 on test rows",
        "the dataset has no posters, or was not embedded",
        ContentSettings(ratings="liked"),
    ),
    "clip": ContentTable(
        6,
        "CLIP on test rows",
        "the dataset has neither texts nor posters, or was not embedded",
        ContentSettings(ratings="scaled", pooling="even"),
    ),
}
"""The tables by content model. BERT's means are weighted by rating / 10, ResNet50's are over movies rated 7 or more."""

REMOVED, KEPT = "test", "test, seen movies kept"
"""Evaluation tasks on the test rows: train movies removed from the ranking, and train movies kept in it."""


@dataclass(frozen=True)
class Row:
    """One row of a table: a value for each column, None where there is none."""

    label: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class PaperTable:
    """One table of the paper.

    Attributes:
        number: Its number in the paper.
        title: Its title in the report.
        columns: Numbers of factors, or metrics; every figure is a share, 0 to 1.
        rows: Our rows, and the paper's as the last one.
        note: Why there is no row of ours, or "".
    """

    number: int
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True)
class PaperStudy:
    """The results of paper mode.

    Attributes:
        tables: Tables 1 to 6.
        choices: The details that the paper leaves open, with the assumptions made.
        curves: The sweep, measured on the evaluation tasks "train", `REMOVED` and `KEPT`.
        counts: Numbers of "train" and "test" rows, of "test positives", and of those that were imputed.
    """

    tables: tuple[PaperTable, ...]
    choices: tuple[Choice, ...]
    curves: tuple[Curve, ...]
    counts: Mapping[str, int]


def paper_study(
    reviews: pd.DataFrame,
    n_movies: int,
    content: ContentVectors,
    seed: int = 0,
    log: Log = silent,
) -> PaperStudy:
    """Run the paper's experiments.

    Args:
        reviews: The cleaned review table, missing ratings imputed over all rows.
        n_movies: Rows of the movie table.
        content: The encoders' vectors; without any, tables 4 to 6 have a note and the paper's row.
        seed: Seed of the split and of training.
        log: Called with one line for each fit.

    Raises:
        BuildError: The train rows contain no like.
    """
    as_rated = reviews.assign(imputed=False)
    parts = split(as_rated, seed, test=0.2, validation=0.0)
    train, test = (Interactions.of(as_rated, rows, n_movies) for rows in (parts.train, parts.test))
    asked = _both_ways(questions(train, **{REMOVED: test}))
    curves = {curve.name: curve for curve in sweep(train, asked, SIZES, seed, log)}
    given = [Interactions.of(reviews, rows, n_movies) for rows in (parts.train, parts.test)]
    counts = _counts(parts, test, given[1])
    tables = (
        _table_1(curves),
        _ranking_table(2, BPR_SIZE, (curves[PLAIN_BPR], curves[BPR]), _without_imputed(PLAIN_BPR, given, seed)),
        _ranking_table(3, ALS_SIZE, (curves[PLAIN_ALS], curves[ALS]), _without_imputed(PLAIN_ALS, given, seed)),
        *_content_tables(as_rated, n_movies, parts, content, asked, log),
    )
    return PaperStudy(tables, choices(counts, curves), tuple(curves.values()), counts)


def _both_ways(asked: Mapping[str, HeldOut]) -> dict[str, HeldOut]:
    """Return the tasks with `KEPT` added: the test task with train movies left in the ranking."""
    test = asked[REMOVED]
    return {**asked, KEPT: replace(test, seen=sparse.csr_matrix(test.seen.shape, dtype=np.float32))}


def _counts(parts: Split, test: Interactions, given: Interactions) -> dict[str, int]:
    positives = int(test.is_like.sum())
    return {
        "train": len(parts.train),
        "test": len(parts.test),
        "test positives": positives,
        "test positives imputed": positives - int(given.is_like.sum()),
    }


def _table_1(curves: Mapping[str, Curve]) -> PaperTable:
    rows = [Row(name, tuple(auc for _, auc in curves[name].series("train", "auc"))) for name in (PLAIN_BPR, BPR)]
    paper = Row("paper", tuple(TRAIN_AUC[size] for size in SIZES))
    return PaperTable(1, "BPR, AUC on train rows by number of factors", tuple(map(str, SIZES)), (*rows, paper))


def _ranking_table(number: int, size: int, ways: tuple[Curve, Curve], without_imputed: Figures | None) -> PaperTable:
    """Return table 2 or 3: a model with `implicit`'s own settings, and the improved one."""
    plain, better = (way.at(size) for way in ways)
    rows = [
        Row(ways[0].name, _values(plain[REMOVED], RANKED)),
        Row(f"{ways[0].name}, seen movies kept", _values(plain[KEPT], RANKED)),
        Row(ways[1].name, _values(better[REMOVED], RANKED)),
    ]
    if without_imputed is not None:
        rows.insert(2, Row(f"{ways[0].name}, imputed ratings left out", _values(without_imputed, RANKED)))
    kind = "BPR" if number == 2 else "ALS"
    return PaperTable(number, f"{kind} on test rows, {size} factors", RANKED, (*rows, _paper(number, RANKED)))


def _without_imputed(name: str, given: list[Interactions], seed: int) -> Figures | None:
    """Return the figures of `implicit`'s own settings with given ratings only; None if none was imputed."""
    train, test = given
    if not (train.imputed.any() or test.imputed.any()):
        return None
    kind, size = ("plain-bpr", BPR_SIZE) if name == PLAIN_BPR else ("als", ALS_SIZE)
    fitted = fit_factors(kind, train, {**AS_IT_COMES[name], "size": size}, seed)
    return measured(fitted, train, {REMOVED: HeldOut.between(train, test)})[REMOVED]


def _content_tables(
    reviews: pd.DataFrame,
    n_movies: int,
    parts: Split,
    content: ContentVectors,
    asked: Mapping[str, HeldOut],
    log: Log,
) -> list[PaperTable]:
    """Return tables 4 to 6: every content model with vectors made from train rows only, and from all rows."""
    everything = np.arange(len(reviews), dtype=np.int64)
    settings = {name: table.settings for name, table in CONTENT.items()}
    sides = {"train rows only": parts.train, "all rows, test rows too": everything}
    found: dict[str, list[Row]] = {name: [] for name in CONTENT}
    for side, rows in sides.items():
        for name, profiles in profiles_of(reviews, rows, n_movies, content, settings).items():
            scores = profiles.scores(asked[REMOVED].likes)
            for question, suffix in ((REMOVED, ""), (KEPT, "; seen movies kept")):
                figures = evaluate(scores, asked[question]).means()
                found[name].append(Row(f"vectors from {side}{suffix}", _values(figures, LISTED)))
                log(f"{name}, vectors from {side}{suffix}: precision@10 {figures['precision@10']:.4f}")
    return [
        PaperTable(
            table.number,
            table.title,
            LISTED,
            (*found[name], _paper(table.number, LISTED)),
            "" if found[name] else table.missing,
        )
        for name, table in CONTENT.items()
    ]


def _values(figures: Figures, columns: tuple[str, ...]) -> tuple[float | None, ...]:
    return tuple(figures.get(column) for column in columns)


def _paper(number: int, columns: tuple[str, ...]) -> Row:
    return Row("paper", _values(FIGURES[number], columns))
