"""The workspace: finished steps are kept, interrupted ones are done again, and only one build writes at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from matinee.errors import BuildError
from matinee_export.workspace import Workspace, files_digest

CODE = ["matinee_export.workspace"]


def test_a_finished_step_is_not_done_again(tmp_path: Path) -> None:
    said: list[str] = []
    with Workspace(tmp_path / "w", said.append) as workspace:
        first = workspace.step("greet", CODE, {"to": "you"}, lambda folder: (folder / "word").write_text("hello"))
    with Workspace(tmp_path / "w", said.append) as workspace:
        again = workspace.step("greet", CODE, {"to": "you"}, lambda _: pytest.fail("the step was done again"))
    assert first == again
    assert (again / "word").read_text() == "hello"
    assert said == ["greet ...", "greet: done before"]


def test_a_step_with_another_key_is_another_step(tmp_path: Path) -> None:
    with Workspace(tmp_path / "w", lambda _: None) as workspace:
        one = workspace.step("greet", CODE, {"to": "you"}, lambda folder: (folder / "word").write_text("1"))
        two = workspace.step("greet", CODE, {"to": "me"}, lambda folder: (folder / "word").write_text("2"))
    assert one != two


def test_a_step_that_fails_half_way_leaves_nothing_that_counts_as_finished(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").write_text("half")
        raise RuntimeError("power cut")

    with Workspace(tmp_path / "w", lambda _: None) as workspace:
        with pytest.raises(RuntimeError, match="power cut"):
            workspace.step("greet", CODE, {}, fail)
        done = workspace.step("greet", CODE, {}, lambda folder: (folder / "word").write_text("whole"))
    assert sorted(p.name for p in done.iterdir()) == [".matinee", "word"]


def test_a_second_build_on_the_same_workspace_is_refused(tmp_path: Path) -> None:
    with (
        Workspace(tmp_path / "w", lambda _: None),
        pytest.raises(BuildError, match="another build is at work"),
        Workspace(tmp_path / "w", lambda _: None),
    ):
        pytest.fail("the second build got in")


def test_the_digest_of_files_follows_name_and_content(tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    a.write_text("x")
    b.write_text("x")
    assert files_digest([a]) != files_digest([b])
    before = files_digest([a])
    a.write_text("y")
    assert files_digest([a]) != before
