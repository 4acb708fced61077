"""Writes the software bill of materials (SBOM) of a bundle: the weights, data and software it is made of.

In: a bundle's manifest, and the metadata of installed packages from importlib.metadata. Out: `sbom.cdx.json` in the
bundle, in CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/). It has no time and no serial number, so that equal
bundles have equal bytes. Each file is listed under the encoder or the model that it belongs to; posters, catalogue and
report are listed in the manifest alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from matinee.manifest import DatasetInfo, EncoderInfo, FileInfo, Manifest, sha256

SBOM = "sbom.cdx.json"

UNSTATED = ("none", "unknown", "")
"""Values of a licence in the manifest that mean that none is stated."""

NAME = re.compile(r"^[\w.-]+")
"""The name at the start of a requirement."""

Component = dict[str, Any]


def write_sbom(manifest: Manifest, folder: Path) -> Manifest:
    """Write `sbom.cdx.json` into the bundle that `manifest` describes; return the manifest with that file added."""
    path = folder / SBOM
    path.write_text(json.dumps(sbom(manifest), indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    files = {**manifest.files, SBOM: FileInfo(bytes=path.stat().st_size, sha256=sha256(path))}
    return replace(manifest, files=dict(sorted(files.items())))


def sbom(manifest: Manifest) -> dict[str, Any]:
    """Return the bill of materials of the bundle that `manifest` describes, as a CycloneDX 1.6 object."""
    parts = [
        _dataset(manifest.dataset),
        *(_encoder(name, info, manifest) for name, info in manifest.encoders.items()),
        *(_model(name, manifest) for name in manifest.models),
        *_software(manifest),
    ]
    made_of = {
        "bundle": [part["bom-ref"] for part in parts if part.get("scope") != "excluded"],
        **{f"model:{name}": _model_needs(name, manifest) for name in manifest.models},
    }
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "bom-ref": "bundle",
                "type": "data",
                "name": f"Matinee bundle of {manifest.dataset.name}",
                "version": f"format {manifest.format}, seed {manifest.seed}",
            }
        },
        "components": parts,
        "dependencies": [{"ref": ref, "dependsOn": needs} for ref, needs in made_of.items()],
    }


def _dataset(info: DatasetInfo) -> Component:
    counts = ", ".join(f"{count} {what}" for what, count in info.counts.items())
    about = {"matinee:made_up": str(info.made_up).lower(), "matinee:counts": counts}
    return {
        "bom-ref": "dataset",
        "type": "data",
        "name": info.name,
        **({"description": info.note} if info.note else {}),
        "data": [{"type": "dataset", "name": info.name}],
        "properties": _properties(about),
    }


def _encoder(name: str, info: EncoderInfo, manifest: Manifest) -> Component:
    return {
        "bom-ref": f"encoder:{name}",
        "type": "machine-learning-model",
        "name": info.source,
        "version": info.revision,
        **({} if info.licence in UNSTATED else {"licenses": [{"license": {"name": info.licence}}]}),
        "properties": _properties({"matinee:encoder": name, "matinee:weights": info.weights}),
        "components": _files(f"encoders/{name}/", manifest),
    }


def _model(name: str, manifest: Manifest) -> Component:
    return {
        "bom-ref": f"model:{name}",
        "type": "machine-learning-model",
        "name": name,
        "description": "Made from the dataset while the bundle was built.",
        "components": _files(f"models/{name}/", manifest),
    }


def _model_needs(name: str, manifest: Manifest) -> list[str]:
    """Return what a model was made from: the hybrid from the others, others from the dataset and their encoder."""
    if name == "hybrid":
        return [f"model:{other}" for other in manifest.hybrid_weights if other in manifest.models]
    return ["dataset", *([f"encoder:{name}"] if name in manifest.encoders else [])]


def _files(inside: str, manifest: Manifest) -> list[Component]:
    return [
        {"type": "file", "name": name, "hashes": [{"alg": "SHA-256", "content": info.sha256}]}
        for name, info in sorted(manifest.files.items())
        if name.startswith(inside)
    ]


def _software(manifest: Manifest) -> Iterator[Component]:
    """Yield the packages that open the bundle (scope required), then the others that built it (scope excluded)."""
    built_with = dict(manifest.built_by)
    if python := built_with.pop("python", None):
        yield {"bom-ref": "python", "type": "platform", "name": "python", "version": python, "scope": "required"}
    indexes = [str(model.index["library"]) for model in manifest.models.values() if model.index]
    opened_with = dict.fromkeys(["matinee", *_needed_by_matinee(), "onnxruntime", "onnxruntime-gpu", *indexes])
    for name in filter(_is_installed, opened_with):
        yield _package(name, version(name), "required")
    for name, found in built_with.items():
        if name not in opened_with:
            yield _package(name, found, "excluded")


def _needed_by_matinee() -> list[str]:
    """Return the packages that Matinee requires without any extra."""
    return [name for line in requires("matinee") or () if "extra ==" not in line for name in NAME.findall(line)]


def _is_installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def _package(name: str, found: str, scope: str) -> Component:
    purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{quote(found)}"
    licences = _licences(name)
    return {
        "bom-ref": f"package:{name}",
        "type": "library",
        "name": name,
        "version": found,
        "scope": scope,
        **({"licenses": licences} if licences else {}),
        # Matinee is not on PyPI, and a package of that name there must not be taken for it.
        **({} if name == "matinee" else {"purl": purl}),
    }


def _licences(name: str) -> list[dict[str, Any]]:
    """Return a package's stated licences: its licence expression, else its classifiers, else its one-line licence."""
    facts = metadata(name)
    if expressions := facts.get_all("License-Expression"):
        return [{"expression": expressions[0]}]
    classifiers = [line for line in facts.get_all("Classifier") or () if line.startswith("License ::")]
    stated = [text for text in facts.get_all("License") or () if text.strip() and "\n" not in text]
    names = [line.rpartition(" :: ")[2] for line in classifiers] or stated
    return [{"license": {"name": name}} for name in names]


def _properties(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]
