"""A visitor's taste: what goes into it and out of it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from matinee.catalogue import Catalogue, Movie
from matinee.errors import BadImageError, BadInputError, BadRatingError, BadTextError, UnknownNameError
from matinee.taste import Rating
from matinee_demo.imports import Imported
from matinee_demo.taste_list import LINES, render_taste_list
from matinee_demo.visitor import (
    KEPT_ASPECT,
    KEPT_SIDE,
    MOST,
    Visitor,
    keys,
    verdicts_of,
    with_imported,
    with_poster,
    with_rating,
    with_review,
    with_verdict,
    without,
)

Change = Callable[[Visitor], Visitor]

MOVIES = Catalogue(
    [
        Movie("tt0113277", "Heat", 1995, liked=9),
        Movie("tt0133093", "The Matrix", 1999, liked=8),
        Movie("tt0000001", "Twin", 2001, liked=5),
        Movie("tt0000002", "Twin", 2001, liked=4),
    ]
)


def _file(size: tuple[int, int] = (40, 60), kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, kind)
    return file.getvalue()


def test_a_review_keeps_its_words_its_film_under_the_catalogues_name_and_its_rating() -> None:
    review = with_review(Visitor(), MOVIES, "Tense.", "heat", 9).taste.reviews[0]
    assert (review.text, review.movie, review.rating) == ("Tense.", "Heat (1995)", 9.0)


def test_a_review_needs_neither_film_nor_rating() -> None:
    review = with_review(Visitor(), MOVIES, "Tense.").taste.reviews[0]
    assert review.movie is None
    assert review.rating is None


def test_the_same_review_counts_once() -> None:
    once = with_review(Visitor(), MOVIES, "Tense.")
    assert with_review(once, MOVIES, "Tense.").taste == once.taste


def test_rating_a_film_again_replaces_its_rating() -> None:
    visitor = with_rating(with_rating(Visitor(), MOVIES, "Heat", 9), MOVIES, "heat (1995)", 4)
    assert [(r.movie, r.rating) for r in visitor.taste.ratings] == [("Heat (1995)", 4.0)]


def test_of_two_films_with_the_same_name_and_year_the_less_liked_is_kept_by_its_id() -> None:
    visitor = with_rating(Visitor(), MOVIES, "tt0000002", 8)
    assert visitor.taste.ratings[0].movie == "tt0000002"


def test_a_large_poster_is_reduced_and_gets_a_thumbnail() -> None:
    visitor = with_poster(Visitor(), _file((1000, 1500)), "mine.png")
    image = visitor.taste.posters[0].image
    assert isinstance(image, Image.Image)
    assert image.size == (KEPT_SIDE, KEPT_SIDE * 3 // 2)
    assert visitor.thumbnails[0].startswith("data:image/jpeg;base64,")
    assert len(visitor.thumbnails[0]) < 20_000


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda v: with_review(v, MOVIES, "  "), BadTextError),
        (lambda v: with_review(v, MOVIES, "Tense.", "Heat", 11), BadRatingError),
        (lambda v: with_review(v, MOVIES, "Tense.", "Qqqq zzzz"), BadInputError),
        (lambda v: with_rating(v, MOVIES, "", 8), BadInputError),
        (lambda v: with_rating(v, MOVIES, "Matrox", 8), UnknownNameError),
        (lambda v: with_rating(v, MOVIES, "Heat", 0), BadRatingError),
        (lambda v: with_poster(v, b"no image", "x"), BadImageError),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(change: Change, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        change(Visitor())
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


def test_a_taste_is_limited() -> None:
    visitor = Visitor()
    for number in range(MOST["reviews"]):
        visitor = with_review(visitor, MOVIES, f"Review {number}")
    with pytest.raises(BadInputError, match=f"at most {MOST['reviews']} reviews"):
        with_review(visitor, MOVIES, "one too many")


def test_a_poster_goes_together_with_its_thumbnail() -> None:
    visitor = with_poster(with_poster(Visitor(), _file(), "a", "one"), _file(), "b", "two")
    left = without(visitor, "posters", keys(visitor, "posters")[0])
    assert [p.label for p in left.taste.posters] == ["b"]
    assert left.thumbnails == ("two",)


@given(kind=st.text(max_size=12) | st.sampled_from(sorted(MOST)), key=st.text(max_size=12))
def test_removing_what_is_not_there_changes_nothing(kind: str, key: str) -> None:
    visitor = with_rating(Visitor(), MOVIES, "Heat", 9)
    assert without(visitor, kind, key).taste == visitor.taste


def test_things_keep_their_keys_when_others_are_removed() -> None:
    visitor = with_rating(with_rating(Visitor(), MOVIES, "Heat", 9), MOVIES, "The Matrix", 8)
    first, second = keys(visitor, "ratings")
    for order in ((first, second), (second, first)):
        left = visitor
        for key in order:
            left = without(left, "ratings", key)
        assert not left


def test_the_list_shows_everything_with_a_named_button_to_remove_it() -> None:
    visitor = with_poster(with_rating(with_review(Visitor(), MOVIES, "Tense."), MOVIES, "Heat", 9), _file(), "mine.png")
    html = render_taste_list(with_verdict(visitor, MOVIES, "tt0133093", "seen"), MOVIES, undo=True)
    for kind, name in (
        ("reviews", "the review"),
        ("ratings", "the rating of Heat (1995)"),
        ("posters", "your poster mine.png"),
        ("seen", "The Matrix (1999) from what you have seen"),
    ):
        assert re.search(f'data-kind="{kind}" data-key="[0-9a-f]{{8}}" aria-label="Remove {re.escape(name)}"', html)


@given(st.text(min_size=1).filter(str.strip))
def test_no_words_of_a_visitor_become_markup(words: str) -> None:
    html = render_taste_list(
        with_review(Visitor(), MOVIES, f"<script>{words}</script><b onclick=x>"), MOVIES, undo=False
    )
    shown = html.split("<q>")[1].split("</q>")[0]
    assert "<" not in shown
    assert ">" not in shown


def test_a_verdict_is_liked_not_for_me_or_seen_and_the_same_again_takes_it_back() -> None:
    liked = with_verdict(Visitor(), MOVIES, "tt0113277", "liked")
    assert [(r.movie, r.rating) for r in liked.taste.ratings] == [("Heat (1995)", 9.0)]
    disliked = with_verdict(liked, MOVIES, "tt0113277", "not")
    assert [(r.movie, r.rating) for r in disliked.taste.ratings] == [("Heat (1995)", 2.0)]
    seen = with_verdict(disliked, MOVIES, "tt0113277", "seen")
    assert seen.seen == ("tt0113277",)
    assert not seen.taste
    assert not with_verdict(seen, MOVIES, "tt0113277", "seen")


def test_verdicts_come_from_ratings_and_from_seen_films() -> None:
    visitor = with_verdict(
        with_rating(with_rating(Visitor(), MOVIES, "Heat", 3), MOVIES, "Twin", 6), MOVIES, "tt0133093", "seen"
    )
    assert verdicts_of(visitor, MOVIES) == {"tt0113277": "not", "tt0133093": "seen"}


@given(movie=st.text(max_size=12), word=st.text(max_size=12))
def test_unknown_verdicts_and_films_are_refused(movie: str, word: str) -> None:
    with pytest.raises(BadInputError, match=r"no film of this page|a verdict is one of"):
        with_verdict(Visitor(), MOVIES, movie, word)


def test_an_export_replaces_older_ratings_of_its_films_and_says_what_is_not_here() -> None:
    before = with_rating(with_rating(Visitor(), MOVIES, "Heat", 3), MOVIES, "The Matrix", 8)
    told = with_imported(before, Imported(("IMDb ratings",), (Rating("Heat (1995)", 9),), (), ("Nowhere (1990)",)))
    assert [(r.movie, r.rating) for r in told.taste.ratings] == [("The Matrix (1999)", 8.0), ("Heat (1995)", 9.0)]
    html = render_taste_list(told, MOVIES, undo=True)
    assert "IMDb ratings: 1 rating" in html
    assert "<li>Nowhere (1990)</li>" in html


def test_of_very_many_ratings_the_latest_are_listed_and_the_others_counted() -> None:
    movies = Catalogue([Movie(f"tt{number:07}", f"Film {number:03}", 1990) for number in range(LINES + 12)])
    visitor = Visitor()
    for movie in movies:
        visitor = with_rating(visitor, movies, str(movie), 8)
    html = render_taste_list(visitor, movies, undo=True)
    assert "and 12 more before these" in html
    names = keys(visitor, "ratings")
    assert f'data-key="{names[-1]}"' in html
    assert f'data-key="{names[11]}"' not in html


def test_titles_that_are_not_here_are_counted_though_not_all_are_listed() -> None:
    told = with_imported(Visitor(), Imported(("IMDb ratings",), unmatched=("Nowhere (1990)",), more_unmatched=1_999))
    html = render_taste_list(told, MOVIES, undo=True)
    assert "Films that are not here (2,000)" in html
    assert "and 1,999 more" in html


def test_of_a_very_long_poster_only_the_middle_is_kept() -> None:
    visitor = with_poster(Visitor(), _file((512, 40_000)), "tall.png")
    image = visitor.taste.posters[0].image
    assert isinstance(image, Image.Image)
    assert image.size == (KEPT_SIDE, KEPT_SIDE * KEPT_ASPECT)


def test_one_poster_too_many_is_refused_before_it_is_decoded() -> None:
    visitor = Visitor()
    for number in range(MOST["posters"]):
        visitor = with_poster(visitor, _file(), f"{number}")
    with pytest.raises(BadInputError, match="at most 6 posters"):
        with_poster(visitor, b"no image", "x")
