"""The record of an exported encoder: the origin of its weights and the measurements of its networks.

In: names and measurements. Out: plain JSON for the manifest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from matinee.manifest import EncoderInfo

SPEED = "speed"
"""Key of a variant's speed as a multiple of fp32's, its only measurement that may differ from build to build."""


@dataclass(frozen=True)
class TowerRecord:
    """One network of an encoder.

    Attributes:
        precision: The precision shipped: "fp32" or the name of a variant.
        provider: The onnxruntime execution provider that it is made for; empty if it suits any.
        parity: Every measurement of the fp32 network, by name.
        fused: Number of fused operators in the shipped network, by operator.
        variants: For every variant tried, by name: its quality against fp32, and its speed.
        measured: The hardware that the variants were measured on: provider, processor, instruction sets, threads.
    """

    precision: str
    provider: str
    parity: dict[str, float]
    fused: dict[str, int]
    variants: dict[str, dict[str, float]] = field(default_factory=dict)
    measured: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class EncoderRecord:
    """An exported encoder; its fields are those of the manifest's EncoderInfo.

    Attributes:
        source: Name of the weights; never a path of this machine.
        revision: Commit, package version, digest or seed that identifies them.
        licence: Licence of the weights.
        weights: "pretrained", "packaged" or "seeded".
        dim: Length of its vectors.
        towers: The networks by kind, "text" and "image".
    """

    source: str
    revision: str
    licence: str
    weights: str
    dim: int
    towers: dict[str, TowerRecord]

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain dictionaries, floats rounded to 7 significant digits for readability."""
        plain = asdict(self)
        for tower in plain["towers"].values():
            for figures in (tower["parity"], *tower["variants"].values()):
                figures.update({key: float(f"{value:.7g}") for key, value in figures.items()})
        return plain


@dataclass(frozen=True)
class EncoderPiece:
    """One encoder to pack.

    Attributes:
        folder: The folder with its networks.
        info: Its entry in the manifest.
        speeds: Speed of each variant as a multiple of fp32's, by tower and variant.
    """

    folder: Path
    info: EncoderInfo
    speeds: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def take_speeds(towers: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Take the speeds out of the plain records of an encoder's networks; return them by tower and variant.

    Speeds differ from build to build, so they are kept apart from the values that builds are compared by.
    """
    return {
        kind: {name: variant.pop(SPEED) for name, variant in tower["variants"].items()}
        for kind, tower in towers.items()
    }
