"""Studies of the small dataset for tests of reports: real models, really fitted and measured, in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from tests.export.small_dataset import write_small_dataset

from matinee.exact import unit
from matinee.manifest import DatasetInfo, EncoderInfo
from matinee_export.data import Dataset, clean, read_dataset, split
from matinee_export.embedding.vectors import ContentVectors, ReviewVectors
from matinee_export.models.cold_start import movie_facts
from matinee_export.models.training import SplitData
from matinee_export.study.experiments.bpr_ablation import Ablation
from matinee_export.study.experiments.experiment import experiment, tune
from matinee_export.study.experiments.fold_in import fold_in
from matinee_export.study.experiments.leak import leak_test, stand_in
from matinee_export.study.experiments.reproduced import Reproduction, Run
from matinee_export.study.paper.experiments import PaperStudy, paper_study
from matinee_export.study.results import EVERYONE, HonestStudy

SPLITS, SEEDS = ("random", "leave-last", "time"), (0, 1)
DIM = 24


def encoder(weights: str = "pretrained") -> EncoderInfo:
    """Return what a manifest says of an encoder."""
    return EncoderInfo(source="tiny", revision="1", licence="MIT", weights=weights, dim=DIM)


def facts() -> DatasetInfo:
    """Return what a manifest says of the small dataset."""
    counts = {"movies": 36, "reviewers": 48, "ratings": 640, "texts": 330, "posters": 36}
    return DatasetInfo(name="small", note="Films of *two* kinds.", counts=counts, set_aside={"an unknown movie": 3})


@cache
def dataset() -> Dataset:
    """Return the small dataset, cleaned."""
    with TemporaryDirectory() as folder:
        return clean(read_dataset(write_small_dataset(Path(folder) / "data")))


@cache
def content() -> ContentVectors:
    """Return vectors that tell a film's kind, but for noise."""
    draw = np.random.default_rng(4)
    kinds = draw.standard_normal((2, DIM))

    def vectors(movies: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        about = kinds[np.asarray(movies) % 2] + 2.0 * draw.standard_normal((len(movies), DIM))
        return unit(about.astype(np.float32))

    reviews = dataset().reviews
    rows = np.flatnonzero(reviews["text"].to_numpy() != "").astype(np.int64)
    movies, every = reviews["movie"].to_numpy()[rows], range(len(dataset().movies))
    bert, resnet50 = ReviewVectors(rows, vectors(movies)), vectors(every)
    clip, clip_posters = ReviewVectors(rows, vectors(movies)), vectors(every)
    return ContentVectors({"bert": bert, "clip": clip}, {"resnet50": resnet50, "clip": clip_posters})


@cache
def nothing() -> ContentVectors:
    """Return no vectors, as of a dataset with neither texts nor posters."""
    return ContentVectors({}, {})


@cache
def honest(embedded: bool = True) -> HonestStudy:
    """Return an honest study; where nothing was embedded, of one split and with what only MovieLens has."""
    splits, seeds = (SPLITS, SEEDS) if embedded else (SPLITS[:1], SEEDS[:1])

    def question(by: str, seed: int) -> SplitData:
        reviews = dataset().reviews
        known = content() if embedded else nothing()
        return SplitData(reviews, movie_facts(dataset().movies), split(reviews, seed, by=by), known, seed)

    tunings = {by: tune(question(by, 0), "4,8", _quiet) for by in splits}
    cells = {by: [experiment(question(by, seed), by, tunings[by], _quiet) for seed in seeds] for by in splits}
    first = question("random", 0)
    asked = first if embedded else question_without(first)
    chance, leaks = leak_test(asked, tunings["random"].profiles.settings, _quiet)
    train, test = first.interactions(first.fit_rows), first.interactions(first.split.test)
    als = cells["random"][0].metrics[EVERYONE]["als"]
    runs = (Run("ALS again", {"size": 4.0}, als, "implicit's ALS by default, re-run"), Run("ours", {}, als))
    return HonestStudy(
        data=facts(),
        encoders={"bert": encoder(), "resnet50": encoder("seeded"), "clip": encoder()} if embedded else {},
        tunings=tunings,
        cells=cells,
        chance=chance,
        leaks=leaks,
        stand_in=not embedded,
        folded_in=fold_in(train, test, tunings["random"].factors),
        reproduction=None if embedded else Reproduction(len(train), len(test), False, runs),
        ablation=() if embedded else (Ablation("nothing: as it comes", 0.2, 0.21), Ablation("put back", 0.4, 0.41)),
    )


def question_without(question: SplitData) -> SplitData:
    """Return the question of a leak test where there is nothing to embed."""
    made_up = stand_in(len(question.reviews), question.n_movies)
    return SplitData(question.reviews, question.facts, question.split, made_up, question.seed)


@cache
def paper() -> PaperStudy:
    """Return a study in paper mode."""
    return paper_study(dataset().reviews, len(dataset().movies), content())


def _quiet(line: str) -> None:
    """Say nothing."""
