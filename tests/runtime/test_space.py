"""The space of a content model: what all vectors share is taken away, and where they differ most is damped."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from matinee.models import MODELS
from matinee.space import Space

CENTRE = np.array([0.5, 0.5, 0.0, 0.0], np.float32)
AXES = np.eye(4, dtype=np.float32)


def test_centring_turns_away_from_what_all_have_in_common() -> None:
    space = Space(CENTRE, AXES[:0])
    np.testing.assert_allclose(space.move(AXES[0]), np.array([1, -1, 0, 0]) / np.sqrt(2), atol=1e-6)


@pytest.mark.parametrize("length", [0.0, 0.6, 1.0])
def test_a_direction_is_damped_by_the_square_of_its_length(length: float) -> None:
    space = Space(0 * CENTRE, np.float32(length) * AXES[:1])
    expected = np.array([1 - length**2, 1, 0, 0])
    moved = space.move(np.array([1, 1, 0, 0], np.float32))
    np.testing.assert_allclose(moved, expected / np.linalg.norm(expected), atol=1e-6)


def test_one_vector_and_many_are_moved_alike_and_to_length_one() -> None:
    draw = np.random.default_rng(0)
    space = Space(CENTRE, np.float32(0.8) * AXES[:2])
    vectors = draw.standard_normal((20, 4), dtype=np.float32)
    together = space.move(vectors)
    np.testing.assert_allclose(together, [space.move(vector) for vector in vectors], atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, rtol=1e-6)


def test_nothing_stays_nothing_and_what_is_asked_is_left_as_it_is() -> None:
    space = Space(CENTRE, AXES[:1])
    asked = np.stack([AXES[2], np.zeros(4, np.float32), CENTRE])
    before = asked.copy()
    np.testing.assert_array_equal(space.move(asked)[1:], np.zeros((2, 4)))
    np.testing.assert_array_equal(asked, before)


def test_a_space_is_read_back_from_the_array_that_it_is_stored_as() -> None:
    space = Space(CENTRE, np.float32(0.5) * AXES[:3])
    assert space.array.shape == (4, 4)
    assert space.array.dtype == np.float32
    np.testing.assert_array_equal(Space.of(space.array).move(AXES), space.move(AXES))


def test_a_model_moves_the_kinds_that_it_has_a_space_for_and_no_others(world: ModuleType) -> None:
    plain = world.model("clip")
    space = Space(np.full(world.DIM, 0.1, np.float32), np.empty((0, world.DIM), np.float32))
    model = MODELS["clip"](plain.vectors, plain.index, plain.popularity, spaces={"text": space})
    vector = plain.vectors[0]
    np.testing.assert_array_equal(model.place("text", vector), space.move(vector))
    np.testing.assert_array_equal(model.place("poster", vector), vector)
