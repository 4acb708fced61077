"""The colours, as data: for each genre a handful of five-colour palettes, and how each era's print shifts them.

`deep` is the darkest, `base` the field, `light` the lit side, `accent` the one that catches the eye, `pale` the paper.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, fields

import numpy as np

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Palette:
    """Five colours that go together, darkest first."""

    deep: Colour
    base: Colour
    light: Colour
    accent: Colour
    pale: Colour


PALETTES: dict[str, tuple[str, ...]] = {
    "Horror": (
        "0a0406 3a0509 8c0f14 e01b1b e8dcc8",
        "050507 17080c 5c0a12 c4121a d9d2c6",
        "08100c 12261c 3c5c3a b01818 dfe6cf",
        "0b0714 241236 5a1d4e d81e2c e9dfe6",
        "060606 2a0a06 94280a f04a12 f1e3c4",
        "070a0d 16232c 43606b c51d1d dde6e6",
    ),
    "Thriller": (
        "07090c 14212b 3d5866 e8a21c e8ebe6",
        "0c0a09 2b1d16 7a3c1e ef5a1a f1e6d2",
        "060b0a 0f2a27 3b7267 e6d02c eaf0e4",
        "0a0b12 1e2340 4c5a8c e23b3b eceaf0",
        "100c08 3a2a12 94702a d8231f f3e9cc",
        "080808 262626 6e6e6e f2c200 efefea",
    ),
    "Film-Noir": (
        "060606 1d1d1d 8e8e8e c9c9c9 f2f2ee",
        "070707 232220 96928a b81f1c f1ede2",
        "050608 1a1d22 7d858e d8d4c4 eff1f1",
        "080705 241f18 8f8266 d9b44a f2ead6",
    ),
    "Crime": (
        "0a0a0a 231a17 7d6a56 c21f1f efe5d2",
        "0b0d10 1c2730 566a76 d9a441 ebe8de",
        "120a08 4a120e a3271b f2c14e f6e8cd",
        "080b09 1d2a22 5d7560 d94f2b ece7d6",
        "0d0d12 2a2438 6d5f86 f0b429 ede6ef",
        "101010 3c3a36 a39c8c d62a1e f4eee0",
    ),
    "Mystery": (
        "0a0d14 1f2c40 5f7a94 d9b25f e9e7dc",
        "0c0a12 2e2146 77609a e0c46c eee6f0",
        "07100f 163632 4f8a7e e3d9a6 eaf1ea",
        "110d0a 3f2c20 8c6a4c c9402f f0e4d0",
    ),
    "Action": (
        "0a0c10 1d2a36 f08a24 ff4b1f f8ecd8",
        "0c0606 4c0f0c c9331a ffb21e fbe9cf",
        "05101a 0d3550 2e8fb0 ff8a1f f1f4ee",
        "0b0b0b 2f2f33 8d9199 f2351c f3f3f1",
        "0e0a05 5b3c0c d99214 f4421a fdf0cf",
        "06090f 16244a 3a66b8 f2c51d eef2f8",
    ),
    "Adventure": (
        "14100a 5a3a16 dd9a3c c83a1c f8e7c2",
        "06161c 0f4a56 45a0a0 f29a2e f3efd8",
        "0d140a 2f4a1e 8aa046 e8702a f5efcf",
        "0b1020 234a86 6fb0d8 f5c544 f7f3e2",
        "170c0a 7a2f1a e58a3e f6d36b fdf0d6",
    ),
    "Western": (
        "1a0d06 8a4a1c d98f3e b5301a f6dfb0",
        "200f0a a8522a e9a95c 5a1f14 faeac8",
        "16100a 6e5228 c9a25a a8381c f2e4c0",
        "140f12 5e3340 c9745a f0b457 f7e2c6",
        "1c1410 96643a e0b87c 2c5a62 f7ead0",
    ),
    "War": (
        "0c0d09 333621 7d7a50 c2451e ebe3c8",
        "0d0b09 3d3126 8b7358 d98324 efe4cd",
        "090c0f 26323a 6d7f86 b3201c e6e6dd",
        "0b0d0a 2c3a2a 768a63 e0b03a edead3",
        "100a08 54241a a85a32 efb04a f3e2c4",
    ),
    "Sci-Fi": (
        "03050d 0b1c42 2b6cb0 35e0f0 eaf6fb",
        "07031a 2a0f5c 8a2bb8 ff3fa4 f4eafc",
        "020a0c 06343c 17888c a6f25a e6f8f0",
        "05060a 1c2430 5f7688 ff7a2a eef1f3",
        "0b0614 3c1a4c d3506a ffb75a fdeee0",
        "040a14 123a5e 66a8cc f4e04a f1f8fa",
    ),
    "Fantasy": (
        "0b0a1c 2c2a6a 7a6fc8 f5c95a f3eefb",
        "05130f 14493c 55a67c f0d264 eff7e8",
        "120822 52206e c063b0 ffd27a fbeef6",
        "08131f 1f4f72 72b6c4 f2a94e f2f6ee",
        "140d06 5c3f14 c49a3c 4aa5a0 f8eed0",
    ),
    "Animation": (
        "0d1b4c 1f6fe0 6fd0f5 ffc928 fff8e6",
        "2a0d4c 8a34d1 f283c9 ffd23f fff3fb",
        "083a34 14a389 9ae8a8 ff6f3c fbfff0",
        "3a0f12 f0483e ffa45b 2ec4d6 fff6e5",
        "10305a 3aa6dd b9ecf2 ff5d73 fffbea",
        "2c2208 f5a80e ffe26a e5383b fffdf0",
    ),
    "Children": (
        "12284c 2f9be0 a5e3f7 ffcf33 fffbea",
        "1c3d14 58b53a cdec7a ff7b2e fffbe6",
        "4a1030 f25c8a ffc0cf 3fc1c9 fff7f4",
        "3a2406 f7b32b ffe691 d9343b fffdf2",
    ),
    "Comedy": (
        "23150a f6c21a ffe98a e23a2e fffbec",
        "0f2a3c 35b5c9 b5ecec ff6b4a fffaf0",
        "3a0d1c f04f78 ffb3bd ffd93d fff8f2",
        "2b1206 f5842a ffc884 1fa7a0 fff8ea",
        "12301c 4fb863 c8eeb0 f2388f fdfff0",
        "1a1a1a f3efe2 fffdf4 ee3124 ffffff",
        "1d1646 6a5be0 bdb4ff ffcc33 faf8ff",
        "0c1f2c f2eee4 fbf9f3 2a7de1 ffffff",
    ),
    "Romance": (
        "3a1420 d8798c f6c3bf b3203e fff3ec",
        "2a1830 a678a8 e9c6dc f0735e fdf2f4",
        "3c1c10 e09a78 f8d5b8 a83252 fff4e8",
        "1a2a3c 7fa3bc d5e3e6 e8607a fbf6f0",
        "40101a c84a58 f5a59a f6d58a fff0e6",
        "28261c b8a888 ece0c8 b5475a fbf7ee",
    ),
    "Musical": (
        "2a0616 c81e4a ff7c7c ffd24a fff4ea",
        "0a0e34 2b3fb8 7f9cff ffd23c f6f4ff",
        "1c0a2c 7a1fa0 e070d0 ffe04a fdf0fb",
        "2a1404 e88a12 ffd070 c81f5c fff8e4",
    ),
    "Drama": (
        "12161a 3f5260 9fb0b4 c8553d f2efe6",
        "1a120c 6a4a30 c9a67c 8a2f26 f5ecdc",
        "0f1712 3b5443 9db59a d9a441 f1f2e6",
        "16121c 4f4564 a99cb8 d9795a f3eff2",
        "1c1210 85453a d9a08a 2f4a56 f8ece2",
        "0e1620 2c4a6a 86abc6 e8b45a eff3f3",
        "1a1814 8c8470 d5cdb8 b8442c f8f4ea",
        "101418 22323c 5e7c82 e9d8a6 f0f0e8",
        "201a10 b08a3e e8cf8e 3c2a50 fbf4e0",
    ),
    "Documentary": (
        "101010 55585a bfc2c0 e6332a f5f4ef",
        "0c1a24 2e5e78 9cc4d0 f2b134 f3f6f2",
        "141a10 56663a b9c28c d2562a f5f4e4",
    ),
}

FAINT = ("IMAX", "Documentary", "Drama")
"""Genres that say the least about a look; any other genre of the film goes before them."""


def palette_for(genres: tuple[str, ...], year: int, rng: np.random.Generator) -> Palette:
    """Pick a palette of the film's most telling genres, printed the way its year printed.

    Args:
        genres: In the film's order; unknown ones are passed over.
        year: Of release.
        rng: Dice.
    """
    known = [genre for genre in genres if genre in PALETTES] or ["Drama"]
    choices = PALETTES[known[int(rng.choice(len(known), p=_weights(known)))]]
    return _print(_parse(choices[int(rng.integers(len(choices)))]), year, rng)


TELLING = {
    "Horror": 9, "Film-Noir": 14, "Western": 10, "Sci-Fi": 6, "Animation": 6, "Comedy": 4, "Romance": 3, "War": 5,
    "Musical": 4,
}


def _weights(genres: list[str]) -> list[float]:
    raw = [1.0 if genre in FAINT else float(TELLING.get(genre, 3)) for genre in genres]
    return [weight / sum(raw) for weight in raw]


ERAS: tuple[tuple[int, float, float, float], ...] = (
    # until year, saturation, lightness, warmth (share of sepia)
    (1939, 0.62, 0.97, 0.22),
    (1959, 0.85, 1.0, 0.12),
    (1969, 1.05, 1.0, 0.04),
    (1979, 0.86, 0.97, 0.14),
    (1989, 1.12, 1.0, 0.0),
    (1999, 1.0, 1.0, 0.0),
    (9999, 0.94, 1.0, 0.0),
)
SEPIA = (214, 178, 120)


def _print(palette: Palette, year: int, rng: np.random.Generator) -> Palette:
    _, saturation, lightness, warmth = next(era for era in ERAS if year <= era[0])
    turn = float(rng.normal(0, 0.012))  # no two prints come out quite alike
    shifted = []
    for field in fields(palette):
        red, green, blue = (level / 255 for level in getattr(palette, field.name))
        hue, light, chroma = colorsys.rgb_to_hls(red, green, blue)
        rgb = colorsys.hls_to_rgb((hue + turn) % 1, min(1, light * lightness), min(1, chroma * saturation))
        shifted.append(_warm(rgb, warmth))
    return Palette(*shifted)


def _warm(rgb: tuple[float, float, float], share: float) -> Colour:
    red, green, blue = (round(255 * c * (1 - share + share * s / 214)) for c, s in zip(rgb, SEPIA, strict=True))
    return red, green, blue


def _parse(text: str) -> Palette:
    return Palette(*((int(h[:2], 16), int(h[2:4], 16), int(h[4:], 16)) for h in text.split()))
