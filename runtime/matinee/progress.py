"""Shows the progress of long work: a bar on a terminal, a few plain lines otherwise.

In: counts of what is done. Out: text on a stream, standard error by default.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import TextIO, TypeVar

T = TypeVar("T")

BAR_SECONDS = 0.1  # between redraws of the bar
LINE_SECONDS = 5.0  # between plain lines, at least
QUIET_SECONDS = 60.0  # between plain lines, at most, while work goes on
BAR_WIDTH = 24  # characters


class Progress:
    """The progress display of one long task, used as a context manager.

    On a terminal one line is redrawn. Elsewhere a line is written at the start, at the end, and in between at each
    tenth of the total, but never two within 5 seconds; one is also written after a minute without any.

    Args:
        label: What is being done, such as "embedding reviews".
        total: How many items there are, or None where that is unknown.
        stream: Where to write; standard error by default.
        clock: Returns seconds and never goes back; tests pass their own.
    """

    def __init__(
        self,
        label: str,
        total: int | None = None,
        stream: TextIO | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.label = label
        self.total = total
        self.done = 0
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._terminal = self._stream.isatty()
        self._started = self._shown = clock()
        self._tenth = 0
        self._width = 0

    def __enter__(self) -> Progress:
        self._started = self._shown = self._clock()
        if self._terminal:
            self._draw()
        else:
            self._line(f"{self.label}: {'started' if self.total is None else f'0 of {self.total:,}'}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        seconds = self._clock() - self._started
        end = "" if kind is None else ", stopped"
        if self._terminal:
            self._redraw("")
            self._stream.write("\r")
        self._line(f"{self.label}: {self._count()} in {duration(seconds)}{self._rate(seconds)}{end}")

    def advance(self, count: int = 1) -> None:
        """Count `count` more items as done."""
        self.done += count
        now = self._clock()
        if self._terminal:
            if now - self._shown >= BAR_SECONDS:
                self._shown = now
                self._draw()
            return
        tenth = 10 * self.done // self.total if self.total else 0
        since = now - self._shown
        if since >= QUIET_SECONDS or (since >= LINE_SECONDS and tenth > self._tenth):
            self._shown, self._tenth = now, tenth
            self._line(f"{self.label}: {self._status()}")

    def each(self, items: Iterable[T]) -> Iterator[T]:
        """Yield the items, counting each as done when the next is asked for."""
        for item in items:
            yield item
            self.advance()

    def _status(self) -> str:
        """Return count, share, rate and time left, as far as they are known."""
        seconds = self._clock() - self._started
        share = f" ({min(1.0, self.done / self.total):.0%})" if self.total else ""
        left = ""
        if self.total and 0 < self.done <= self.total and seconds > 0:
            left = f", {duration(seconds * (self.total - self.done) / self.done)} left"
        return f"{self._count()}{share}{self._rate(seconds)}{left}"

    def _count(self) -> str:
        return f"{self.done:,}" if self.total is None else f"{self.done:,} of {self.total:,}"

    def _rate(self, seconds: float) -> str:
        if not self.done or seconds <= 0:
            return ""
        rate = self.done / seconds
        return f", {rate:,.0f}/s" if rate >= 100 else f", {rate:.1f}/s" if rate >= 1 else f", {1 / rate:.1f} s each"

    def _draw(self) -> None:
        bar = ""
        if self.total:
            filled = min(BAR_WIDTH, BAR_WIDTH * self.done // self.total)
            bar = f"[{'#' * filled}{'-' * (BAR_WIDTH - filled)}] "
        self._redraw(f"{self.label} {bar}{self._status()}")

    def _redraw(self, text: str) -> None:
        """Write over the last line, cut to the terminal so that it stays one line."""
        text = text[: shutil.get_terminal_size().columns - 1]
        self._stream.write("\r" + text.ljust(self._width))
        self._stream.flush()
        self._width = len(text)

    def _line(self, text: str) -> None:
        self._stream.write(text + "\n")
        self._stream.flush()


def duration(seconds: float) -> str:
    """Return a duration as a short text: "0.4 s", "12 s", "3 min 20 s", "2 h 05 min"."""
    if seconds < 9.95:
        return f"{max(0.0, seconds):.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"
