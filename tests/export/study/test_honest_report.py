"""A study's report: what it says follows from the figures, in both forms, and its JSON holds the same figures."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.export.small_study import encoder, facts, honest, paper

from matinee_export.reports import Document, Heading, Plot, Table
from matinee_export.study.comparison import differences, holm, interval_of
from matinee_export.study.honest.opening import opening
from matinee_export.study.honest.report import honest_document, honest_json
from matinee_export.study.paper.experiments import CONTENT
from matinee_export.study.paper.report import paper_document, paper_json
from matinee_export.study.results import EVERYONE, HYBRID, Cell, HonestStudy

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def study() -> HonestStudy:
    return honest()


@pytest.fixture(scope="module")
def report(study: HonestStudy) -> Document:
    return honest_document(study)


def _tables(document: Document, first: str) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table) and block.header[0] == first]


def _column(table: Table, name: str) -> dict[str, str]:
    place = list(table.header).index(name)
    return {row[0]: row[place] for row in table.rows}


def _with_ndcg(study: HonestStudy, model: str, change: float) -> HonestStudy:
    """Return the study as if `model` had `change` more nDCG@10 for every user of the random split."""

    def changed(cell: Cell) -> Cell:
        metrics = cell.metrics[EVERYONE][model]
        better = replace(metrics, per_user={**metrics.per_user, "ndcg@10": metrics.per_user["ndcg@10"] + change})
        return replace(cell, metrics={**cell.metrics, EVERYONE: {**cell.metrics[EVERYONE], model: better}})

    return replace(study, cells={**study.cells, "random": [changed(cell) for cell in study.cells["random"]]})


def _answer(study: HonestStudy) -> str:
    return Document("", tuple(opening(study))).markdown()


def test_the_table_of_models_has_every_models_mean_and_the_best_in_bold(study: HonestStudy, report: Document) -> None:
    table = next(t for t in _tables(report, "model") if "MAP" in t.header)
    shown = _column(table, "nDCG@10")
    cells = study.cells["random"]
    for title, model in (("BPR", "bpr"), ("ResNet50", "resnet50"), ("hybrid", "hybrid"), ("EASE", "EASE")):
        assert float(shown[title].strip("*")) == pytest.approx(interval_of(cells, model).mean, abs=5e-5)
    bold = [value for value in shown.values() if value.startswith("**")]
    assert [value.strip("*") for value in bold] == [max(value.strip("*") for value in shown.values())]


def test_a_random_orders_coverage_is_not_called_best(report: Document) -> None:
    for table in _tables(report, "model"):
        if "coverage@10" in table.header:
            assert not any("*" in value for value in _column(table, "coverage@10").values())


def test_the_answer_names_whichever_model_is_best(study: HonestStudy) -> None:
    assert "Split at random: **ALS** ranks best" in _answer(_with_ndcg(study, "als", 2.0))
    assert "Split at random: **EASE** ranks best" in _answer(_with_ndcg(study, "EASE", 2.0))


def test_the_answer_says_whether_the_hybrid_is_better_worse_or_neither(study: HonestStudy) -> None:
    assert "**better** in the split at random" in _answer(_with_ndcg(study, HYBRID, 2.0))
    assert "**worse** in the split at random" in _answer(_with_ndcg(study, HYBRID, -2.0))
    same = study.cells["random"][0].metrics[EVERYONE]
    best = max(("bpr", "als", "bert", "resnet50", "clip"), key=lambda name: same[name].means()["ndcg@10"])
    equal = replace(study.cells["random"][0], metrics={EVERYONE: {**same, HYBRID: same[best]}})
    found = next(d for d in differences([equal]) if (d.one, d.other) == (HYBRID, best))
    assert (found.by.mean, found.p, found.is_chance) == (0.0, 1.0, True)


def test_where_a_baseline_is_best_the_answer_says_where_the_hybrid_stands(study: HonestStudy) -> None:
    text = _answer(_with_ndcg(study, "popularity", 2.0))
    assert re.search(r"\*\*popularity\*\* ranks best.*; the hybrid has 0\.\d+, which is more than luck", text)


def test_every_split_and_group_has_a_table_and_a_plot(report: Document) -> None:
    headings = [block.text for block in report.blocks if isinstance(block, Heading)]
    assert {"Split at random", "Split leave-last", "Split by time", "Light users"} <= set(headings)
    plots = {block.name for block in report.blocks if isinstance(block, Plot)}
    assert {
        "models-random",
        "models-leave-last",
        "models-time",
        "light-users",
        "tuning-als-size",
        "hybrid-time",
    } <= plots


def test_a_group_nobody_is_in_is_said_once_and_has_no_table(study: HonestStudy, report: Document) -> None:
    assert not len(study.cells["random"][0].metrics["cold movies"]["bpr"].users)
    assert "Nobody could be asked in the split at random" in report.markdown()
    assert "– |" not in report.markdown()


def test_a_user_asked_under_two_seeds_counts_once(study: HonestStudy, report: Document) -> None:
    cells = study.cells["leave-last"]
    users = cells[0].metrics[EVERYONE]["bpr"].users
    assert np.array_equal(users, cells[1].metrics[EVERYONE]["bpr"].users)
    table = next(t for t in _tables(report, "split") if "users asked" in t.header)
    assert _column(table, "users asked")["leave-last"] == str(len(users))


def test_every_other_model_is_tested_once_against_the_hybrid_and_the_best_model(study: HonestStudy) -> None:
    pairs = [(d.one, d.other) for d in differences(study.cells["random"])]
    assert len(set(pairs)) == len(pairs) == 11 + 10
    assert [other for one, other in pairs if one == HYBRID][:2] == ["bpr", "als"]


def test_holm_multiplies_the_smallest_by_all_and_never_falls() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == ()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_corrected_p_values_keep_their_order_and_are_never_smaller(values: Sequence[float]) -> None:
    corrected = holm(values)
    assert all(p <= c <= 1 for p, c in zip(values, corrected, strict=True))
    pairs = sorted(zip(values, corrected, strict=True))
    assert [c for _, c in pairs] == sorted(corrected)


def test_the_leak_test_says_what_random_vectors_get(study: HonestStudy, report: Document) -> None:
    table = next(t for t in _tables(report, "model") if "a random order" in t.header)
    for leak, row in zip(study.leaks, table.rows, strict=True):
        ways = (study.chance, leak.random, leak.random_leaking, leak.honest, leak.leaking)
        assert list(row[1:]) == [f"{way.means()['ndcg@10']:.4f}" for way in ways]


def test_losing_more_than_two_hundredths_by_folding_in_is_marked(study: HonestStudy, report: Document) -> None:
    table = next(t for t in _tables(report, "model") if "lost" in t.header)
    lost = {name: -float(v.replace("−", "-")) for name, v in _column(table, "lost").items()}
    for name, within in _column(table, "within 0.02").items():
        assert within == ("yes" if lost[name] >= -0.02 else "**no**")
    assert {"BPR", "ALS", "EASE", "popularity"} == set(lost)


def test_untrained_networks_and_made_up_data_are_said_at_once(study: HonestStudy, report: Document) -> None:
    assert "The network of ResNet50 is untrained" in _answer(study)
    assert "made up" not in _answer(study)
    invented = _answer(replace(study, data=replace(study.data, made_up=True)))
    assert "made up: no person wrote these reviews" in invented[: invented.index("## The answer")]


def test_models_without_texts_and_posters_are_named_once_and_have_no_rows() -> None:
    without = honest(embedded=False)
    counts = {**without.data.counts, "texts": 0, "posters": 0}
    text = honest_document(replace(without, data=replace(without.data, counts=counts))).markdown()
    missing = "BERT, ResNet50 and CLIP are not in the tables: the dataset has no texts and no posters."
    assert text[: text.index("## The data")].count(missing) == 1
    assert "| CLIP |" not in text
    assert "so vectors were made up" in text


def test_published_figures_stand_beside_ours_with_their_difference() -> None:
    found = honest(embedded=False)
    table = next(t for t in _tables(honest_document(found), "here"))
    ours = found.cells["random"][0].metrics[EVERYONE]["als"].means()["ndcg@10"]
    assert found.reproduction is not None
    assert table.rows[0][3:5] == (f"{ours:.4f}", "0.3230")
    assert float(table.rows[0][5].replace("−", "-")) == pytest.approx(ours - 0.323, abs=1e-4)
    assert "the published figures are no yardstick" in honest_document(found).markdown()


def test_only_movielens_has_the_published_figures_and_the_ablation(report: Document) -> None:
    assert "Published figures" not in report.markdown()
    assert "implicit's BPR is weak" not in report.markdown()


def test_a_dataset_whose_name_holds_marks_is_shown_as_it_is(study: HonestStudy) -> None:
    named = honest_document(replace(study, data=replace(study.data, name="<b>a*b*", note="see [here](x.html) <i>")))
    assert "<b>a" not in named.html()
    assert "&lt;b&gt;a*b*" in named.html()
    assert 'href="x.html"' not in named.html()


def test_the_same_study_makes_the_same_report(study: HonestStudy, report: Document) -> None:
    assert honest_document(study).html() == report.html()


def test_the_json_holds_the_figures_of_the_report(study: HonestStudy) -> None:
    found = json.loads(json.dumps(honest_json(study), allow_nan=False))
    cells = study.cells["random"]
    model = found["splits"]["random"]["groups"][EVERYONE]["models"]["als"]
    mean = interval_of(cells, "als")
    assert model["ndcg@10"] == pytest.approx(mean.mean, rel=1e-5)
    assert model["interval"]["low"] == pytest.approx(mean.low, rel=1e-5)
    tests = found["splits"]["random"]["tests"]
    assert tests[0]["model"] == HYBRID
    assert all(0 < test["p"] <= test["p_corrected"] <= 1 for test in tests)
    assert set(found["splits"]) == {"random", "leave-last", "time"}
    assert set(found["leak"]["models"]) == {"bert", "resnet50", "clip"}
    assert found["published"] is None


def test_a_group_of_nobody_is_null_in_the_json(study: HonestStudy) -> None:
    cold = honest_json(study)["splits"]["random"]["groups"]["cold movies"]
    assert cold["users"] == 0
    assert cold["models"]["als"]["ndcg@10"] is None


def test_paper_mode_shows_six_tables_with_the_papers_row_last_and_in_bold() -> None:
    document = paper_document(paper(), facts(), {"clip": encoder()})
    tables = [block for block in document.blocks if isinstance(block, Table)]
    assert len(tables) == 6
    assert all(table.rows[-1][0] == "**the paper**" for table in tables)
    assert _column(tables[0], "1000 factors")["**the paper**"] == "**0.9050**"
    assert _column(tables[3], "precision@10")["**the paper**"] == "**0.2785**"


def test_paper_mode_draws_the_sweep_on_train_and_test_rows() -> None:
    document = paper_document(paper(), facts(), {})
    plots = [block.name for block in document.blocks if isinstance(block, Plot)]
    assert plots == ["train-auc", "test-auc", "train-ndcg", "test-ndcg"]


def test_paper_mode_answers_every_flaw_with_a_figure_of_its_own() -> None:
    study = paper()
    text = paper_document(study, facts(), {}).markdown()
    flaws = text[text.index("## What cannot be read off") :]
    rows = {row.label: row.values for row in study.tables[4].rows}
    columns = study.tables[4].columns
    leaking = rows["vectors from all rows, test rows too"][columns.index("precision@10")]
    assert f"{leaking:.4f} from all; paper 0.0130" in flaws
    assert re.search(r"Train AUC says nothing.*best size is \d+", flaws)


def test_paper_mode_says_which_tables_stand_alone_and_why() -> None:
    study = paper()
    alone = [
        replace(table, rows=table.rows[-1:], note=CONTENT[name].missing)
        for name, table in zip(CONTENT, study.tables[3:], strict=True)
    ]
    text = paper_document(replace(study, tables=(*study.tables[:3], *alone)), facts(), {}).markdown()
    assert "table 4: the dataset has no review texts, or was not embedded" in text
    assert "A user vector that holds test rows" in text
    assert " – |" not in text[text.index("### Table 4") : text.index("## Number of factors")]


def test_paper_mode_warns_of_untrained_networks_and_made_up_data() -> None:
    seeded = {"bert": encoder("seeded"), "clip": encoder("seeded")}
    text = paper_document(paper(), replace(facts(), made_up=True), seeded).markdown()
    assert "The networks of BERT and CLIP are untrained" in text
    assert "This dataset is made up" in text


def test_the_json_of_paper_mode_holds_tables_and_sweep() -> None:
    found = json.loads(json.dumps(paper_json(paper()), allow_nan=False))
    assert found["tables"]["1"]["rows"]["paper"]["100"] == 0.9251
    assert set(found["sweep"]["ALS"]["sizes"]) == {"50", "100", "200", "500", "1000"}
    assert found["counts"]["train"] > found["counts"]["test"]
