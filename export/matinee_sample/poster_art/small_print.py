"""The director's line and the billing block: small type, squeezed the way posters squeeze it."""

from __future__ import annotations

from PIL import Image, ImageDraw

from matinee_sample.poster_art.canvas import POSTER_SIZE
from matinee_sample.poster_art.fonts import able, font

MARGIN = 16
DRAWN = 40


def small_line(
    text: str, face: str, height: int, room: int, squeeze: float = 1.0, tracking: float = 0.0,
) -> Image.Image:
    """One line of type as a mask ("L") `height` pixels high and at most `room` pixels wide."""
    clean = "".join(c if c.isprintable() else " " for c in text)
    type_ = font(able(face, clean), DRAWN)
    spread = tracking * DRAWN
    sheet = Image.new("L", (round(type_.getlength(clean) + (spread + 1) * len(clean) + 8), round(DRAWN * 1.3)))
    draw, x = ImageDraw.Draw(sheet), 2.0
    for part in clean if tracking else [clean]:
        draw.text((x, 0), part, font=type_, fill=255)
        x += type_.getlength(part) + spread
    wide = max(1, round(min(room, x * squeeze * height / sheet.height)))
    return sheet.crop((0, 0, max(1, round(x)), sheet.height)).resize((wide, height), Image.Resampling.LANCZOS)


def corner_of(line: Image.Image, x: float, y: float, align: str) -> tuple[int, int]:
    """The top left pixel of a line whose left end, middle or right end is at (x, y), fractions of the poster."""
    width, height = POSTER_SIZE
    left = {"left": x * width, "right": x * width - line.width}.get(align, x * width - line.width / 2)
    return round(min(max(left, 4), width - line.width - 4)), round(y * height - line.height / 2)


def billing(director: str, genres: tuple[str, ...], year: int) -> tuple[str, str]:
    """The two lines at the foot. They say what the poster is: nobody is credited with what they did not do."""
    kinds = " · ".join(genres[:4]).upper()
    return f"MATINEE PRESENTS  A FILM BY {director.upper()}", f"{kinds}   {year}   POSTER DRAWN BY CODE"


def room(margin: int = MARGIN) -> int:
    """How wide a line may be, in pixels."""
    return POSTER_SIZE[0] - 2 * margin
