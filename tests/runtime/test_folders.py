"""Folders that Matinee writes: nothing that it did not write is ever changed, renamed or removed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee import folders
from matinee.errors import BuildError
from matinee.manifest import MARKER, TIMINGS

KIND = "bundle"
NAMES = st.sampled_from(["manifest.json", "thesis.docx", "a", "b.part", "new", "lock", ".git", "replaced-out", MARKER])
PLACES = st.sampled_from(["out", "out.old", "out.work", "out.part", "out.work/new", "out.work/replaced-out", "near"])
CONTENTS = st.sampled_from([b"", b"{}", b"mine", b'{"format": 2}', b'{"kind": "bundle", "files": null}'])
FILES = st.lists(st.tuples(PLACES, st.lists(NAMES, min_size=1, max_size=3), CONTENTS), max_size=8)


def write_ours(out: Path, words: str = "ours") -> None:
    with folders.writing(out, KIND) as new:
        (new / "deep" / "er").mkdir(parents=True)
        (new / "deep" / "er" / "file").write_text(words)
        (new / "report").mkdir()
        (new / TIMINGS).write_text("1 s")


def tree(folder: Path) -> dict[str, bytes | str]:
    """Every file below a folder with its content, and where each link leads."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    files = {name: path for name, path in paths.items() if path.is_symlink() or path.is_file()}
    return {name: os.readlink(path) if path.is_symlink() else path.read_bytes() for name, path in files.items()}


def grow(home: Path, files: list[tuple[str, list[str], bytes]]) -> None:
    """Put files of a person's into `home`, as far as there is room for each."""
    for place, names, content in files:
        with suppress(OSError):
            path = home / place / "/".join(names)
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.write_bytes(content)


@settings(max_examples=150)
@given(files=FILES, built=st.booleans(), stops=st.integers(0, 6))
def test_no_file_of_a_persons_is_touched_whatever_ends_how(
    tmp_path_factory: pytest.TempPathFactory, files: list[tuple[str, list[str], bytes]], built: bool, stops: int
) -> None:
    home = tmp_path_factory.mktemp("home")
    if built:
        write_ours(home / "out")
    ours = tree(home)
    grow(home, files)
    mine = {name: content for name, content in tree(home).items() if name not in ours}
    with suppress(BuildError, Interrupted):
        interrupted(lambda: write_ours(home / "out", "newer"), stops)
    mine |= added_later(home, finished=["out"])
    with suppress(BuildError):
        write_ours(home / "out", "newest")
    left = tree(home)
    for name, content in mine.items():
        assert left.get(name) == content, name


def added_later(home: Path, finished: list[str]) -> dict[str, bytes | str]:
    """Put a file of a person's into the work folder and into each finished folder that is there; returns them."""
    added: dict[str, bytes | str] = {}
    for place in ["out.work", *finished]:
        if (home / place).is_dir():
            (home / place / "diary.txt").write_bytes(place.encode())
            added[f"{place}/diary.txt"] = place.encode()
    return added


class Interrupted(BaseException):
    """Stands for a process that ends here."""


