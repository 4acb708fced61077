"""Paper mode: the paper's six tables beside its own figures, what it left open, and what the difference is made of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from matinee_export.data import clean, read_dataset
from matinee_export.embedding.vectors import ContentVectors, ReviewVectors
from matinee_export.models.content import randomised
from matinee_export.study.paper.experiments import PaperStudy, PaperTable, paper_study

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reviews(small_dataset: Path) -> pd.DataFrame:
    """The small dataset's reviews, imputed as if every movie were liked on average."""
    table = clean(read_dataset(small_dataset)).reviews
    return table.assign(rating=table["rating"].mask(table["imputed"], 8.0))


N_MOVIES = 36


def _random(n: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return randomised(np.ones((n, 64), np.float32), seed)


@pytest.fixture(scope="module")
def found(reviews: pd.DataFrame) -> PaperStudy:
    """Paper mode on the small dataset, with vectors that mean nothing and no posters."""
    rows = np.arange(len(reviews))
    texts = {name: ReviewVectors(rows, _random(len(rows), seed)) for seed, name in enumerate(("bert", "clip"), 1)}
    content = ContentVectors(texts, {})
    return paper_study(reviews, N_MOVIES, content)


@pytest.fixture(scope="module")
def bare(reviews: pd.DataFrame) -> PaperStudy:
    """Paper mode on the same dataset, nothing of which was embedded."""
    return paper_study(reviews, N_MOVIES, ContentVectors({}, {}))


def _row(table: PaperTable, label: str) -> dict[str, float | None]:
    values = next(row.values for row in table.rows if row.label == label)
    return dict(zip(table.columns, values, strict=True))


def test_there_are_six_tables_and_each_ends_with_the_papers_row(found: PaperStudy) -> None:
    assert [table.number for table in found.tables] == [1, 2, 3, 4, 5, 6]
    for table in found.tables:
        assert table.rows[-1].label == "paper"
        assert all(len(row.values) == len(table.columns) for row in table.rows)


def test_the_papers_figures_stand_where_they_belong(found: PaperStudy) -> None:
    paper_rows = [dict(zip(table.columns, table.rows[-1].values, strict=True)) for table in found.tables]
    assert paper_rows[0]["100"] == 0.9251
    assert paper_rows[1] == {"map": 0.0103, "map@10": None, "ndcg@10": 0.0241, "auc": 0.8661}
    assert paper_rows[3]["recall@10"] == 0.2617


def test_a_dataset_too_small_for_a_thousand_factors_still_runs(found: PaperStudy) -> None:
    assert found.tables[0].columns == ("50", "100", "200", "500", "1000")
    assert all(0.5 < auc <= 1 for row in found.tables[0].rows for auc in row.values if auc is not None)


def test_imputed_ratings_are_positives_as_in_the_paper_and_counted(found: PaperStudy, reviews: pd.DataFrame) -> None:
    assert found.counts["train"] + found.counts["test"] == len(reviews)
    assert found.counts["test"] == pytest.approx(0.2 * len(reviews), abs=1)
    assert 0 < found.counts["test positives imputed"] < found.counts["test positives"]
    labels = [row.label for row in found.tables[1].rows]
    assert "BPR as it comes, imputed ratings left out" in labels


def test_where_nothing_was_imputed_no_row_leaves_it_out(reviews: pd.DataFrame) -> None:
    given = reviews[~reviews["imputed"]].reset_index(drop=True)
    found = paper_study(given, N_MOVIES, ContentVectors({}, {}))
    assert found.counts["test positives imputed"] == 0
    assert [row.label for row in found.tables[2].rows] == [
        "ALS as it comes",
        "ALS as it comes, seen movies kept",
        "ALS",
        "paper",
    ]


def test_vectors_that_know_the_test_rows_answer_even_when_they_mean_nothing(found: PaperStudy) -> None:
    """The flaw that the honest protocol is there to avoid, in the table where it happens."""
    bert = found.tables[3]
    honest = _row(bert, "vectors from train rows only")["map"]
    leaking = _row(bert, "vectors from all rows, test rows too")["map"]
    assert honest is not None
    assert leaking is not None
    assert leaking > 1.5 * honest


def test_seen_movies_in_the_ranking_push_the_others_down(found: PaperStudy) -> None:
    for table in found.tables[1:3]:
        removed, kept = table.rows[:2]
        assert kept.label == f"{removed.label}, seen movies kept"
        assert (kept.values[0] or 0) < (removed.values[0] or 0)


def test_tables_of_what_the_dataset_lacks_say_so(found: PaperStudy, bare: PaperStudy) -> None:
    assert "no posters" in found.tables[4].note
    assert [row.label for row in found.tables[4].rows] == ["paper"]
    assert found.tables[3].note == ""
    assert all("was not embedded" in table.note for table in bare.tables[3:])


def test_every_choice_that_the_paper_left_open_is_stated(found: PaperStudy) -> None:
    questions = " ".join(choice.question for choice in found.choices)
    for word in ("imputed", "test rows", "seen", "which MAP", "k of precision"):
        assert word in questions
    assert f"{found.counts['test positives imputed']:,} of the" in found.choices[0].answer
    assert all(choice.answer.endswith(".") for choice in found.choices)


def test_the_same_seed_gives_the_same_tables(found: PaperStudy, bare: PaperStudy) -> None:
    assert bare.tables[:3] == found.tables[:3]
    assert bare.curves == found.curves
    assert bare.counts == found.counts
