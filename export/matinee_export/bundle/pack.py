"""Packs the finished pieces into a bundle and checks it.

In: catalogue, thumbnails, encoder folders, model vectors, figures. Out: the bundle's files in a folder, after the
bundle was opened and every file in it checked.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from matinee.blend import Weights
from matinee.bundle import Bundle
from matinee.catalogue import Catalogue
from matinee.errors import BuildError
from matinee.hnsw import DEFAULT
from matinee.manifest import FORMAT, TIMINGS, DatasetInfo, Manifest, ModelInfo, list_files
from matinee.zero_shot import GenreAccuracy
from matinee_export.bundle.genres import write_genres
from matinee_export.bundle.indexes import choose_index
from matinee_export.bundle.sbom import write_sbom
from matinee_export.encoders.record import EncoderPiece


@dataclass(frozen=True)
class ModelPiece:
    """One model to pack.

    Attributes:
        vectors: Movie vectors (n_movies, dim) float32; a zero row for a movie unknown to the model.
        users: User vectors (n_users, dim) float32; not shipped, only used as queries to measure the index's recall.
        params: Parameters of fold-in.
        metrics: Figures on held-out rows.
        choices: Settings that were chosen on validation rows.
        arrays: Further float32 matrices of the model, by file name without suffix.
    """

    vectors: npt.NDArray[np.float32]
    users: npt.NDArray[np.float32]
    params: dict[str, float] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    choices: dict[str, str | float] = field(default_factory=dict)
    arrays: Mapping[str, npt.NDArray[np.float32]] = field(default_factory=dict)


@dataclass(frozen=True)
class GenrePiece:
    """The genres that a model may predict from a poster, their vectors, and the accuracy on this dataset."""

    model: str
    names: tuple[str, ...]
    prompts: npt.NDArray[np.float32]
    accuracy: GenreAccuracy


@dataclass(frozen=True)
class Pieces:
    """Everything a bundle is made of.

    Attributes:
        seed: Seed of the whole build.
        built_by: Versions of the software that built it, by name.
        dataset: The dataset's entry in the manifest.
        catalogue: The movies, in row order.
        posters: Folder of thumbnails, with the file names of the catalogue.
        encoders: Encoders by name.
        models: Models with vectors, by name, in the order in which they are shown, the hybrid last.
        hybrid_weights: The hybrid's weights, by member.
        genres: Genres to predict from posters; None where there are no posters or no genres.
        figures: Content of report/metrics.json.
        report: Content of report/REPORT.md.
        library: The HNSW library that makes the indexes, one of `matinee.hnsw.LIBRARIES`.
    """

    seed: int
    built_by: dict[str, str]
    dataset: DatasetInfo
    catalogue: Catalogue
    posters: Path
    encoders: Mapping[str, EncoderPiece]
    models: Mapping[str, ModelPiece]
    hybrid_weights: Mapping[str, Weights]
    genres: GenrePiece | None
    figures: dict[str, Any]
    report: str
    library: str = DEFAULT


def pack(pieces: Pieces, folder: Path) -> None:
    """Write `pieces` as a bundle into the empty `folder`, then open it and check every file.

    Raises:
        BuildError: The written bundle fails a check.
    """
    pieces.catalogue.save(folder / "catalogue.jsonl")
    shutil.copytree(pieces.posters, folder / "posters")
    for name, encoder in pieces.encoders.items():
        shutil.copytree(encoder.folder, folder / "encoders" / name)
    models = {name: _pack_model(model, folder / "models" / name, pieces) for name, model in pieces.models.items()}
    if pieces.genres is not None:
        write_genres(pieces.genres.model, pieces.genres.names, pieces.genres.prompts, pieces.genres.accuracy, folder)
    _write_report(pieces, folder / "report")
    manifest = Manifest(
        format=FORMAT,
        seed=pieces.seed,
        built_by=pieces.built_by,
        dataset=pieces.dataset,
        encoders={name: encoder.info for name, encoder in pieces.encoders.items()},
        models=models,
        hybrid_weights={name: weights.by_regime() for name, weights in pieces.hybrid_weights.items()},
        files=dict(list_files(folder)),
    )
    write_sbom(manifest, folder).save(folder)
    if problems := list(Bundle.open(folder).problems()):
        raise BuildError(f"the bundle that was just written is not sound: {problems[0]}")


def _pack_model(model: ModelPiece, folder: Path, pieces: Pieces) -> ModelInfo:
    folder.mkdir(parents=True)
    vectors = np.ascontiguousarray(model.vectors, dtype=np.float32)
    for file, array in {"movies": vectors, **model.arrays}.items():
        np.save(folder / f"{file}.npy", np.ascontiguousarray(array, np.float32), allow_pickle=False)
    chosen = choose_index(vectors, model.users, pieces.library, pieces.seed)
    chosen.index.save(folder)
    recall = round(chosen.recall, 4)
    return ModelInfo(vectors.shape[1], model.params, recall, model.metrics, model.choices, chosen.made)


def _write_report(pieces: Pieces, folder: Path) -> None:
    folder.mkdir()
    figures = json.dumps(pieces.figures, indent=1, ensure_ascii=False)
    (folder / "metrics.json").write_text(figures + "\n", encoding="utf-8", newline="\n")
    (folder / "REPORT.md").write_text(pieces.report, encoding="utf-8", newline="\n")
    speeds = {name: encoder.speeds for name, encoder in pieces.encoders.items()}
    text = json.dumps({"times as fast as fp32": speeds}, indent=1)
    (folder.parent / TIMINGS).write_text(text + "\n", encoding="utf-8", newline="\n")