def interrupted(work: Callable[[], None], after: int) -> None:
    """Do `work` until it is about to rename something for the `after`-th time."""
    renames = 0

    def rename(path: Path, target: Path) -> Path:
        nonlocal renames
        renames += 1
        if renames > after:
            raise Interrupted
        os.rename(path, target)
        return Path(target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        patch.setattr(folders, "discard", _discard_unless(lambda: renames > after, folders.discard))
        work()


def _discard_unless(ended: Callable[[], bool], discard: Callable[[Path], list[Path]]) -> Callable[[Path], list[Path]]:
    def checked(folder: Path) -> list[Path]:
        if ended():
            raise Interrupted
        return discard(folder)

    return checked


@pytest.mark.parametrize("after", range(6))
def test_an_interrupted_replacement_leaves_the_older_or_the_newer_folder(tmp_path: Path, after: int) -> None:
    out = tmp_path / "out"
    write_ours(out, "older")
    (out / ".git").mkdir()
    (out / ".git" / "HEAD").write_text("history")
    with suppress(Interrupted):
        interrupted(lambda: write_ours(out, "newer"), after)
    folders.discard(folders.claim_work(out))
    assert (out / "deep" / "er" / "file").read_text() in ("older", "newer")
    assert folders.is_intact(out, KIND)
    assert (out / ".git" / "HEAD").read_text() == "history"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_of_ours_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    write_ours(tmp_path / "out")
    write_ours(tmp_path / "out", "newer")
    assert (tmp_path / "out" / "deep" / "er" / "file").read_text() == "newer"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_steps_of_an_interrupted_build_outlive_a_report_that_is_written_to_the_same_place(tmp_path: Path) -> None:
    folders.claim_part(folders.claim_work(tmp_path / "out") / "step")
    write_ours(tmp_path / "out")
    assert (tmp_path / "out.work" / "step" / MARKER).is_file()
    assert not (tmp_path / "out.work" / "new").exists()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda out: (out / "thesis.docx").write_text("x"), "thesis.docx in it was not written by Matinee"),
        (lambda out: (out / "deep/er/file").write_text("x"), "deep/er/file in it was changed since it was written"),
        (lambda out: (out / "link").symlink_to("/"), "link in it was not written by Matinee"),
        (lambda out: (out / MARKER).unlink(), "but no .matinee"),
        (lambda out: (out / MARKER).write_text("[" * 100_000), "but no .matinee"),
        (lambda out: (out / MARKER).write_text('{"kind": "app", "files": {}}'), "but no .matinee"),
    ],
)
def test_a_folder_with_something_else_in_it_is_refused_by_name(
    tmp_path: Path, spoil: Callable[[Path], object], said: str
) -> None:
    write_ours(tmp_path / "out")
    spoil(tmp_path / "out")
    before = tree(tmp_path)
    with pytest.raises(BuildError, match=said.replace(".", r"\.")):
        write_ours(tmp_path / "out")
    assert tree(tmp_path) == before


def test_a_folder_of_another_kind_is_refused(tmp_path: Path) -> None:
    write_ours(tmp_path / "out")
    with pytest.raises(BuildError, match="it is a bundle, not a space"):
        folders.target_folder(tmp_path / "out", "space")


def test_timings_may_change_and_files_may_be_missing(tmp_path: Path) -> None:
    write_ours(tmp_path / "out")
    (tmp_path / "out" / TIMINGS).write_text("2 s")
    (tmp_path / "out" / "deep/er/file").unlink()
    assert not folders.is_intact(tmp_path / "out", KIND)
    write_ours(tmp_path / "out", "newer")
    assert folders.is_intact(tmp_path / "out", KIND)


def test_a_link_to_a_folder_stays_a_link_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    write_ours(tmp_path / "disk" / "real")
    (tmp_path / "out").symlink_to(tmp_path / "disk" / "real")
    write_ours(tmp_path / "out", "newer")
    assert (tmp_path / "out").is_symlink()
    assert (tmp_path / "disk" / "real" / "deep/er/file").read_text() == "newer"


def test_removing_never_follows_a_link_out_of_the_folder(tmp_path: Path) -> None:
    write_ours(tmp_path / "out")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").write_text("mine")
    shutil.rmtree(tmp_path / "out" / "deep" / "er")
    (tmp_path / "out" / "deep" / "er").symlink_to(tmp_path / "elsewhere")
    assert [path.name for path in folders.discard(tmp_path / "out")] == ["deep"]
    assert (tmp_path / "elsewhere" / "file").read_text() == "mine"


@pytest.mark.parametrize("out", ["/", "file", "file/below"])
def test_a_place_that_cannot_be_a_folder_is_refused_in_one_line(tmp_path: Path, out: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises((BuildError, NotADirectoryError)):
        write_ours(tmp_path / out)
    assert tree(tmp_path) == {"file": b"mine"}
