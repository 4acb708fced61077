"""More like this: movies near a movie or a poster, by looks, words or viewers."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from matinee.bundle import Bundle
from matinee.errors import BadImageError, BadInputError, BundleError, UnknownNameError
from matinee.neighbours import Neighbours, directions, more_like, nearest, nearest_posters, ways
from matinee.recommender import Recommender
from matinee.where import Where

POSTERS = "models/clip/posters.npy"


@pytest.fixture(scope="module")
def folder(world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world as a bundle, with CLIP's vectors of the posters: those of the clusters' colours."""
    made: Path = world.write_bundle(tmp_path_factory.mktemp("near") / "bundle", tiny_encoder, {})
    looks = np.vstack([Bundle.open(made, threads=1).encoder("clip").poster(world.poster(n)) for n in range(4)])
    _add_posters(world, made, world.finish(looks[np.arange(world.N) % 4]))
    return made


@pytest.fixture(scope="module")
def recommender(folder: Path) -> Recommender:
    return Recommender(Bundle.open(folder, threads=1))


def _add_posters(world: ModuleType, folder: Path, vectors: np.ndarray) -> None:
    np.save(folder / POSTERS, vectors)
    world.list_files_anew(folder)


def _clusters(world: ModuleType, found: Neighbours) -> set[int]:
    return {world.GENRES.index(near.movie.genres[0]) for near in found.nearest}


def _png(world: ModuleType, number: int) -> bytes:
    file = io.BytesIO()
    world.poster(number).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("by", "model"),
    [("looks", "resnet50"), ("clip looks", "clip"), ("words", "bert"), ("viewers", "als"), ("both", "clip")],
)
def test_a_movie_brings_those_like_it_but_never_itself(
    world: ModuleType, recommender: Recommender, by: str, model: str
) -> None:
    found = more_like(recommender, "Film 6", by, k=8)
    assert (found.by, found.model, found.note) == (by, model, "")
    assert len(found.nearest) == 8
    assert "Film 6" not in {near.movie.title for near in found.nearest}
    assert _clusters(world, found) == {2}
    similarities = [near.similarity for near in found.nearest]
    assert similarities == sorted(similarities, reverse=True)
    assert -1.001 <= similarities[-1] <= similarities[0] <= 1.001


def test_viewers_compare_by_angle_so_that_popular_movies_are_not_near_everything(
    world: ModuleType, recommender: Recommender
) -> None:
    vectors = world.vectors("als").astype(np.float64)
    lengths = np.linalg.norm(vectors, axis=1)
    cosines = vectors @ vectors[6] / np.where(lengths > 0, lengths, 1) / lengths[6]
    cosines[[6, *world.UNKNOWN]] = -2
    expected = [f"Film {row}" for row in np.argsort(-cosines)[:10]]
    assert [near.movie.title for near in more_like(recommender, "Film 6", "viewers").nearest] == expected


def test_the_column_of_popularity_is_no_direction(world: ModuleType) -> None:
    bpr = world.model("bpr")
    assert directions(bpr).shape == (world.N, world.DIM - 1)
    lifted = np.array(bpr.vectors[6])
    lifted[-1] += 100
    assert nearest(bpr, lifted, 5)[0].tolist() == nearest(bpr, bpr.vectors[6], 5)[0].tolist()


def test_neighbours_pass_the_filters(recommender: Recommender) -> None:
    where = Where(genres=("horror",), years=(1960, 1990), exclude=("Film 11",))
    for by in ways(recommender):
        found = more_like(recommender, "Film 7", by, k=5, where=where).nearest
        assert len(found) == 5
        assert all(n.movie.genres == ("Horror",) and 1960 <= (n.movie.year or 0) <= 1990 for n in found)
        assert all(n.movie.title != "Film 11" for n in found)


@pytest.mark.parametrize(
    ("by", "note"),
    [
        ("looks", r"ResNet50 cannot compare Film 9 \(1959\): it has no poster here"),
        ("clip looks", r"CLIP cannot compare Film 9 \(1959\): it has no poster here"),
        ("words", r"BERT cannot compare Film 9 \(1959\): nobody wrote about it"),
        ("viewers", r"ALS cannot compare Film 9 \(1959\): too few viewers rated it"),
        ("both", r"CLIP cannot compare Film 9 \(1959\): it has neither a poster nor a review here"),
    ],
)
def test_a_movie_that_the_model_does_not_know_is_answered_with_why(
    recommender: Recommender, by: str, note: str
) -> None:
    found = more_like(recommender, "Film 9", by)
    assert found.nearest == ()
    assert found.note == note.replace("\\", "")


def test_unknown_movies_are_nobodys_neighbours(world: ModuleType, recommender: Recommender) -> None:
    strangers = {f"Film {row}" for row in world.UNKNOWN}
    for by in ways(recommender):
        found = more_like(recommender, "Film 6", by, k=1000).nearest
        assert len(found) == world.N - len(strangers) - 1
        assert strangers.isdisjoint(near.movie.title for near in found)


@pytest.mark.parametrize("by", ["looks", "clip looks"])
def test_a_poster_brings_movies_that_look_like_it(world: ModuleType, recommender: Recommender, by: str) -> None:
    found = nearest_posters(recommender, _png(world, 3), by, k=12)
    assert len(found.nearest) == 12
    assert _clusters(world, found) == {3}
    assert found.nearest[0].to_json()["similarity"] == pytest.approx(1, abs=0.05)


def test_what_cannot_be_asked_is_refused(recommender: Recommender, world: ModuleType) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'words'"):
        more_like(recommender, "Film 6", by="word")
    with pytest.raises(UnknownNameError, match="no way to compare posters is called 'words'"):
        nearest_posters(recommender, world.poster(1), by="words")
    with pytest.raises(UnknownNameError, match="no movie is called"):
        more_like(recommender, "zzz")
    for k in (0, -1):
        with pytest.raises(BadInputError, match="k is at least 1"):
            more_like(recommender, "Film 6", k=k)
        with pytest.raises(BadInputError, match="k is at least 1"):
            more_like(recommender, "Film 9", k=k)
    with pytest.raises(BadImageError):
        nearest_posters(recommender, b"not an image")


def test_a_bundle_offers_only_the_ways_it_has_the_files_for(
    world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path: Path
) -> None:
    folder = world.write_bundle(tmp_path / "bundle", tiny_encoder, {}, ("als", "clip"))
    small = Recommender(Bundle.open(folder, threads=1))
    assert ways(small) == ("viewers", "both")
    with pytest.raises(UnknownNameError, match="valid: 'viewers', 'both'"):
        more_like(small, "Film 6", by="looks")


@pytest.mark.parametrize("vectors", [np.zeros((3, 32), np.float32), np.zeros((160, 32))])
def test_poster_vectors_of_other_movies_are_refused(
    world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path: Path, vectors: np.ndarray
) -> None:
    folder = world.write_bundle(tmp_path / "bundle", tiny_encoder, {}, ("clip",))
    _add_posters(world, folder, vectors)
    with pytest.raises(BundleError, match=r"models/clip/posters\.npy holds"):
        more_like(Recommender(Bundle.open(folder, threads=1)), "Film 6", by="clip looks")
