"""A taste in a link."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.catalogue import Catalogue, Movie
from matinee.errors import BadInputError
from matinee.taste import Poster, Rating, Review, Taste
from matinee.titles import name_of
from matinee.where import Where
from matinee_demo.share import LONGEST, LONGEST_REVIEW, MOST_REVIEWS, decode, encode

MOVIES = Catalogue(
    [
        Movie("tt0113277", "Heat", 1995, ("Crime", "Drama"), liked=9),
        Movie("tt10872600", "Spider-Man: No Way Home", 2021, ("Action",)),
        Movie("tt0000001", "Twin", 2001, liked=5),
        Movie("tt0000002", "Twin", 2001, liked=4),
        Movie("local/7é", "Home Film", None),
        Movie("tt12", "Short Id", 1950),
    ]
)
NAMES = [name_of(MOVIES, row) for row in range(len(MOVIES))]

ratings_of_films = st.one_of(st.integers(1, 10).map(float), st.floats(1, 10))
tastes = st.builds(
    Taste,
    reviews=st.lists(
        st.builds(
            Review,
            text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(str.strip),
            movie=st.none() | st.sampled_from(NAMES),
            rating=st.none() | ratings_of_films,
        ),
        max_size=4,
    ).map(tuple),
    ratings=st.lists(
        st.builds(Rating, movie=st.sampled_from(NAMES), rating=ratings_of_films), unique_by=lambda r: r.movie
    ).map(tuple),
)
wheres = st.builds(
    Where,
    genres=st.lists(st.sampled_from(MOVIES.genres), unique=True).map(lambda names: tuple(sorted(names))),
    years=st.tuples(st.none() | st.integers(1890, 1990), st.none() | st.integers(1990, 2030)),
    min_score=st.none() | st.floats(0, 10),
)


def _text(data: Any) -> str:  # noqa: ANN401 - anything that JSON can hold
    packed = zlib.compress(json.dumps(data).encode())
    return "1." + base64.urlsafe_b64encode(packed).decode().rstrip("=")


@given(tastes, wheres)
def test_what_is_put_into_a_link_comes_out_of_it(taste: Taste, where: Where) -> None:
    link = encode(taste, MOVIES, where)
    opened = decode(link.text, MOVIES)
    assert (opened.taste, opened.where) == (taste, where)
    assert link.note == opened.note == ""


@given(tastes)
def test_a_link_has_only_characters_that_no_address_changes_and_is_never_too_long(taste: Taste) -> None:
    assert re.fullmatch(r"[A-Za-z0-9._-]+", encode(taste, MOVIES).text)
    assert len(encode(taste, MOVIES).text) <= LONGEST


def test_posters_are_not_shared_and_are_counted() -> None:
    link = encode(Taste(posters=(Poster(b"x"), Poster(b"y"))), MOVIES)
    assert link.note == "not in the link: 2 posters"
    assert not decode(link.text, MOVIES).taste


def test_the_latest_of_too_many_ratings_are_kept_and_the_others_counted() -> None:
    films = Catalogue([Movie(f"tt{7919 * n % 10**7:07}", f"Film {n}", 1900 + n % 100) for n in range(1, 3001)])
    taste = Taste(ratings=tuple(Rating(movie.id, 1 + row % 10) for row, movie in enumerate(films)))
    link = encode(taste, films)
    kept = decode(link.text, films).taste.ratings
    assert LONGEST - 20 < len(link.text) <= LONGEST
    assert [r.rating for r in kept] == [r.rating for r in taste.ratings[-len(kept) :]]
    assert link.note == f"not in the link: {3000 - len(kept):,} ratings"
    assert len(kept) > 500


def test_long_and_many_reviews_are_bounded() -> None:
    words = "".join(chr(0x4E00 + 7919 * n % 20_000) for n in range(3000))
    taste = Taste(reviews=tuple(Review(f"{n}{words[7 * n :]}") for n in range(MOST_REVIEWS + 5)))
    link = encode(taste, MOVIES)
    kept = decode(link.text, MOVIES).taste.reviews
    assert len(link.text) <= LONGEST
    assert [review.text for review in kept] == [r.text[:LONGEST_REVIEW] for r in taste.reviews[-len(kept) :]]
    assert link.note == f"not in the link: {len(taste.reviews) - len(kept)} reviews"


def test_a_lone_surrogate_becomes_a_question_mark() -> None:
    assert decode(encode(Taste((Review("a\ud800b"),)), MOVIES).text, MOVIES).taste.reviews[0].text == "a?b"


def test_films_and_genres_that_are_not_here_are_left_out_and_counted() -> None:
    opened = decode(
        _text({"r": [[113277, 9], [99, 8], ["nothing", 7]], "t": [["Tense.", 99, 8]], "g": ["Crime", "Opera"]}), MOVIES
    )
    assert opened.taste == Taste((Review("Tense.", None, 8),), (Rating("Heat (1995)", 9),))
    assert opened.where == Where(genres=("Crime",))
    assert opened.note == "in the link but not known here: 2 ratings, 1 genre"


@pytest.mark.parametrize(
    "data",
    [
        {"r": 5, "t": "x", "g": {}, "y": 7, "s": "x"},
        {"r": [5, [], [113277], [113277, "x"], [113277, 99], [113277, 10**400], [[1], 5], [10**300, 5], [None, 5]]},
        {"t": [5, [], ["x"], [7, None, 5], [["x"], None, 5], ["  ", None, 5], ["x", None, 11], ["x", None, []]]},
        {"g": [5, [], None, "x"], "y": [2000, 1990], "s": 11},
        {"y": [10**30, None], "s": float("nan")},
        {"y": [1.5, None], "s": -1},
    ],
)
def test_wrong_values_are_left_out(data: dict[str, Any]) -> None:
    opened = decode(_text(data), MOVIES)
    assert not opened.taste
    assert opened.where == Where()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no taste that can be read"),
        ("hello", "no taste that can be read"),
        ("1.", "no taste that can be read"),
        ("1.e<script>", "no taste that can be read"),
        ("1." + "A" * 3 * LONGEST, "no taste that can be read"),
        ("2.abcd", "format 2"),
        ("1.abcde", "damaged"),
        ("1.AAAA", "damaged"),
        (_text([]), "damaged"),
        (_text(5), "damaged"),
        ("1." + base64.urlsafe_b64encode(zlib.compress(b"{")).decode().rstrip("="), "damaged"),
        ("1." + base64.urlsafe_b64encode(zlib.compress(b"[" * 100_000)).decode().rstrip("="), "damaged"),
        ("1." + base64.urlsafe_b64encode(zlib.compress(b" " * 5_000_000)).decode().rstrip("="), "damaged"),
    ],
)
def test_what_is_not_a_link_is_refused_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(BadInputError, match=said) as caught:
        decode(text, MOVIES)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


@given(tastes.filter(bool), st.data())
def test_a_link_that_was_cut_off_is_refused(taste: Taste, data: st.DataObject) -> None:
    text = encode(taste, MOVIES).text
    with pytest.raises(BadInputError):
        decode(text[: data.draw(st.integers(0, len(text) - 2))], MOVIES)


@given(st.text(max_size=50), st.recursive(st.none() | st.integers() | st.floats() | st.text(), st.lists))
def test_nothing_in_a_link_does_more_than_be_read_or_refused(key: str, value: object) -> None:
    for text in (key, "1." + key, _text({key: value, "r": value, "t": [value], "g": value, "y": value, "s": value})):
        try:
            note = decode(text, MOVIES).note
        except BadInputError as error:
            note = str(error)
        assert "\n" not in note
