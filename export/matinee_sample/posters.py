"""Draws posters for the sample's films.

In: a `Film` and a path. Out: a JPEG of 300 x 444 pixels, the same bytes for the same film. Motif and style follow from
the film's title, themes, setting, genres and year, and from a random generator seeded by its id; the drawing functions
are in `poster_art`.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image

from matinee_sample.films import Film
from matinee_sample.poster_art.canvas import POSTER_SIZE, Scene, luminance
from matinee_sample.poster_art.choices import brief_for
from matinee_sample.poster_art.finish import finish_for
from matinee_sample.poster_art.inking import EFFECTS, READABLE, choose_ink, lay_small, veil
from matinee_sample.poster_art.layouts import Layout, layout_for, lettering_for
from matinee_sample.poster_art.lettering import Lettering, set_title
from matinee_sample.poster_art.palettes import Palette, palette_for
from matinee_sample.poster_art.small_print import billing, corner_of, room, small_line
from matinee_sample.poster_art.stagings import STAGINGS

QUALITY = 85


def draw_poster(film: Film, path: Path) -> None:
    """Draw a film's poster and write it as a JPEG.

    Args:
        film: The film.
        path: The file to write; its folder must exist.
    """
    poster_for(film).save(path, "JPEG", quality=QUALITY, subsampling="4:2:2", optimize=True)


def poster_for(film: Film) -> Image.Image:
    """Draw a film's poster: RGB, 300 x 444 pixels."""
    rng = dice(film.imdb_id)
    palette = palette_for(film.genres, film.year, rng)
    layout = layout_for(film.year, rng)
    style = lettering_for(film.genres, film.year, rng)
    brief = brief_for(film, layout.focus, rng)
    scene = Scene(palette, rng)
    STAGINGS[brief.staging](scene, brief)
    picture = finish_for(film.year, rng)(scene.small(), palette, rng)
    _letter(picture, film, layout, style, palette, rng)
    return picture


def dice(imdb_id: str) -> np.random.Generator:
    """Return a random generator seeded by the film's id alone, the same on every machine."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256(imdb_id.encode()).digest()[:8], "big"))


def _letter(
    picture: Image.Image, film: Film, layout: Layout, style: Lettering, palette: Palette, rng: np.random.Generator
) -> None:
    area = _area(layout)
    size = (area[2] - area[0], area[3] - area[1])
    if layout.turned:
        mask = set_title(film.title, (size[1], size[0]), style, rng).transpose(Image.Transpose.ROTATE_90)
    else:
        mask = set_title(film.title, size, style, rng)
    inks = [palette.pale, palette.deep]
    if rng.random() < 0.5:
        inks.insert(0, palette.accent)
    box = mask.getbbox() or (0, 0, *size)
    under = (area[0] + box[0], area[1] + box[1], area[0] + box[2], area[1] + box[3])
    ink, mark = choose_ink(picture, under, inks)
    if mark < READABLE:
        ink = max((palette.pale, palette.deep), key=lambda c: choose_ink(picture, under, [c])[1])
        veil(picture, under, palette.deep if luminance(ink) > 0.3 else palette.pale)
    EFFECTS[style.effect](picture, mask, area[:2], ink, palette, rng)
    _credits(picture, film, layout, style, palette)


def _credits(picture: Image.Image, film: Film, layout: Layout, style: Lettering, palette: Palette) -> None:
    for text, y in zip(billing(film.director, film.genres, film.year), (0.926, 0.957), strict=True):
        line = small_line(text, "sans", 11, room(), squeeze=0.62)
        lay_small(picture, line, corner_of(line, 0.5, y, "centre"), palette)
    face = "times" if style.face in {"italic", "roman"} else style.face
    credit = small_line(f"a film by {film.director}", face, 16, room(), squeeze=0.85, tracking=0.04)
    lay_small(picture, credit, corner_of(credit, *layout.director), palette)


def _area(layout: Layout) -> tuple[int, int, int, int]:
    zone, (width, height) = layout.title, POSTER_SIZE
    return round(zone.left * width), round(zone.top * height), round(zone.right * width), round(zone.bottom * height)
