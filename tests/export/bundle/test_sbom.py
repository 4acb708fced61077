"""The bill of materials of a bundle is CycloneDX 1.6, and says of every weight and every package what it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from matinee.bundle import Bundle
from matinee.manifest import Manifest
from matinee_export.bundle.sbom import SBOM, write_sbom


@pytest.fixture
def listed(sample_bundle: Path) -> dict[str, Any]:
    """The bundle's bill of materials."""
    read: dict[str, Any] = json.loads((sample_bundle / SBOM).read_text(encoding="utf-8"))
    return read


@pytest.fixture
def parts(listed: dict[str, Any]) -> dict[str, Any]:
    """Its components by their references."""
    return {part["bom-ref"]: part for part in listed["components"]}


def test_it_is_what_the_cyclonedx_schema_asks_for(sample_bundle: Path) -> None:
    text = (sample_bundle / SBOM).read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text.replace('"library"', '"librarian"')) is not None


@pytest.mark.slow
def test_the_manifest_lists_it_like_any_other_file(sample_bundle: Path) -> None:
    assert SBOM in Manifest.load(sample_bundle).files
    assert list(Bundle.open(sample_bundle).problems()) == []


def test_it_says_of_each_encoder_where_its_weights_come_from_and_lists_its_files_with_their_sums(
    sample_bundle: Path, parts: dict[str, Any]
) -> None:
    manifest = Manifest.load(sample_bundle)
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
    sample_bundle: Path, listed: dict[str, Any], parts: dict[str, Any]
) -> None:
    data = Manifest.load(sample_bundle).dataset
    assert parts["dataset"]["name"] == data.name
    assert {"name": "matinee:made_up", "value": str(data.made_up).lower()} in parts["dataset"]["properties"]
    needs = {one["ref"]: one["dependsOn"] for one in listed["dependencies"]}
    assert needs["model:als"] == ["dataset"]
    assert needs["model:clip"] == ["dataset", "encoder:clip"]


def test_it_lists_what_opens_the_bundle_as_required_and_what_only_built_it_as_excluded(
    sample_bundle: Path, listed: dict[str, Any]
) -> None:
    software = {part["name"]: part for part in listed["components"] if part["type"] in ("library", "platform")}
    required = {name for name, part in software.items() if part["scope"] == "required"}
    assert {"python", "matinee", "numpy", "onnxruntime", "pillow", "tokenizers", "usearch"} <= required
    built_by = Manifest.load(sample_bundle).built_by
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


def test_the_same_bundle_has_the_same_bill_byte_for_byte(sample_bundle: Path, tmp_path: Path) -> None:
    manifest = Manifest.load(sample_bundle)
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        write_sbom(manifest, tmp_path / place)
    written = (tmp_path / "one" / SBOM).read_bytes()
    assert written == (tmp_path / "two" / SBOM).read_bytes()
    assert not {"serialNumber", "timestamp"} & {*json.loads(written), *json.loads(written)["metadata"]}
