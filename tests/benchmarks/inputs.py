"""The real inputs of the workloads: review texts T and posters I of BENCH, or as many of the built-in sample.

In: a `Context`. Out: texts and poster files, the same at every run. A smaller number than BENCH's keeps the
distribution of lengths: it is every so-manieth of T when sorted by length, put back in the order they came in.
"""

from __future__ import annotations

from itertools import cycle, islice
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
from tests.benchmarks.harness import Context

TEXTS = 2_000
POSTERS = 1_000

Item = TypeVar("Item")


def texts(context: Context, count: int) -> list[str]:
    """`count` of the 2,000 texts T, which are spread over the whole table of reviews."""
    table = pd.read_csv(dataset(context) / "reviews.csv", usecols=["review_detail"], dtype=str)
    readable = [text for text in table["review_detail"].dropna() if text.strip()]
    return stratified(_spread(readable, TEXTS), count)


def posters(context: Context, count: int) -> list[Path]:
    """`count` poster files, spread over the whole folder."""
    return _spread(sorted((dataset(context) / "posters").glob("*.jpg")), count)


def dataset(context: Context) -> Path:
    """The dataset folder: the real one, or the built-in sample written into the scratch folder."""
    if context.data is not None:
        return context.data
    from matinee_sample import write_sample

    folder = context.scratch / "sample"
    if not (folder / "dataset.json").is_file():
        write_sample(folder)
    return folder


def stratified(items: list[str], count: int) -> list[str]:
    """`count` items whose lengths are distributed as those of all `items`, in their order."""
    by_length = sorted(range(len(items)), key=lambda row: len(items[row]))
    middles = (np.arange(count) + 0.5) * len(items) / count
    return [items[row] for row in sorted(by_length[int(middle)] for middle in middles)]


def _spread(items: list[Item], count: int) -> list[Item]:
    """`count` items at even steps, begun again from the first where there are fewer."""
    if len(items) < count:
        return list(islice(cycle(items), count))
    return [items[int(row)] for row in np.arange(count) * len(items) / count]
