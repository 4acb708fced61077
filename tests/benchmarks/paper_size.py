"""A dataset of the paper's size through reading, cleaning, factors and a hundredth of the embedding.

In: the reviews of the dataset at hand that have a text, repeated under new ids and reviewers until there are as many as
in the paper; the texts keep their lengths. Out: rows with the time and the peak of resident memory of each phase, and
how long embedding all of it takes on this machine, going by the hundredth; nothing is claimed of a GPU. Each phase
that is measured runs in a process of its own; nothing of the dataset is kept.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.harness import Context, Result
from tests.benchmarks.inputs import dataset
from tests.benchmarks.networks import exported

ROWS = 541_811
"""Reviews in the paper's dataset."""

NETWORKS = {"MiniLM-L6": "packaged", "BERT-base": "seeded"}
"""Which weights each network has; untrained ones of the full architecture are as fast as trained ones."""

TEXT_COLUMN, ID_COLUMN, REVIEWER_COLUMN = "review_detail", "review_id", "reviewer"


def measure(context: Context) -> list[Result]:
    """Make the dataset, run every phase, and return a row for each."""
    rows = context.pick(quick=20_000, default=ROWS, full=ROWS)
    with TemporaryDirectory(dir=context.scratch, prefix="paper-size-") as name:
        folder = Path(name)
        write_paper_size(dataset(context), folder, rows)
        found = list(_phases("train", folder))
        for network, weights in NETWORKS.items():
            found += _phases("embed", folder, exported(context, "bert", weights), network)
    work = f"{rows:,} reviews"
    return [Result(f"{work}: {phase}", "-", "", None, said, f"{seconds:.1f} s", "") for phase, seconds, said in found]


def write_paper_size(source: Path, folder: Path, rows: int) -> None:
    """Write movies.csv as it is, and `rows` reviews: those of `source` with a text, again and again under new ids."""
    (folder / "movies.csv").write_bytes((source / "movies.csv").read_bytes())
    with (
        (source / "reviews.csv").open(newline="", encoding="utf-8-sig") as old,
        (folder / "reviews.csv").open("w", newline="", encoding="utf-8") as new,
    ):
        reader = csv.DictReader(old)
        written = [row for row in reader if row[TEXT_COLUMN].strip()]
        writer = csv.DictWriter(new, reader.fieldnames or ())
        writer.writeheader()
        for number, row in enumerate(islice(cycle(written), rows)):
            again = f" {number // len(written)}"
            changed = {name: row[name] + again for name in (ID_COLUMN, REVIEWER_COLUMN) if row.get(name)}
            writer.writerow({**row, **changed})


def _phases(what: str, *arguments: str | Path) -> Iterator[tuple[str, float, str]]:
    """Run phases in a process of their own; yield the name, the seconds and what was found of each."""
    command = [sys.executable, "-m", "tests.benchmarks.paper_size", what, *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    for line in done.stdout.splitlines():
        phase, seconds, said = json.loads(line)
        yield phase, seconds, said


class _Watch:
    """Prints how long each phase took and how much memory it had resident at its end and at most."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def done(self, phase: str, said: str = "") -> None:
        """End a phase and begin the next."""
        now, peak = (_resident(field) for field in ("VmRSS", "VmHWM"))
        told = f"resident {now:,.0f} MB, at most {peak:,.0f} MB{said and ', '}{said}"
        print(json.dumps([phase, time.monotonic() - self._began, told]), flush=True)
        Path("/proc/self/clear_refs").write_text("5")  # the next phase's highest is its own
        self._began = time.monotonic()


def _resident(field: str) -> float:
    """A figure of /proc/self/status, in MB."""
    found = re.search(rf"{field}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def train(folder: str) -> None:
    """Read, clean, split and learn both kinds of factors."""
    from matinee_export.data import clean, read_dataset, split
    from matinee_export.data.interactions import Interactions
    from matinee_export.models.factor_tuning import parse_sizes, train_factors
    from matinee_export.models.registry import FACTOR_MODELS

    watch = _Watch()
    raw = read_dataset(folder)
    watch.done("read", f"{Path(folder, 'reviews.csv').stat().st_size / 1e6:,.0f} MB of CSV")
    data = clean(raw)
    del raw
    watch.done("clean")
    parts = split(data.reviews, 0)
    fit, chosen_by = (Interactions.of(data.reviews, rows, len(data.movies)) for rows in (parts.train, parts.validation))
    sizes = parse_sizes("auto", int(fit.is_like.sum()))
    watch.done("split", f"{int(fit.is_like.sum()):,} likes to learn from")
    for kind in FACTOR_MODELS:
        learned = train_factors(kind, fit, chosen_by, sizes)
        watch.done(f"factors, {kind}", f"{len(learned.sweep)} settings tried, of sizes {', '.join(map(str, sizes))}")


def embed(folder: str, encoder_folder: str, network: str) -> None:
    """Embed a hundredth of the reviews."""
    from matinee.encoders import Encoder
    from matinee_export.data import clean, read_dataset
    from matinee_export.embedding.corpus import Corpus
    from matinee_export.embedding.embed import Job, project
    from matinee_export.embedding.engines import in_this_process

    data = clean(read_dataset(folder))
    texts = Corpus.of(data, [None] * len(data.movies), data.reviews.index.to_numpy()).texts
    watch = _Watch()
    encoder = Encoder.open(Path(encoder_folder))
    with TemporaryDirectory(dir=folder) as shards:
        before = _resident("VmRSS")
        found = project(Job(encoder, "texts", texts, Path(shards)), in_this_process)
    watch.done(f"a hundredth embedded, {network}", f"{before:,.0f} MB before; {found}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["train", *arguments]:
            train(*arguments)
        case ["embed", *arguments]:
            embed(*arguments)
