"""By hand: `python -m tests.fuzz --count 1000 images` tries so many cases of each area named and prints the counts."""

from __future__ import annotations

import argparse
import sys

from tests.fuzz.area import AREAS
from tests.fuzz.run import defects, fuzz, table


def main() -> int:
    """Run the areas asked for; returns 1 where any case ended in a defect."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Try hostile inputs.")
    parser.add_argument("areas", nargs="*", metavar="AREA", help=f"of {', '.join(AREAS)}; all by default")
    parser.add_argument("--count", type=int, default=1000, metavar="N", help="cases of each area (default: 1000)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="what they are made from (default: 0)")
    options = parser.parse_args()
    failed = False
    for area in options.areas or AREAS:
        verdicts = fuzz(area, options.count, options.seed)
        print(table(area, verdicts), flush=True)
        for verdict in defects(verdicts):
            failed = True
            print(f"  {verdict}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
