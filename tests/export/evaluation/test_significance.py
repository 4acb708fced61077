"""Intervals and paired tests: they cover what they should, find what is there, and are seeded."""

from __future__ import annotations

import numpy as np
import pytest

from matinee_export.evaluation.significance import interval, paired_p_value


def test_the_interval_is_about_two_standard_errors_either_side() -> None:
    values = np.random.default_rng(0).normal(0.3, 0.1, 400)
    found = interval(values)
    assert found.mean == pytest.approx(values.mean())
    assert found.mean - found.low == pytest.approx(1.96 * values.std() / 20, rel=0.15)
    assert found.high - found.mean == pytest.approx(1.96 * values.std() / 20, rel=0.15)
    assert found == interval(values)


def test_the_interval_of_nobody_is_nan() -> None:
    assert np.isnan(interval(np.empty(0)).low)


def test_a_small_steady_difference_is_found_and_noise_is_not() -> None:
    rng = np.random.default_rng(1)
    base = rng.random(200)
    steady = base + rng.normal(0.02, 0.03, 200)
    assert paired_p_value(steady, base) < 0.01
    assert paired_p_value(base + rng.normal(0, 0.03, 200), base) > 0.05


def test_equal_models_do_not_differ() -> None:
    assert paired_p_value(np.ones(10), np.ones(10)) == 1.0


def test_the_p_value_of_few_users_is_the_exact_one() -> None:
    assert paired_p_value(np.array([1.0, 1.0, 1.0]), np.zeros(3), rounds=20_000) == pytest.approx(0.25, abs=0.02)
