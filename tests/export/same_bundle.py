"""Compares bundles that were built from the same inputs: they differ in nothing but the speeds that were measured."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from matinee.manifest import Manifest
from matinee_export.encoders.record import SPEED

REPORT = "report/REPORT.md"


def all_but_speeds(bundle: Path) -> dict[str, Any]:
    """The manifest of `bundle`, and with it the sha256 of every file, without the measured speeds of networks.

    Two places hold those: each form's figures in the manifest, and the report, as in "2.9x fp32".
    """
    manifest = asdict(Manifest.load(bundle))
    for encoder in manifest["encoders"].values():
        for tower in encoder["towers"].values():
            for form in tower["forms"].values():
                assert form.pop(SPEED) > 0
    report = re.sub(r"[\d.e+-]+x fp32", "fp32", (bundle / REPORT).read_text(encoding="utf-8"))
    manifest["files"][REPORT] = hashlib.sha256(report.encode()).hexdigest()
    return manifest
