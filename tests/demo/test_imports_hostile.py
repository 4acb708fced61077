"""Exports made to exhaust or to mislead: read up to the limits, in little time and memory, or refused."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile

import pytest
from tests.demo.test_imports import IMDB, MOVIES, RATINGS, REVIEWS, rated, read, zipped

from matinee.errors import BadInputError
from matinee_demo.imports import exported, matched, opened, read_ratings


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "line", "said"),
    [
        ("ratings.csv", "a,b\n", "15,000 lines cannot be used"),  # 4.9 million lines in 19 KB were 14.6 s and 1.3 GB
        ("ratings.csv", "x\n", "15,000 lines cannot be used"),
        ("ratings.csv", "\n", "0 ratings taken; the last"),
        ("ratings.csv", ",,,,,\n", "0 ratings taken; the last"),
        ("ratings.csv", ",Heat,1995,,1\n", "1 rating taken"),
        ("ratings.csv", f",{'ﷺ' * 30},1995,,1\n", "1 film is not here"),
        ("ratings.csv", f",{'a, ' * 60},1995,,1\n", "15,000 lines cannot be used"),
        ("ratings.csv", '"x\n', "15,000 lines cannot be used"),
        ("ratings.csv", '"\n', "0 ratings taken; the last"),
        ("ratings.csv", '","\n', "15,000 lines cannot be used"),
        ("ratings.csv", "," * 99_900 + "\n", "0 ratings taken"),
        ("ratings.csv", "," * 8_000_000, "1 line cannot be used"),
        ("ratings.csv", "x" * 8_000_000, "1 line cannot be used"),
        ("reviews.csv", f"{'&abcdefghijklmnopqrstuvwxyzabcdef' * 10},Heat,1995,,\n", "0 ratings taken"),
        ("reviews.csv", f",Heat,1995,,,,{'<br ' * 8_000},,\n", "1 review of films that are here"),
    ],
)
def test_a_table_of_the_worst_lines_is_read_only_up_to_the_limits(table: str, line: str, said: str) -> None:
    head = REVIEWS if table == "reviews.csv" else RATINGS
    lines = (line * (opened.LARGEST // len(line.encode())))[: opened.LARGEST - 400]
    bomb = zipped({table: (head + lines).encode()[: opened.LARGEST]})
    start = time.perf_counter()
    tracemalloc.start()
    told = read_ratings(bomb, "bomb.zip", MOVIES)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert said in told.summary
    assert len(told.summary) < 1000
    assert len(told.bad_rows) <= 3
    assert peak < 100e6
    assert time.perf_counter() - start < 20  # a second where nothing traces it; millions of rows would be minutes


def test_what_came_after_the_last_row_that_is_read_is_counted() -> None:
    rows = "2024-01-01,Heat,1995,u,4\n" * exported.MOST_ROWS
    assert "not read" not in read(RATINGS + rows).summary
    assert read(RATINGS + rows + "2024-01-01,Rocky II,1979,u,4\n\n").summary == (
        "Letterboxd ratings: 1 rating taken; the last 2 lines not read"
    )
    assert read(RATINGS + rows + "2024-01-01,Rocky II,1979,u,4").unread == 1
    assert read((RATINGS + rows + "2024-01-01,Rocky II,1979,u,4\n").replace("\n", "\r")).unread == 1


def test_titles_that_are_not_here_are_counted_and_the_first_kept() -> None:
    told = read(RATINGS + "".join(f"2024-01-01,Unknown {n},2001,u,4\n" for n in range(1_000)))
    assert told.more_unmatched == 700
    assert told.unmatched == tuple(f"Unknown {n} (2001)" for n in range(matched.LISTED))


def test_the_tables_of_a_zip_are_found_however_their_folder_is_written() -> None:
    for name in ("./ratings.csv", "letterboxd//ratings.csv", "letterboxd/./ratings.csv"):
        told = read_ratings(zipped({name: RATINGS + "2024-01-01,Heat,1995,u,4\n"}), "x.zip", MOVIES)
        assert rated(told) == {"Heat (1995)": 8.0}


def test_a_zip_of_thousands_of_files_or_with_unusual_compression_is_refused() -> None:
    with pytest.raises(BadInputError, match="a zip of more than 2,000 files"):
        read_ratings(zipped({f"{n}/ratings.csv": "" for n in range(opened.MOST_MEMBERS + 1)}), "x.zip", MOVIES)
    for packing in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", packing) as archive:
            archive.writestr("ratings.csv", RATINGS)
        with pytest.raises(BadInputError, match="unusual compression"):
            read_ratings(file.getvalue(), "x.zip", MOVIES)


def test_no_name_breaks_the_line_or_changes_the_direction_of_what_follows() -> None:
    dark = "a\u202eb\x00\x1b\ud800\n\u2028c"
    told = read(
        f'{RATINGS}2024-01-01,"{dark.replace(chr(0xD800), "")}",2001,u,4\n2024-01-01,Heat,1995,u,x\n'.replace("\0", "")
    )
    assert told.unmatched == ("ab c (2001)",)
    with pytest.raises(BadInputError) as caught:
        read_ratings(b"a,b\n", f"{dark * 100}.csv", MOVIES)
    assert str(caught.value).startswith("ab cab c")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


def test_long_ids_and_numbers_of_characters_stay_short_and_harmless() -> None:
    told = read(f"{IMDB}{'tt' + '0' * 5_000}x,8,2024-01-01,,,u,Movie,8,1,2001,D,1,2001-01-01,x\n")
    assert len(told.summary) < 200
    review = f"&#{'9' * 5_000}; fine"  # Python refuses to read so long a number
    told = read(f"{REVIEWS}2024-01-01,Heat,1995,u,4,,{review},,\n", "reviews.csv")
    assert told.reviews[0].text == review
