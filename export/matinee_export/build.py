"""Builds a bundle from a dataset folder: runs every stage in order.

In: `BuildOptions`. Out: the bundle, moved to its target only when it is complete. Long stages are steps of a
`Workspace` beside the target, so that an interrupted build resumes after its last finished step.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from matinee import folders, hnsw
from matinee.encoders import Encoder
from matinee.models import MODELS
from matinee.neighbours import without_bias
from matinee.zero_shot import genre_prompts
from matinee_export.bundle import report as reports
from matinee_export.bundle.catalogue import describe, list_movies
from matinee_export.bundle.genres import genre_accuracy, genre_names
from matinee_export.bundle.maps import draw_map
from matinee_export.bundle.pack import GenrePiece, ModelPiece, Pieces, pack
from matinee_export.data import Dataset, split
from matinee_export.embedding.embed import Projection
from matinee_export.embedding.vectors import ContentVectors
from matinee_export.log import Log
from matinee_export.models.cold_start import movie_facts
from matinee_export.models.content_settings import ContentSettings
from matinee_export.models.content_tuning import choose_profiles
from matinee_export.models.factor_model import Factors
from matinee_export.models.registry import CONTENT_MODELS, FACTOR_MODELS
from matinee_export.models.training import Evaluated, SplitData, train_and_evaluate, train_factor_model
from matinee_export.prepare import Prepared, Source, estimate, prepare
from matinee_export.workspace import Workspace

BUNDLE = "bundle"
"""The kind that `matinee.folders` writes into the marker file of a bundle."""

BUILT_WITH = ("matinee", "torch", "transformers", "open_clip_torch", "onnx", "implicit", "numpy")


@dataclass(frozen=True)
class BuildOptions:
    """The options of a build.

    Attributes:
        source: The dataset, and the options for encoders, embedding and factor models.
        out: Where the bundle goes; an older bundle there is replaced.
        by: How rows are split: "random", "leave-last" or "time".
        index: The HNSW library that makes the indexes, one of `matinee.hnsw.LIBRARIES`.
    """

    source: Source
    out: Path
    by: str = "random"
    index: str = hnsw.DEFAULT


def build(options: BuildOptions, log: Log) -> Path:
    """Build a bundle and return its folder.

    Args:
        options: The options of the build.
        log: Called with one line of text for each step and each result.

    Raises:
        BadInputError: An option cannot be used; nothing was written.
        DatasetError: The dataset cannot be read; nothing was written.
        BuildError: A check failed; an older bundle in the target's place is left as it was.
    """
    target = _checked(options)
    with Workspace(target, log) as workspace:
        folders.replace(_build(options, workspace, log), target, BUNDLE)
        workspace.remove()
    log(f"the bundle is in {options.out}")
    return options.out


def estimate_build(options: BuildOptions, log: Log) -> list[Projection]:
    """Run a build up to the first 1 % of the embedding; return the projected time of each embedding job.

    Steps that were finished are kept for the build. Raises what `build` raises.
    """
    target, source = _checked(options), options.source
    with Workspace(target, log) as workspace:
        dataset = source.read(workspace, log)
        return estimate(source, dataset, split(dataset.reviews, source.seed, by=options.by).train, workspace, log)


def _checked(options: BuildOptions) -> Path:
    """Validate the options before anything is read or written, and return the target."""
    target = folders.target_folder(options.out, BUNDLE)
    hnsw.library(options.index).load()
    options.source.check()
    return target


def _build(options: BuildOptions, workspace: Workspace, log: Log) -> Path:
    """Run every step and return the finished bundle's folder, which is still in the workspace."""
    source, seed = options.source, options.source.seed
    dataset = source.read(workspace, log)
    parts = split(dataset.reviews, seed, by=options.by)
    prepared = prepare(source, dataset, parts.train, workspace, log)
    posters = prepared.posters
    split_data = SplitData(dataset.reviews, movie_facts(dataset.movies), parts, prepared.vectors, seed)
    key = {**prepared.key, "by": options.by}
    factors = {name: _factors(name, split_data, source.factors, workspace, key, log) for name in FACTOR_MODELS}
    settings = choose_profiles(split_data, log).settings
    evaluated = train_and_evaluate(split_data, factors, settings, log)

    data = describe(dataset, posters)
    genres = _genres(dataset, prepared, log)
    found = reports.figures(data, parts, options.by, evaluated, genres.accuracy if genres else None)
    encoders = prepared.encoders
    pieces = Pieces(
        seed=seed,
        built_by={
            "python": platform.python_version(),
            **{name: version(name) for name in (*BUILT_WITH, options.index)},
        },
        dataset=data,
        catalogue=list_movies(dataset, split_data.fit_rows, posters),
        posters=prepared.thumbnails / "posters",
        encoders=encoders,
        models=_model_pieces(evaluated, settings, prepared.vectors, log),
        hybrid_weights=evaluated.fusion.weights,
        genres=genres,
        figures=found,
        library=options.index,
        report=reports.markdown(data, {name: piece.info for name, piece in encoders.items()}, found),
    )
    return workspace.staged("bundle", BUNDLE, lambda to: pack(pieces, to))


