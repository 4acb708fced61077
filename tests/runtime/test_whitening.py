"""The whitening of a content model: what all vectors share is taken away, and where they differ most is damped."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from matinee.models import MODELS
from matinee.whitening import Whitening

CENTRE = np.array([0.5, 0.5, 0.0, 0.0], np.float32)
AXES = np.eye(4, dtype=np.float32)


def test_centring_turns_away_from_what_all_have_in_common() -> None:
    whitening = Whitening(CENTRE, AXES[:0])
    np.testing.assert_allclose(whitening.apply(AXES[0]), np.array([1, -1, 0, 0]) / np.sqrt(2), atol=1e-6)


@pytest.mark.parametrize("length", [0.0, 0.6, 1.0])
def test_a_direction_is_damped_by_the_square_of_its_length(length: float) -> None:
    whitening = Whitening(0 * CENTRE, np.float32(length) * AXES[:1])
    expected = np.array([1 - length**2, 1, 0, 0])
    whitened = whitening.apply(np.array([1, 1, 0, 0], np.float32))
    np.testing.assert_allclose(whitened, expected / np.linalg.norm(expected), atol=1e-6)


def test_one_vector_and_many_are_whitened_alike_and_to_length_one() -> None:
    draw = np.random.default_rng(0)
    whitening = Whitening(CENTRE, np.float32(0.8) * AXES[:2])
    vectors = draw.standard_normal((20, 4), dtype=np.float32)
    together = whitening.apply(vectors)
    np.testing.assert_allclose(together, [whitening.apply(vector) for vector in vectors], atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, rtol=1e-6)


def test_zero_vectors_stay_zero_and_the_input_is_left_as_it_is() -> None:
    whitening = Whitening(CENTRE, AXES[:1])
    given = np.stack([AXES[2], np.zeros(4, np.float32), CENTRE])
    before = given.copy()
    np.testing.assert_array_equal(whitening.apply(given)[1:], np.zeros((2, 4)))
    np.testing.assert_array_equal(given, before)


def test_it_is_read_back_from_the_array_that_it_is_stored_as() -> None:
    whitening = Whitening(CENTRE, np.float32(0.5) * AXES[:3])
    assert whitening.array.shape == (4, 4)
    assert whitening.array.dtype == np.float32
    np.testing.assert_array_equal(Whitening.of(whitening.array).apply(AXES), whitening.apply(AXES))


def test_a_model_whitens_the_kinds_that_it_has_a_whitening_for_and_no_others(world: ModuleType) -> None:
    plain = world.model("clip")
    whitening = Whitening(np.full(world.DIM, 0.1, np.float32), np.empty((0, world.DIM), np.float32))
    model = MODELS["clip"](plain.vectors, plain.index, plain.popularity, whitenings={"text": whitening})
    vector = plain.vectors[0]
    np.testing.assert_array_equal(model.project("text", vector), whitening.apply(vector))
    np.testing.assert_array_equal(model.project("poster", vector), vector)
