"""Nearest-neighbour search: exact where it can be, never short of movies, and the same from disk."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from matinee.errors import BadInputError, BundleError, MissingExtraError, UnknownNameError
from matinee.exact import Mask, Rows, Vectors
from matinee.hnsw import LIBRARIES, Shape
from matinee.index import Index
from matinee_export.bundle.indexes import recall

GRAPH_ONLY = -1


@pytest.fixture(scope="module", params=sorted(LIBRARIES))
def library(request: pytest.FixtureRequest) -> str:
    """Each library that is installed."""
    pytest.importorskip(request.param, reason=f"{request.param} is not installed")
    return str(request.param)


def _clustered(n: int = 5000, dim: int = 64, clusters: int = 50, seed: int = 0) -> Vectors:
    draw = np.random.default_rng(seed)
    centres = draw.normal(size=(clusters, dim))
    vectors = centres[draw.integers(clusters, size=n)] + 0.4 * draw.normal(size=(n, dim))
    return vectors.astype(np.float32)


def _brute_force(vectors: Vectors, query: Vectors, k: int, allowed: Mask) -> tuple[list[int], list[float]]:
    scores = vectors @ query
    rows = [row for row in range(len(vectors)) if vectors[row].any() and allowed[row]]
    rows.sort(key=lambda row: (-scores[row], row))
    return rows[:k], [float(scores[row]) for row in rows[:k]]


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


# Whole numbers make every sum exact, so that ties are ties whatever the order of addition.
WHOLE = st.integers(-3, 3).map(np.float32)


@st.composite
def _questions(draw: st.DrawFn) -> tuple[Vectors, Vectors, int, Mask]:
    n, dim = draw(st.integers(1, 30)), draw(st.integers(1, 6))
    vectors = draw(hnp.arrays(np.float32, (n, dim), elements=WHOLE))
    query = draw(hnp.arrays(np.float32, (dim,), elements=WHOLE))
    return vectors, query, draw(st.integers(1, 40)), draw(hnp.arrays(np.bool_, (n,)))


@given(_questions())
def test_exact_search_agrees_with_brute_force(question: tuple[Vectors, Vectors, int, Mask]) -> None:
    vectors, query, k, allowed = question
    rows, scores = Index.build(vectors).search(query, k, allowed)
    assert (rows.tolist(), scores.tolist()) == _brute_force(vectors, query, k, allowed)


@settings(max_examples=60)
@given(_questions())
def test_graph_search_never_returns_fewer_than_there_are(
    library: str, question: tuple[Vectors, Vectors, int, Mask]
) -> None:
    vectors, query, k, allowed = question
    rows, scores = Index.build(vectors, library=library).search_graph(query, k, allowed)
    assert len(rows) == len(scores) == min(k, int((allowed & vectors.any(axis=1)).sum()))
    assert len(set(rows.tolist())) == len(rows)
    assert allowed[rows].all()
    assert (np.diff(scores) <= 0).all()


def test_the_graph_finds_99_of_100_true_neighbours_of_unit_vectors(library: str) -> None:
    vectors = _unit(_clustered())
    assert recall(Index.build(vectors, library=library), _unit(_clustered(n=200, seed=1)), k=10) >= 0.99


def test_the_graph_finds_99_of_100_largest_inner_products_of_uneven_vectors(library: str) -> None:
    vectors = _clustered() * np.random.default_rng(2).lognormal(size=(5000, 1)).astype(np.float32)
    assert recall(Index.build(vectors, library=library), _clustered(n=200, seed=1), k=10) >= 0.99


def test_more_effort_finds_no_less(library: str) -> None:
    vectors, queries = _clustered(), _clustered(n=100, seed=1)
    index, found = Index.build(vectors, library=library), []
    for effort in (10, 30, 300):
        index.graph.effort = effort
        assert index.graph.effort == effort
        found.append(recall(index, queries, k=10))
    assert found == sorted(found)
    assert found[0] < found[-1]


def test_above_the_bound_search_goes_through_the_graph_and_its_scores_are_inner_products(library: str) -> None:
    vectors = _clustered(n=800)
    index, query = Index.build(vectors, exact_up_to=100, library=library), vectors[7]
    rows, scores = index.search(query, 10)
    np.testing.assert_array_equal(rows, index.search_graph(query, 10)[0])
    np.testing.assert_allclose(scores, vectors[rows] @ query, rtol=1e-6)


def test_a_narrow_filter_is_searched_exactly_whatever_the_size() -> None:
    vectors = _clustered(n=800)
    allowed = np.zeros(800, dtype=np.bool_)
    allowed[::20] = True
    rows, _ = Index.build(vectors, exact_up_to=100).search(vectors[3], 40, allowed)
    assert rows.tolist() == _brute_force(vectors, vectors[3], 40, allowed)[0]


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_a_filter_is_filled_through_the_graph(library: str, share: float) -> None:
    vectors = _clustered(n=2000)
    allowed = np.random.default_rng(0).random(2000) < share
    rows, _ = Index.build(vectors, library=library).search_graph(vectors[5], 30, allowed)
    assert len(rows) == 30
    assert allowed[rows].all()


def test_a_filter_against_the_query_is_filled_from_far_away() -> None:
    vectors = _clustered(n=2000)
    allowed = np.ones(2000, dtype=np.bool_)
    allowed[np.argsort(-(vectors @ vectors[5]))[:1900]] = False
    rows, _ = Index.build(vectors).search_graph(vectors[5], 50, allowed)
    assert rows.tolist() == _brute_force(vectors, vectors[5], 50, allowed)[0]


def test_rows_of_zeros_are_never_found() -> None:
    vectors = _clustered(n=50)
    vectors[10:20] = 0
    for search in (Index.build(vectors).search, Index.build(vectors).search_graph):
        assert not set(search(-vectors[0], 50)[0].tolist()) & set(range(10, 20))


def test_a_query_of_zeros_gives_the_first_rows_with_scores_of_zero() -> None:
    rows, scores = Index.build(_clustered(n=50), exact_up_to=GRAPH_ONLY).search(np.zeros(64, np.float32), 3)
    assert (rows.tolist(), scores.tolist()) == ([0, 1, 2], [0, 0, 0])


def test_an_index_over_nothing_known_finds_nothing(library: str, tmp_path: Path) -> None:
    vectors = np.zeros((4, 3), dtype=np.float32)
    opened = Index.open(Index.build(vectors, library=library).save(tmp_path), vectors)
    assert opened.search(np.ones(3, np.float32), 2)[0].tolist() == []
    assert opened.search_graph(np.ones(3, np.float32), 2)[0].tolist() == []


def test_k_is_clamped_to_the_known_movies() -> None:
    assert len(Index.build(_clustered(n=50)).search(np.ones(64, np.float32), 10_000)[0]) == 50


def test_the_same_vectors_and_seed_give_the_same_bytes(library: str, tmp_path: Path) -> None:
    one, two = (Index.build(_clustered(n=500), seed=3, library=library).save(tmp_path).read_bytes() for _ in range(2))
    assert one == two


def test_vectors_that_are_added_in_portions_are_found_as_surely(
    library: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    vectors, queries = _clustered(n=1050), _clustered(n=50, seed=1)
    vectors[::7] = 0
    at_once = Index.build(vectors, library=library)
    monkeypatch.setattr("matinee.hnsw.AT_ONCE", 100)
    in_portions = Index.build(vectors, library=library)
    Index.open(in_portions.save(tmp_path), vectors).check()
    assert recall(in_portions, queries, k=10) >= recall(at_once, queries, k=10) - 0.005


def test_another_seed_gives_another_graph_where_the_library_takes_one(tmp_path: Path) -> None:
    pytest.importorskip("hnswlib", reason="hnswlib is not installed")
    three, four = (
        Index.build(_clustered(n=500), seed=seed, library="hnswlib").save(tmp_path).read_bytes() for seed in (3, 4)
    )
    assert three != four


def test_a_graph_of_16_bit_numbers_takes_half_the_room_and_finds_as_much(tmp_path: Path) -> None:
    vectors, queries = _unit(_clustered(n=1000, dim=512)), _unit(_clustered(n=50, dim=512, seed=1))
    half, whole = (Index.build(vectors, shape=Shape(numbers=numbers)) for numbers in ("float16", "float32"))
    assert recall(half, queries, k=10) >= recall(whole, queries, k=10) - 0.005
    assert half.save(tmp_path).stat().st_size < 0.6 * whole.save(tmp_path).stat().st_size


def test_an_index_opened_from_disk_finds_what_the_built_one_finds(library: str, tmp_path: Path) -> None:
    vectors = _clustered(n=1000)
    vectors[::7] = 0
    built = Index.build(vectors, library=library)
    opened = Index.open(built.save(tmp_path), vectors)
    for query in _clustered(n=20, seed=1):
        for one, other in zip(built.search_graph(query, 15), opened.search_graph(query, 15), strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("search", ["search", "search_graph"])
def test_an_index_opens_over_memory_mapped_vectors(library: str, tmp_path: Path, search: str) -> None:
    vectors = _clustered(n=300)
    np.save(tmp_path / "movies.npy", vectors)
    path = Index.build(vectors, library=library).save(tmp_path)
    mapped = np.load(tmp_path / "movies.npy", mmap_mode="r")
    for found in getattr(Index.open(path, mapped), search)(vectors[4], 1):
        assert type(found) is np.ndarray
    assert getattr(Index.open(path, mapped), search)(vectors[4], 1)[0].dtype == np.int64


def test_a_graph_is_opened_when_a_search_needs_it_and_not_before(library: str, tmp_path: Path) -> None:
    vectors, seen = _clustered(n=800), list[Path]()
    path = Index.build(vectors, library=library).save(tmp_path)
    Index.open(path, vectors, check=seen.append).search(vectors[0], 10)
    assert seen == []
    large = Index.open(path, vectors, exact_up_to=100, effort=77, check=seen.append)
    for _ in range(2):
        large.search(vectors[0], 10)
    assert seen == [path]
    assert large.graph.effort == 77


@pytest.mark.parametrize("damage", [b"", b"not an index", b"\xff" * 4000])
def test_a_damaged_file_is_refused(library: str, tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / LIBRARIES[library].file
    path.write_bytes(damage)
    with pytest.raises(BundleError, match=rf"{path.name} is damaged"):
        Index.open(path, _clustered(n=50)).check()


def test_a_truncated_file_is_refused(library: str, tmp_path: Path) -> None:
    path = Index.build(_clustered(n=200), library=library).save(tmp_path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(BundleError, match="damaged"):
        Index.open(path, _clustered(n=200)).check()


def test_a_missing_file_is_refused(library: str, tmp_path: Path) -> None:
    path = tmp_path / LIBRARIES[library].file
    with pytest.raises(BundleError, match=rf"{path.name} is missing"):
        Index.open(path, _clustered(n=50)).check()


def test_a_file_that_no_library_writes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"index\.usearch or index\.hnsw, not index\.faiss"):
        Index.open(tmp_path / "index.faiss", _clustered(n=50))


def test_an_unknown_library_lists_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'hnswlib'"):
        Index.build(_clustered(n=50), library="hnsw")


def test_a_library_that_is_not_installed_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "hnswlib", None)
    monkeypatch.delitem(sys.modules, "matinee.hnsw.by_hnswlib", raising=False)
    with pytest.raises(MissingExtraError, match=r"matinee\[hnswlib\]"):
        Index.build(_clustered(n=50), library="hnswlib")


@pytest.mark.parametrize(
    "others",
    [_clustered(n=200, seed=9), _clustered(n=150), _clustered(n=200, dim=32), _clustered(n=200)[::-1].copy()],
    ids=["other numbers", "fewer rows", "other dim", "another order"],
)
def test_an_index_over_other_vectors_is_refused(library: str, tmp_path: Path, others: Vectors) -> None:
    path = Index.build(_clustered(n=200), library=library).save(tmp_path)
    with pytest.raises(BundleError, match="does not belong"):
        Index.open(path, others).check()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_vectors_with_numbers_that_are_not_finite_are_refused(bad: float) -> None:
    vectors = _clustered(n=50)
    vectors[3, 3] = bad
    with pytest.raises(BundleError, match="finite"):
        Index.build(vectors)


def test_vectors_that_are_no_matrix_are_refused() -> None:
    with pytest.raises(BundleError, match=r"\(64,\)"):
        Index.build(np.ones(64, dtype=np.float32))


@pytest.mark.parametrize(
    ("query", "k", "allowed", "message"),
    [
        (np.ones(63, np.float32), 5, None, r"shape \(64,\), not \(63,\)"),
        (np.ones((1, 64), np.float32), 5, None, r"not \(1, 64\)"),
        (np.full(64, np.nan, np.float32), 5, None, "finite"),
        (np.ones(64, np.float32), 0, None, "k is at least 1, not 0"),
        (np.ones(64, np.float32), 5, np.ones(49, np.bool_), r"bool of shape \(50,\), not bool of shape \(49,\)"),
        (np.ones(64, np.float32), 5, np.ones(50, np.int64), "not int64"),
    ],
)
def test_a_question_that_does_not_fit_is_refused(query: Vectors, k: int, allowed: Mask | None, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        Index.build(_clustered(n=50)).search(query, k, allowed)


def test_recall_of_an_index_over_nothing_is_whole() -> None:
    assert recall(Index.build(np.zeros((4, 3), np.float32)), np.ones((2, 3), np.float32), k=5) == 1.0


def test_several_threads_may_search_at_once(library: str, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    vectors = _clustered(n=2000)
    index = Index.open(Index.build(vectors, library=library).save(tmp_path), vectors)

    def ask(row: int) -> Rows:
        return index.search_graph(vectors[row], 5 + row % 40)[0]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(ask, range(200)))
    for row, found in enumerate(together):
        np.testing.assert_array_equal(found, ask(row))
