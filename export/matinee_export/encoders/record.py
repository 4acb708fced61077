"""What is written down about an exported encoder: where its weights come from and how its networks measured.

In: names and figures. Out: plain JSON for the manifest. Knows nothing of how either is found.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class TowerRecord:
    """One network of an encoder.

    Attributes:
        precision: "fp32" or "int8", whichever was shipped.
        parity: Every figure measured, by name.
        fused: Number of fused operators in the shipped network, by operator.
    """

    precision: str
    parity: dict[str, float] = field(default_factory=dict)
    fused: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class EncoderRecord:
    """An exported encoder; its fields are those of the manifest's EncoderInfo.

    Attributes:
        source: Name of the weights; never a path of this machine.
        revision: Commit, package version, digest or seed that fixes them.
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
        """The record as plain dictionaries, floats rounded to 7 significant digits so that they read well."""
        plain = asdict(self)
        for tower in plain["towers"].values():
            tower["parity"] = {key: float(f"{value:.7g}") for key, value in tower["parity"].items()}
        return plain
