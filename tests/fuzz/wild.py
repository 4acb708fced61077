"""Values and bytes that nobody should send, drawn from a seed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

ADDRESSES = (
    "http://127.0.0.1:9/x.jpg",
    "https://example.org/x.png",
    "//example.org/x",
    "ftp://example.org/x",
    "file:///etc/passwd",
)
PATHS = (*ADDRESSES, "/etc/passwd", "../../etc/passwd", "x\0y", "a" * 5000, "", "/proc/self/environ", ".")
TEXTS = (
    "",
    " ",
    "\0",
    "half \ud800 of one",
    "\udfff",
    "\u202eabc\u2066",
    "😀" * 50,
    "<script>alert(1)</script>{{this}}${7*7}",
    "a" * 100_000,
    "the",
    "tt0071315",
    "1." + "A" * 5_000,
    "1.eJyrVkpSslIy0lFKArIMagE",
    "NaN",
    "ten",
    "1e999",
    "[[[[",
    '{"Heat": 9}',
    "data:image/png;base64,AAAA",
    "data:image/jpeg;base64,!!!!",
    *ADDRESSES,
)
NUMBERS = (0, -1, 1, 3, 10, 2**31, 2**63, 10**30, 0.5, -0.0, 1e308, math.nan, math.inf, -math.inf, True, False)
FIELDS = ("act", "kind", "key", "movie", "said", "taste")


def wild(draw: np.random.Generator, depth: int = 0) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return some value that JSON holds and nobody should send."""
    kind = draw.integers(9 if depth < 3 else 4)
    if kind < 2:
        return str(draw.choice(np.array(TEXTS, dtype=object)))
    if kind == 2:
        return draw.choice(np.array(NUMBERS, dtype=object))
    if kind == 3:
        return None
    if kind == 4:
        return [wild(draw, depth + 1) for _ in range(draw.integers(4))]
    if kind == 5:
        keys = (*FIELDS, "movie", "rating", "value", "__type__", "\ud800")
        return {str(draw.choice(np.array(keys, dtype=object))): wild(draw, depth + 1) for _ in range(draw.integers(4))}
    if kind == 6:
        path = str(draw.choice(np.array(PATHS, dtype=object)))
        file: dict[str, Any] = {"path": path, "url": str(draw.choice(ADDRESSES)), "meta": {"_type": "gradio.FileData"}}
        for key in ("path", "url", "meta"):
            if draw.random() < 0.3:
                del file[key]
        return file
    if kind == 7:
        deep: Any = 1
        for _ in range(int(draw.choice([10, 31, 100, 500]))):
            deep = [deep]
        return deep
    return [{"movie": "Heat", "rating": 9}] * int(draw.choice([1, 3001, 20_000]))


def mutated(draw: np.random.Generator, data: bytes) -> bytes:
    """`data` with some bytes changed, a piece left out or doubled, or cut."""
    made = bytearray(data)
    for _ in range(draw.integers(1, 8)):
        made[draw.integers(len(made))] = draw.integers(256)
    first, last = sorted(int(at) for at in draw.integers(0, len(made), 2))
    return bytes([made, made[:last], made[:first] + made[last:], made[:last] + made[first:]][draw.integers(4)])
