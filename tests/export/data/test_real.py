"""The real dataset is read whole, and a large one within the memory that is promised."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from matinee_export.data import Dataset, RawDataset, clean, read_dataset, split
from matinee_export.profile import profile

pytestmark = pytest.mark.slow

PAPER_ROWS, PAPER_BYTES = 541_811, 3 * 2**30
"""The paper's dataset is to be read within 3 GB."""

PEAK = """
import sys
from matinee_export.data import clean, read_dataset

def memory(field):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(field)) * 1024

before = memory("VmRSS:")
dataset = clean(read_dataset(sys.argv[1]))
print(len(dataset.reviews), memory("VmHWM:") - before)
"""


@pytest.fixture(scope="module")
def raw(movies_real: Path) -> RawDataset:
    return read_dataset(movies_real)


@pytest.fixture(scope="module")
def real(raw: RawDataset) -> Dataset:
    return clean(raw)


def test_every_row_of_the_real_dataset_is_read(real: Dataset) -> None:
    assert len(real.reviews) == 117_764
    assert len(real.movies) == 9_953
    assert (real.reviews["text"] == "").sum() == 100_366
    assert real.reviews["imputed"].sum() == 17_398 - 13_947
    assert real.set_aside == {}
    assert real.name == "movies-real"


def test_the_real_datasets_quirks_are_noted(real: Dataset) -> None:
    assert real.noted == {
        "reviews.csv: helpful votes not understood": 86,
        "reviews.csv: title shared by several movies": 87,
    }
    assert real.movies["year"].isna().sum() == 11
    assert real.movies.groupby(["title", "year"]).size().value_counts().to_dict()[2] == 5
    assert real.reviews["spoiler"].isna().all()
    assert real.reviews["date"].notna().all()


def test_every_rating_and_code_of_the_real_dataset_is_in_range(real: Dataset) -> None:
    reviews = real.reviews
    assert reviews["rating"].between(1, 10).all()
    assert sorted(reviews["user"].unique()) == list(range(reviews["reviewer"].nunique()))
    assert reviews["movie"].between(0, len(real.movies) - 1).all()
    assert (reviews["reviewer"].str.startswith("movielens ") & (reviews["text"] == "")).sum() == 100_366


def test_the_real_datasets_posters_are_all_there(real: Dataset) -> None:
    assert (real.movies["poster"] != "").all()
    assert all((real.folder / poster).is_file() for poster in real.movies["poster"][::500])


def test_the_real_dataset_is_profiled_and_split(raw: RawDataset, real: Dataset) -> None:
    figures = {figure.key: figure.read for figure in profile(raw, real).figures}
    assert figures["reviews.reviewers"] == real.reviews["user"].max() + 1
    assert figures["ratings.missing"] == 3_451
    assert figures["movies.shared_titles"] == 5
    assert len(split(real.reviews, 0).test) == pytest.approx(0.2 * 117_764, abs=1)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from Linux's /proc")
def test_memory_stays_within_the_papers_share(tmp_path: Path) -> None:
    rows = 30_000  # texts as long as real ones (1,860 characters on average), one in five beyond Latin-1
    with (tmp_path / "reviews.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["review_id", "reviewer", "movie", "rating", "review_summary", "review_detail", "helpful"])
        for row in range(rows):
            text = ("’" if row % 5 == 0 else "'") + f"{row} " + "a fine film; " * 142
            writer.writerow(
                [f"rw{row}", f"reviewer {row % 700}", "Heat (1995)", "8", f"Summary {row}", text, f"[{row}, {row}]"]
            )
    (tmp_path / "movies.csv").write_text("imdbId,Title\n113277,Heat (1995)\n", encoding="utf-8")
    run = subprocess.run([sys.executable, "-c", PEAK, str(tmp_path)], capture_output=True, text=True, check=True)
    read, peak = map(int, run.stdout.split())
    assert read == rows
    assert peak < PAPER_BYTES * rows / PAPER_ROWS
