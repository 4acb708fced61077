"""Maps of all movies, and where on them a visitor stands."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from matinee.bundle import Bundle
from matinee.errors import BundleError, EmptyTasteError, UnknownNameError
from matinee.manifest import Manifest, list_files
from matinee.maps import load_map, mapped, place
from matinee.models import MODELS
from matinee.recommender import Recommender
from matinee.taste import Poster, Rating, Review, Taste

CORNERS = np.array([[-0.5, -0.5], [0.5, -0.5], [-0.5, 0.5], [0.5, 0.5]], dtype=np.float32)
"""Where each cluster lies."""


def _positions(world: ModuleType) -> np.ndarray:
    spread = np.random.default_rng(0).uniform(-0.1, 0.1, (world.N, 2)).astype(np.float32)
    positions = CORNERS[np.arange(world.N) % world.CLUSTERS] + spread
    positions[list(world.UNKNOWN)] = np.nan
    return np.asarray(positions, dtype=np.float32)


def _with_map(folder: Path, model: str, positions: np.ndarray) -> None:
    np.save(folder / "models" / model / "map.npy", positions)
    dataclasses.replace(Manifest.load(folder), files=dict(list_files(folder))).save(folder)


@pytest.fixture(scope="module")
def recommender(
    world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Recommender:
    folder = world.write_bundle(tmp_path_factory.mktemp("maps") / "bundle", tiny_encoder, {})
    for model in MODELS:
        _with_map(folder, model, _positions(world))
    return Recommender(Bundle.open(folder, threads=1))


def test_a_map_has_a_place_for_every_movie_that_its_model_knows(world: ModuleType, recommender: Recommender) -> None:
    assert mapped(recommender.bundle) == tuple(MODELS)
    positions = load_map(recommender.bundle, "als")
    assert positions.shape == (world.N, 2)
    assert sorted(np.flatnonzero(np.isnan(positions).any(axis=1))) == sorted(world.UNKNOWN)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "taste",
    [
        lambda world: Taste(ratings=(Rating("Film 1", 9), Rating("Film 5", 8))),
        lambda world: Taste(reviews=(Review(world.WORDS[1]),)),
        lambda world: Taste(posters=(Poster(world.poster(1)),)),
    ],
    ids=["ratings", "words", "a poster"],
)
def test_a_visitor_stands_among_the_movies_they_like(
    world: ModuleType, recommender: Recommender, model: str, taste: Callable[[ModuleType], Taste]
) -> None:
    assert np.abs(np.array(place(recommender, taste(world), model)) - CORNERS[1]).max() < 0.15


def test_someone_who_likes_two_kinds_of_movies_stands_within_the_map(
    world: ModuleType, recommender: Recommender
) -> None:
    both = Taste(ratings=(Rating("Film 0", 9), Rating("Film 1", 9)))
    for model in MODELS:
        x, y = place(recommender, recommender.hear(both), model)
        assert -0.6 <= x <= 0.6
        assert -0.6 <= y <= 0.0


def test_a_visitor_without_likes_stands_somewhere_too(recommender: Recommender) -> None:
    for model in MODELS:
        assert np.isfinite(place(recommender, Taste(ratings=(Rating("Film 9", 6),)), model)).all()


def test_a_bundle_without_maps_says_so(world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path: Path) -> None:
    folder = world.write_bundle(tmp_path / "bundle", tiny_encoder, {}, ("als", "bpr"))
    _with_map(folder, "bpr", _positions(world))
    bundle = Bundle.open(folder)
    assert mapped(bundle) == ("bpr",)
    with pytest.raises(UnknownNameError, match="no model with a map is called 'als'; valid: 'bpr'"):
        load_map(bundle, "als")


@pytest.mark.parametrize(
    "positions", [np.zeros((3, 2), np.float32), np.zeros((160, 2)), np.zeros((160, 3), np.float32)]
)
def test_a_map_of_other_movies_is_refused(
    world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path: Path, positions: np.ndarray
) -> None:
    folder = world.write_bundle(tmp_path / "bundle", tiny_encoder, {}, ("als",))
    _with_map(folder, "als", positions)
    with pytest.raises(BundleError, match=r"models/als/map\.npy holds .* and should hold float32 \(160, 2\)"):
        load_map(Bundle.open(folder), "als")


def test_an_empty_taste_stands_nowhere(recommender: Recommender) -> None:
    with pytest.raises(EmptyTasteError):
        place(recommender, Taste(), "als")
