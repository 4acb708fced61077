"""From a dataset folder to a bundle: the whole flow, top to bottom.

In: `BuildOptions`. Out: the bundle, in its place only when it is complete. What takes long is done in steps of a
`Workspace` beside the target, so that an interrupted build goes on where it stopped. The work itself is in the modules
called here.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from matinee_export import report as reports
from matinee_export.assess import (
    CONTENT_MODELS,
    FACTOR_MODELS,
    Assessment,
    Question,
    Report,
    assess,
    train_factor_model,
)
from matinee_export.content import Content, Exporting, embed, export
from matinee_export.dataset import Dataset, clean, read_dataset, split
from matinee_export.encoders import EncoderChoice, choose
from matinee_export.factors import Factors, parse_sizes
from matinee_export.listing import describe, list_movies
from matinee_export.mapping import movie_facts
from matinee_export.pack import ModelPiece, Pieces, check_target, pack, put_in_place
from matinee_export.posters import read_refused, write_thumbnails
from matinee_export.profile_settings import ProfileSettings
from matinee_export.sample import SAMPLE, write_sample
from matinee_export.study.choices import choose_profiles
from matinee_export.workspace import Workspace, files_digest

BUILT_WITH = ("matinee", "torch", "transformers", "open_clip_torch", "onnx", "implicit", "numpy", "hnswlib")


@dataclass(frozen=True)
class BuildOptions:
    """What to build.

    Attributes:
        data: Dataset folder, or "sample".
        out: Where the bundle goes; an older bundle there is replaced.
        weights: "auto", "hub", "packaged", "seeded" or a folder; see `matinee_export.encoders`.
        encoders: Names of other models than the default ones, by encoder.
        factors: "auto", or sizes such as "50,100,200".
        precision: "auto", "fp32" or "int8".
        exporter: "torch" or "optimum".
        by: How rows are split: "random", "leave-last" or "time".
        seed: Seed of everything random.
    """

    data: str
    out: Path
    weights: str = "auto"
    encoders: Mapping[str, str] = field(default_factory=dict)
    factors: str = "auto"
    precision: str = "auto"
    exporter: str = "torch"
    by: str = "random"
    seed: int = 0


def build(options: BuildOptions, report: Report) -> Path:
    """Build a bundle and return its folder.

    Args:
        options: What to build.
        report: Called with one line of text for each thing done or found out.

    Raises:
        BadInputError: An option cannot be used; nothing was written.
        DatasetError: The dataset cannot be read; nothing was written.
        BuildError: A check failed; an older bundle in the target's place is left as it was.
    """
    check_target(options.out)
    parse_sizes(options.factors, 0)  # what cannot be used is refused now, not after an hour of embedding
    choices = {name: choose(name, options.weights, options.encoders.get(name)) for name in CONTENT_MODELS}
    dataset = None if options.data == SAMPLE else _read(Path(options.data), report)
    with Workspace(options.out.with_name(options.out.name + ".work"), report) as workspace:
        if dataset is None:
            sample = workspace.step(
                "sample", ["matinee_export.sample"], {"seed": options.seed}, lambda to: write_sample(to, options.seed)
            )
            dataset = _read(sample, report)
        staged = _build(options, choices, dataset, workspace, report)
        put_in_place(staged, options.out)
        workspace.remove()
    report(f"the bundle is in {options.out}")
    return options.out


def _read(folder: Path, report: Report) -> Dataset:
    report(f"reading {folder} ...")
    dataset = clean(read_dataset(folder))
    report(f"{dataset.name}: {len(dataset.reviews):,} reviews of {len(dataset.movies):,} movies")
    for reason, rows in dataset.set_aside.items():
        report(f"set aside: {rows:,} x {reason}")
    return dataset


def _build(
    options: BuildOptions,
    choices: Mapping[str, EncoderChoice],
    dataset: Dataset,
    workspace: Workspace,
    report: Report,
) -> Path:
    """Do every step between a dataset and a bundle that waits in the workspace to be moved into place."""
    named = [dataset.folder / name if name else None for name in dataset.movies["poster"]]
    key = {"data": _digest(dataset.folder, named), "seed": options.seed, "by": options.by}
    thumbnails = workspace.step(
        "thumbnails",
        ["matinee_export.posters"],
        key,
        lambda to: write_thumbnails(dataset.movies, dataset.folder, to),
    )
    posters = _readable(named, read_refused(thumbnails), report)
    parts = split(dataset.reviews, options.seed, by=options.by)

    content = Content.of(dataset, posters, parts.train)
    how = Exporting(options.precision, options.exporter, options.seed)
    encoders = {name: export(name, choices[name], how, content, workspace, key, report) for name in CONTENT_MODELS}
    vectors = embed(encoders, content, workspace, key, report)

    question = Question(dataset.reviews, movie_facts(dataset.movies), parts, vectors, options.seed)
    factors = {name: _factors(name, question, options.factors, workspace, key, report) for name in FACTOR_MODELS}
    settings = choose_profiles(question, report).settings
    assessment = assess(question, factors, settings, report)

    data = describe(dataset, posters)
    found = reports.figures(data, parts, options.by, assessment)
    pieces = Pieces(
        seed=options.seed,
        built_by={"python": platform.python_version(), **{name: version(name) for name in BUILT_WITH}},
        dataset=data,
        catalogue=list_movies(dataset, question.fit_rows, posters),
        posters=thumbnails / "posters",
        encoders=encoders,
        models=_model_pieces(assessment, settings),
        hybrid_weights=assessment.fusion.weights,
        figures=found,
        report=reports.markdown(data, {name: piece.info for name, piece in encoders.items()}, found),
    )
    return workspace.staged("bundle", lambda to: pack(pieces, to))


def _digest(folder: Path, posters: list[Path | None]) -> str:
    """Return a digest of everything in a dataset folder that a bundle depends on."""
    tables = [path for path in sorted(folder.iterdir()) if path.suffix in {".csv", ".json"}]
    return files_digest([*tables, *(path for path in posters if path is not None)])


def _readable(posters: list[Path | None], refused: Mapping[int, str], report: Report) -> list[Path | None]:
    """Return the posters without the refused ones, and say which those are."""
    for reason in refused.values():
        report(f"set aside: {reason}")
    return [None if row in refused else path for row, path in enumerate(posters)]


def _factors(
    kind: str, question: Question, sizes: str, workspace: Workspace, key: Mapping[str, Any], report: Report
) -> Factors:
    """Train one factor model, or find it trained."""
    folder = workspace.step(
        f"factors-{kind}",
        ["matinee_export.assess"],
        {**key, "sizes": sizes},
        lambda to: train_factor_model(question, kind, sizes, report).save(to),
    )
    return Factors.load(folder)


def _model_pieces(assessment: Assessment, settings: Mapping[str, ProfileSettings]) -> dict[str, ModelPiece]:
    fitted, fusion = assessment.fitted, assessment.fusion
    pieces = {
        name: ModelPiece(
            known.item_factors,
            known.user_factors,
            known.params,
            _metrics(assessment, name),
            choices={"made_by": known.made_by},
        )
        for name, known in fitted.factors.items()
    }
    pieces |= {
        name: ModelPiece(
            profiles.movies,
            profiles.users,
            metrics=_metrics(assessment, name),
            choices=settings[name].choices(name),
            arrays={f"{kind}-space": space.array for kind, space in profiles.spaces.items()},
        )
        for name, profiles in fitted.profiles.items()
    }
    hybrid = ModelPiece(
        fitted.guesses,
        fitted.factors["als"].user_factors,
        metrics=_metrics(assessment, "hybrid"),
        arrays={"prior": fusion.prior(fitted.train)},
    )
    return {**pieces, "hybrid": hybrid}


def _metrics(assessment: Assessment, name: str) -> dict[str, float]:
    values = reports.rounded(assessment.metrics[name].means())
    return {metric: value for metric, value in values.items() if value is not None}
