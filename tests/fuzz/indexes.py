"""Index files as a stranger may write them, opened over the vectors that they should belong to.

A case aims at numbers of the head, at levels, counts, neighbours, keys or vectors, or at bytes anywhere. One that is
not refused must find as many movies as there are, with their true scores.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from tests.fuzz.area import Case
from tests.fuzz.index_files import READ, Field, File, List, put

from matinee.exact import Mask, Vectors
from matinee.hnsw import LIBRARIES, Shape
from matinee.index import Index

SIZES = ((1, 8), (40, 3), (300, 16), (900, 8))
"""Movies and dim of each file; among 900 some have three levels."""

HUGE = [2**power + step for power in (0, 1, 4, 5, 10, 15, 16, 31, 32, 63, 64) for step in (-1, 0, 1)]
"""Numbers that counts, slots and sizes are set to; as many of their bytes as there is room for."""


Attack = Callable[[np.random.Generator, File, bytearray], None]


def _any(draw: np.random.Generator, fields: tuple[Field, ...] | list[Field]) -> Field:
    return fields[draw.integers(len(fields))]


def _number(draw: np.random.Generator, file: File, data: bytearray, field: Field) -> int:
    """A number worth trying: near what is there, near the number of movies, or huge."""
    now = int.from_bytes(data[field.at : field.at + field.bytes], "little")
    near = [now - 1, now + 1, 2 * now, now ^ (1 << int(draw.integers(8 * field.bytes)))]
    return int(
        draw.choice(np.array([*near, len(file.keys) - 1, len(file.keys), len(file.keys) + 1, *HUGE], dtype=object))
    )


def _nothing(draw: np.random.Generator, file: File, data: bytearray) -> None:
    """Leave it as it is."""


def _one(fields: Callable[[File], tuple[Field, ...]]) -> Attack:
    """Set one of these numbers to another."""

    def attack(draw: np.random.Generator, file: File, data: bytearray) -> None:
        field = _any(draw, fields(file))
        put(data, field, _number(draw, file, data, field))

    return attack


def _swapped(fields: Callable[[File], tuple[Field, ...]]) -> Attack:
    """Exchange two of these numbers, which leaves their sum as it was."""

    def attack(draw: np.random.Generator, file: File, data: bytearray) -> None:
        one, other = (_any(draw, fields(file)) for _ in range(2))
        values = [int.from_bytes(data[field.at : field.at + field.bytes], "little") for field in (one, other)]
        put(data, one, values[1])
        put(data, other, values[0])

    return attack


def _count(draw: np.random.Generator, file: File, data: bytearray) -> None:
    for _ in range(draw.integers(1, 20)):
        some = file.lists[draw.integers(len(file.lists))]
        put(data, some.count, _number(draw, file, data, some.count))


def _slots(draw: np.random.Generator, file: File, data: bytearray) -> None:
    for _ in range(draw.integers(1, 20)):
        some = file.lists[draw.integers(len(file.lists))]
        slot = some.slot(int(draw.integers(some.room)))
        put(data, slot, _number(draw, file, data, slot))


def _sound_slots(draw: np.random.Generator, file: File, data: bytearray) -> None:
    """Other neighbours that a search may follow: any of the same level."""
    for some in file.lists:
        others = [node for node, level in enumerate(file.levels) if level >= some.level]
        put(data, some.count, some.room)
        for number in range(some.room):
            put(data, some.slot(number), others[draw.integers(len(others))])


def _all_lists(nodes: Callable[[List], int], count: Callable[[List], int]) -> Attack:
    def attack(draw: np.random.Generator, file: File, data: bytearray) -> None:
        for some in file.lists:
            put(data, some.count, count(some))
            for number in range(some.room):
                put(data, some.slot(number), nodes(some))

    return attack


def _missing_level(draw: np.random.Generator, file: File, data: bytearray) -> None:
    """Neighbours above level 0 that have no list there."""
    low = [node for node, level in enumerate(file.levels) if level == 0]
    for some in file.lists:
        if some.level and low:
            put(data, some.count, some.room)
            for number in range(some.room):
                put(data, some.slot(number), low[draw.integers(len(low))])


def _entry(draw: np.random.Generator, file: File, data: bytearray) -> None:
    """Begin at another node, which is of a lower level most of the time."""
    put(data, file.entry, int(draw.integers(len(file.keys))))


def _bytes(draw: np.random.Generator, file: File, data: bytearray) -> None:
    for _ in range(draw.integers(1, 50)):
        data[draw.integers(len(data))] = draw.integers(256)


def _stretch(draw: np.random.Generator, file: File, data: bytearray) -> None:
    start = int(draw.integers(len(data)))
    length = min(len(data) - start, int(draw.integers(1, 400)))
    data[start : start + length] = draw.choice([draw.bytes(length), b"\xff" * length, bytes(length)])


def _cut(draw: np.random.Generator, file: File, data: bytearray) -> None:
    del data[draw.integers(len(data)) :]


def _longer(draw: np.random.Generator, file: File, data: bytearray) -> None:
    data.extend(draw.bytes(int(draw.integers(1, 300))))


def _inserted(draw: np.random.Generator, file: File, data: bytearray) -> None:
    at = int(draw.integers(len(data)))
    data[at:at] = draw.bytes(int(draw.integers(1, 100)))


def _noise(draw: np.random.Generator, file: File, data: bytearray) -> None:
    data[:] = draw.bytes(int(draw.integers(0, 5000)))


def _numbers(draw: np.random.Generator, file: File, data: bytearray) -> None:
    """NaN, infinity and huge numbers among the graph's own copy of the vectors, of which few are compared."""
    for _ in range(draw.integers(1, 200)):
        number = _any(draw, file.numbers)
        bad = np.array(draw.choice([np.nan, np.inf, -np.inf, 6e4])).astype(f"<f{number.bytes}")
        data[number.at : number.at + number.bytes] = bad.tobytes()


