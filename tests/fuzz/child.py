"""The process in which cases are tried, so that one that crashes it or never ends takes nothing else with it.

In: the area's name, a folder, the seed, and the numbers of cases as a range. Out: a line of JSON on stdout for each.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from tests.fuzz.area import Verdict, open_area, try_cases


def main(name: str, home: str, seed: str, first: str, last: str) -> None:
    """Try cases `first` to `last`, exclusive."""
    # What native code prints must not be taken for a verdict.
    verdicts = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", errors="backslashreplace")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def tell(verdict: Verdict) -> None:
        print(json.dumps(asdict(verdict)), file=verdicts, flush=True)

    try_cases(open_area(name, Path(home)), int(seed), range(int(first), int(last)), tell)


if __name__ == "__main__":
    main(*sys.argv[1:])