def _factors(
    kind: str, split_data: SplitData, sizes: str, workspace: Workspace, key: Mapping[str, Any], log: Log
) -> Factors:
    """Train one factor model, or load it if an earlier build trained it."""
    folder = workspace.step(
        f"factors-{kind}",
        ["matinee_export.models.training"],
        {**key, "sizes": sizes},
        lambda to: train_factor_model(split_data, kind, sizes, log).save(to),
    )
    return Factors.load(folder)


def _genres(dataset: Dataset, prepared: Prepared, log: Log) -> GenrePiece | None:
    """Return genre vectors and accuracy of the first model that embeds texts and posters in one space, or None."""
    genres, posters = dataset.movies["genres"].tolist(), prepared.vectors.posters
    names = genre_names(genres)
    reader = next((name for name in prepared.vectors.texts if name in posters and posters[name].any()), None)
    if reader is None or not names:
        return None
    prompts = genre_prompts(Encoder.open(prepared.encoders[reader].folder), names)
    accuracy = genre_accuracy(posters[reader], genres, names, prompts)
    log(f"genres in posters: {accuracy.sentence()}")
    return GenrePiece(reader, names, prompts, accuracy)


def _model_pieces(
    evaluated: Evaluated, settings: Mapping[str, ContentSettings], content: ContentVectors, log: Log
) -> dict[str, ModelPiece]:
    fitted, fusion = evaluated.fitted, evaluated.fusion
    log("drawing maps ...")
    pieces = {
        name: ModelPiece(
            known.item_factors,
            known.user_factors,
            known.params,
            _metrics(evaluated, name),
            choices={"made_by": known.made_by},
            arrays={"map": draw_map(without_bias(name, known.item_factors))},
        )
        for name, known in fitted.factors.items()
    }
    pieces |= {
        name: ModelPiece(
            profiles.movies,
            profiles.users,
            metrics=_metrics(evaluated, name),
            choices=CONTENT_MODELS[name].choices(settings[name]),
            arrays={
                "map": draw_map(profiles.movies),
                **{f"{kind}-space": space.array for kind, space in profiles.whitenings.items()},
                **{Path(way.file).stem: content.posters[name] for way in MODELS[name].spec.ways if way.file},
            },
        )
        for name, profiles in fitted.profiles.items()
    }
    hybrid = ModelPiece(
        fitted.guesses,
        fitted.factors["als"].user_factors,
        metrics=_metrics(evaluated, "hybrid"),
        arrays={"prior": fusion.prior(fitted.train)},
    )
    return {**pieces, "hybrid": hybrid}


def _metrics(evaluated: Evaluated, name: str) -> dict[str, float]:
    values = reports.rounded(evaluated.metrics[name].means())
    return {metric: value for metric, value in values.items() if value is not None}
