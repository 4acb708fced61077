"""What an area of the fuzz suite is: something that is given hostile inputs, and what may come of it.

In: an area's module, which has `open_area`. Out: a `Verdict` a case. A case ends right (it returned, having checked
itself what it got), refused (a MatineeError of one line), or in anything else, which is a defect.
"""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from matinee.errors import MatineeError

AREAS = ("images", "bundles", "indexes", "networks", "tables", "imports", "payloads")
"""Modules beside this one, each an area."""

SECONDS, WAITS = 5.0, 20.0
"""Seconds that a case may take: of a core, with the processes that it ended, and on the clock, which others stretch."""

MEGABYTES = 500.0
"""How much memory a case may take beyond what the process had before it."""

LONGEST = 2_000
"""Characters that a refusal may have."""

End = Literal["right", "refused", "foreign", "slow", "large", "crashed"]

Case = Callable[[], object]
"""Tries one input. It raises AssertionError where the answer is wrong."""


class Area(Protocol):
    """Makes cases; what they share was made when it was opened."""

    def case(self, draw: np.random.Generator) -> Case:
        """Return a case that is the same for the same state of `draw`; making the input is not a part of trying it."""


@dataclass(frozen=True)
class Verdict:
    """How a case ended.

    Attributes:
        number: The case's number, which with the seed makes it again.
        end: What became of it.
        seconds: How long it took, of a core.
        megabytes: By how much the process grew at its largest.
        said: The refusal, or what went wrong.
    """

    number: int
    end: End
    seconds: float = 0.0
    megabytes: float = 0.0
    said: str = ""


def open_area(name: str, home: Path) -> Area:
    """Open an area, with the empty folder `home` for its files; the module's own `open_area` does it."""
    opener: Callable[[Path], Area] = import_module(name if "." in name else f"tests.fuzz.{name}").open_area
    return opener(home)


def try_cases(area: Area, seed: int, numbers: Sequence[int], tell: Callable[[Verdict], None]) -> None:
    """Try the cases with these numbers one after the other, and tell each verdict as soon as it is known."""
    for number in numbers:
        case = area.case(np.random.default_rng([seed, number]))
        gc.collect()
        before = _settled()
        start, computed = time.monotonic(), _computed()
        end, said = _ended(case)
        seconds, megabytes = _computed() - computed, (_peak() - before) / 1e6
        if end in ("right", "refused"):
            slow = seconds > SECONDS or time.monotonic() - start > WAITS
            end = "slow" if slow else "large" if megabytes > MEGABYTES else end
        tell(Verdict(number, end, round(seconds, 3), round(megabytes, 1), said))


def _ended(case: Case) -> tuple[End, str]:
    try:
        case()
    except MatineeError as error:
        said = str(error)
        one_sentence = 0 < len(said) <= LONGEST and "\n" not in said
        return ("refused" if one_sentence else "foreign"), said[:LONGEST]
    except BaseException as error:  # whatever it is, it is what this looks for
        return "foreign", f"{type(error).__name__}: {error}"[:LONGEST]
    return "right", ""


def _computed() -> float:
    """Seconds that this process and those it has ended have computed."""
    usages = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _settled() -> float:
    """Bytes of memory that the process has now, from where its peak is counted."""
    with suppress(OSError):  # where the kernel has no such file, the peak of the whole run stands
        Path("/proc/self/clear_refs").write_text("5")
    return _peak()


def _peak() -> float:
    """Bytes of memory that the process had at most."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return 1024.0 * float(line.split()[1])
    return 1024.0 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
