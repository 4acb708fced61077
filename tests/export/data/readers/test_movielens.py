"""Reading MovieLens folders in both layouts: what becomes of stars, ids, titles, genres, dates and rows of no use."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from matinee.errors import DatasetError
from matinee_export.data import RawDataset, clean, read_dataset
from matinee_export.data.readers import movielens

FLAGS = "0|0|0|0|0|0|1|0|1|0|0|0|0|0|0|0|1|0|0"  # Crime, Drama, Thriller
ITEMS = (
    f"1|Heat (1995)|01-Jan-1995||http://us.imdb.com/M/title-exact?Heat|{FLAGS}\n"
    f"2|Mépris, Le (1963)|01-Jan-1963||http://us.imdb.com/|{FLAGS}\n"
    f"3|unknown||||1{'|0' * 18}\n"
)
DATA = "196\t2\t3\t881250949\n186\t1\t5\t891717742\n22\t3\t1\t878887116\n"
RATINGS = "userId,movieId,rating,timestamp\n1,6,4.5,964982224\n1,2571,0.5,964981179\n2,6,5.0,1445714835\n"
MOVIES = (
    'movieId,title,genres\n6,Heat (1995),Action|Crime\n2571,"Matrix, The (1999)",Action|Sci-Fi\n'
    "99,Untold,(no genres listed)\n"
)
LINKS = "movieId,imdbId,tmdbId\n6,0113277,949\n2571,0133093,603\n"


def _hundred_k(folder: Path, data: str = DATA, items: str | None = ITEMS) -> RawDataset:
    (folder / "u.data").write_bytes(data.encode("latin-1"))
    if items is not None:
        (folder / "u.item").write_bytes(items.encode("latin-1"))
    return read_dataset(folder)


def _latest(folder: Path, ratings: str = RATINGS, movies: str | None = MOVIES, links: str | None = LINKS) -> RawDataset:
    for name, content in (("ratings.csv", ratings), ("movies.csv", movies), ("links.csv", links)):
        if content is not None:
            (folder / name).write_text(content, encoding="utf-8")
    return read_dataset(folder)


def test_stars_are_doubled_and_it_is_said(tmp_path: Path) -> None:
    raw = _hundred_k(tmp_path)
    assert raw.reviews["rating"].tolist() == [6, 10, 2]
    assert raw.noted == {"u.data: stars doubled to a rating": 3}
    assert "1 star is 2" in raw.note


def test_half_stars_make_whole_ratings_from_one(tmp_path: Path) -> None:
    assert _latest(tmp_path).reviews["rating"].tolist() == [9, 1, 10]


def test_ratings_keep_the_order_of_the_file(tmp_path: Path) -> None:
    raw = _hundred_k(tmp_path)
    assert raw.reviews["reviewer"].tolist() == ["movielens 196", "movielens 186", "movielens 22"]
    assert raw.reviews["movie_id"].tolist() == ["ml0000002", "ml0000001", "ml0000003"]
    assert raw.reviews.index.tolist() == [1, 2, 3]


def test_the_times_of_ratings_are_kept_to_the_second(tmp_path: Path) -> None:
    assert _hundred_k(tmp_path).reviews["date"].iloc[0] == pd.Timestamp("1997-12-04 15:55:49")


def test_movielens_100k_has_no_imdb_ids_and_so_no_links(tmp_path: Path) -> None:
    movies = _hundred_k(tmp_path).movies
    assert movies["movie_id"].tolist() == ["ml0000001", "ml0000002", "ml0000003"]
    assert set(movies["link"]) == {""}


def test_imdb_ids_come_from_links_where_they_are_there(tmp_path: Path) -> None:
    movies = _latest(tmp_path).movies
    assert movies["movie_id"].tolist() == ["tt0113277", "tt0133093", "ml0000099"]
    assert movies["link"].tolist() == [
        "https://www.imdb.com/title/tt0113277/",
        "https://www.imdb.com/title/tt0133093/",
        "",
    ]


def test_without_links_every_movie_has_its_movielens_number(tmp_path: Path) -> None:
    assert _latest(tmp_path, links=None).movies["movie_id"].tolist() == ["ml0000006", "ml0002571", "ml0000099"]


def test_an_imdb_id_given_twice_stays_with_the_first_movie(tmp_path: Path) -> None:
    raw = _latest(tmp_path, links="movieId,imdbId\n6,0113277\n2571,0113277\n99,none\n")
    assert raw.movies["movie_id"].tolist() == ["tt0113277", "ml0002571", "ml0000099"]
    assert raw.noted["links.csv: IMDb id shared by several movies"] == 1
    assert raw.noted["links.csv: no usable id"] == 1


def test_articles_go_to_the_front_of_a_title(tmp_path: Path) -> None:
    titles = {
        "Matrix, The (1999)": ("The Matrix", 1999),
        "Bug's Life, A (1998)": ("A Bug's Life", 1998),
        "Avventura, L' (Adventure, The) (1960)": ("L'Avventura (Adventure, The)", 1960),
        "Land Before Time III (1995) (V)": ("Land Before Time III", 1995),
        "Paris, Texas (1984)": ("Paris, Texas", 1984),
        "Good, The Bad and The Ugly, The (1966)": ("The Good, The Bad and The Ugly", 1966),
    }
    items = "".join(f"{n}|{title}|||{'|0' * 19}\n" for n, title in enumerate(titles, start=1))
    movies = _hundred_k(tmp_path, items=items).movies
    assert list(zip(movies["title"], movies["year"], strict=True)) == list(titles.values())


def test_genres_come_from_the_flags_and_unknown_is_none(tmp_path: Path) -> None:
    assert _hundred_k(tmp_path).movies["genres"].tolist() == [["Crime", "Drama", "Thriller"]] * 2 + [[]]


def test_genres_come_from_movies_csv(tmp_path: Path) -> None:
    assert _latest(tmp_path).movies["genres"].tolist() == [["Action", "Crime"], ["Action", "Sci-Fi"], []]


def test_a_title_without_a_year_takes_that_of_the_release(tmp_path: Path) -> None:
    items = f"1|Heat|15-Dec-1995||address|{FLAGS}\n2|Alien|||address|{FLAGS}\n"
    assert _hundred_k(tmp_path, items=items).movies["year"].fillna(0).tolist() == [1995, 0]


def test_without_a_table_of_movies_they_are_called_by_their_number(tmp_path: Path) -> None:
    raw = _hundred_k(tmp_path, items=None)
    assert raw.movies["title"].tolist() == ["Movie 1", "Movie 2", "Movie 3"]
    assert raw.noted["u.item: not there, movies are called by their number"] == 3


def test_rows_of_no_use_are_set_aside_and_counted(tmp_path: Path) -> None:
    bad = (
        "\t1\t4\t1\nx\t1\t4\t1\n1.5\t1\t4\t1\n1\t\t4\t1\n1\t1\tgood\t1\n1\t1\t\t1\n1\t1\t6\t1\n1\t1\t0\t1\n"
        "1\t77\t4\t1\n1\t1\t4\t1\textra\n\n"
    )
    raw = _hundred_k(tmp_path, data=bad + DATA)
    assert raw.set_aside == {
        "u.data: no reviewer": 3,
        "u.data: no movie": 1,
        "u.data: rating is not a number": 2,
        "u.data: rating outside 0.5 to 5 stars": 2,
        "u.data: unknown movie": 1,
        "u.data: wrong number of fields": 1,
    }
    assert raw.reviews.index.tolist() == [11, 12, 13]


def test_a_rating_without_a_time_is_still_a_rating(tmp_path: Path) -> None:
    raw = _hundred_k(tmp_path, data="1\t1\t4\tlong ago\n2\t1\t4\n" + DATA)
    assert raw.reviews["date"].isna().tolist() == [True, True, False, False, False]
    assert raw.noted["u.data: date not understood"] == 2


def test_movies_of_no_use_are_set_aside_and_counted(tmp_path: Path) -> None:
    raw = _hundred_k(tmp_path, items=f"{ITEMS}4|No flags\nfive|Five|||{'|0' * 19}\n6||||{'|0' * 19}\n")
    assert raw.set_aside == {
        "u.item: wrong number of fields": 1,
        "u.item: no usable id": 1,
        "u.item: no title": 1,
    }


def test_blocks_do_not_change_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ratings = RATINGS + "3,6,x,1\n3,2571,3.5,\n" + "".join(f"{user},6,4.0,{user}\n" for user in range(4, 30))
    whole = _latest(tmp_path, ratings)
    monkeypatch.setattr(movielens, "_BLOCK", 3)
    blocked = read_dataset(tmp_path)
    pd.testing.assert_frame_equal(blocked.reviews, whole.reviews)
    assert (blocked.set_aside, blocked.noted) == (whole.set_aside, whole.noted)


def test_columns_of_ratings_csv_may_stand_in_any_order(tmp_path: Path) -> None:
    raw = _latest(tmp_path, "timestamp,rating,user_id,mood,movie_id\n964982224,4.5,1,fine,6\n")
    assert raw.reviews[["reviewer", "movie_id", "rating"]].to_numpy().tolist() == [["movielens 1", "tt0113277", 9.0]]


def test_the_frames_are_those_of_every_dataset(tmp_path: Path) -> None:
    own, foreign = tmp_path / "own", tmp_path / "foreign"
    own.mkdir()
    foreign.mkdir()
    (own / "movies.csv").write_text("imdbId,Title\n113277,Heat (1995)\n", encoding="utf-8")
    (own / "reviews.csv").write_text("reviewer,movie,rating,text\nann,Heat (1995),8,Long.\n", encoding="utf-8")
    ours, theirs = read_dataset(own), _hundred_k(foreign)
    for kind in ("movies", "reviews"):
        assert getattr(theirs, kind).dtypes.astype(str).to_dict() == getattr(ours, kind).dtypes.astype(str).to_dict()


def test_a_folder_with_reviews_is_no_movielens_folder(tmp_path: Path) -> None:
    (tmp_path / "ratings.csv").write_text(RATINGS, encoding="utf-8")
    (tmp_path / "movies.csv").write_text("imdbId,Title\n113277,Heat (1995)\n", encoding="utf-8")
    (tmp_path / "reviews.csv").write_text("reviewer,movie,rating,text\nann,Heat (1995),8,Long.\n", encoding="utf-8")
    assert read_dataset(tmp_path).reviews["reviewer"].tolist() == ["ann"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            "",
            r"no row of u.data can be used \(it has none\); expected user, movie, stars and seconds with tabs between",
        ),
        ("1,2,3,4\n", r"no row of u.data can be used \(1 no reviewer\); expected user, movie, stars and seconds"),
        (
            "1" + "\t1" * 20 + "\n",
            "u.data cannot be read .*; expected user, movie, stars and seconds with tabs between",
        ),
        ("1\t77\t4\t1\n", r"no row of u.data can be used \(1 unknown movie\)"),
    ],
)
def test_a_u_data_that_is_none_is_refused(tmp_path: Path, data: str, message: str) -> None:
    with pytest.raises(DatasetError, match=message) as caught:
        _hundred_k(tmp_path, data=data)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"ratings": "userId,rating,timestamp\n1,4,1\n"}, "ratings.csv has no column for the movie"),
        (
            {"ratings": "userId,movieId,rating,timestamp\n"},
            r"no row of ratings.csv can be used \(it has none\); expected userId,movieId,rating,timestamp",
        ),
        ({"movies": "imdbId,Title\n113277,Heat (1995)\n"}, "movies.csv has no column for the movie"),
        ({"links": "movieId,tmdbId\n6,949\n"}, "links.csv has no column for the IMDb id"),
        ({"ratings": "PK\x03\x04"}, "ratings.csv is not a CSV file but a ZIP archive"),
    ],
)
def test_a_table_that_is_not_in_its_layout_is_refused(tmp_path: Path, files: dict[str, str], message: str) -> None:
    with pytest.raises(DatasetError, match=message) as caught:
        _latest(tmp_path, **files)
    assert "\n" not in str(caught.value)


def test_movielens_100k_is_read_whole(ml_100k: Path) -> None:
    raw = read_dataset(ml_100k)
    dataset = clean(raw)
    assert raw.set_aside == {}
    assert (len(dataset.reviews), len(dataset.movies), dataset.reviews["user"].nunique()) == (100_000, 1682, 943)
    stars = np.bincount((raw.reviews["rating"] / 2).astype(int), minlength=6)
    assert stars.tolist() == [0, 6110, 11370, 27145, 34174, 21201]
    assert dataset.movies["year"].isna().sum() == 1
    dates = raw.reviews["date"].dt.date.astype(str)
    assert (dates.min(), dates.max()) == ("1997-09-20", "1998-04-22")
    assert sum("Drama" in genres for genres in dataset.movies["genres"]) == 725
