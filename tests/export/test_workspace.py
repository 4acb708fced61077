"""The workspace: finished steps are kept, interrupted ones are done again, and only one build writes at a time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.runtime.test_folders import FILES, Interrupted, added_later, grow, interrupted, tree

from matinee import folders
from matinee.errors import BuildError
from matinee_export.log import silent
from matinee_export.workspace import Workspace, files_digest

CODE = ["matinee_export.workspace"]


def write(text: str, name: str = "word") -> Callable[[Path], None]:
    """Return what makes a step: one file."""

    def make(folder: Path) -> None:
        (folder / name).write_text(text)

    return make


def test_a_finished_step_is_not_done_again(tmp_path: Path) -> None:
    said: list[str] = []
    with Workspace(tmp_path / "w", said.append) as workspace:
        first = workspace.step("greet", CODE, {"to": "you"}, write("hello"))
    with Workspace(tmp_path / "w", said.append) as workspace:
        again = workspace.step("greet", CODE, {"to": "you"}, lambda _: pytest.fail("the step was done again"))
    assert first == again
    assert (again / "word").read_text() == "hello"
    assert said == ["greet ...", "greet: done before"]


def test_a_step_with_another_key_is_another_step(tmp_path: Path) -> None:
    with Workspace(tmp_path / "w", lambda _: None) as workspace:
        one = workspace.step("greet", CODE, {"to": "you"}, write("1"))
        two = workspace.step("greet", CODE, {"to": "me"}, write("2"))
    assert one != two


def write_word(folder: Path) -> None:
    (folder / "word").write_text("hello")


def test_an_error_before_the_first_step_leaves_nothing_and_a_later_one_what_was_done(tmp_path: Path) -> None:
    def build(*steps: str) -> None:
        with Workspace(tmp_path / "w", silent) as workspace:
            for name in steps:
                workspace.step(name, CODE, {}, write_word)
            raise BuildError("what comes next cannot be done")

    with pytest.raises(BuildError, match="what comes next"):
        build()
    assert not list(tmp_path.iterdir())
    with pytest.raises(BuildError, match="what comes next"):
        build("greet")
    (done,) = tmp_path.glob("*/greet-*")
    assert (done / "word").read_text() == "hello"


def test_a_step_that_fails_half_way_leaves_nothing_that_counts_as_finished(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").write_text("half")
        raise RuntimeError("power cut")

    with Workspace(tmp_path / "w", lambda _: None) as workspace:
        with pytest.raises(RuntimeError, match="power cut"):
            workspace.step("greet", CODE, {}, fail)
        done = workspace.step("greet", CODE, {}, write("whole"))
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


@settings(max_examples=60)
@given(files=FILES, built=st.booleans(), stops=st.integers(0, 9))
def test_no_file_of_a_persons_is_touched_by_a_build_whatever_ends_how(
    tmp_path_factory: pytest.TempPathFactory, files: list[tuple[str, list[str], bytes]], built: bool, stops: int
) -> None:
    home = tmp_path_factory.mktemp("home")

    def build(words: str) -> None:
        target = folders.target_folder(home / "out", "bundle")
        with Workspace(target, lambda _: None) as workspace:
            workspace.step("greet", CODE, {"to": words}, write(words))
            workspace.shards("embed", CODE, {"to": words})
            new = workspace.staged("bundle", "bundle", write(words, "manifest.json"))
            folders.replace(new, target, "bundle")
            workspace.remove()

    if built:
        build("old")
    ours = tree(home)
    grow(home, files)
    mine = {name: content for name, content in tree(home).items() if name not in ours}
    with suppress(BuildError, Interrupted):
        interrupted(lambda: build("newer"), stops)
    steps = [path.relative_to(home).as_posix() for path in home.glob("out.work/greet-*") if path.suffix != ".part"]
    later = added_later(home, ["out", *steps])
    with suppress(BuildError):
        build("newer")  # goes on with the steps that are done
    left = tree(home)
    for name, content in mine.items():
        # Where a person adds a file before the second build, it is refused: a .git may still wait in the work folder.
        waiting = name.replace("out/.git", "out.work/replaced-out/.git", 1)
        assert content in (left.get(name), left.get(waiting)), name
    assert set(later.values()) <= set(left.values())  # a step that is no longer as it was is put aside with them
