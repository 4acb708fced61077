"""Cleaning drops duplicates, imputes missing ratings and numbers movies and reviewers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee_export.data import Dataset, clean, impute, read_dataset

MOVIES = ["imdbId,Title", "300,Ran (1985)", "100,Heat (1995)", "200,Alien (1979)"]
REVIEWS = [
    "review_id,reviewer,movie,rating,review_detail",
    "a,zoe,Ran (1985),9,Loud.",
    "b,ann,Heat (1995),8,",
    "c,bob,Heat (1995),5,Long.",
    "d,bob,Ran (1985),,Sad.",
    "e,zoe,Alien (1979),,Dark.",
]


def cleaned(folder: Path, movies: list[str] = MOVIES, reviews: list[str] = REVIEWS) -> Dataset:
    (folder / "movies.csv").write_text("\n".join(movies), encoding="utf-8")
    (folder / "reviews.csv").write_text("\n".join(reviews), encoding="utf-8")
    return clean(read_dataset(folder))


def test_movies_are_sorted_by_id_and_reviews_keep_the_files_order(tmp_path: Path) -> None:
    data = cleaned(tmp_path)
    assert data.movies["movie_id"].tolist() == ["tt0000100", "tt0000200", "tt0000300"]
    assert data.movies.index.tolist() == [0, 1, 2]
    assert data.reviews["review_id"].tolist() == ["a", "b", "c", "d", "e"]
    assert data.reviews["movie"].tolist() == [2, 0, 0, 2, 1]
    assert data.reviews.index.tolist() == [0, 1, 2, 3, 4]


def test_reviewers_are_numbered_in_the_order_of_their_names(tmp_path: Path) -> None:
    reviews = cleaned(tmp_path).reviews
    assert reviews["user"].tolist() == [2, 0, 1, 1, 2]
    assert reviews["reviewer"].cat.categories.tolist() == ["ann", "bob", "zoe"]


def test_columns_have_the_types_that_are_promised(tmp_path: Path) -> None:
    types = {name: str(dtype) for name, dtype in cleaned(tmp_path).reviews.dtypes.items()}
    expected = {"review_id": "object", "reviewer": "category", "user": "int32", "movie": "int32", "rating": "float32"}
    expected |= {"imputed": "bool", "summary": "object", "text": "object", "date": "datetime64[s]", "spoiler": "Int8"}
    assert types == expected | {"helpful": "int32", "helpful_of": "int32"}


def test_a_missing_rating_becomes_the_movies_mean_and_is_marked(tmp_path: Path) -> None:
    reviews = cleaned(tmp_path).reviews
    assert reviews["imputed"].tolist() == [False, False, False, True, True]
    assert reviews["rating"].tolist()[3] == 9


def test_a_movie_without_a_rating_takes_the_mean_of_all_ratings(tmp_path: Path) -> None:
    assert cleaned(tmp_path).reviews["rating"].tolist()[4] == pytest.approx((9 + 8 + 5) / 3)


def test_duplicate_rows_are_dropped_and_counted(tmp_path: Path) -> None:
    data = cleaned(tmp_path, [*MOVIES, MOVIES[1]], [*REVIEWS, REVIEWS[1], REVIEWS[1].replace(",9,", ", 9.0,")])
    assert data.set_aside == {"movies.csv: duplicate row": 1, "reviews.csv: duplicate row": 2}
    assert len(data.movies) == 3
    assert len(data.reviews) == 5


def test_a_movie_listed_twice_keeps_its_first_row(tmp_path: Path) -> None:
    data = cleaned(tmp_path, [*MOVIES, "tt0000100,Heat Again (1996)"])
    assert data.movies["title"].tolist() == ["Heat", "Alien", "Ran"]


def test_two_reviews_that_differ_in_anything_are_both_kept(tmp_path: Path) -> None:
    assert len(cleaned(tmp_path, reviews=[*REVIEWS, REVIEWS[1].replace("a,zoe", "f,zoe")]).reviews) == 6


def test_without_ids_a_review_is_named_by_its_row_and_duplicates_are_still_found(tmp_path: Path) -> None:
    rows = [row.partition(",")[2] for row in [*REVIEWS[:3], REVIEWS[1], REVIEWS[4]]]
    data = cleaned(tmp_path, reviews=rows)
    assert data.reviews["review_id"].tolist() == ["row-1", "row-2", "row-4"]


def test_votes_that_were_not_given_are_zero(tmp_path: Path) -> None:
    reviews = cleaned(tmp_path).reviews
    assert reviews["helpful"].tolist() == reviews["helpful_of"].tolist() == [0] * 5


def test_imputing_from_training_rows_alone_keeps_test_ratings_out() -> None:
    rating = np.array([4, 8, 10, 2], dtype=np.float32)
    movie = np.array([0, 0, 0, 1], dtype=np.int32)
    given_in_training = np.array([True, False, False, True])
    assert impute(rating, movie, given_in_training).tolist() == [4, 4, 4, 2]


@given(st.lists(st.tuples(st.integers(1, 10), st.integers(0, 5), st.booleans()), min_size=1))
def test_imputed_ratings_lie_among_the_given_ones(rows: list[tuple[int, int, bool]]) -> None:
    rating = np.array([row[0] for row in rows], dtype=np.float32)
    movie = np.array([row[1] for row in rows], dtype=np.int32)
    known = np.array([row[2] for row in rows]) | (np.arange(len(rows)) == 0)
    result = impute(np.where(known, rating, np.nan).astype(np.float32), movie, known)
    assert (result[known] == rating[known]).all()
    assert rating[known].min() <= result.min()
    assert result.max() <= rating[known].max()
