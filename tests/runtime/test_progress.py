"""Progress: what a terminal and what a log file get to see."""

from __future__ import annotations

import io

import pytest

from matinee.progress import Progress, duration


class Clock:
    """A clock that only moves when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Return True."""
        return True

    def screen(self) -> list[str]:
        """The lines as they stand on the screen, with carriage returns obeyed."""
        lines = []
        for line in self.getvalue().split("\n"):
            cells: list[str] = []
            for part in line.split("\r"):
                cells[: len(part)] = part
            lines.append("".join(cells).rstrip())
        return lines


def run(stream: io.StringIO, items: int, seconds_each: float, total: int | None) -> None:
    clock = Clock()
    with Progress("embedding reviews", total, stream, clock=clock) as progress:
        for _ in range(items):
            clock.now += seconds_each
            progress.advance()


def test_a_log_gets_a_line_at_start_each_tenth_and_end() -> None:
    log = io.StringIO()
    run(log, items=1000, seconds_each=0.1, total=1000)
    lines = log.getvalue().splitlines()
    assert lines[0] == "embedding reviews: 0 of 1,000"
    assert lines[1] == "embedding reviews: 100 of 1,000 (10%), 10.0/s, 1 min 30 s left"
    assert lines[-1] == "embedding reviews: 1,000 of 1,000 in 1 min 40 s, 10.0/s"
    assert len(lines) == 12


def test_fast_work_leaves_only_a_first_and_a_last_line_in_a_log() -> None:
    log = io.StringIO()
    run(log, items=1000, seconds_each=0.001, total=1000)
    assert len(log.getvalue().splitlines()) == 2


def test_slow_work_is_heard_of_each_minute_even_within_a_tenth() -> None:
    log = io.StringIO()
    run(log, items=10, seconds_each=30, total=1000)
    lines = log.getvalue().splitlines()
    assert len(lines) == 2 + 5
    assert lines[1] == "embedding reviews: 2 of 1,000 (0%), 30.0 s each, 8 h 19 min left"


def test_an_unknown_total_shows_count_and_rate_without_a_share() -> None:
    log = io.StringIO()
    run(log, items=100, seconds_each=1, total=None)
    assert log.getvalue().splitlines() == [
        "embedding reviews: started",
        "embedding reviews: 60, 1.0/s",
        "embedding reviews: 100 in 1 min 40 s, 1.0/s",
    ]


def test_a_terminal_sees_a_bar_with_rate_and_time_left_and_then_one_final_line() -> None:
    terminal = Terminal()
    run(terminal, items=50, seconds_each=1, total=100)
    assert "[############------------] 50 of 100 (50%), 1.0/s, 50 s left" in terminal.getvalue()
    assert terminal.screen() == ["embedding reviews: 50 of 100 in 50 s, 1.0/s", ""]


def test_the_bar_is_redrawn_at_most_ten_times_a_second() -> None:
    terminal = Terminal()
    run(terminal, items=1000, seconds_each=0.001, total=1000)
    assert terminal.getvalue().count("[") <= 11


def test_the_bar_never_wraps_in_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    terminal = Terminal()
    clock = Clock()
    with Progress("embedding reviews", 100, terminal, clock=clock) as progress:
        for _ in range(100):
            clock.now += 1
            progress.advance()
            assert all(len(part) < 30 for part in terminal.getvalue().split("\r"))


def test_work_broken_off_says_so_and_lets_the_error_through() -> None:
    def interrupted() -> None:
        with Progress("packing", 10, log, clock=Clock()) as progress:
            progress.advance(4)
            raise KeyboardInterrupt

    log = io.StringIO()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert log.getvalue().splitlines()[-1] == "packing: 4 of 10 in 0.0 s, stopped"


def test_each_counts_items_as_they_are_finished() -> None:
    with Progress("packing", 3, io.StringIO()) as progress:
        seen = [(item, progress.done) for item in progress.each("abc")]
        assert seen == [("a", 0), ("b", 1), ("c", 2)]
        assert progress.done == 3


def test_no_items_and_a_total_of_nought_are_fine() -> None:
    log = io.StringIO()
    run(log, items=0, seconds_each=0, total=0)
    assert log.getvalue().splitlines() == ["embedding reviews: 0 of 0", "embedding reviews: 0 of 0 in 0.0 s"]


def test_more_items_than_foretold_do_not_overrun_the_bar() -> None:
    terminal = Terminal()
    run(terminal, items=20, seconds_each=1, total=10)
    assert "[########################] 20 of 10 (100%), 1.0/s" in terminal.getvalue()


def test_standard_error_is_the_default_stream(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress("packing"):
        pass
    captured = capsys.readouterr()
    assert captured.err.startswith("packing: started\n")
    assert captured.out == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0.0 s"), (0.44, "0.4 s"), (9.96, "10 s"), (59.6, "1 min 00 s"), (200, "3 min 20 s"), (7501, "2 h 05 min")],
)
def test_durations_are_said_in_words_of_their_size(seconds: float, words: str) -> None:
    assert duration(seconds) == words
