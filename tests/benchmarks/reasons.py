"""Why a goal is not met, and the best that was found: written by hand, printed in RESULTS.md beside the goal.

In: a row. Out: a sentence or two. A row is known by the beginnings of its work and of its peer, so that a precision or
a setting in the name does not matter.
"""

from __future__ import annotations

from tests.benchmarks.harness import Result

REASONS: dict[tuple[str, str], str] = {
    ("edge install", "fastembed"): (
        "The difference is usearch with simsimd, about 12 MB, which search a large catalogue; fastembed has no search."
    ),
}
"""(beginning of `work`, beginning of `peer`) to the reason."""


def reason(row: Result) -> str:
    """The reason written for a row, or that there is none yet."""
    for (work, peer), why in REASONS.items():
        if row.work.startswith(work) and row.peer.startswith(peer):
            return why
    return "Why is not known yet."
