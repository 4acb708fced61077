"""BERT, ResNet50 and CLIP: unit vectors and their cosine."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from matinee.errors import BadInputError
from matinee.models import MODELS, Evidence, Kind
from matinee.models.cosine import CosineModel

COSINE = [name for name, model in MODELS.items() if issubclass(model, CosineModel)]
READS: dict[str, set[Kind]] = {
    "bert": {"movie", "text"},
    "resnet50": {"movie", "poster"},
    "clip": {"movie", "text", "poster"},
}


def test_these_three_are_the_cosine_models() -> None:
    assert list(READS) == COSINE


@pytest.mark.parametrize("name", COSINE)
def test_each_reads_what_its_encoder_reads(name: str) -> None:
    assert MODELS[name].spec.reads == READS[name]


@pytest.mark.parametrize("name", COSINE)
def test_a_score_is_the_cosine_between_movie_and_visitor(world: ModuleType, name: str) -> None:
    model = world.model(name)
    evidence = [world.about(0), world.about(1, 0.7), world.about(6, -0.2)]
    visitor = 0.9 * model.vectors[0] + 0.7 * model.vectors[1] - 0.2 * model.vectors[6]
    for choice in model.rank(world.tell(*evidence), 5):
        vector = model.vectors[choice.movie]
        cosine = vector @ visitor / np.linalg.norm(vector) / np.linalg.norm(visitor)
        assert choice.score == pytest.approx(cosine, abs=1e-5)


READABLE = [(name, kind) for name, kinds in READS.items() for kind in sorted(kinds - {"movie"})]


@pytest.mark.parametrize(("name", "kind"), READABLE)
def test_a_vector_finds_the_movies_around_it_whatever_its_length(world: ModuleType, name: str, kind: Kind) -> None:
    model = world.model(name)
    told = {name: [Evidence(0.7, "it", kind, vector=3 * model.vectors[2])]}
    chosen = model.rank(told, 10)
    assert chosen[0].movie == 2
    assert all(world.cluster(choice.movie) == 2 and choice.because in told[name] for choice in chosen)


def test_the_length_of_a_vector_does_not_weigh(world: ModuleType) -> None:
    model = world.model("clip")
    long = Evidence(0.5, "long", "text", vector=100 * model.vectors[0])
    short = Evidence(0.5, "short", "text", vector=0.01 * model.vectors[0])
    beside = Evidence(0.5, "beside", "text", vector=model.vectors[1])
    np.testing.assert_allclose(model.query([long, beside]).vector, model.query([short, beside]).vector, atol=1e-6)


def test_a_movie_that_no_evidence_speaks_for_has_no_reason(world: ModuleType) -> None:
    model = world.model("bert")
    opposite = model.vectors @ model.vectors[0] < 0
    chosen = model.rank(world.tell(world.about(0)), 3, opposite & model.index.known)
    assert [choice.because for choice in chosen] == [None, None, None]


@pytest.mark.parametrize("name", COSINE)
def test_a_like_and_a_dislike_of_the_same_leave_the_popular_mean(world: ModuleType, name: str) -> None:
    model = world.model(name)
    query = model.query([world.about(0, 0.4), world.about(0, -0.4)])
    assert np.linalg.norm(query.vector) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(query.vector, model.popular_mean / np.linalg.norm(model.popular_mean), atol=1e-5)


@pytest.mark.parametrize(("name", "kind"), [("bert", "poster"), ("resnet50", "text")])
def test_what_it_cannot_read_is_refused(world: ModuleType, name: str, kind: Kind) -> None:
    evidence = Evidence(0.7, "it", kind, vector=np.ones(world.DIM, np.float32))
    with pytest.raises(BadInputError, match=f"not the vector of a {kind}"):
        world.model(name).query([evidence])


@pytest.mark.parametrize("shape", [(15,), (1, 16), (16, 1), ()])
def test_a_vector_of_another_shape_is_refused(world: ModuleType, shape: tuple[int, ...]) -> None:
    evidence = Evidence(0.7, "it", "text", vector=np.ones(shape, np.float32))
    with pytest.raises(BadInputError, match=r"has shape \(16,\), not \("):
        world.model("clip").query([evidence])


def test_a_model_over_other_movies_than_its_index_is_refused(world: ModuleType) -> None:
    model = world.model("bert")
    with pytest.raises(BadInputError, match="must be of the same movies"):
        MODELS["bert"](model.vectors[:100], model.index, model.popularity)
    with pytest.raises(BadInputError, match="must be of the same movies"):
        MODELS["bert"](model.vectors, model.index, model.popularity[:100])
