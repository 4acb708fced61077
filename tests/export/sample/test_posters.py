"""The posters drawn for the sample: the same every time, each its own, readable, and true to their genre."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from matinee_sample.films import Film, load_films
from matinee_sample.poster_art.choices import EMBLEMS
from matinee_sample.poster_art.composing import PLACES
from matinee_sample.poster_art.fashions import GROUND_GENRES, STAGING_ERAS, STAGING_GENRES, THEME_GROUNDS
from matinee_sample.poster_art.grounds import GROUNDS
from matinee_sample.poster_art.inking import EFFECTS, READABLE, choose_ink, contrast
from matinee_sample.poster_art.layouts import LAYOUTS, STYLES, Layout
from matinee_sample.poster_art.lettering import Lettering, set_title
from matinee_sample.poster_art.motifs import GENRE_EMBLEMS, THEME_EMBLEMS, WORD_EMBLEMS
from matinee_sample.poster_art.palettes import palette_for
from matinee_sample.poster_art.places import GENRE_LANDS, THEME_LANDS, WORD_LANDS
from matinee_sample.poster_art.stagings import STAGINGS
from matinee_sample.posters import dice, draw_poster, poster_for


def film(title: str = "The Long Night", imdb_id: str = "tt0000001", **facts: object) -> Film:
    known: dict[str, object] = {
        "year": 1954,
        "genres": ("Drama",),
        "director": "Ida Lupino",
        "score": 7.1,
        "themes": ("loneliness",),
        "moods": ("sad",),
        "pace": "slow",
        "setting": "in a harbour town",
        "premise": "a watchman who waits",
        "highlight": "the last light",
    }
    return Film(imdb_id=imdb_id, title=title, **{**known, **facts})  # type: ignore[arg-type]  # facts are a test's own


@cache
def drawn(row: int) -> Image.Image:
    return poster_for(load_films()[row])


def spread() -> list[int]:
    return list(range(0, len(load_films()), len(load_films()) // 60))


def average_hash(picture: Image.Image) -> npt.NDArray[np.bool_]:
    """256 bits: which cells of a 16 x 16 reduction are lighter than their mean."""
    cells = np.asarray(picture.convert("L").resize((16, 16), Image.Resampling.BOX), dtype=float)
    lighter: npt.NDArray[np.bool_] = cells > cells.mean()
    return lighter.ravel()


def test_the_same_film_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        draw_poster(load_films()[7], tmp_path / name)
    assert (tmp_path / "a.jpg").read_bytes() == (tmp_path / "b.jpg").read_bytes()


def test_a_poster_does_not_depend_on_what_was_drawn_before_it() -> None:
    first = poster_for(load_films()[3]).tobytes()
    poster_for(load_films()[4])
    assert poster_for(load_films()[3]).tobytes() == first


def test_a_poster_is_a_jpeg_of_300_by_444_and_modest_weight(tmp_path: Path) -> None:
    path = tmp_path / "poster.jpg"
    draw_poster(load_films()[0], path)
    with Image.open(path) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (300, 444))
    assert 4_000 < path.stat().st_size < 60_000


@pytest.mark.slow
def test_no_two_posters_look_alike() -> None:
    marks = [average_hash(drawn(row)) for row in spread()]
    colours = [np.asarray(drawn(row).resize((6, 9), Image.Resampling.BOX), dtype=float) for row in spread()]
    for i, j in combinations(range(len(marks)), 2):
        shapes_apart = int((marks[i] != marks[j]).sum())
        colours_apart = float(np.abs(colours[i] - colours[j]).mean())
        assert shapes_apart >= 16 or colours_apart >= 16, (spread()[i], spread()[j], shapes_apart, colours_apart)


def test_two_films_that_differ_only_in_their_id_get_different_pictures() -> None:
    one, other = (np.asarray(poster_for(film(imdb_id=id_)), dtype=float) for id_ in ("tt0000001", "tt0000002"))
    assert np.abs(one - other).mean() > 12


@pytest.mark.slow
def test_a_poster_is_never_one_flat_field() -> None:
    for row in spread():
        assert np.asarray(drawn(row).convert("L"), dtype=float).std() > 12, load_films()[row].title


@pytest.mark.slow
def test_horror_is_darker_than_comedy_and_noir_is_greyer_than_animation() -> None:
    def mean_over(genre: str, measure: int) -> float:
        rows = [row for row, film in enumerate(load_films()) if genre in film.genres][:14]
        pixels = [np.asarray(drawn(row).convert("HSV"), dtype=float)[..., measure].mean() for row in rows]
        return float(np.mean(pixels))

    assert mean_over("Horror", 2) + 30 < mean_over("Comedy", 2)
    assert mean_over("Film-Noir", 1) + 30 < mean_over("Animation", 1)


@pytest.mark.parametrize("genre", ["Horror", "Comedy", "Western", "Sci-Fi", "Romance", "Film-Noir"])
def test_a_palette_runs_from_dark_to_pale(genre: str) -> None:
    for seed in range(20):
        palette = palette_for((genre,), 1975, np.random.default_rng(seed))
        assert sum(palette.deep) < sum(palette.base)
        assert sum(palette.deep) + 300 < sum(palette.pale)


WORD = st.text("abcdefghijklmnopqrstuvwxyzÀÉîøß", min_size=1, max_size=60)
LONG_WORDS = st.lists(WORD, max_size=20).map(" ".join)
ANY_TITLE = st.text(max_size=120) | LONG_WORDS


@pytest.mark.slow
@settings(max_examples=60)
@given(title=ANY_TITLE, style=st.sampled_from([row[4] for row in STYLES]), seed=st.integers(0, 99))
def test_any_title_fits_its_box_in_any_lettering(title: str, style: Lettering, seed: int) -> None:
    mask = set_title(title, (250, 70), style, np.random.default_rng(seed))
    assert mask.size == (250, 70)
    assert mask.getbbox() is not None


@pytest.mark.parametrize("title", ["M", "Up", "8½", "Amélie", "Léon", "(500) Days of Summer", "WALL·E", "七人の侍"])
@pytest.mark.parametrize("style", [row[4] for row in STYLES[::5]])
def test_short_and_accented_titles_are_set_large(title: str, style: Lettering) -> None:
    box = set_title(title, (250, 90), style, np.random.default_rng(0)).getbbox()
    assert box is not None
    assert box[2] - box[0] > 170 or box[3] - box[1] > 55


@settings(max_examples=12)
@given(title=st.text(max_size=200), year=st.integers(1895, 2030), director=st.text(max_size=60))
def test_any_film_can_be_drawn(title: str, year: int, director: str) -> None:
    assert poster_for(film(title=title, year=year, director=director, imdb_id=f"tt{len(title):07}")).size == (300, 444)


def test_unknown_genres_and_themes_are_drawn_as_a_drama() -> None:
    poster = poster_for(film(genres=("Kabuki",), themes=("gardening",), setting="", premise="", highlight=""))
    assert poster.size == (300, 444)


def test_the_ink_that_is_chosen_reads_on_black_and_on_white() -> None:
    inks = [(250, 245, 230), (20, 20, 25)]
    for ground in ((0, 0, 0), (255, 255, 255)):
        ink, mark = choose_ink(Image.new("RGB", (60, 60), ground), (0, 0, 60, 60), inks)
        assert mark >= READABLE
        assert ink == inks[0 if ground == (0, 0, 0) else 1]


def test_contrast_is_21_between_black_and_white_and_1_between_equals() -> None:
    assert contrast(0.0, 1.0) == pytest.approx(21)
    assert contrast(0.3, 0.3) == pytest.approx(1)


def test_the_dice_follow_the_id_and_nothing_else() -> None:
    ids = ("tt0113277", "tt0113278", "tt0113277")
    throws = [dice(imdb_id).integers(1_000_000, size=3).tolist() for imdb_id in ids]
    assert throws[0] == throws[2]
    assert throws[0] != throws[1]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_title_and_picture_do_not_share_room(layout: Layout) -> None:
    title, focus = layout.title, layout.focus
    apart = title.bottom <= focus.top + 0.01 or focus.bottom <= title.top + 0.01 or title.right <= focus.left + 0.01
    assert apart
    assert max(title.bottom, layout.director[1]) < 0.9  # the billing block's room


def names(*tables: Mapping[str, Iterable[str]]) -> set[str]:
    return {name for table in tables for row in table.values() for name in row}


def test_every_name_in_the_tables_has_a_painter() -> None:
    assert names(THEME_EMBLEMS, GENRE_EMBLEMS, WORD_EMBLEMS) <= EMBLEMS.keys()
    assert names(THEME_LANDS, GENRE_LANDS, WORD_LANDS) <= PLACES.keys()
    assert names(STAGING_GENRES, *({"era": weights} for _, weights in STAGING_ERAS)) <= STAGINGS.keys()
    assert names(GROUND_GENRES, THEME_GROUNDS) <= GROUNDS.keys()
    assert {style.effect for *_, style in STYLES} <= EFFECTS.keys()


def test_every_theme_of_the_sample_has_an_emblem() -> None:
    assert {theme for film in load_films() for theme in film.themes} <= THEME_EMBLEMS.keys()
