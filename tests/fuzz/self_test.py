"""An area of known endings, by which the suite itself is tested: each case does what its number says."""

from __future__ import annotations

import ctypes
import time
from pathlib import Path

import numpy as np
from tests.fuzz.area import MEGABYTES, SECONDS, Case

from matinee.errors import BadInputError

ENDS = ("right", "refused", "foreign", "foreign", "large", "crashed", "slow", "right")
"""How cases 0 to 7 end."""


def _refuse() -> None:
    raise BadInputError("one sentence")


def _refuse_in_two_lines() -> None:
    raise BadInputError("one line\nand another")


def _grow() -> None:
    np.ones(int(MEGABYTES * 1.2e6), dtype=np.uint8)


def _linger() -> None:
    end = time.process_time() + SECONDS + 0.1
    while time.process_time() < end:
        pass


class KnownEndings:
    """Cases in the order of ENDS."""

    def __init__(self) -> None:
        self._cases: list[Case] = [
            lambda: None,
            _refuse,
            _refuse_in_two_lines,
            lambda: [][0],
            _grow,
            lambda: ctypes.string_at(0),
            _linger,
            lambda: None,
        ]

    def case(self, draw: np.random.Generator) -> Case:
        """Return the case whose number the generator was seeded with."""
        (_, number) = draw.bit_generator.seed_seq.entropy  # type: ignore[attr-defined]
        return self._cases[int(number)]


def open_area(home: Path) -> KnownEndings:
    """Open it; `home` is not needed."""
    return KnownEndings()
