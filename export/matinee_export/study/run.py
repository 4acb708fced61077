"""Runs a study: every experiment on a dataset, each in a step that is kept, and the report of the results.

In: `StudyOptions`. Out: a folder named by the mode with REPORT.md, report.html, plots and study.json. Steps stay in a
workspace beside it under digests of everything they depend on, so a second run only writes the report again, and an
interrupted run resumes after its last finished step. The experiments are implemented in the modules that are imported
here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from matinee import folders
from matinee.errors import UnknownNameError
from matinee_export.bundle.catalogue import describe
from matinee_export.data import Dataset, split
from matinee_export.data.readers.movielens import is_movielens
from matinee_export.evaluation.evaluate import Metrics
from matinee_export.log import Log
from matinee_export.models.cold_start import movie_facts
from matinee_export.models.training import SplitData
from matinee_export.prepare import Prepared, Source, prepare
from matinee_export.reports import Document
from matinee_export.reports.document import HTML, REPORT
from matinee_export.study.experiments.bpr_ablation import Ablation, bpr_ablation
from matinee_export.study.experiments.experiment import experiment, tune
from matinee_export.study.experiments.fold_in import FoldedIn, fold_in
from matinee_export.study.experiments.leak import leak_test, stand_in
from matinee_export.study.experiments.reproduced import Reproduction, reproduce, split_a
from matinee_export.study.honest.report import honest_document, honest_json
from matinee_export.study.paper.experiments import PaperStudy, paper_study
from matinee_export.study.paper.report import paper_document, paper_json
from matinee_export.study.results import Cell, HonestStudy, Leak, Tuning
from matinee_export.study.steps import Steps, vectors_digest
from matinee_export.workspace import Workspace

SPLITS = ("random", "leave-last", "time")
SEEDS = 3
"""Number of seeds of every split in honest mode: the study's own seed and those that follow it."""

FIGURES = "study.json"


@dataclass(frozen=True)
class StudyOptions:
    """The options of a study.

    Attributes:
        source: The dataset, and the options for encoders, embedding and factor models.
        out: Where the reports of both modes go, each into a folder of its own; an older report there is replaced.
        mode: "honest" or "paper".
    """

    source: Source
    out: Path
    mode: str = "honest"


def study(options: StudyOptions, log: Log) -> Path:
    """Run every experiment that is not done yet, write the report, and return its folder.

    Args:
        options: The options of the study.
        log: Called with one line of text for each step and each result.

    Raises:
        BadInputError: An option cannot be used; nothing was written.
        DatasetError: The dataset cannot be read; nothing was written.
        BuildError: The folder holds something other than a report, or a check failed.
    """
    if options.mode not in MODES:
        raise UnknownNameError("mode", options.mode, MODES)
    home = Path(os.path.realpath(options.out))
    out = folders.target_folder(home / options.mode, REPORT)
    options.source.check()
    with Workspace(home, log) as workspace:
        document, figures = MODES[options.mode](options.source, workspace, log)
    document.save(out, {FIGURES: (json.dumps(figures, indent=1, ensure_ascii=False) + "\n").encode()})
    log(f"the report is in {out / HTML}; what it was made from stays in {workspace.folder} for the next run")
    return out


@dataclass(frozen=True)
class _Decided:
    """The data of one split and seed, with the settings chosen on its validation rows."""

    data: SplitData
    tuning: Tuning


def _honest(source: Source, workspace: Workspace, log: Log) -> tuple[Document, dict[str, Any]]:
    prepared, steps = _prepare(source, workspace, log)
    seeds = _seeds(source)
    decided = {(by, seed): _decide(prepared, steps, by, seed, source, log) for by in SPLITS for seed in seeds}
    cells: dict[str, list[Cell]] = {by: [] for by in SPLITS}
    for (by, seed), one in decided.items():

        def asked(by: str = by, one: _Decided = one) -> Cell:
            return experiment(one.data, by, one.tuning, log)

        key = {"by": by, "seed": seed, "tuning": asdict(one.tuning)}
        cells[by].append(steps.do(f"models-{by}-{seed}", "experiments.experiment", Cell, asked, **key))
    first = decided[SPLITS[0], seeds[0]]
    chance, leaks = steps.do(
        "leaks",
        "experiments.leak",
        tuple[Metrics, tuple[Leak, ...]],
        lambda: _leaks(first, prepared, log),
        settings={name: asdict(chosen) for name, chosen in first.tuning.profiles.settings.items()},
    )
    folded_in = steps.do(
        "fold-in", "experiments.fold_in", dict[str, FoldedIn], lambda: _folded_in(first), factors=first.tuning.factors
    )
    movielens = is_movielens(prepared.dataset.folder)
    found = HonestStudy(
        data=describe(prepared.dataset, prepared.posters),
        encoders={name: piece.info for name, piece in prepared.encoders.items()},
        tunings={by: decided[by, seeds[0]].tuning for by in SPLITS},
        cells=cells,
        chance=chance,
        leaks=leaks,
        stand_in=not prepared.encoders,
        folded_in=folded_in,
        reproduction=_reproduction(prepared.dataset, steps, log) if movielens else None,
        ablation=_ablation(prepared.dataset, steps) if movielens else (),
    )
    log("writing the report ...")
    return honest_document(found), honest_json(found)


