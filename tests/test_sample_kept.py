"""The sample's bundle is kept between test runs: used again while it is whole, and made anew where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="building the sample bundle needs the export extra")

from tests.sample import kept, sample_digest

from matinee import folders
from matinee_export.build import BUNDLE


def write(folder: Path) -> None:
    with folders.writing(folder, BUNDLE) as new:
        (new / "manifest.json").write_text("{}")


def refuse(folder: Path) -> None:
    pytest.fail(f"{folder} was built again")


def test_what_was_built_is_used_again(tmp_path: Path) -> None:
    first = kept(tmp_path, "a", write)
    assert kept(tmp_path, "a", refuse) == first
    assert (first / "manifest.json").is_file()


def test_what_is_made_of_something_else_is_built_anew_and_takes_the_place_of_the_older(tmp_path: Path) -> None:
    first, second = kept(tmp_path, "a", write), kept(tmp_path, "b", write)
    assert first != second
    assert [path for path in (first, second) if path.exists()] == [second]


@pytest.mark.parametrize("damage", ["changed", "removed", "added", "no marker"])
def test_a_damaged_bundle_is_not_used(damage: str, tmp_path: Path) -> None:
    bundle = kept(tmp_path, "a", write)
    match damage:
        case "changed":
            (bundle / "manifest.json").write_text("{ }")
        case "removed":
            (bundle / "manifest.json").unlink()
        case "added":
            (bundle / "other.json").write_text("{}")
        case "no marker":
            (bundle / ".matinee").unlink()
    assert [p.name for p in kept(tmp_path, "a", write).iterdir() if p.name != ".matinee"] == ["manifest.json"]
    assert folders.is_intact(bundle, BUNDLE)


def test_a_build_that_fails_leaves_nothing_that_is_used(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        with folders.writing(folder, BUNDLE) as new:
            (new / "manifest.json").write_text("{")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        kept(tmp_path, "a", fail)
    assert (kept(tmp_path, "a", write) / "manifest.json").read_text() == "{}"


def test_the_digest_is_the_same_until_code_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sample_digest() == sample_digest()
    for package in ("runtime/matinee", "export/matinee_export", "export/matinee_sample"):
        (tmp_path / package).mkdir(parents=True)
    monkeypatch.setattr("tests.sample.ROOT", tmp_path)
    (tmp_path / "runtime" / "matinee" / "text.py").write_text("A = 1\n")
    before = sample_digest()
    (tmp_path / "runtime" / "matinee" / "text.py").write_text("A = 2\n")
    assert sample_digest() != before
