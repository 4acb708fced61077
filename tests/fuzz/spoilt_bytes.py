"""Bytes with mistakes in them, as a bad disk, a broken transfer or somebody who tries his luck makes them."""

from __future__ import annotations

import numpy as np


def flipped(data: bytes, draw: np.random.Generator) -> bytes:
    """Return `data` with some bytes changed, cut out or put in, or cut short."""
    spoilt = bytearray(data)
    for _ in range(int(draw.integers(1, 9))):
        at = int(draw.integers(len(spoilt)))
        kind = draw.integers(4)
        if kind == 0:
            spoilt[at] = int(draw.integers(256))
        elif kind == 1:
            spoilt[at] ^= 1 << int(draw.integers(8))
        elif kind == 2:
            del spoilt[at : at + int(draw.integers(1, 30))]
        else:
            spoilt[at:at] = draw.bytes(int(draw.integers(1, 30)))
    return bytes(spoilt[: int(draw.integers(len(spoilt)))] if draw.random() < 0.1 else spoilt)
