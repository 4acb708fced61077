"""Bytes with some of them changed, as a bad disk or a bad person leaves them."""

from __future__ import annotations

import numpy as np

TELLING = (
    *(b"\0", b"\xff", b"\x80", b'"', b"\n", b"\r", b",", b"\t", b"\x1b"),
    *(b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf"),
)
"""Bytes that parsers trip over: quotes, ends of lines, and what is not UTF-8."""


def mutated(draw: np.random.Generator, content: bytes) -> bytes:
    """Return the bytes with a few of them overwritten, cut out, put in, doubled, or cut off."""
    changed = bytearray(content)
    for _ in range(int(draw.integers(1, 9))):
        start = int(draw.integers(len(changed) + 1))
        length = int(10 ** draw.uniform(0, 3))
        piece = draw.bytes(length) if draw.random() < 0.5 else TELLING[draw.integers(len(TELLING))]
        match draw.integers(5):
            case 0:
                changed[start : start + len(piece)] = piece
            case 1:
                del changed[start : start + length]
            case 2:
                changed[start:start] = piece
            case 3:
                changed[start:start] = changed[start : start + length] * int(draw.integers(1, 50))
            case _ if draw.random() < 0.2:
                del changed[start:]
    return bytes(changed)
