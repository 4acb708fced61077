"""Ends runs of networks that take too long: one thread checks once a second those that are running.

In: how long a run may take. Out: the options to run it with. onnxruntime checks between two operators whether it should
stop, so a single operator always runs to its end. A thread for each run would cost a short text a tenth of its time;
this costs a few microseconds.
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
    """Give the `onnxruntime.RunOptions` of one run, which raises TimeoutError after `seconds`."""
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
