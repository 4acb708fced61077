"""The typefaces: the TrueType fonts that matplotlib ships, by the names used here, and which characters each has."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import matplotlib
from matplotlib.ft2font import FT2Font
from PIL import ImageFont

FACES = {
    # name: file in matplotlib's mpl-data/fonts/ttf
    "sans": "DejaVuSans.ttf",
    "sans bold": "DejaVuSans-Bold.ttf",
    "sans oblique": "DejaVuSans-BoldOblique.ttf",
    "slab": "DejaVuSerif.ttf",
    "slab bold": "DejaVuSerif-Bold.ttf",
    "slab italic": "DejaVuSerif-BoldItalic.ttf",
    "typewriter": "DejaVuSansMono-Bold.ttf",
    "times": "STIXGeneral.ttf",
    "times bold": "STIXGeneralBol.ttf",
    "times italic": "STIXGeneralBolIta.ttf",
    "didone": "cmb10.ttf",
    "roman": "cmr10.ttf",
    "grotesque": "cmss10.ttf",
    "italic": "cmti10.ttf",
    "teletype": "cmtt10.ttf",
}
FALLBACKS = ("times bold", "sans bold")
"""What stands in for a face that lacks a character, in order; the last has the widest reach and is taken anyway."""


def _file(name: str) -> Path:
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / FACES[name]


@cache
def letters(name: str) -> frozenset[int]:
    """The code points that a face has a glyph for. Computer Modern's tables are only to be trusted within ASCII."""
    known = frozenset(FT2Font(str(_file(name))).get_charmap())
    return frozenset(c for c in known if c < 128) if FACES[name].startswith("cm") else known


def able(name: str, text: str) -> str:
    """The face itself if it has every character of the text, otherwise the first stand-in that has."""
    needed = {ord(c) for c in text if not c.isspace()}
    return next((face for face in (name, *FALLBACKS) if needed <= letters(face)), FALLBACKS[-1])


@cache
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """A face at a size in pixels, laid out without system libraries so that every machine sets it alike."""
    return ImageFont.truetype(_file(name), size, layout_engine=ImageFont.Layout.BASIC)
