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

TASTE = {
    "review": "A scary ghost story",
    "movie": "Heat",
    "rating": 9,
    "ratings": [{"movie": "Stalker (1979)", "rating": 8}],
    "poster": None,
    "model": "all",
    "k": 2,
    "genres": ["Drama"],
    "from_year": 1950,
    "to_year": 2020,
    "min_score": 1,
}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "recommend": TASTE | {"movie": "Chinatown"},
    "more_like": {"movie": "Chinatown", "by": "words", "k": 3},
    "find_movies": {"prefix": "the", "limit": 4},
    "about": {},
}

ACTS = (
    "say",
    "forget",
    "start over",
    "undo",
    "open",
    "link",
    "csv",
    "letterboxd",
    "reviews",
    "ratings",
    "posters",
    "seen",
)
RAW = (
    "/gradio_api/file={}",
    "/gradio_api/file/{}",
    "/gradio_api/proxy={}",
    "/file={}",
    "/static/{}",
    "/assets/{}",
    "/posters/{}.jpg",
    "/config?deep_link={}",
    "/?deep_link={}",
    "/gradio_api/deep_link?session_hash={}",
    "/gradio_api/queue/data?session_hash={}",
    "/gradio_api/upload_progress?upload_id={}",
    "/gradio_api/call/recommend/{}",
    "/gradio_api/stream/{}/1/2/playlist.m3u8",
    "/gradio_api/custom_component/{}/client/a/b",
    "/gradio_api/mcp/{}",
    "/pwa_icon/{}",
    "/monitoring/{}",
    "/{}",
)
NAMES = (
    "mine.jpg",
    "x.csv",
    "..",
    ".",
    "",
    "a" * 300,
    "a\0b.jpg",
    "../../x.jpg",
    "C:\\x",
    "é😀.png",
    " ",
    'q"uo\r\nte',
    "%2e%2e",
)


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
