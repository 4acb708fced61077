"""The bundle's own report: what it was built from and how its models measure, safe whatever the dataset is called."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from matinee.manifest import DatasetInfo, EncoderInfo
from matinee_export.bundle.report import markdown, rounded
from matinee_export.evaluation.metrics import COLUMNS

DATA = DatasetInfo(
    name="<films>", note="Two *kinds* of [films](x.html).", counts={"movies": 1234}, set_aside={"a|b": 2}
)
TEXT = {"precision": "int8", "parity": {"cosine": 0.99991}}
SEEDED = EncoderInfo(source="a/b", revision="1", licence="MIT", weights="seeded", dim=4, towers={"text": TEXT})


def _found() -> dict[str, Any]:
    fits = [{"size": 4.0, "ndcg@10": 0.25}, {"size": 8.0, "ndcg@10": 0.5}]
    return {
        "split": {"by": "random", "train": 7000, "validation": 1000, "test": 2000},
        "test_users": 50,
        "models": {"als": rounded(dict.fromkeys(COLUMNS, 0.123456)), "bert": dict.fromkeys(COLUMNS)},
        "sweep": {"als": fits},
        "chosen": {"als": {"size": 8.0}},
        "hybrid": {"als": {"few": 0.5, "many": 1.0, "cold": 0.0}},
        "genres": None,
    }


def test_the_report_has_every_models_figures_and_dashes_where_there_are_none() -> None:
    text = markdown(DATA, {"bert": SEEDED}, _found())
    assert "| als | 0.1235 | 0.1235 |" in text
    assert "| bert | – | – |" in text
    assert "AUC = share of (relevant, other) pairs ranked in the right order" in text
    assert "7,000 train, 1,000 validation and 2,000 test rows; 50 users" in text


def test_the_chosen_size_is_marked_and_no_other() -> None:
    lines = markdown(DATA, {}, _found()).splitlines()
    assert "| 8 | 0.5000 | chosen |" in lines
    assert sum("chosen |" in line for line in lines) == 1


def test_untrained_weights_are_said_to_be_and_checks_stand_beside_them() -> None:
    text = markdown(DATA, {"bert": SEEDED}, _found())
    row = next(line for line in text.splitlines() if line.startswith("| bert | **untrained**"))
    assert row.endswith("| a/b | 1 | MIT | text | int8 | cosine 1 |")


def test_every_variant_tried_is_told_with_its_quality() -> None:
    figures = {"cosine": 0.9961, "overlap": 0.9563, "batch_cosine": 1.0}
    variants = {"int8": figures, "int4": {**figures, "cosine": 0.9}}
    measured = {"provider": "CPUExecutionProvider", "instructions": ["AVX-512", "VNNI"], "threads": 2}
    text = markdown(
        DATA, {"bert": replace(SEEDED, towers={"text": {**TEXT, "variants": variants, "measured": measured}})}, _found()
    )
    assert "(CPUExecutionProvider, AVX-512, VNNI, 2 threads)" in text
    assert "| bert | text | int8 | 0.9961 | 0.9563 | 1.0000 | shipped |" in text
    assert "| bert | text | int4 | 0.9000 | 0.9563 | 1.0000 |  |" in text
    assert "Variants of the networks" not in markdown(DATA, {"bert": SEEDED}, _found())


def test_what_the_dataset_says_of_itself_is_no_markup() -> None:
    text = markdown(DATA, {}, _found())
    assert text.startswith("# \\<films>: what this bundle was built from")
    assert "Two \\*kinds\\* of [films\\](x.html)." in text
    assert "| a\\|b | 2 |" in text


def test_what_clip_reads_in_posters_is_told_where_it_was_measured() -> None:
    found = {**_found(), "genres": {"in words": "right for 3 of 4 posters"}}
    assert "Genres that CLIP reads in posters: right for 3 of 4 posters" in markdown(DATA, {}, found)
    assert "Genres that CLIP reads" not in markdown(DATA, {}, _found())
