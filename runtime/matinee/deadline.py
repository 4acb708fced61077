"""Ends runs of networks that take too long: one thread checks all current runs once a second.

In: a time limit in seconds. Out: the `onnxruntime.RunOptions` to run with. onnxruntime checks between two operators
whether it should stop, so a single operator always runs to its end. A thread for each run would lengthen the run of a
short text by a tenth; this costs a few microseconds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Event, Thread
from typing import Any

EVERY = 1.0
"""Seconds between two checks."""


class _Watch:
    """The current runs, and the thread that checks them while there are any."""

    def __init__(self) -> None:
        self._ends: dict[int, tuple[float, Any]] = {}
        self._busy = Event()
        Thread(target=self._check, name="matinee-deadline", daemon=True).start()

    def begin(self, options: Any, seconds: float) -> None:  # noqa: ANN401 - onnxruntime ships no types
        self._ends[id(options)] = (time.monotonic() + seconds, options)
        if not self._busy.is_set():
            self._busy.set()

    def end(self, options: Any) -> None:  # noqa: ANN401 - onnxruntime ships no types
        del self._ends[id(options)]

    def _check(self) -> None:
        while self._busy.wait():
            time.sleep(EVERY)
            for end, options in [*self._ends.values()]:
                if end < time.monotonic():
                    options.terminate = True
            if not self._ends:
                self._busy.clear()
                if self._ends:  # a run began between the two lines above, and may have found the event set
                    self._busy.set()


_watch = cache(_Watch)


@contextmanager
def limited(seconds: float) -> Iterator[Any]:
    """Give the `onnxruntime.RunOptions` of one run; the context raises TimeoutError if that takes over `seconds`."""
    from onnxruntime import RunOptions

    options = RunOptions()
    watch = _watch()
    watch.begin(options, seconds)
    try:
        yield options
    except Exception:
        if options.terminate:
            raise TimeoutError(f"it took more than {seconds:,.0f} s") from None
        raise
    finally:
        watch.end(options)
