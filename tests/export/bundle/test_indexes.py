"""The index of a model: the cheapest settings that find enough, measured with what users ask."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.errors import UnknownNameError
from matinee.exact import Vectors
from matinee.hnsw import LIBRARIES
from matinee_export.bundle import indexes
from matinee_export.bundle.indexes import EFFORTS, ENOUGH, choose_index


def _unit(n: int, seed: int, dim: int = 48) -> Vectors:
    draw = np.random.default_rng(seed)
    vectors: Vectors = draw.normal(size=(n, dim)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


@pytest.mark.parametrize("library", sorted(LIBRARIES))
def test_effort_grows_until_the_index_finds_enough(library: str) -> None:
    pytest.importorskip(library, reason=f"{library} is not installed")
    chosen = choose_index(_unit(3000, 0), _unit(100, 1), library, seed=0)
    first = LIBRARIES[library].shapes[0]
    assert chosen.recall >= ENOUGH
    assert chosen.made["ef_search"] == chosen.index.graph.effort
    assert chosen.made["ef_search"] in EFFORTS[1:]  # vectors without clusters are not found with the least effort
    assert chosen.made["links"] == first.links
    assert chosen.made["library"] == chosen.index.library.package == library


def test_vectors_that_are_easy_to_tell_apart_take_the_least_effort() -> None:
    assert choose_index(_unit(200, 0), _unit(50, 1), "usearch", seed=0).made["ef_search"] == EFFORTS[0]


def test_where_nothing_finds_enough_what_found_most_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "ENOUGH", 1.1)
    monkeypatch.setattr(indexes, "EFFORTS", (10, 40))
    chosen = choose_index(_unit(2000, 0), _unit(50, 1), "usearch", seed=0)
    assert chosen.made["links"] == LIBRARIES["usearch"].shapes[-1].links
    assert chosen.index.graph.effort == 40


def test_users_that_a_model_does_not_know_are_not_asked_for() -> None:
    users = _unit(50, 1)
    users[::2] = 0
    known = choose_index(_unit(500, 0), users, "usearch", seed=0)
    assert known.recall == choose_index(_unit(500, 0), users[1::2], "usearch", seed=0).recall


def test_a_model_without_users_is_asked_for_its_own_movies() -> None:
    assert choose_index(_unit(200, 0), np.zeros((3, 48), np.float32), "usearch", seed=0).recall >= ENOUGH


def test_an_index_over_nothing_is_made_all_the_same() -> None:
    nothing = np.zeros((4, 3), np.float32)
    assert choose_index(nothing, nothing, "usearch", seed=0).recall == 1.0


def test_an_unknown_library_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="no index library is called 'faiss'"):
        choose_index(_unit(20, 0), _unit(5, 1), "faiss", seed=0)
