"""One question, cold: from the start of a process to the picks of one model, beside bare calls of the same libraries.

In: the bundle of the built-in sample. Out: a row for a review to BERT, a review to CLIP and a poster to ResNet50. Both
sides are processes of their own, `matinee recommend` and `bare.py`; files are in the system's cache after the warm-up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.benchmarks.harness import Context, Result, interleave
from tests.benchmarks.served import MISSING, REVIEW, bundle, poster, python

from matinee.session import cpu_quota

WORK = "one question, cold"
GOAL = "<= 1.3"
BARE = Path(__file__).with_name("bare.py")
K = 10
LEAST_SHARED = 0.8
"""Of the ten picks; the two sides prepare a poster by code of their own, which may swap near-equals."""


def measure(context: Context) -> list[Result]:
    """A row for each kind of question."""
    folder = bundle()
    if folder is None:
        return [Result.absent(WORK, "bare onnxruntime", GOAL, MISSING)]
    image = str(poster(folder))
    return [
        _row(context, folder, "review to BERT", "bert", "--review", REVIEW),
        _row(context, folder, "review to CLIP", "clip", "--review", REVIEW),
        _row(context, folder, "poster to ResNet50", "resnet50", "--poster", image),
    ]


def _row(context: Context, folder: Path, work: str, model: str, option: str, given: str) -> Result:
    arguments = ["recommend", "--bundle", str(folder), "--model", model, "-k", str(K), "--json", option, given]
    sides: dict[str, Callable[[], str]] = {
        "ours": lambda: python(context, ["-m", "matinee.cli", *arguments]),
        "bare": lambda: python(context, [str(BARE), str(folder), model, str(cpu_quota()), given]),
    }
    shared: list[float] = []

    def check(outputs: Mapping[str, str]) -> None:
        picked = [pick["id"] for pick in json.loads(outputs["ours"])[model]]
        shared.append(len({*picked} & {line.split()[0] for line in outputs["bare"].splitlines()}) / K)
        if shared[0] < LEAST_SHARED:
            raise ValueError(f"the two sides pick different movies; they share {shared[0]:.0%}")

    times = interleave(sides, 2 * context.rounds, check)
    ours, bare = times["ours"].median, times["bare"].median
    return Result(
        f"{WORK}: {work}",
        "bare onnxruntime",
        GOAL,
        ours / bare,
        f"{shared[0]:.0%} of the picks are the same",
        f"{ours * 1e3:,.0f} ms",
        f"{bare * 1e3:,.0f} ms",
        "ours checks the sha256 of every file it uses",
        rounds=times,
    )
