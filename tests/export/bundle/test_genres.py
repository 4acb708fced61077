"""How often the genres that CLIP reads in posters are right."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from matinee.bundle import Bundle
from matinee.manifest import FORMAT, DatasetInfo, EncoderInfo, Manifest, list_files
from matinee.zero_shot import open_genres
from matinee_export.bundle.genres import average_precision, genre_accuracy, genre_names, write_genres

GENRES = [("Drama",), ("Drama", "War"), ("War",), ("Drama",), (), ("Comedy", "Drama")]
NAMES = ("Comedy", "Drama", "War")
PROMPTS = np.eye(3, dtype=np.float32)


def _posters(*first: str | None) -> np.ndarray:
    """Poster vectors whose likeliest genre is the one given, and after that the one before it in the alphabet."""
    rows = np.zeros((len(first), 3), np.float32)
    for row, name in enumerate(first):
        if name is not None:
            rows[row, NAMES.index(name)] = 0.9
            rows[row, NAMES.index(name) - 1] = 0.4
    return rows


def test_every_genre_is_told_apart() -> None:
    assert genre_names(GENRES) == NAMES


def test_the_figures_are_those_worked_out_by_hand() -> None:
    # Measured are the movies 0, 1, 2 and 5: the third has no poster that could be read, the fourth no genre.
    found = genre_accuracy(_posters("Drama", "Comedy", "War", None, "War", "Drama"), GENRES, NAMES, PROMPTS)
    assert found.posters == 4
    assert found.top1 == 3 / 4
    # Orders: Drama Comedy War, Comedy War Drama, War Drama Comedy, Drama Comedy War.
    assert found.map == pytest.approx(np.mean([1, (1 / 2 + 2 / 3) / 2, 1, 1]))
    # Of the four, three are Drama, two War, one Comedy.
    assert found.common_top1 == 3 / 4
    assert found.common_map == pytest.approx(np.mean([1, 1, 1 / 2, (1 + 2 / 3) / 2]))
    assert found.shuffled_top1 == pytest.approx((3 / 4 + 1 / 4 + 2 / 4 + 3 / 4) / 4)


def test_reading_every_poster_right_is_seen_and_reading_none_is_not() -> None:
    posters = _posters("Drama", "War", "War", "Drama", None, "Comedy")
    assert genre_accuracy(posters, GENRES, NAMES, PROMPTS).sees
    random = np.random.default_rng(0).normal(size=(2000, 3)).astype(np.float32)
    many = [GENRES[row] for row in np.random.default_rng(1).integers(0, 6, 2000)]
    blind = genre_accuracy(random, many, NAMES, PROMPTS)
    assert not blind.sees
    assert blind.top1 == pytest.approx(blind.shuffled_top1, abs=0.03)


def test_without_any_poster_there_is_nothing_to_measure() -> None:
    assert genre_accuracy(np.zeros((6, 3), np.float32), GENRES, NAMES, PROMPTS).posters == 0
    assert genre_accuracy(np.zeros((0, 3), np.float32), [], (), np.zeros((0, 3), np.float32)).posters == 0


def test_average_precision_is_the_mean_of_the_precisions_at_each_hit() -> None:
    right = np.array([[True, False, True], [False, False, True]])
    assert average_precision(right).tolist() == pytest.approx([(1 + 2 / 3) / 2, 1 / 3])


def test_what_is_written_is_what_the_runtime_reads(tmp_path: Path) -> None:
    (tmp_path / "models" / "clip").mkdir(parents=True)
    accuracy = genre_accuracy(_posters("Drama", "Comedy", "War", None, "War", "Drama"), GENRES, NAMES, PROMPTS)
    write_genres("clip", NAMES, PROMPTS, accuracy, tmp_path)
    encoders = {"clip": EncoderInfo("tiny", "", "", "seeded", dim=3)}
    manifest = Manifest(FORMAT, 0, {}, DatasetInfo("small"), encoders, {}, {}, dict(list_files(tmp_path)))
    manifest.save(tmp_path)
    reader = open_genres(Bundle.open(tmp_path))
    assert reader.genres == NAMES
    assert np.array_equal(reader.vectors, PROMPTS)
    assert dataclasses.asdict(reader.accuracy) == pytest.approx(dataclasses.asdict(accuracy), abs=1e-6)
    assert isinstance(reader.accuracy.posters, int)
