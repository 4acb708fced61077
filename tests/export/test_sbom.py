"""The bill of materials of a bundle is CycloneDX 1.6, and says of every weight and every package what it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from matinee.bundle import Bundle
from matinee.manifest import Manifest
from matinee_export.sbom import SBOM, write_sbom

pytest.importorskip("torch")


@pytest.fixture(scope="module")
def bundle(small_dataset: Path, tiny_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle whose networks are tiny and come from a folder of weights."""
    out = tmp_path_factory.mktemp("listed") / "bundle"
    start = [sys.executable, "-m", "matinee_export.cli", "build", "--data", str(small_dataset), "--out", str(out)]
    how = ["--weights", str(tiny_weights), "--factors", "8", "--precision", "int8"]
    done = subprocess.run([*start, *how], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture
def listed(bundle: Path) -> dict[str, Any]:
    """The bundle's bill of materials."""
    read: dict[str, Any] = json.loads((bundle / SBOM).read_text(encoding="utf-8"))
    return read


@pytest.fixture
def parts(listed: dict[str, Any]) -> dict[str, Any]:
    """Its components by their references."""
    return {part["bom-ref"]: part for part in listed["components"]}


def test_it_is_what_the_cyclonedx_schema_asks_for(bundle: Path) -> None:
    text = (bundle / SBOM).read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text.replace('"library"', '"librarian"')) is not None


def test_the_manifest_lists_it_like_any_other_file(bundle: Path) -> None:
    assert SBOM in Manifest.load(bundle).files
    assert list(Bundle.open(bundle).problems()) == []


def test_it_says_of_each_encoder_where_its_weights_come_from_and_lists_its_files_with_their_sums(
    bundle: Path, parts: dict[str, Any]
) -> None:
    manifest = Manifest.load(bundle)
    for name, encoder in manifest.encoders.items():
        part = parts[f"encoder:{name}"]
        assert (part["name"], part["version"]) == (encoder.source, encoder.revision)
        assert {"name": "matinee:weights", "value": encoder.weights} in part["properties"]
        files = {file["name"]: file["hashes"][0]["content"] for file in part["components"]}
        assert files == {
            file: info.sha256 for file, info in manifest.files.items() if file.startswith(f"encoders/{name}/")
        }
    assert any(file["name"] == "encoders/bert/tokenizer.json" for file in parts["encoder:bert"]["components"])


def test_it_says_which_data_the_models_were_made_from_and_whether_that_was_made_up(
    bundle: Path, listed: dict[str, Any], parts: dict[str, Any]
) -> None:
    data = Manifest.load(bundle).dataset
    assert parts["dataset"]["name"] == data.name
    assert {"name": "matinee:made_up", "value": str(data.made_up).lower()} in parts["dataset"]["properties"]
    needs = {one["ref"]: one["dependsOn"] for one in listed["dependencies"]}
    assert needs["model:als"] == ["dataset"]
    assert needs["model:clip"] == ["dataset", "encoder:clip"]


def test_it_lists_what_opens_the_bundle_as_required_and_what_only_built_it_as_excluded(
    bundle: Path, listed: dict[str, Any]
) -> None:
    software = {part["name"]: part for part in listed["components"] if part["type"] in ("library", "platform")}
    required = {name for name, part in software.items() if part["scope"] == "required"}
    assert {"python", "matinee", "numpy", "onnxruntime", "pillow", "tokenizers", "usearch"} <= required
    built_by = Manifest.load(bundle).built_by
    assert built_by.items() <= {name: part["version"] for name, part in software.items()}.items()
    assert {"torch", "transformers", "implicit"} <= software.keys() - required
    assert software["numpy"]["licenses"][0]["expression"].startswith("BSD-3-Clause")
    assert software["onnxruntime"]["licenses"] == [{"license": {"name": "MIT License"}}]
    assert "purl" not in software["matinee"]
    assert software["open_clip_torch"]["purl"].startswith("pkg:pypi/open-clip-torch@")


def test_every_reference_in_it_is_to_a_part_that_it_lists(listed: dict[str, Any], parts: dict[str, Any]) -> None:
    for one in listed["dependencies"]:
        assert one["ref"] in {"bundle", *parts}
        assert set(one["dependsOn"]) <= parts.keys()


def test_the_same_bundle_has_the_same_bill_byte_for_byte(bundle: Path, tmp_path: Path) -> None:
    manifest = Manifest.load(bundle)
    files = {name: info for name, info in manifest.files.items() if name != SBOM}
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        again = write_sbom(Manifest(**{**vars(manifest), "files": files}), tmp_path / place)
        assert again.files == manifest.files
        assert (tmp_path / place / SBOM).read_bytes() == (bundle / SBOM).read_bytes()
