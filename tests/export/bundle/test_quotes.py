"""Quotes: whole sentences, opinions, no spoilers, from the rows given and no others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from matinee_export.bundle.quotes import LONGEST, SHORTEST, choose_quotes, merit, sentences

GOOD = "A tender, beautifully acted story with a wonderful score."
BETTER = "A brilliant cast and a gripping script make this thriller a memorable, stylish masterpiece of suspense."


@dataclass(frozen=True)
class _Dataset:
    reviews: pd.DataFrame


def _dataset(*rows: dict[str, Any]) -> _Dataset:
    usual = {
        "reviewer": "ann",
        "movie": 0,
        "rating": 9.0,
        "imputed": False,
        "text": GOOD,
        "spoiler": 0,
        "helpful": 0,
        "helpful_of": 0,
    }
    table = pd.DataFrame([{**usual, **row} for row in rows])
    return _Dataset(table.astype({"spoiler": "Int8", "reviewer": "category", "rating": "float32"}))


def test_the_best_sentence_and_its_reviewer_are_taken() -> None:
    dataset = _dataset({"text": f"I saw this. {GOOD}"}, {"text": f"We went twice. {BETTER}", "reviewer": "bob"})
    assert choose_quotes(dataset, [0, 1]) == {0: (BETTER, "bob")}


def test_only_the_rows_given_are_read() -> None:
    dataset = _dataset({}, {"text": BETTER})
    assert choose_quotes(dataset, np.array([0])) == {0: (GOOD, "ann")}


@pytest.mark.parametrize(
    "row",
    [
        {"spoiler": 1},
        {"spoiler": None, "text": f"Some spoilers follow. {GOOD}"},
        {"rating": 4.0},
        {"text": ""},
        {"text": "It was fine and that is all there is to say about the thing."},
    ],
    ids=["tagged as spoiler", "speaks of spoilers, untagged", "disliked", "no text", "no opinion"],
)
def test_a_movie_without_a_usable_sentence_has_no_quote(row: dict[str, Any]) -> None:
    assert choose_quotes(_dataset(row), [0]) == {}


def test_an_untagged_or_unrated_review_may_be_quoted() -> None:
    assert choose_quotes(_dataset({"spoiler": None, "rating": 5.0, "imputed": True}), [0]) == {0: (GOOD, "ann")}


def test_the_order_of_rows_given_does_not_matter() -> None:
    dataset = _dataset(*({"text": GOOD, "reviewer": name, "movie": 1} for name in "abcdef"))
    assert choose_quotes(dataset, [0, 3, 5]) == choose_quotes(dataset, [5, 0, 3]) == {1: (GOOD, "a")}


@pytest.mark.parametrize(
    "sentence",
    [
        "A wonderful cast, a superb script, and an ending that nobody saw coming.",
        "The wonderful hero dies in the best scene of this moving story.",
        "The brilliant script turns out to be a story of two brothers.",
        "The twist is brilliant and the wonderful cast carries the story.",
        "He is wonderful in this superb story about a small town by the sea.",
        "Is this the best story and the most beautiful cast of the year?",
        "A BRILLIANT story with a wonderful cast and an excellent score.",
        "A great story and wonderful acting, 10/10 from the whole family.",
        "A wonderful story but the acting is bad and the script is worse.",
        "and a wonderful cast makes this a great story for all the family.",
        "A wonderful cast makes this a great story for all the family,",
        'A wonderful cast and the "great story make it a joy for everyone.',
        "A great story.",
        "A wonderful " + "and wonderful " * 12 + "story.",
    ],
)
def test_sentences_that_spoil_lean_shout_hedge_or_break_off_are_not_used(sentence: str) -> None:
    assert merit(sentence) == 0


def test_a_usable_sentence_has_the_right_length() -> None:
    assert merit(GOOD) > 0
    assert SHORTEST <= len(GOOD) <= len(BETTER) <= LONGEST
    assert merit(BETTER) > merit(GOOD)


def test_names_and_initials_do_not_end_a_sentence() -> None:
    text = 'Mr. Ripley, by J. R. Smith,\nis a great film.  It moved me! "Superb," said Dr. Who.'
    assert sentences(text) == [
        "Mr. Ripley, by J. R. Smith, is a great film.",
        "It moved me!",
        '"Superb," said Dr. Who.',
    ]
