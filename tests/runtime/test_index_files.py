"""Index files whose author is not Matinee: nothing in them leads a search out of the file, whichever the library."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fuzz.index_files import READ, Field, File, List, put

from matinee.bundle import Bundle
from matinee.errors import BadInputError, BundleError
from matinee.hnsw import LIBRARIES, Shape
from matinee.hnsw.usearch_layout import VERSIONS
from matinee.index import LARGEST, MOST_EFFORT, Index
from matinee.manifest import Manifest, list_files

N, DIM = 900, 8
VECTORS = np.random.default_rng(0).normal(size=(N, DIM)).astype(np.float32)

Attack = Callable[[File, bytearray], None]


@pytest.fixture(scope="module", params=sorted(LIBRARIES))
def sound(request: pytest.FixtureRequest) -> File:
    """A file of each library that is installed, with three levels."""
    return _sound(request.param)


@cache
def _sound(library: str) -> File:
    pytest.importorskip(library, reason=f"{library} is not installed")
    with TemporaryDirectory() as folder:
        file = READ[library](Index.build(VECTORS, library=library).save(Path(folder)).read_bytes(), VECTORS)
    assert max(file.levels) >= 2
    return file


def _write(folder: Path, file: File, attack: Attack) -> Path:
    data = bytearray(file.data)
    attack(file, data)
    (folder / file.name).write_bytes(data)
    return folder / file.name


def _upper(file: File) -> List:
    return next(one for one in file.lists if one.level)


def _low(file: File) -> int:
    return file.levels.index(0)


def _set(field: Callable[[File], Field], value: Callable[[File], int]) -> Attack:
    return lambda file, data: put(data, field(file), value(file))


def _neighbour(of: Callable[[File], List], value: Callable[[File], int]) -> Attack:
    def attack(file: File, data: bytearray) -> None:
        put(data, of(file).count, 1)
        put(data, of(file).slot(0), value(file))

    return attack


def _shorten(file: File, data: bytearray) -> None:
    data.pop()


ATTACKS: dict[str, tuple[Attack, str]] = {
    "a neighbour after the last": (_neighbour(lambda file: file.lists[0], lambda file: N), "not on its level"),
    "a neighbour far away": (_neighbour(lambda file: file.lists[-1], lambda file: 2**32 - 1), "not on its level"),
    "a neighbour that lacks the level": (_neighbour(_upper, _low), "not on its level"),
    "a list longer than its room": (_set(lambda file: file.lists[0].count, lambda file: 33), "room"),
    "an upper list longer than its room": (_set(lambda file: _upper(file).count, lambda file: 33), "room"),
    "a mark in a count": (_set(lambda file: file.lists[3].count, lambda file: 2**16 + 1), "room"),
    "a start on a lower level": (_set(lambda file: file.entry, _low), "highest level"),
    "a start after the last": (_set(lambda file: file.entry, lambda file: N), "highest level"),
    "a higher start": (_set(lambda file: file.top, lambda file: max(file.levels) + 1), "highest level"),
    "a level more": (_set(lambda file: file.level_fields[_low(file)], lambda file: 1), "length|two levels"),
    "a key twice": (_set(lambda file: file.keys[1], lambda file: 0), "does not belong"),
    "a key after the last": (_set(lambda file: file.keys[1], lambda file: 2**63), "does not belong"),
    "a byte more": (lambda file, data: data.append(0), "length"),
    "a byte less": (_shorten, "length|too soon"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_file_that_leads_a_search_astray_is_refused(sound: File, tmp_path: Path, name: str) -> None:
    attack, said = ATTACKS[name]
    with pytest.raises(BundleError, match=said):
        Index.open(_write(tmp_path, sound, attack), VECTORS).check()


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (7, 3, r"usearch 3\.\d+\.0 wrote it, and files of usearch>=2\.19,<2\.25 are read"),
        (9, 26, r"usearch 2\.26\.0 wrote it"),
        (9, 18, r"usearch 2\.18\.0 wrote it"),
        (13, 99, "kind of metric is 99, and here it is 105"),
        (14, 23, "kind of numbers is 23"),
        (15, 11, "kind of keys is 11"),
        (16, 14, "kind of slots is 14"),
        (17, 1, "number of vectors"),
        (25, 1, "number of deleted vectors is 1"),
        (33, 9, "bytes of a vector"),
        (41, 1, "several vectors a key is 1"),
        (72, 1, "links"),
        (80, 1, "links"),
    ],
)
def test_a_head_that_usearch_does_not_write_here_is_refused(tmp_path: Path, place: int, value: int, said: str) -> None:
    path = _write(tmp_path, _sound("usearch"), lambda file, data: put(data, Field(8 + N * DIM * 2 + place, 1), value))
    with pytest.raises(BundleError, match=said):
        Index.open(path, VECTORS).check()


def test_files_are_read_of_the_versions_of_usearch_that_may_be_installed() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    first, end = (".".join(map(str, version)) for version in VERSIONS)
    assert f"usearch>={first},<{end}" in project["dependencies"]


def test_a_length_of_lists_in_the_last_place_is_refused(tmp_path: Path) -> None:
    def attack(file: File, data: bytearray) -> None:
        start = file.level_fields[0].at
        words = (len(data) - start) // 4
        data[start:] = bytes(len(data) - start)
        put(data, Field(len(data) - 4, 4), 4 * (words - N))

    with pytest.raises(BundleError, match="length is not that of its lists"):
        Index.open(_write(tmp_path, _sound("hnswlib"), attack), VECTORS).check()


@pytest.mark.parametrize("place", [0, 8, 16, 24, 32, 40, 56, 64, 72])
def test_a_head_that_hnswlib_does_not_write_here_is_refused(tmp_path: Path, place: int) -> None:
    file = _sound("hnswlib")
    path = _write(tmp_path, file, lambda file, data: put(data, Field(place + 1, 1), file.data[place + 1] ^ 1))
    with pytest.raises(BundleError, match="damaged or of another version"):
        Index.open(path, VECTORS).check()


def _asks(index: Index) -> None:
    """Ask for movies through the graph: as many as there are, and their true scores."""
    allowed = np.arange(N) % 3 > 0
    for query in np.random.default_rng(1).normal(size=(5, DIM)).astype(np.float32):
        for mask, may in ((None, np.ones(N, np.bool_)), (allowed, allowed)):
            rows, scores = index.search_graph(query, 20, mask)
            assert len(set(rows.tolist())) == 20
            assert may[rows].all()
            np.testing.assert_allclose(scores, VECTORS[rows] @ query, rtol=1e-4, atol=1e-5)


SHAPES: dict[str, Callable[[File, List, int], int]] = {
    "each alone": lambda file, one, number: one.node,
    "all to the first of the level": lambda file, one, number: next(
        node for node, level in enumerate(file.levels) if level >= one.level
    ),
    "each to one of the next": lambda file, one, number: _next(file, one.node, one.level),
}


def _next(file: File, node: int, level: int) -> int:
    nodes = [other for other, highest in enumerate(file.levels) if highest >= level]
    return nodes[(nodes.index(node) + 1) % len(nodes)]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_graph_that_finds_little_costs_no_movie(sound: File, tmp_path: Path, shape: str) -> None:
    def attack(file: File, data: bytearray) -> None:
        for one in file.lists:
            neighbour = SHAPES[shape](file, one, 0)
            put(data, one.count, one.room)
            for number in range(one.room):
                put(data, one.slot(number), neighbour)

    _asks(Index.open(_write(tmp_path, sound, attack), VECTORS))


def test_a_graph_without_any_neighbours_costs_no_movie(sound: File, tmp_path: Path) -> None:
    def attack(file: File, data: bytearray) -> None:
        for one in file.lists:
            put(data, one.count, 0)

    _asks(Index.open(_write(tmp_path, sound, attack), VECTORS))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_bytes_are_changed_the_file_is_refused_or_answers(
    sound: File, tmp_path: Path, data: st.DataObject
) -> None:
    places = st.integers(0, len(sound.data) - 1) | st.sampled_from([field.at for field in sound.head])
    changes = data.draw(st.dictionaries(places, st.integers(0, 255), max_size=20))

    def attack(file: File, changed: bytearray) -> None:
        for place, value in changes.items():
            changed[place] = value

    with suppress(BundleError):
        _asks(Index.open(_write(tmp_path, sound, attack), VECTORS))


def test_verify_sees_a_crafted_index_whose_sum_was_mended(
    world: ModuleType, tiny_encoder: Callable[..., Path], tmp_path: Path
) -> None:
    folder = world.write_bundle(tmp_path / "bundle", tiny_encoder, {}, ("als",))
    assert list(Bundle.open(folder).problems()) == []
    path = folder / "models" / "als" / "index.usearch"
    file = READ["usearch"](path.read_bytes(), np.load(path.parent / "movies.npy"))
    _write(path.parent, file, ATTACKS["a neighbour far away"][0])
    manifest = Manifest.load(folder)
    dataclasses.replace(manifest, files=dict(list_files(folder))).save(folder)
    (problem,) = Bundle.open(folder).problems()
    assert problem.startswith("the index index.usearch is damaged or of another version")


@pytest.mark.parametrize("effort", [0, -1, MOST_EFFORT + 1, 2**62])
def test_an_effort_that_no_build_measures_is_refused(tmp_path: Path, effort: int) -> None:
    path = Index.build(VECTORS).save(tmp_path)
    with pytest.raises(BundleError, match=rf"a search keeps 1 to 10,000 candidates, not {effort} \(ef_search"):
        Index.open(path, VECTORS, effort=effort)


def test_vectors_too_large_for_finite_inner_products_are_refused() -> None:
    large = VECTORS.copy()
    large[5, 3] = -2 * LARGEST
    with pytest.raises(BundleError, match="beyond 65,504"):
        Index.build(large)


def test_the_largest_vectors_and_queries_have_finite_scores() -> None:
    large = np.where(VECTORS > 0, LARGEST, -LARGEST).astype(np.float32)
    for search in (Index.build(large).search, Index.build(large).search_graph):
        assert np.isfinite(search(np.full(DIM, 1e30, np.float32), 10)[1]).all()
    with pytest.raises(BadInputError, match=r"contains NaN, infinity or a number above 1e\+30"):
        Index.build(large).search(np.full(DIM, 2e30, np.float32), 10)


@pytest.mark.parametrize("numbers", ["float16", "float32"])
@pytest.mark.parametrize("length", [1e-30, 1e-6, 1e6, 1e29])
def test_how_long_a_query_is_changes_nothing(numbers: str, length: float) -> None:
    index, query = Index.build(VECTORS, shape=Shape(numbers=numbers)), VECTORS[7]
    found = index.search_graph((length * query).astype(np.float32), 10)[0]
    assert set(found.tolist()) == set(index.search_exactly(query, 10)[0].tolist())


def test_a_graph_of_small_numbers_belongs_to_its_vectors(tmp_path: Path) -> None:
    small = VECTORS * np.float32(1e-6)
    Index.open(Index.build(small).save(tmp_path), small).check()
