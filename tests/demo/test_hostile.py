"""Hostile input: the page answers in one sentence, shows it as text, and goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from matinee.catalogue import Catalogue, Movie
from matinee.errors import BadInputError, MatineeError
from matinee.taste import Rating
from matinee_demo.detail import render_detail
from matinee_demo.imports import Imported, read_ratings
from matinee_demo.taste_list import render_taste_list
from matinee_demo.templates import web_address
from matinee_demo.visitor import Visitor, with_imported, with_poster, with_rating, with_review

MARKUP = '<script>alert(1)</script>" onmouseover="x'
MOVIES = Catalogue([Movie("tt0113277", "Heat", 1995), Movie("tt0000001", MARKUP, 2001, (MARKUP,))])


def test_a_megabyte_of_text_is_taken_and_listed_in_a_line() -> None:
    visitor = with_review(Visitor(), MOVIES, "word " * 200_000, "heat", 9)
    assert len(render_taste_list(visitor, MOVIES, undo=True)) < 3_000


def test_titles_with_markup_are_rated_listed_and_shown_as_text() -> None:
    visitor = with_rating(Visitor(), MOVIES, "tt0000001", 9)
    shown = render_taste_list(visitor, MOVIES, undo=True) + render_detail(MOVIES[1], None, [], {}, {}, quotes=True)
    assert "<script" not in shown
    assert '" onmouseover' not in shown


def test_titles_of_an_export_are_listed_as_text() -> None:
    told = with_imported(Visitor(), Imported(("IMDb ratings",), (Rating("Heat (1995)", 9),), (), (MARKUP,)))
    assert "<script" not in render_taste_list(told, MOVIES, undo=True)


@pytest.mark.parametrize("name", ["../../../etc/passwd", "..\\..\\boot.ini", "/etc/shadow", "x\x00.jpg", "a" * 500])
def test_a_file_is_known_by_the_last_part_of_its_name_whatever_it_says(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        read_ratings(b"not, an, export\n1,2,3\n", name, MOVIES)
    assert "etc/" not in str(caught.value)
    assert len(str(caught.value)) < 400
    with pytest.raises(MatineeError) as refused:
        with_poster(Visitor(), tmp_path / "missing" / Path(name).name.replace("\x00", ""), "mine")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "",
        "java\nscript:x",
        "vbscript:x",
        "http://[bad",
        "http:",
    ],
)
def test_only_web_addresses_become_links(address: str) -> None:
    movie = Movie("tt1", "Heat", link=address)
    assert web_address(address) is None
    assert "javascript" not in render_detail(movie, None, [], {}, {}, quotes=True)
