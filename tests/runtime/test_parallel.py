"""Steps on several threads: results in order, few under way, errors in their turn, nothing left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.parallel import mapped, workers


@given(st.lists(st.integers(), max_size=30), st.integers(1, 4), st.integers(0, 5))
def test_results_come_in_the_order_of_the_items(items: list[int], threads: int, ahead: int) -> None:
    with workers(threads) as pool:
        assert list(mapped(lambda item: item * 2, items, pool, ahead=ahead)) == [item * 2 for item in items]


def test_an_endless_source_is_read_only_as_far_ahead_as_said() -> None:
    read = count()
    with workers(2) as pool:
        results = mapped(str, read, pool, ahead=3)
        assert [next(results) for _ in range(5)] == ["0", "1", "2", "3", "4"]
        assert next(read) == 5 + 3


def test_steps_run_beside_each_other() -> None:
    meeting = threading.Barrier(2, timeout=60)
    with workers(2) as pool:
        assert len(list(mapped(lambda _: meeting.wait(), range(2), pool, ahead=1))) == 2


def test_an_error_comes_in_its_items_turn_and_what_waits_is_dropped() -> None:
    started: list[int] = []

    def step(item: int) -> int:
        started.append(item)
        return 1 // (item - 1)

    with workers(1) as pool:
        results = mapped(step, range(100), pool, ahead=5)
        assert next(results) == -1
        with pytest.raises(ZeroDivisionError):
            next(results)
    assert max(started) <= 6


def test_an_error_of_the_source_comes_through() -> None:
    def source() -> Iterator[int]:
        yield 1
        raise RuntimeError("the disk is gone")

    with workers(2) as pool, pytest.raises(RuntimeError, match="the disk is gone"):
        list(mapped(str, source(), pool, ahead=2))
