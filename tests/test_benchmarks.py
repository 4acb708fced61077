"""The bench measures as BENCH asks: sides take turns, medians count, and different vectors are never timed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.benchmarks.harness import Context, Result, Times, interleave, load, meets, save, table
from tests.benchmarks.inputs import stratified
from tests.benchmarks.reasons import REASONS
from tests.benchmarks.render import render
from tests.benchmarks.vectors import DifferentWorkError, Peer, SameVectors, unit
from tests.conftest import ROOT

ROW = Result("work", "peer", ">= 4", 5.0, "cosine 1", "5/s", "1/s", share=0.5, rounds={"ours": Times((1.0, 2.0, 9.0))})


def test_sides_take_turns_after_a_warm_up_and_a_check() -> None:
    did: list[str] = []
    sides = {"a": lambda: did.append("a"), "b": lambda: did.append("b")}
    times = interleave(sides, rounds=3, check=lambda outputs: did.append("check"))
    assert did == ["a", "b", "check", "a", "b", "a", "b", "a", "b"]
    assert {name: len(taken.seconds) for name, taken in times.items()} == {"a": 3, "b": 3}


def test_nothing_is_timed_where_the_check_fails() -> None:
    did: list[str] = []

    def refuse(outputs: object) -> None:
        raise DifferentWorkError("not the same")

    with pytest.raises(DifferentWorkError):
        interleave({"a": lambda: did.append("a")}, check=refuse)
    assert did == ["a"]


def test_the_median_round_counts_and_the_spread_is_told() -> None:
    assert Times((1.0, 2.0, 9.0)).median == 2.0
    assert Times((1.0, 2.0, 9.0)).spread == 4.0


@pytest.mark.parametrize(
    ("goal", "ratio", "met"),
    [(">= 4", 4.0, True), (">= 4x", 3.99, False), ("> 1", 1.0, False), ("<= 1.3", 1.3, True), ("< 1", 1.2, False)],
)
def test_a_goal_is_met_or_not(goal: str, ratio: float, met: bool) -> None:
    assert meets(goal, ratio) is met


def test_a_goal_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(ValueError, match="a goal reads like"):
        meets("four", 4.0)


@pytest.fixture
def vectors() -> np.ndarray:
    return unit(np.random.default_rng(0).standard_normal((20, 8)))


def test_the_same_vectors_pass_and_their_cosine_is_told(vectors: np.ndarray) -> None:
    same = SameVectors({"peer": Peer("peer", "> 1")}, fp32=True)
    same({"ours": vectors, "peer": vectors + np.float32(1e-5)})
    assert same.found["peer"].startswith("cosine 1.0000")


def test_other_vectors_are_refused_and_the_peer_is_named(vectors: np.ndarray) -> None:
    same = SameVectors({"peer": Peer("peer", "> 1")}, fp32=True)
    with pytest.raises(DifferentWorkError, match=r"^peer: mean cosine"):
        same({"ours": vectors, "peer": -vectors})


def test_vectors_in_another_order_are_refused_even_where_all_are_alike(vectors: np.ndarray) -> None:
    alike = unit(vectors * 0.01 + np.ones(8))  # as an untrained network's: every cosine is near 1
    same = SameVectors({"peer": Peer("peer", "> 1", fp32=False)}, fp32=False)
    with pytest.raises(DifferentWorkError, match="nearest to their own counterpart"):
        same({"ours": alike, "peer": alike[::-1]})


def test_less_is_asked_of_a_reduced_precision(vectors: np.ndarray) -> None:
    near = unit(vectors + 0.08 * np.roll(vectors, 1, axis=0))
    SameVectors({"peer": Peer("peer", "> 1", fp32=False)}, fp32=True)({"ours": vectors, "peer": near})
    with pytest.raises(DifferentWorkError):
        SameVectors({"peer": Peer("peer", "> 1")}, fp32=True)({"ours": vectors, "peer": near})


def test_a_sample_keeps_the_lengths_and_the_order() -> None:
    items = ["x" * length for length in (9, 1, 8, 2, 7, 3, 6, 4, 5, 10)]
    assert [len(item) for item in stratified(items, 5)] == [8, 2, 6, 4, 10]
    assert stratified(items, 10) == items


def test_what_is_saved_is_read_again_with_every_round(tmp_path: Path) -> None:
    absent = Result.absent("work", "another", "> 1", "it is not installed")
    save(tmp_path / "bench.json", {"command": "x"}, [ROW, absent])
    head, rows = load(tmp_path / "bench.json")
    assert head == {"command": "x"}
    assert rows == [ROW, absent]
    assert [row.met for row in rows] == [True, None]


def test_the_table_says_ratio_goal_and_whether_it_is_met() -> None:
    (_, _, line) = table([ROW]).splitlines()
    assert [cell.strip() for cell in line.strip("|").split("|")][:5] == ["work", "peer", "5.00x", ">= 4", "yes"]


def test_the_results_tell_every_goal_that_is_not_met(tmp_path: Path) -> None:
    pytest.importorskip("threadpoolctl", reason="the bench needs the export extra")
    slow = Result("work", "a faster one", "> 1", 0.5, "cosine 1", "1/s", "2/s")
    scales = {"texts": "default", "search": "full"}
    head = {
        "command": "c",
        "scales": scales,
        "data": "d",
        "python": "3",
        "versions": {"numpy": "2"},
    }
    machine = {"processor": "p", "architecture": "a", "cores": 2}
    save(tmp_path / "bench.json", {**head, "machine": machine}, [ROW, slow])
    render(tmp_path / "bench.json", tmp_path / "RESULTS.md")
    text = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert "1 of 2 goals are met" in text
    assert "beside a faster one: 0.50x where > 1x is asked" in text
    assert "beside peer:" not in text
    assert "samples that keep the distribution of lengths (texts); every input (search)" in text


def test_reasons_are_sentences() -> None:
    assert all(why.endswith(".") for why in REASONS.values())


def test_scale_decides_how_much_is_done(tmp_path: Path) -> None:
    assert Context(tmp_path, "quick").pick(quick=1, default=2, full=3) == 1
    assert Context(tmp_path, "full").pick(quick=1, default=2, full=3) == 3


@pytest.mark.slow
def test_a_quick_run_prints_the_table_and_writes_json(tmp_path: Path) -> None:
    for needed in ("torch", "onnx", "onnxruntime"):
        pytest.importorskip(needed, reason="the machine's rates need the export extra")
    out = tmp_path / "bench.json"
    command = [sys.executable, "-m", "tests.benchmarks", "--only", "machine", "--quick", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "matrix products at BERT-base's shapes" in done.stdout
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["scales"] == {"machine": "quick"}
    assert found["machine"]["cores"] >= 1
    assert all(len(times["seconds"]) == 2 for row in found["results"] for times in row["rounds"].values())
