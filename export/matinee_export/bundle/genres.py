"""Measures how often the genres that a model predicts from posters (zero-shot) are right, on the dataset's posters.

In: the model's vectors of the posters, each movie's genres, and the genres' vectors. Out: `GenreAccuracy`, and the two
files of a bundle that `matinee.zero_shot` reads. The model was not trained on the dataset's posters or genres, so every
poster is a test case.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt

from matinee.zero_shot import TEMPLATES, GenreAccuracy, genre_files

Vectors = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


def genre_names(genres: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return every genre that occurs in `genres`, one list for each movie, sorted."""
    return tuple(sorted({name for listed in genres for name in listed}))


def genre_accuracy(
    posters: Vectors, genres: Sequence[Sequence[str]], names: Sequence[str], prompts: Vectors
) -> GenreAccuracy:
    """Return how often predicted genres are right, with baselines that do not look at the poster.

    Args:
        posters: The model's vectors of the posters, (n_movies, dim), zero rows for movies without one.
        genres: The genres of each movie; movies without any are left out.
        names: The genres to choose from.
        prompts: The genres' vectors, (n_genres, dim) of unit rows.
    """
    right = np.array([[name in listed for name in names] for listed in genres], dtype=np.bool_)  # (n_movies, n_genres)
    right = right.reshape(len(genres), len(names))
    measured = right.any(axis=1) & posters.any(axis=1)
    right = right[measured]
    if not len(right):
        return GenreAccuracy(0, 0.0, 0.0, 0.0, 0.0, 0.0)
    scores = posters[measured] @ prompts.T  # (n, n_genres)
    shares = right.mean(axis=0)
    read, common = _in_order(right, scores), _in_order(right, np.broadcast_to(shares, right.shape))
    return GenreAccuracy(
        posters=len(right),
        top1=float(read[:, 0].mean()),
        map=float(average_precision(read).mean()),
        common_top1=float(common[:, 0].mean()),
        common_map=float(average_precision(common).mean()),
        shuffled_top1=float(shares[scores.argmax(axis=1)].mean()),
    )


def average_precision(right: Flags) -> npt.NDArray[np.float64]:
    """Return the average precision of rankings, (n,); `right` (n, ranks), best rank first, has a True in each row."""
    precision = right.cumsum(axis=1) / np.arange(1, right.shape[1] + 1)
    return np.asarray((precision * right).sum(axis=1) / right.sum(axis=1))


def write_genres(model: str, names: Sequence[str], prompts: Vectors, accuracy: GenreAccuracy, folder: Path) -> None:
    """Write the genres' vectors, and a JSON file of names, prompts and accuracy, into the bundle in `folder`."""
    vectors_file, facts_file = genre_files(model)
    np.save(folder / vectors_file, np.ascontiguousarray(prompts, dtype=np.float32), allow_pickle=False)
    figures = {name: round(value, 6) for name, value in asdict(accuracy).items()}
    facts = {"genres": list(names), "templates": list(TEMPLATES), "accuracy": figures}
    text = json.dumps(facts, indent=1, ensure_ascii=False)
    (folder / facts_file).write_text(text + "\n", encoding="utf-8", newline="\n")


def _in_order(right: Flags, scores: npt.NDArray[np.floating]) -> Flags:
    """Return `right` (n, n_genres) with each row in descending order of its scores; ties keep their order."""
    order = np.argsort(-scores, axis=1, kind="stable")
    return np.take_along_axis(right, order, axis=1)
