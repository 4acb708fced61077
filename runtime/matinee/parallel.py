"""Applies a step to a stream of items on several threads, in order, with few items in progress at a time.

In: an iterable of any length, endless ones included. Out: the results, in the order of the items. It pays off where the
step releases Python's lock for long, as running a network or decoding an image does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

THREADS = "matinee-worker"
"""Prefix of the threads' names."""


def mapped(
    step: Callable[[Item], Result], items: Iterable[Item], pool: ThreadPoolExecutor, *, ahead: int
) -> Iterator[Result]:
    """Yield `step` of each item, in order.

    Args:
        step: Called on the pool's threads; what it raises is raised here in its item's turn.
        items: Read lazily on the caller's thread, at most `ahead` items beyond the result that is waited for.
        pool: Runs the steps. It stays open; steps still queued when this generator ends are cancelled.
        ahead: How many steps may be started or finished beyond the one whose result is waited for.
    """
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(step, item))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:  # left over only where the stream was broken off
            future.cancel()


def workers(count: int) -> ThreadPoolExecutor:
    """Return a pool of `count` threads, to be used with `with`."""
    return ThreadPoolExecutor(count, thread_name_prefix=THREADS)
