"""A dataset that cannot be read is one sentence: the file, the column, what was found and what was expected."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from matinee.errors import DatasetError
from matinee_export.data import clean, read_dataset

MOVIES = "imdbId,Title\n113277,Heat (1995)\n"
REVIEWS = "reviewer,movie,rating,review_detail\nann,Heat (1995),8,Long.\n"
LAYOUT = (
    "a dataset folder holds movies.csv, reviews.csv and posters/, or u.data of MovieLens, or ratings.csv of MovieLens"
)


def error_of(folder: Path, movies: str | bytes | None = MOVIES, reviews: str | bytes | None = REVIEWS) -> str:
    """Return the message that reading a folder with these files ends with; it is one line."""
    for name, content in (("movies.csv", movies), ("reviews.csv", reviews)):
        if content is not None:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DatasetError) as caught:
        clean(read_dataset(folder))
    message = str(caught.value)
    assert "\n" not in message
    return message.replace(str(folder), "FOLDER")


def test_the_folder_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=f"^{re.escape(str(tmp_path / 'nowhere'))} is not there; {LAYOUT}$"):
        read_dataset(tmp_path / "nowhere")


def test_the_folder_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatasetError, match=f"is not a folder; {LAYOUT}$"):
        read_dataset(tmp_path / "file")


def test_the_folder_is_empty(tmp_path: Path) -> None:
    assert error_of(tmp_path, None, None) == f"there is no movies.csv in FOLDER; found no files; {LAYOUT}"


def test_a_file_has_another_name(tmp_path: Path) -> None:
    (tmp_path / "Review.csv").touch()
    assert error_of(tmp_path, reviews=None) == (
        f"there is no reviews.csv in FOLDER; found Review.csv, movies.csv (rename 'Review.csv'?); {LAYOUT}"
    )


@pytest.mark.parametrize("content", ["", " \n\n", "\ufeff"])
def test_a_file_is_empty(tmp_path: Path, content: str) -> None:
    assert error_of(tmp_path, reviews=content) == "reviews.csv is empty; expected a CSV file with a header line"


def test_a_file_has_no_header_in_its_first_line(tmp_path: Path) -> None:
    assert error_of(tmp_path, reviews=",,\n1,2,3\n") == (
        "reviews.csv has no header in its first line; expected column names separated by commas"
    )


def test_a_file_has_a_header_and_nothing_else(tmp_path: Path) -> None:
    assert error_of(tmp_path, reviews=REVIEWS.splitlines()[0]) == (
        "reviews.csv has a header and no rows; expected one row for each entry"
    )


def test_a_column_is_missing_and_the_nearest_found_is_named(tmp_path: Path) -> None:
    assert error_of(tmp_path, reviews=REVIEWS.replace("rating", "raiting")) == (
        "reviews.csv has no column for the rating (expected 'rating', 'review_rating', 'user_rating', 'stars', "
        "'score', 'review_score', 'rate', nearest found 'raiting'); "
        "found 'reviewer', 'movie', 'raiting', 'review_detail'"
    )


def test_several_columns_are_missing(tmp_path: Path) -> None:
    message = error_of(tmp_path, movies="a,b\n1,2\n")
    assert message.startswith("movies.csv has no column for the id (expected 'imdbId', 'imdb', 'tconst', ")
    assert " and none for the title (expected 'Title', 'movie_title', " in message
    assert message.endswith("; found 'a', 'b'")


def test_a_byte_order_mark_is_not_shown_as_part_of_a_column(tmp_path: Path) -> None:
    assert error_of(tmp_path, movies="\ufeffa,b\n1,2\n").endswith("; found 'a', 'b'")


def test_the_columns_are_separated_by_semicolons(tmp_path: Path) -> None:
    assert error_of(tmp_path, movies=MOVIES.replace(",", ";")).endswith(
        "found 'imdbId;Title'; it seems to be separated by ';', save it with commas"
    )


def test_a_web_page_was_saved_instead(tmp_path: Path) -> None:
    message = error_of(tmp_path, movies="<!DOCTYPE html>\n<html><body>Sign in</body></html>\n")
    assert message.startswith("movies.csv has no column for the id (")
    assert message.endswith("; found '<!DOCTYPE html>'")


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"PK\x03\x04rest", "a ZIP archive or an Excel file"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"PAR1....", "a Parquet file"),
        (b"\x89PNG\r\n", "a PNG image"),
        ("reviewer,movie".encode("utf-16"), "UTF-16 text"),
        (b"some\x00bytes", "binary data"),
    ],
)
def test_a_file_is_something_else_than_csv(tmp_path: Path, start: bytes, kind: str) -> None:
    assert error_of(tmp_path, reviews=start) == f"reviews.csv is not a CSV file but {kind}; save it as CSV in UTF-8"


def test_a_quote_is_never_closed(tmp_path: Path) -> None:
    assert error_of(tmp_path, reviews=REVIEWS + 'bob,Heat (1995),8,"Long\nann,Heat (1995),7,\n') == (
        "reviews.csv is not a CSV file: the row that begins on line 3 cannot be read (unexpected end of data); "
        "expected commas between fields and quotes doubled inside quoted ones"
    )


def test_a_quote_is_not_doubled(tmp_path: Path) -> None:
    message = error_of(tmp_path, reviews=REVIEWS + 'bob,Heat (1995),8,"He said "no" to me"\n')
    assert message.startswith(
        "reviews.csv is not a CSV file: the row that begins on line 3 cannot be read (',' expected"
    )


def test_a_file_is_not_utf_8(tmp_path: Path) -> None:
    assert error_of(tmp_path, movies=MOVIES.encode() + "1,Amélie (2001)\n".encode("latin-1")) == (
        "movies.csv is not UTF-8 text: it has the byte 0xe9 after line 1; save it as CSV in UTF-8"
    )


def test_a_file_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "reviews.csv").mkdir()
    assert error_of(tmp_path, reviews=None) == f"there is no reviews.csv in FOLDER; found movies.csv; {LAYOUT}"


def test_no_movie_can_be_used(tmp_path: Path) -> None:
    assert error_of(tmp_path, movies="imdbId,Title\nx,Heat\n,\n7,\n") == (
        "no row of movies.csv can be used (2 no usable id, 1 no title); each needs an IMDb id and a title"
    )


def test_no_review_can_be_used(tmp_path: Path) -> None:
    assert error_of(tmp_path, reviews=REVIEWS.replace("Heat", "Hate")) == (
        "no row of reviews.csv can be used (1 unknown movie); each needs a reviewer, a movie of movies.csv, and a "
        "rating from 1 to 10 or a text"
    )


def test_no_review_has_a_rating(tmp_path: Path) -> None:
    assert error_of(tmp_path, reviews=REVIEWS.replace(",8,", ",,")) == (
        "reviews.csv has no rating from 1 to 10 in any row; expected some in its rating column"
    )


def test_reviews_name_movies_by_an_id_that_is_not_the_imdb_id(tmp_path: Path) -> None:
    message = error_of(
        tmp_path,
        movies="movieId,imdbId,Title\n6,113277,Heat (1995)\n",
        reviews="reviewer,movieId,rating,text\nann,6,8,\n",
    )
    assert message == (
        "reviews.csv names movies by 'movieId', but movies.csv has both 'movieId' and 'imdbId', and takes 'imdbId' for "
        "the IMDb id; give reviews.csv a column 'imdbId', or remove its 'movieId'"
    )


@pytest.mark.parametrize("content", ["{", "[]", '{"name": 3}', '{"made_up": "yes"}'])
def test_dataset_json_is_not_understood(tmp_path: Path, content: str) -> None:
    (tmp_path / "dataset.json").write_text(content)
    assert error_of(tmp_path).startswith("dataset.json is not ")
