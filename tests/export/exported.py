"""Made-up inputs for exporting encoders, and what an export gives back to tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from matinee_export.encoders import EncoderRecord

Exported = tuple[Path, EncoderRecord]

WORDS = ["slow", "warm", "two brothers", "lose", "their farm", "find", "a thief", "in the rain", "at night"]


def quiet(_: str) -> None:
    pass


def made_up_texts(count: int) -> list[str]:
    """Texts of 1 to 25 words, all different."""
    rng = np.random.default_rng(3)
    return [" ".join(rng.choice(WORDS, size=1 + i % 25)) + f" {i}" for i in range(count)]
