"""A model is one record: what the registry holds is listed, explained and compared everywhere, a new model too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import numpy as np
import pytest

from matinee.bundle import Bundle
from matinee.cli import main
from matinee.evidence import bridges
from matinee.explanations import explain
from matinee.models import MODELS, Hybrid, Kind, ModelSpec, Way, reading, specs
from matinee.models.cosine import CosineModel
from matinee.neighbours import comparisons, more_like, nearest_posters, ways
from matinee.recommender import Recommender
from matinee.taste import Poster, Rating, Review, Taste
from matinee.zero_shot import genre_model


class Toy(CosineModel):
    """A further model that reads words and posters: the only thing that this test adds."""

    spec: ClassVar[ModelSpec] = ModelSpec(
        name="toy",
        title="Toy",
        goes_by="what toys would say",
        reads=frozenset({"movie", "text", "poster"}),
        reason="toys go for it as they do for {}",
        brief="toyed with like {}",
        by_reviews=True,
        unknown="no toy has seen it",
        ways=(
            Way(name="toys", order=6, title="by toys"),
            Way(name="toy looks", order=7, file="posters.npy", posters=True, unknown="toys saw no poster of it"),
        ),
        likeness=9,
    )


@pytest.fixture
def recommender(
    world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Recommender:
    """A bundle with the toy among its models."""
    monkeypatch.setitem(MODELS, "toy", Toy)
    folder = world.write_bundle(tmp_path / "bundle", tiny_encoder, {"als": 1.0, "toy": 4.0}, (*MODELS,))
    return Recommender(Bundle.open(folder, threads=1))


def test_every_model_says_all_that_is_asked_of_it() -> None:
    for name, spec in specs().items():
        assert spec.name == name
        assert spec.title
        assert spec.goes_by
        if name != Hybrid.spec.name:
            assert "movie" in spec.reads
            assert "{}" in spec.reason
            assert "{}" in spec.brief
            assert spec.unknown


def test_models_and_ways_stand_in_the_order_in_which_they_are_shown() -> None:
    assert list(specs()) == ["bpr", "als", "bert", "resnet50", "clip", "hybrid"]
    assert {name: spec.name for name, (spec, _) in comparisons().items()} == {
        "looks": "resnet50",
        "clip looks": "clip",
        "words": "bert",
        "viewers": "als",
        "both": "clip",
    }
    assert [name for name, (_, way) in comparisons().items() if way.posters] == ["looks", "clip looks"]


@pytest.mark.parametrize(
    ("kind", "models"),
    [("text", ["bert", "clip"]), ("poster", ["resnet50", "clip"]), ("movie", ["bert", "resnet50", "clip"])],
)
def test_what_a_model_cannot_read_is_looked_for_where_it_was_read_best(kind: Kind, models: list[str]) -> None:
    assert bridges(kind) == models


def test_a_new_model_is_asked_like_every_other(world: ModuleType, recommender: Recommender) -> None:
    assert recommender.models == ("bpr", "als", "bert", "resnet50", "clip", "toy", "hybrid")
    taste = Taste(reviews=(Review(world.WORDS[1]),), posters=(Poster(world.poster(1)),))
    for pick in recommender.recommend(taste, "toy", k=5)["toy"]:
        assert world.GENRES.index(pick.movie.genres[0]) == 1
    (pick,) = recommender.recommend(Taste(ratings=(Rating("Film 5", 9),)), "toy", k=1)["toy"]
    assert pick.reason.startswith("toys go for it as they do for Film 5")
    assert pick.brief == "toyed with like Film 5"
    assert pick.quote == pick.movie.quote
    (pick,) = recommender.recommend(Taste(ratings=(Rating("Film 5", 9),)), "hybrid", k=1)["hybrid"]
    assert pick.reason.startswith("Toy: ")


def test_a_new_model_explains_and_compares_like_every_other(world: ModuleType, recommender: Recommender) -> None:
    assert ways(recommender) == ("looks", "words", "viewers", "both", "toys")
    assert more_like(recommender, "Film 9", "toys").note == "Toy cannot compare Film 9 (1959): no toy has seen it"
    assert {near.movie.genres for near in more_like(recommender, "Film 6", "toys").nearest} == {(world.GENRES[2],)}
    assert explain(recommender, Taste(ratings=(Rating("Film 5", 9),)), "Film 9")["toy"].reason.endswith(
        "no toy has seen it"
    )


def test_a_new_model_may_compare_by_a_matrix_of_its_own(world: ModuleType, recommender: Recommender) -> None:
    encoder = recommender.bundle.encoder("toy")
    looks = np.vstack([encoder.poster(world.poster(number)) for number in range(world.CLUSTERS)])
    folder = recommender.bundle.path
    np.save(folder / "models" / "toy" / "posters.npy", world.finish(looks[np.arange(world.N) % world.CLUSTERS]))
    world.list_files_anew(folder)
    bundle = Bundle.open(folder, threads=1)
    found = nearest_posters(Recommender(bundle), world.poster(3), "toy looks", k=5)
    assert {near.movie.genres for near in found.nearest} == {(world.GENRES[3],)}
    assert not list(bundle.problems())


def test_a_new_model_is_named_where_encoders_are(recommender: Recommender, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["embed", "--help"])
    assert ", ".join(reading("text", "poster")) in " ".join(capsys.readouterr().out.split())
    assert reading("text", "poster")[-1] == "toy"
    assert bridges("text")[-1] == "toy"
    assert genre_model(recommender.bundle) is None
