"""Exports of IMDb and Letterboxd, read and matched."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.catalogue import Catalogue, Movie
from matinee.errors import BadInputError
from matinee.titles import find
from matinee_demo.imports import MOST_RATINGS, MOST_REVIEWS, Imported, matched, opened, read_ratings
from matinee_demo.imports.exported import LONGEST_REVIEW, plain_text

MOVIES = Catalogue(
    [
        Movie("tt0113277", "Heat", 1995, liked=9),
        Movie("tt0133093", "Matrix, The", 1999, liked=8),
        Movie("tt0211915", "Amélie", 2001, liked=7),
        Movie("tt0000001", "Twin", 2001, liked=5),
        Movie("tt0000002", "Twin", 2001, liked=4),
        Movie("tt0234215", "The Matrix Reloaded", 2003, liked=3),
        Movie("tt0075148", "Rocky II", 1979, liked=3),
        Movie("tt10872600", "Spider-Man: No Way Home", 2021),
        Movie("local-7", "Home Film", 2011),
        Movie("tt0120679", "The Ring", 2002),
    ]
)

IMDB = (
    "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,"
    "Num Votes,Release Date,Directors\r\n"
)
OLDER_IMDB = '"position","const","created","modified","description","Title","Title type","Directors","You rated"\n'
RATINGS = "Date,Name,Year,Letterboxd URI,Rating\n"
REVIEWS = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date\n"


def read(text: str, name: str = "ratings.csv", encoding: str = "utf-8") -> Imported:
    return read_ratings(text.encode(encoding), name, MOVIES)


def rated(imported: Imported) -> dict[str, float]:
    return {rating.movie: rating.rating for rating in imported.ratings}


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_imdbs_ratings_are_matched_by_id_whatever_the_title_says() -> None:
    told = read(
        IMDB
        + 'tt0113277,9,2024-03-01,Feu,Heat,u,Movie,8.3,170,1995,"Crime, Drama",1,1995-12-15,"Mann, M."\r\n'
        + "tt10872600,6,2024-03-02,Spider-Man,,u,Movie,8,148,2021,Action,1,2021-12-17,Jon Watts\r\n"
    )
    assert rated(told) == {"Heat (1995)": 9.0, "Spider-Man: No Way Home (2021)": 6.0}
    assert told.kinds == ("IMDb ratings",)


def test_letterboxds_stars_are_doubled_and_matched_by_title_and_year() -> None:
    told = read(RATINGS + '2024-01-01,The Matrix,1999,https://boxd.it/2a1m,4.5\n2024-01-02,"Amelie",2001,u,0.5\n')
    assert rated(told) == {"Matrix, The (1999)": 9.0, "Amélie (2001)": 1.0}


def test_reviews_keep_their_words_without_html_their_film_and_rating() -> None:
    told = read(
        REVIEWS + '2024-01-01,Heat,1995,u,5,No,"<i>Heat</i> &amp; ""rain"",<br>\nI <3 it",crime,2024-01-01\n'
        "2024-01-02,Rocky II,1979,u,,Yes,Fine.,,\n",
        "reviews.csv",
    )
    assert [(r.movie, r.rating, r.text) for r in told.reviews] == [
        ("Heat (1995)", 10.0, 'Heat & "rain",\n\nI <3 it'),
        ("Rocky II (1979)", None, "Fine."),
    ]
    assert rated(told) == {"Heat (1995)": 10.0}


def test_the_whole_zip_is_read_and_a_newer_rating_counts_before_that_of_an_old_review() -> None:
    told = read_ratings(
        zipped(
            {
                "profile.csv": "Date Joined,Username\n2020-01-01,me\n",
                "watched.csv": "Date,Name,Year,Letterboxd URI\n2024-01-01,Amelie,2001,u\n",
                "ratings.csv": RATINGS + "2024-05-05,Heat,1995,u,2\n",
                "reviews.csv": REVIEWS + "2020-01-01,Heat,1995,u,5,,Wow.,,\n",
                "deleted/reviews.csv": REVIEWS + "2020-01-01,Rocky II,1979,u,5,,Taken back.,,\n",
                "lists/ratings.csv": RATINGS + "2024-05-05,Rocky II,1979,u,2\n",
            }
        ),
        "letterboxd-me.zip",
        MOVIES,
    )
    assert rated(told) == {"Heat (1995)": 4.0}
    assert [review.text for review in told.reviews] == ["Wow."]
    assert told.kinds == ("Letterboxd reviews", "Letterboxd ratings")


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("Heat", "1986"),  # another film of that name
        ("Heat", "1993"),
        ("Heat", ""),
        ("Twin", "2001"),  # two films of that name and year
        ("The Matrix Relaoded", "2003"),  # a misspelling is not guessed
        ("The Matrix", "2003"),
        ("Rocky III", "1979"),
        ("Rocky", "1979"),
        ("Ring", "2002"),
        ("!!!", "1995"),
        ("tt0113277", "1995"),
    ],
)
def test_a_film_without_a_certain_match_is_left_out(title: str, year: str) -> None:
    told = read(f"{RATINGS}2024-01-01,{title},{year},u,4\n")
    assert not told.ratings
    assert told.unmatched == (f"{title} ({year})" if year else title,)


def test_a_year_may_be_one_off_but_the_very_year_comes_first() -> None:
    assert rated(read(RATINGS + "2024-01-01,Heat,1996,u,4\n")) == {"Heat (1995)": 8.0}
    both = Catalogue([Movie("tt0000003", "Dawn", 1990), Movie("tt0000004", "Dawn", 1991)])
    told = read_ratings(f"{RATINGS}2024-01-01,Dawn,1991,u,4\n".encode(), "ratings.csv", both)
    assert find(both, told.ratings[0].movie) == 1


def test_an_imdb_id_that_is_not_here_is_another_film_even_with_the_same_title_and_year() -> None:
    line = "{},8,2024-01-01,{},,u,{},8,100,{},Drama,1,2011-01-01,x\n"
    assert not read(IMDB + line.format("tt9999999", "Heat", "Movie", 1995)).ratings
    assert rated(read(IMDB + line.format("tt9999999", "Home Film", "Movie", 2011))) == {"Home Film (2011)": 8.0}
    assert not read(IMDB + line.format("tt9999999", "Home Film", "TV Series", 2011)).ratings


def test_of_films_with_the_same_name_the_one_with_the_id_is_meant_and_can_be_found_again() -> None:
    told = read(IMDB + "tt0000002,8,2024-01-01,Twin,,u,Movie,8,100,2001,Drama,1,2001-01-01,x\n")
    assert find(MOVIES, told.ratings[0].movie) == 4


def test_the_latest_of_several_ratings_counts_and_they_come_oldest_first() -> None:
    told = read(
        RATINGS + "2024-03-01,Heat,1995,u,5\n2023-01-01,Heat,1995,u,1\n2022-01-01,Rocky II,1979,u,3\n"
        "2022-01-01,Rocky II,1979,u,4\n"
    )
    assert list(rated(told).items()) == [("Rocky II (1979)", 8.0), ("Heat (1995)", 10.0)]


def test_lines_that_cannot_be_used_are_listed_by_number_and_reason() -> None:
    told = read(
        RATINGS + '2024-01-01,"Two\nlines",2001,u,3\n2024-01-01,Heat,1995,u,eleven\n2024-01-01,,1995,u,3\n\n'
        "2024-01-01,Heat,1995,u,\n2024-01-01\n"
    )
    assert [(row.line, row.reason) for row in told.bad_rows] == [
        (4, "a rating is a number from 0.5 to 5, not 'eleven'"),
        (5, "it names no film"),
        (7, "it has no rating"),
    ]
    assert told.more_bad_rows == 1


@pytest.mark.parametrize("rating", ["9", "nan", "inf", "0", "-1", "1_0", "1e0", "٣", "3" * 90_000])
def test_an_invalid_rating_is_refused(rating: str) -> None:
    told = read(f"{RATINGS}2024-01-01,Heat,1995,u,{rating}\n")
    assert [row.reason for row in told.bad_rows] == [f"a rating is a number from 0.5 to 5, not {rating[:20]!r}"]


def test_a_quote_that_never_ends_spoils_its_line_and_not_the_file() -> None:
    told = read(f'{REVIEWS}2024-01-01,Heat,1995,u,4,,"{"x" * 140_000}\n2024-01-02,Rocky II,1979,u,4,,Fine.,,\n')
    assert [row.line for row in told.bad_rows] == [2]
    assert rated(told) == {"Rocky II (1979)": 8.0}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_common_encoding_and_line_ending_is_read(encoding: str, end: str) -> None:
    told = read((RATINGS + "2024-01-01,Amélie,2001,u,4\n").replace("\n", end), encoding=encoding)
    assert rated(told) == {"Amélie (2001)": 8.0}


def test_older_exports_other_orders_cases_and_separators_are_read() -> None:
    assert rated(read(OLDER_IMDB + '"1","tt0113277","Sat Dec 1 2012","","","Heat","Feature Film","M","9"\n')) == {
        "Heat (1995)": 9.0
    }
    assert rated(read("RATING;year;name\n3,5;1995;Heat\n")) == {"Heat (1995)": 7.0}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"<!DOCTYPE html><html></html>", "is a web page"),
        (b"\x89PNG\r\n\x1a\n....", "is an image"),
        (b"\xff\xd8\xff\xe0....", "is an image"),
        (b"a\0b\0", "is not a text file"),
        (b"PK\x03\x04....", "damaged zip"),
        (b"name,age\nHeat,3\n", "has the columns 'name', 'age'"),
        (b"Date,Name,Year,Letterboxd URI\n2024-01-01,Heat,1995,u\n", "'Letterboxd URI'"),
        (b'"' * 200_000, "has the columns"),
        (b"x" * (opened.LARGEST + 1), "larger than 8 MB"),
        (zipped({"xl/workbook.xml": "x"}), "holds 'xl/workbook.xml'"),
        (zipped({}), "holds nothing"),
        (zipped({"ratings.csv": "<html>"}), "ratings.csv is a web page"),
        (zipped({"../ratings.csv/../../x/ratings.csv": RATINGS}), "neither reviews.csv nor ratings.csv"),
    ],
)
def test_another_file_is_refused_with_what_was_found_and_what_is_expected(content: bytes, said: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read_ratings(content, "C:/mine/my file.csv", MOVIES)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("members", [("ratings.csv",), ("reviews.csv", "ratings.csv")])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(members: tuple[str, ...]) -> None:
    bomb = zipped(dict.fromkeys(members, b"0" * (opened.LARGEST // len(members) + 10)))
    assert len(bomb) < 50_000
    with pytest.raises(BadInputError, match="unpacks to more than 8 MB"):
        read_ratings(bomb, "bomb.zip", MOVIES)


def test_a_zip_that_was_cut_off_or_has_a_password_is_refused() -> None:
    whole = zipped({"ratings.csv": RATINGS + "2024-01-01,Heat,1995,u,4\n" * 500})
    locked = bytearray(zipped({"ratings.csv": RATINGS}))
    locked[6] |= 1  # the flag of encryption, in the file's own header and in the table of contents
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(BadInputError, match="damaged"):
        read_ratings(whole[: len(whole) // 2], "x.zip", MOVIES)
    with pytest.raises(BadInputError, match="password"):
        read_ratings(bytes(locked), "x.zip", MOVIES)


def test_a_file_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text(RATINGS + "2024-01-01,Heat,1995,u,4\n", encoding="utf-8")
    assert rated(read_ratings(path, path.name, MOVIES)) == {"Heat (1995)": 8.0}
    with pytest.raises(BadInputError, match="cannot be read"):
        read_ratings(tmp_path / "gone.csv", "gone.csv", MOVIES)


def test_the_latest_ratings_and_reviews_are_kept_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matched, "MOST_RATINGS", 2)
    monkeypatch.setattr(matched, "MOST_REVIEWS", 1)
    told = read(
        REVIEWS
        + "2024-01-01,Heat,1995,u,4,,One.,,\n2024-01-02,Rocky II,1979,u,3,,Two.,,\n2024-01-03,Amelie,2001,u,2,,,,\n",
        "reviews.csv",
    )
    assert list(rated(told)) == ["Rocky II (1979)", "Amélie (2001)"]
    assert [review.text for review in told.reviews] == ["Two."]
    assert told.left_out == 2
    assert "oldest 2" in told.summary


def test_the_summary_is_one_line_that_names_the_first_of_what_was_left() -> None:
    films = "".join(f"2024-01-01,Unknown {n},2001,u,4\n" for n in range(5))
    told = read(f"{RATINGS}2024-01-01,Heat,1995,u,4\n2024-01-01,Heat,1995,u,6\n{films}")
    assert told.summary == (
        "Letterboxd ratings: 1 rating taken; 5 films are not here (Unknown 0 (2001), Unknown 1 (2001), "
        "Unknown 2 (2001), ...); "
        "1 line cannot be used (ratings.csv line 3: a rating is a number from 0.5 to 5, not '6')"
    )


def test_thousands_of_ratings_can_be_kept() -> None:
    films = Catalogue([Movie(f"tt{number:07}", f"Film {number}", 1950 + number % 70) for number in range(1, 3001)])
    lines = "".join(f"tt{n:07},{1 + n % 10},2024-01-01,x,,u,Movie,8,1,1990,D,1,1990-01-01,x\n" for n in range(1, 3001))
    told = read_ratings((IMDB + lines).encode(), "ratings.csv", films)
    assert len(told.ratings) == 3000 <= MOST_RATINGS
    assert MOST_REVIEWS > 0


@given(st.text(max_size=300))
def test_no_review_keeps_a_tag_that_the_page_could_obey(words: str) -> None:
    text = plain_text(f"<b>{words}</b><br/>")
    assert "<b>" not in text
    assert len(plain_text(words * 200)) <= LONGEST_REVIEW


@given(
    st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", RATINGS.encode(), REVIEWS.encode(), IMDB.encode()])
)
def test_no_bytes_do_more_than_be_read_or_refused_in_one_line(content: bytes, start: bytes) -> None:
    try:
        said = read_ratings(start + content, "x.csv", MOVIES).summary
    except BadInputError as error:
        said = str(error)
    assert "\n" not in said
