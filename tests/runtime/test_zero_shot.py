"""The genres that CLIP reads in a poster."""

from __future__ import annotations

import dataclasses
import doctest
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from matinee import zero_shot
from matinee.bundle import Bundle
from matinee.errors import BadImageError, BundleError
from matinee.manifest import Manifest, list_files
from matinee.zero_shot import (
    TEMPLATES,
    GenreAccuracy,
    GenreReader,
    can_read_genres,
    genre_files,
    genre_prompts,
    open_genres,
    prompts,
    read_genres,
    softmax,
)

ACCURACY = GenreAccuracy(posters=1200, top1=0.6, map=0.7, common_top1=0.4, common_map=0.55, shuffled_top1=0.25)


def _write(folder: Path, vectors: np.ndarray, facts: dict[str, object]) -> None:
    matrix, described = genre_files("clip")
    np.save(folder / matrix, vectors)
    (folder / described).write_text(json.dumps(facts))
    dataclasses.replace(Manifest.load(folder), files=dict(list_files(folder))).save(folder)


@pytest.fixture
def folder(world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path: Path) -> Path:
    """A bundle in which a genre's vector is that of a poster in the colour of its cluster."""
    made: Path = world.write_bundle(tmp_path / "bundle", tiny_encoder, {}, ("clip",))
    encoder = Bundle.open(made, threads=1).encoder("clip")
    vectors = np.vstack([encoder.poster(world.poster(number)) for number in range(world.CLUSTERS)])
    _write(made, vectors, {"genres": world.GENRES, "accuracy": dataclasses.asdict(ACCURACY)})
    return made


def test_the_likeliest_genre_comes_first_and_all_shares_add_up_to_1(world: ModuleType, folder: Path) -> None:
    bundle = Bundle.open(folder, threads=1)
    assert can_read_genres(bundle)
    for number, genre in enumerate(world.GENRES):
        readings = read_genres(bundle, world.poster(number))
        assert readings[0].genre == genre
        assert {reading.genre for reading in readings} == set(world.GENRES)
        shares = [reading.share for reading in readings]
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) == pytest.approx(1, abs=1e-5)


def test_a_genre_is_the_unit_mean_of_what_the_encoder_makes_of_its_sentences(
    tiny_encoder: Callable[..., Path], tmp_path: Path
) -> None:
    from matinee.encoders import Encoder

    encoder = Encoder.open(tiny_encoder(tmp_path / "clip", "clip", ["text"]), threads=1)
    vectors = genre_prompts(encoder, ["Horror", "Western"])
    assert vectors.shape == (2, encoder.dim)
    assert vectors.dtype == np.float32
    mean = np.mean([encoder.text(text) for text in prompts("Western")], axis=0)
    assert np.allclose(vectors[1], mean / np.linalg.norm(mean), atol=1e-6)


@pytest.mark.parametrize(
    ("genre", "said"),
    [
        ("Action", "an action movie"),
        ("Drama", "a drama movie"),
        ("Sci-Fi", "a science fiction movie"),
        ("Animation", "an animated movie"),
        (" Film-Noir ", "a film noir movie"),
        ("Children's", "a children's movie"),
    ],
)
def test_genres_are_said_as_people_say_them(genre: str, said: str) -> None:
    assert f"a poster of {said}" in prompts(genre)
    assert len(set(prompts(genre))) == len(TEMPLATES)


def test_the_examples_in_the_documentation_hold() -> None:
    assert doctest.testmod(zero_shot).failed == 0


def test_shares_do_not_overflow() -> None:
    assert softmax(np.array([1e4, -1e4, 1e4], dtype=np.float32)) == pytest.approx([0.5, 0, 0.5])


def test_equal_genres_stay_in_their_order() -> None:
    reader = GenreReader("clip", ("b", "a"), np.zeros((2, 3), np.float32), ACCURACY)
    assert [reading.genre for reading in reader.read(np.ones(3, np.float32))] == ["b", "a"]


@pytest.mark.parametrize(
    ("top1", "worth"),
    [
        (0.6, "it does see the genre in them"),
        (0.35, "it sees something in them, but too little to beat that"),
        (0.26, "it sees nothing in them"),
        (0.1, "it sees nothing in them"),
    ],
)
def test_the_figures_are_put_plainly(top1: float, worth: str) -> None:
    sentence = dataclasses.replace(ACCURACY, top1=top1).sentence()
    assert sentence == (
        f"On the 1,200 posters of this dataset the first genre is right for {top1:.0%}. The same answers given to "
        f"other posters would be right for 25%, and always saying the commonest genre for 40%: {worth}."
    )


def test_a_bundle_without_the_files_says_so(
    world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path: Path
) -> None:
    bundle = Bundle.open(world.write_bundle(tmp_path / "plain", tiny_encoder, {}, ("clip",)))
    assert not can_read_genres(bundle)
    with pytest.raises(BundleError, match=r"cannot read genres in posters: no model of it has genres\.npy"):
        open_genres(bundle)


@pytest.mark.parametrize(
    ("vectors", "facts", "message"),
    [
        (
            np.zeros((3, 32), np.float32),
            {"genres": ["a"], "accuracy": dataclasses.asdict(ACCURACY)},
            "should hold",
        ),
        (
            np.zeros((1, 9), np.float32),
            {"genres": ["a"], "accuracy": dataclasses.asdict(ACCURACY)},
            "should hold",
        ),
        (np.zeros((1, 32), np.float32), {"genres": ["a"], "accuracy": {"posters": 1}}, "is damaged"),
        (np.zeros((1, 32), np.float32), {"accuracy": dataclasses.asdict(ACCURACY)}, "is damaged"),
    ],
)
def test_files_that_do_not_fit_are_refused(
    folder: Path, vectors: np.ndarray, facts: dict[str, object], message: str
) -> None:
    _write(folder, vectors, facts)
    with pytest.raises(BundleError, match=message):
        open_genres(Bundle.open(folder))


def test_what_is_no_poster_is_refused(folder: Path) -> None:
    with pytest.raises(BadImageError):
        read_genres(Bundle.open(folder, threads=1), b"not an image")