def _decide(prepared: Prepared, steps: Steps, by: str, seed: int, source: Source, log: Log) -> _Decided:
    """Tune on the validation rows of one split; splits that are not random are tuned once for all seeds."""
    reviews, facts = prepared.dataset.reviews, movie_facts(prepared.dataset.movies)
    data = SplitData(reviews, facts, split(reviews, seed, by=by), prepared.vectors, seed)
    of = seed if by == "random" else source.seed
    key = {"by": by, "seed": of, "sizes": source.factors}
    tuning: Tuning = steps.do(
        f"tuning-{by}-{of}", "experiments.experiment", Tuning, lambda: tune(data, source.factors, log), **key
    )
    return _Decided(data, tuning)


def _leaks(decided: _Decided, prepared: Prepared, log: Log) -> tuple[Metrics, tuple[Leak, ...]]:
    data = decided.data
    if not prepared.encoders:
        data = replace(data, content=stand_in(len(data.reviews), data.n_movies))
    return leak_test(data, decided.tuning.profiles.settings, log)


def _folded_in(decided: _Decided) -> dict[str, FoldedIn]:
    data = decided.data
    train, test = data.interactions(data.fit_rows), data.interactions(data.split.test)
    return fold_in(train, test, decided.tuning.factors, seed=data.seed)


def _reproduction(dataset: Dataset, steps: Steps, log: Log) -> Reproduction:
    found: Reproduction = steps.do("published", "experiments.reproduced", Reproduction, lambda: reproduce(dataset, log))
    return found


def _ablation(dataset: Dataset, steps: Steps) -> tuple[Ablation, ...]:
    def make() -> tuple[Ablation, ...]:
        sides = split_a(dataset)
        inner = sides.for_tuning()
        return bpr_ablation(inner.train, inner.test, sides.test)

    found: tuple[Ablation, ...] = steps.do("bpr-ablation", "experiments.bpr_ablation", tuple[Ablation, ...], make)
    return found


def _paper(source: Source, workspace: Workspace, log: Log) -> tuple[Document, dict[str, Any]]:
    prepared, steps = _prepare(source, workspace, log)
    reviews, n = prepared.dataset.reviews, len(prepared.dataset.movies)
    found: PaperStudy = steps.do(
        "paper", "paper.experiments", PaperStudy, lambda: paper_study(reviews, n, prepared.vectors, source.seed, log)
    )
    data = describe(prepared.dataset, prepared.posters)
    log("writing the report ...")
    encoders = {name: piece.info for name, piece in prepared.encoders.items()}
    return paper_document(found, data, encoders), paper_json(found)


def _prepare(source: Source, workspace: Workspace, log: Log) -> tuple[Prepared, Steps]:
    """Return the prepared data, and the steps whose keys include it."""
    dataset = source.read(workspace, log)
    prepared = prepare(source, dataset, _always_train(dataset, source), workspace, log)
    return prepared, Steps(workspace, {**prepared.key, "vectors": vectors_digest(prepared.vectors)})


def _always_train(dataset: Dataset, source: Source) -> npt.NDArray[np.int64]:
    """Return the rows that are training rows in every split of both modes, on which networks are calibrated."""
    reviews = dataset.reviews
    splits = [split(reviews, seed, by=by) for by in SPLITS for seed in _seeds(source)]
    paper = split(reviews.assign(imputed=False), source.seed, validation=0.0)
    return reduce(np.intersect1d, [part.train for part in (*splits, paper)])


def _seeds(source: Source) -> range:
    return range(source.seed, source.seed + SEEDS)


Mode = Callable[[Source, Workspace, Log], tuple[Document, dict[str, Any]]]

MODES: Mapping[str, Mode] = {"honest": _honest, "paper": _paper}
"""The function that runs each mode and returns its report and figures."""
