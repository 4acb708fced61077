"""From a dataset folder to a bundle: the whole flow, top to bottom.

In: `BuildOptions`. Out: the bundle, in its place only when it is complete. What takes long is done in steps of a
`Workspace` beside the target, so that an interrupted build goes on where it stopped. The work itself is in the modules
called here.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from matinee import folders, hnsw
from matinee.encoders import Encoder
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
from matinee_export.models.content_settings import ProfileSettings
from matinee_export.models.content_tuning import choose_profiles
from matinee_export.models.factors import Factors
from matinee_export.models.training import FACTOR_MODELS, Assessment, Question, assess, train_factor_model
from matinee_export.prepare import Prepared, Source, estimate, prepare
from matinee_export.workspace import Workspace

BUNDLE = "bundle"
"""What kind of folder is written."""

BUILT_WITH = ("matinee", "torch", "transformers", "open_clip_torch", "onnx", "implicit", "numpy")


@dataclass(frozen=True)
class BuildOptions:
    """What to build.

    Attributes:
        source: Which data, and what to look at it with.
        out: Where the bundle goes; an older bundle there is replaced.
        by: How rows are split: "random", "leave-last" or "time".
        index: Which of `matinee.hnsw.LIBRARIES` makes the indexes.
    """

    source: Source
    out: Path
    by: str = "random"
    index: str = hnsw.DEFAULT


def build(options: BuildOptions, log: Log) -> Path:
    """Build a bundle and return its folder.

    Args:
        options: What to build.
        log: Called with one line of text for each thing done or found out.

    Raises:
        BadInputError: An option cannot be used; nothing was written.
        DatasetError: The dataset cannot be read; nothing was written.
        BuildError: A check failed; an older bundle in the target's place is left as it was.
    """
    target, dataset = _checked(options, log)
    with Workspace(target, log) as workspace:
        folders.replace(_build(options, dataset, workspace, log), target, BUNDLE)
        workspace.remove()
    log(f"the bundle is in {options.out}")
    return options.out


def estimate_build(options: BuildOptions, log: Log) -> list[Projection]:
    """Do what a build does up to the first hundredth of the embedding; return how long all of the embedding takes.

    What is done is kept for the build. For what is raised see `build`.
    """
    target, dataset = _checked(options, log)
    with Workspace(target, log) as workspace:
        return estimate(options.source, dataset, _train_rows(options), workspace, log)


def _checked(options: BuildOptions, log: Log) -> tuple[Path, Dataset | None]:
    """Validate the options before anything is written; return the target, and what `Source.read` returns."""
    target = folders.target_folder(options.out, BUNDLE)
    hnsw.library(options.index).load()
    return target, options.source.read(log)


def _train_rows(options: BuildOptions) -> Callable[[Dataset], npt.NDArray[np.int64]]:
    return lambda dataset: split(dataset.reviews, options.source.seed, by=options.by).train


def _build(options: BuildOptions, dataset: Dataset | None, workspace: Workspace, log: Log) -> Path:
    """Do every step between a dataset and a bundle that waits in the workspace to be moved into place."""
    seed = options.source.seed
    prepared = prepare(options.source, dataset, _train_rows(options), workspace, log)
    dataset, posters = prepared.dataset, prepared.posters
    parts = split(dataset.reviews, seed, by=options.by)
    question = Question(dataset.reviews, movie_facts(dataset.movies), parts, prepared.vectors, seed)
    key = {**prepared.key, "by": options.by}
    factors = {name: _factors(name, question, options.source.factors, workspace, key, log) for name in FACTOR_MODELS}
    settings = choose_profiles(question, log).settings
    assessment = assess(question, factors, settings, log)

    data = describe(dataset, posters)
    genres = _genres(prepared, log)
    found = reports.figures(data, parts, options.by, assessment, genres.accuracy if genres else None)
    encoders = prepared.encoders
    pieces = Pieces(
        seed=seed,
        built_by={
            "python": platform.python_version(),
            **{name: version(name) for name in (*BUILT_WITH, options.index)},
        },
        dataset=data,
        catalogue=list_movies(dataset, question.fit_rows, posters),
        posters=prepared.thumbnails / "posters",
        encoders=encoders,
        models=_model_pieces(assessment, settings, prepared.vectors, log),
        hybrid_weights=assessment.fusion.weights,
        genres=genres,
        figures=found,
        library=options.index,
        report=reports.markdown(data, {name: piece.info for name, piece in encoders.items()}, found),
    )
    return workspace.staged("bundle", BUNDLE, lambda to: pack(pieces, to))


def _factors(
    kind: str, question: Question, sizes: str, workspace: Workspace, key: Mapping[str, Any], log: Log
) -> Factors:
    """Train one factor model, or find it trained."""
    folder = workspace.step(
        f"factors-{kind}",
        ["matinee_export.models.training"],
        {**key, "sizes": sizes},
        lambda to: train_factor_model(question, kind, sizes, log).save(to),
    )
    return Factors.load(folder)


def _genres(prepared: Prepared, log: Log) -> GenrePiece | None:
    """Find out which genres CLIP reads in the dataset's posters, and how often it is right."""
    genres = prepared.dataset.movies["genres"].tolist()
    names = genre_names(genres)
    if "clip" not in prepared.encoders or not names or not prepared.vectors.clip_posters.any():
        return None
    prompts = genre_prompts(Encoder.open(prepared.encoders["clip"].folder), names)
    accuracy = genre_accuracy(prepared.vectors.clip_posters, genres, names, prompts)
    log(f"genres in posters: {accuracy.sentence()}")
    return GenrePiece(names, prompts, accuracy)


def _model_pieces(
    assessment: Assessment, settings: Mapping[str, ProfileSettings], content: ContentVectors, log: Log
) -> dict[str, ModelPiece]:
    fitted, fusion = assessment.fitted, assessment.fusion
    log("drawing maps ...")
    pieces = {
        name: ModelPiece(
            known.item_factors,
            known.user_factors,
            known.params,
            _metrics(assessment, name),
            choices={"made_by": known.made_by},
            arrays={"map": draw_map(without_bias(name, known.item_factors))},
        )
        for name, known in fitted.factors.items()
    }
    pieces |= {
        name: ModelPiece(
            profiles.movies,
            profiles.users,
            metrics=_metrics(assessment, name),
            choices=settings[name].choices(name),
            arrays={
                "map": draw_map(profiles.movies),
                **{f"{kind}-space": space.array for kind, space in profiles.spaces.items()},
                **({"posters": content.clip_posters} if name == "clip" else {}),
            },
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
