"""The whole study of a small made-up folder in MovieLens's layout: both modes, again, and interrupted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from matinee_export import cli
from matinee_export.study import run
from matinee_export.study.results import BASELINES, GROUPS, HYBRID

pytestmark = pytest.mark.slow

USERS, MOVIES, DAY = 60, 80, 86_400


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two kinds of people and two kinds of films; everybody has days of their own."""
    folder = tmp_path_factory.mktemp("movielens")
    draw = np.random.default_rng(2)
    lines = []
    for user in range(USERS):
        for movie in draw.choice(MOVIES, 25, replace=False):
            stars = draw.choice([4, 5] if movie % 2 == user % 2 else [1, 2, 3])
            lines.append(f"{user + 1}\t{movie + 1}\t{stars}\t{880_000_000 + int(draw.integers(0, 200)) * DAY}\n")
    (folder / "u.data").write_text("".join(lines), encoding="latin-1")
    flags = {0: "0|1" + "|0" * 17, 1: "0|0|1" + "|0" * 16}
    items = (f"{m + 1}|Film {m} ({1950 + m % 50})|01-Jan-1990|||{flags[m % 2]}\n" for m in range(MOVIES))
    (folder / "u.item").write_text("".join(items), encoding="latin-1")
    return folder


@pytest.fixture(scope="module")
def studied(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("studied") / "study"
    assert cli.main(["study", "--data", str(data), "--out", str(out)]) == 0
    return out


@pytest.fixture
def copied(studied: Path, tmp_path: Path) -> Path:
    """The study with its finished steps, in a folder of its own."""
    shutil.copytree(studied, tmp_path / "study")
    shutil.copytree(studied.with_name("study.work"), tmp_path / "study.work")
    return tmp_path / "study"


def test_the_report_has_every_split_group_and_model(studied: Path) -> None:
    figures = json.loads((studied / "honest" / "study.json").read_text())
    report = (studied / "honest" / "REPORT.md").read_text()
    for name in ("bpr", "als", HYBRID, *BASELINES):
        assert name.casefold() in report.casefold()
    for by in run.SPLITS:
        assert by in report
        assert set(GROUPS) <= set(figures["splits"][by]["groups"])
    assert {p.suffix for p in (studied / "honest" / "plots").iterdir()} == {".svg"}
    assert "<svg" in (studied / "honest" / "report.html").read_text()


def test_a_second_run_does_nothing_again_and_writes_the_same_bytes(
    copied: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {p.relative_to(copied): p.read_bytes() for p in sorted(copied.rglob("*")) if p.is_file()}
    assert cli.main(["study", "--data", str(data), "--out", str(copied), "--json"]) == 0
    printed = capsys.readouterr()
    assert " ..." not in printed.err.replace("reading", "").replace("writing the report ...", "").replace(
        f" {data} ...", ""
    )
    assert {p.relative_to(copied): p.read_bytes() for p in sorted(copied.rglob("*")) if p.is_file()} == before
    assert json.loads(printed.out) == json.loads(before[Path("honest/study.json")])


def test_an_interrupted_study_goes_on_and_ends_with_the_same_bytes(
    copied: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (copied / "honest" / "REPORT.md").read_bytes()
    steps = sorted(copied.with_name("study.work").iterdir())
    lost = [step for step in steps if step.name.startswith(("models-time-2", "fold-in"))]
    for step in lost:
        shutil.rmtree(step)
    (copied.with_name("study.work") / f"{lost[0].name}.part").mkdir()
    assert cli.main(["study", "--data", str(data), "--out", str(copied)]) == 0
    said = capsys.readouterr().err.splitlines()
    assert [line for line in said if line.endswith(" ...") and line[:4] in ("mode", "fold", "tuni")] == [
        "models-time-2 ...",
        "fold-in ...",
    ]
    assert (copied / "honest" / "REPORT.md").read_bytes() == before


def test_the_seeds_are_the_studys_own_and_those_that_follow(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "SPLITS", ("random",))
    monkeypatch.setattr(run, "SEEDS", 2)
    out = tmp_path / "study"
    assert cli.main(["study", "--data", str(data), "--out", str(out), "--seed", "5", "--factors", "4"]) == 0
    figures = json.loads((out / "honest" / "study.json").read_text())
    assert [cell["seed"] for cell in figures["splits"]["random"]["seeds"]] == [5, 6]


def test_other_settings_are_never_answered_from_an_older_step(
    copied: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "SPLITS", ("random",))
    monkeypatch.setattr(run, "SEEDS", 1)
    work = copied.with_name("study.work")
    before = set(work.iterdir())
    assert cli.main(["study", "--data", str(data), "--out", str(copied), "--factors", "4"]) == 0
    anew = {step.name.rpartition("-")[0] for step in work.iterdir() if step not in before}
    assert {"tuning-random-0", "models-random-0", "fold-in"} <= anew
    assert not anew & {"published", "bpr-ablation"}, "these know nothing of --factors"


def test_models_that_learn_beat_chance(studied: Path) -> None:
    figures = json.loads((studied / "honest" / "study.json").read_text())
    ndcg = {name: m["ndcg@10"] for name, m in figures["splits"]["random"]["groups"]["everyone"]["models"].items()}
    assert min(ndcg[name] for name in ("bpr", "als", HYBRID, "EASE")) > 1.5 * ndcg["random"]


def test_paper_mode_prints_the_six_tables_beside_the_papers(
    copied: Path, data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matinee_export.study.paper.experiments.SIZES", (50, 100, 200))
    assert cli.main(["study", "--data", str(data), "--mode", "paper", "--out", str(copied)]) == 0
    report = capsys.readouterr().out
    for number in range(1, 7):
        assert f"Table {number}" in report
    for figure in ("0.0103", "0.1157", "0.2785"):
        assert figure in report
    assert (copied / "honest" / "REPORT.md").is_file(), "the other mode's report is left alone"


def test_a_folder_that_is_no_study_is_left_alone(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "study" / "honest").mkdir(parents=True)
    (tmp_path / "study" / "honest" / "thesis.txt").write_text("mine")
    assert cli.main(["study", "--data", str(data), "--out", str(tmp_path / "study")]) == 2
    assert "is left alone: it holds 'thesis.txt' but no .matinee" in capsys.readouterr().err
    assert [p.name for p in (tmp_path / "study" / "honest").iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--factors", "many"], "factor sizes are auto or whole numbers"),
        (["--weights", "nowhere/at/all"], "nowhere/at/all"),
    ],
)
def test_options_that_cannot_be_used_are_refused_before_anything_is_read(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert cli.main(["study", "--data", str(data), "--out", str(tmp_path / "study"), *options]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
