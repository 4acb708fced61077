"""How much a rating says, by each weighting, and which one a model goes by."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import UnknownNameError
from matinee.models import MODELS
from matinee.weighting import DEFAULT, WEIGHTINGS, weight

RATINGS = (10, 7, 6, 5.5, 4, 1, None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gentle", (1.0, 0.7, 0.0, 0.0, -0.1, -0.4, 0.7)),
        ("scaled", (1.0, 0.7, 0.6, 0.55, 0.4, 0.1, 0.7)),
        ("liked", (1.0, 0.7, 0.0, 0.0, 0.0, 0.0, 0.7)),
        ("signed", (1.0, 1 / 3, 1 / 9, 0.0, -1 / 3, -1.0, 1 / 3)),
    ],
)
def test_each_weighting_is_what_its_formula_says(name: str, expected: tuple[float, ...]) -> None:
    assert [weight(rating, name) for rating in RATINGS] == pytest.approx(expected)


@pytest.mark.parametrize("name", WEIGHTINGS)
@given(one=st.floats(1, 10), other=st.floats(1, 10))
def test_a_higher_rating_never_weighs_less_and_none_more_than_one(name: str, one: float, other: float) -> None:
    low, high = weight(min(one, other), name), weight(max(one, other), name)
    assert -1 <= low <= high <= 1


@pytest.mark.parametrize("name", WEIGHTINGS)
def test_a_whole_column_of_ratings_weighs_what_each_does_alone(name: str) -> None:
    ratings = np.linspace(1, 10, 37, dtype=np.float32)
    alone = [weight(float(rating), name) for rating in ratings]
    np.testing.assert_allclose(WEIGHTINGS[name](ratings), alone, atol=1e-6)


def test_a_model_weighs_by_what_was_chosen_for_it_and_gently_where_nothing_was(world: ModuleType) -> None:
    plain = world.model("bert")
    chosen = MODELS["bert"](plain.vectors, plain.index, plain.popularity, choices={"ratings": "signed"})
    assert (plain.weigh(1), chosen.weigh(1)) == (weight(1, DEFAULT), weight(1, "signed"))


def test_a_weighting_that_this_version_does_not_know_is_refused_by_name(world: ModuleType) -> None:
    model = world.model("bert")
    with pytest.raises(UnknownNameError, match=r"no weighting is called 'singed'; did you mean 'signed'"):
        MODELS["bert"](model.vectors, model.index, model.popularity, choices={"ratings": "singed"})