ATTACKS: tuple[Attack, ...] = (
    _nothing,
    _one(lambda file: file.head),
    _one(lambda file: file.head),
    _one(lambda file: file.level_fields),
    _one(lambda file: file.keys),
    _swapped(lambda file: file.keys),
    _swapped(lambda file: file.level_fields),
    _count,
    _slots,
    _slots,
    _sound_slots,
    _all_lists(lambda some: some.node, lambda some: some.room),
    _all_lists(lambda some: 0, lambda some: 0),
    _all_lists(lambda some: 2**32 - 1, lambda some: some.room),
    _all_lists(lambda some: 2**32 - 1, lambda some: 0),
    _missing_level,
    _entry,
    _bytes,
    _stretch,
    _cut,
    _longer,
    _inserted,
    _noise,
    _numbers,
)


class Indexes:
    """Sound files of every library that is installed, and what is done to them."""

    def __init__(self, home: Path) -> None:
        self._home = home
        draw = np.random.default_rng(1)
        self._files = []
        for name, library in LIBRARIES.items():
            if not find_spec(name):
                continue
            for n, dim in SIZES:
                vectors = draw.normal(size=(n, dim)).astype(np.float32)
                for numbers in sorted({shape.numbers for shape in library.shapes}):
                    path = Index.build(vectors, library=name, shape=Shape(numbers=numbers)).save(home)
                    self._files.append(READ[name](path.read_bytes(), vectors))

    def case(self, draw: np.random.Generator) -> Case:
        """Return a case: a file, changed once or twice or taken for another, is opened and searched."""
        file = self._files[draw.integers(len(self._files))]
        data = bytearray(file.data)
        for _ in range(draw.integers(1, 3)):
            ATTACKS[draw.integers(len(ATTACKS))](draw, file, data)
            if not data:
                break
        name = "index.usearch" if draw.random() < 0.02 else file.name
        vectors = self._files[draw.integers(len(self._files))].vectors if draw.random() < 0.03 else file.vectors
        effort = (
            int(draw.choice([1, 10, 200, 800])) if draw.random() < 0.95 else int(draw.choice([0, -1, 10**9, 2**62]))
        )
        (self._home / name).write_bytes(data)
        queries = draw.normal(size=(4, vectors.shape[1])).astype(np.float32)
        allowed = draw.random(len(vectors)) < 0.5
        return lambda: _opened_and_asked(self._home / name, vectors, effort, queries, allowed)


def _opened_and_asked(path: Path, vectors: Vectors, effort: int, queries: Vectors, allowed: Mask) -> None:
    index = Index.open(path, vectors, effort=effort)
    index.check()
    for query in queries:
        for mask in (None, allowed):
            may = np.ones(len(vectors), dtype=np.bool_) if mask is None else mask
            for k in (1, 10, len(vectors)):
                rows, scores = index.search_graph(query, k, mask)
                assert len(rows) == len(np.unique(rows)) == min(k, int(may.sum()))
                assert may[rows].all()
                assert (np.diff(scores) <= 0).all()
                np.testing.assert_allclose(scores, vectors[rows] @ query, rtol=1e-4, atol=1e-4)


def open_area(home: Path) -> Indexes:
    """Build the files, which takes a moment."""
    return Indexes(home)
