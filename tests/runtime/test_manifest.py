"""The manifest: what is written is read back, and what cannot be trusted is refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matinee.errors import BundleError
from matinee.manifest import FORMAT, MANIFEST, DatasetInfo, EncoderInfo, FileInfo, Manifest, ModelInfo, list_files

WHOLE = Manifest(
    format=FORMAT,
    seed=7,
    built_by={"matinee": "0.1.0"},
    dataset=DatasetInfo("sample", made_up=True, note="Ünïcode", counts={"movies": 2}, set_aside={"no reviewer": 1}),
    encoders={"bert": EncoderInfo("s", "r", "MIT", "packaged", 384, {"text": {"precision": "fp32"}})},
    models={
        "als": ModelInfo(dim=8, params={"alpha": 5.0}, index_recall=1.0, metrics={"ndcg@10": 0.25}),
        "clip": ModelInfo(dim=8, choices={"ratings": "signed", "poster": 0.25}),
    },
    hybrid_weights={"als": {"few": 0.5, "many": 1.0, "cold": 0.0}},
    files={"catalogue.jsonl": FileInfo(bytes=3, sha256="ab" * 32)},
)


def edit(folder: Path, **changes: object) -> None:
    path = folder / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_a_manifest_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    WHOLE.save(tmp_path)
    assert Manifest.load(tmp_path) == WHOLE


def test_a_manifest_from_before_there_were_choices_has_none(tmp_path: Path) -> None:
    WHOLE.save(tmp_path)
    edit(tmp_path, models={"als": {"dim": 8, "params": {}, "index_recall": None, "metrics": {}}})
    assert Manifest.load(tmp_path).models == {"als": ModelInfo(dim=8)}


def test_a_folder_without_a_manifest_is_no_bundle_and_the_error_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"no bundle in .*matinee-export build"):
        Manifest.load(tmp_path)


@pytest.mark.parametrize("version", [FORMAT + 1, 0, "1", None])
def test_another_format_is_refused_with_what_to_do(tmp_path: Path, version: object) -> None:
    WHOLE.save(tmp_path)
    edit(tmp_path, format=version)
    with pytest.raises(BundleError, match=r"has format .* reads format 2; build the bundle again"):
        Manifest.load(tmp_path)


@pytest.mark.parametrize("name", ["/etc/passwd", "../secret", "posters/../../secret", "a\\b"])
def test_a_file_name_that_leaves_the_bundle_is_refused(tmp_path: Path, name: str) -> None:
    WHOLE.save(tmp_path)
    edit(tmp_path, files={name: {"bytes": 1, "sha256": "ab" * 32}})
    with pytest.raises(BundleError, match="leaves the bundle"):
        Manifest.load(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 2}', "null"])
def test_a_damaged_manifest_is_refused_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(BundleError, match=r"manifest\.json is damaged"):
        Manifest.load(tmp_path)


def test_files_are_listed_in_order_with_their_checksum_and_without_the_manifest(tmp_path: Path) -> None:
    WHOLE.save(tmp_path)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x").write_text("x")
    (tmp_path / "a").write_text("")
    listed = dict(list_files(tmp_path))
    assert list(listed) == ["a", "b/x"]
    assert listed["b/x"] == FileInfo(1, "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881")
