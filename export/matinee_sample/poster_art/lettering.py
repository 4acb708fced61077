"""Setting the title: words into lines, lines into a box, ink that can be read on what lies under it.

A title is set as a mask the size of its box, so it cannot overflow: lines are broken where they let the letters be
largest, drawn once at a large size, and scaled into their places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from PIL import Image, ImageDraw

from matinee_sample.poster_art.fonts import able, font

DRAWN = 84
"""The size in pixels at which every line is first drawn."""
LONGEST_WORD = 18
MOST_LINES = 6


@dataclass(frozen=True)
class Lettering:
    """How a title is set.

    Attributes:
        face: A key of `fonts.FACES`.
        case: "upper", "title" (as written) or "lower".
        squeeze: Width of the letters against their drawn width, 0.5 to 1.4.
        tracking: Space added between letters, in ems.
        align: "left", "centre", "right", or "block": every line as wide as the box.
        effect: How the ink is laid on; a key of `inking.EFFECTS`.
        dance: How far letters hop and tilt, in ems; 0 for none.
        leading: Space between lines as a share of a line's height.
    """

    face: str
    case: str = "upper"
    squeeze: float = 1.0
    tracking: float = 0.0
    align: str = "centre"
    effect: str = "plain"
    dance: float = 0.0
    leading: float = 0.14


def set_title(text: str, size: tuple[int, int], style: Lettering, rng: np.random.Generator) -> Image.Image:
    """Set a title as a mask ("L") of exactly `size` pixels, in the largest letters that fit.

    Args:
        text: Any text; control characters and runs of space count as one space, and nothing at all is set as a dash.
        size: Width and height of the box in pixels.
        style: How to set it.
        rng: Dice for letters that dance.
    """
    words = _words(text, style.case)
    face = able(style.face, " ".join(words))
    best: tuple[float, list[tuple[Image.Image, Box]]] | None = None
    for lines in _breaks(words):
        rows = [_line(line, face, style, rng) for line in lines]
        placed = _block(rows, size, style) if style.align == "block" else _even(rows, size, style)
        score = min(box[3] - box[1] for _, box in placed)
        if best is None or score > best[0]:
            best = score, placed
    assert best is not None  # there is always at least one way to break
    sheet = Image.new("L", size)
    for row, box in best[1]:
        part = row.resize((max(1, round(box[2] - box[0])), max(1, round(box[3] - box[1]))), Image.Resampling.LANCZOS)
        sheet.paste(part, (round(box[0]), round(box[1])))
    return sheet


Box = tuple[float, float, float, float]


def _words(text: str, case: str) -> list[str]:
    clean = "".join(c if c.isprintable() else " " for c in text)
    cased = {"upper": clean.upper(), "lower": clean.lower()}.get(case, clean)
    pieces = [word[i : i + LONGEST_WORD] for word in cased.split() for i in range(0, len(word), LONGEST_WORD)]
    return pieces or ["–"]


def _breaks(words: Sequence[str]) -> list[list[str]]:
    """For each number of lines the break whose longest line is shortest."""
    if len(words) > 14:  # too many ways to try them all: fill lines of even length
        return [_fill(words, lines) for lines in range(3, MOST_LINES + 6)]
    found = []
    for count in range(1, min(len(words), MOST_LINES) + 1):
        ways = [
            [" ".join(words[a:b]) for a, b in zip((0, *cuts), (*cuts, len(words)), strict=True)]
            for cuts in combinations(range(1, len(words)), count - 1)
        ]
        found.append(min(ways, key=lambda lines: (max(map(len, lines)), -min(map(len, lines)))))
    return found


def _fill(words: Sequence[str], count: int) -> list[str]:
    room, lines = sum(len(word) + 1 for word in words) / count, [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) / 2 > room:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _line(text: str, face: str, style: Lettering, rng: np.random.Generator) -> Image.Image:
    """One line, drawn large, cut to its ink across and to the letters' common height down."""
    type_ = font(face, DRAWN)
    space = style.tracking * DRAWN
    wide = round(type_.getlength(text) + abs(space) * len(text) + DRAWN)
    sheet = Image.new("L", (wide, 2 * DRAWN))
    draw = ImageDraw.Draw(sheet)
    if style.dance:
        _dance(sheet, text, face, style, rng)
    elif space:
        x = DRAWN / 4
        for letter in text:
            draw.text((x, DRAWN / 4), letter, font=type_, fill=255)
            x += type_.getlength(letter) + space
    else:
        draw.text((DRAWN / 4, DRAWN / 4), text, font=type_, fill=255)
    ink = sheet.getbbox() or (0, 0, 1, 1)
    body = type_.getbbox("H" if style.case == "upper" else "Hdpg")
    top, bottom = min(ink[1], int(body[1] + DRAWN / 4)), max(ink[3], int(body[3] + DRAWN / 4))
    line = sheet.crop((ink[0], top, ink[2], bottom))
    return line.resize((max(1, round(line.width * style.squeeze)), line.height)) if style.squeeze != 1 else line


def _dance(sheet: Image.Image, text: str, face: str, style: Lettering, rng: np.random.Generator) -> None:
    type_, x = font(face, DRAWN), DRAWN / 4
    for letter in text:
        tile = Image.new("L", (2 * DRAWN, 2 * DRAWN))
        ImageDraw.Draw(tile).text((DRAWN / 2, DRAWN / 4), letter, font=type_, fill=255)
        tile = tile.rotate(float(rng.normal(0, 40 * style.dance)), Image.Resampling.BILINEAR)
        hop = round(float(rng.uniform(-1, 1)) * style.dance * DRAWN)
        sheet.paste(255, (round(x - DRAWN / 2), hop), tile)
        x += type_.getlength(letter) + style.tracking * DRAWN


def _even(rows: Sequence[Image.Image], size: tuple[int, int], style: Lettering) -> list[tuple[Image.Image, Box]]:
    """All lines at one size."""
    lead = style.leading * rows[0].height
    tall = sum(row.height for row in rows) + lead * (len(rows) - 1)
    scale = min(size[0] / max(row.width for row in rows), size[1] / tall)
    y, placed = (size[1] - tall * scale) / 2, []
    for row in rows:
        wide, high = row.width * scale, row.height * scale
        x = {"left": 0.0, "right": size[0] - wide}.get(style.align, (size[0] - wide) / 2)
        placed.append((row, (x, y, x + wide, y + high)))
        y += high + lead * scale
    return placed


def _block(rows: Sequence[Image.Image], size: tuple[int, int], style: Lettering) -> list[tuple[Image.Image, Box]]:
    """Every line as wide as the box, its height following within reason; squeezed flat when the lines are too many."""
    heights = [min(size[0] * row.height / row.width, size[0] * 0.42) for row in rows]
    lead = style.leading * float(np.mean(heights))
    shrink = min(1.0, size[1] / (sum(heights) + lead * (len(rows) - 1)))
    y = (size[1] - (sum(heights) + lead * (len(rows) - 1)) * shrink) / 2
    placed = []
    for row, height in zip(rows, heights, strict=True):
        high = height * shrink
        wide = min(size[0], row.width / row.height * high * 1.8)
        x = (size[0] - wide) / 2
        placed.append((row, (x, y, x + wide, y + high)))
        y += high + lead * shrink
    return placed
