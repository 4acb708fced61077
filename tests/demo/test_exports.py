"""Exported picks."""

from __future__ import annotations

import csv
import io

import pytest

from matinee.catalogue import Movie
from matinee.recommender import Pick
from matinee_demo.exports import letterboxd_list, picks_csv

HEAT = Movie("tt0113277", "Heat", 1995, link="https://www.imdb.com/title/tt0113277/")
HOME = Movie("local-7", 'Home, "Sweet" Film', None)


def _pick(movie: Movie, rank: int = 1, reason: str = "because") -> Pick:
    return Pick(movie, "bert", rank, 0.5, reason, False, "because")


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_pick_of_every_model_is_a_line() -> None:
    rows = _rows(picks_csv({"bert": [_pick(HEAT), _pick(HOME, 2, "two\nlines")], "als": [_pick(HEAT)]}))
    assert [(row["rank"], row["model"], row["imdb_id"]) for row in rows] == [
        ("1", "bert", "tt0113277"),
        ("2", "bert", "local-7"),
        ("1", "als", "tt0113277"),
    ]
    assert rows[0] == {
        "rank": "1",
        "model": "bert",
        "title": "Heat",
        "year": "1995",
        "imdb_id": "tt0113277",
        "link": "https://www.imdb.com/title/tt0113277/",
        "reason": "because",
    }
    assert (rows[1]["title"], rows[1]["year"], rows[1]["reason"]) == ('Home, "Sweet" Film', "", "two\nlines")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r@", "  =", "\n+", "\u200b=", "\ufeff-", "\x00@", "＝"])
def test_no_cell_begins_like_a_formula(start: str) -> None:
    evil = Movie("tt0000001", f"{start}HYPERLINK(1)", 2000, link=f"{start}x")
    text = picks_csv({f"{start}model": [_pick(evil, reason=f"{start}cmd|' /C calc'!A0")]}) + letterboxd_list(
        [_pick(evil)]
    )
    for line in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell.strip("\0\u200b\ufeff \t\r\n").startswith(("=", "+", "-", "@", "＝")) for cell in line)
    assert f"'{start}HYPERLINK(1)" in next(csv.reader(io.StringIO(text.split("\r\n", 1)[1], newline="")))


def test_titles_that_only_hold_such_a_sign_are_left_as_they_are() -> None:
    assert _rows(picks_csv({"bert": [_pick(Movie("tt1", "Face/Off = 2", 1997))]}))[0]["title"] == "Face/Off = 2"


def test_letterboxds_list_has_its_columns_and_each_film_once_in_order() -> None:
    text = letterboxd_list([_pick(HEAT), _pick(HOME), _pick(HEAT, 3)])
    assert text.splitlines()[0] == "imdbID,Title,Year"
    assert [tuple(row.values()) for row in _rows(text)] == [
        ("tt0113277", "Heat", "1995"),
        ("", 'Home, "Sweet" Film', ""),
    ]


def test_no_picks_are_a_header_alone() -> None:
    assert picks_csv({}).strip() == "rank,model,title,year,imdb_id,link,reason"
    assert letterboxd_list([]).strip() == "imdbID,Title,Year"
