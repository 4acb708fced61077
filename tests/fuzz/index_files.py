"""Where things are in the index files of usearch and hnswlib, written down apart from the code that is tried.

In: the bytes of a sound file. Out: a `File`, with the place of every number that a library follows.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from matinee.exact import Vectors


@dataclass(frozen=True)
class Field:
    """A number in a file: where it is, and of how many bytes."""

    at: int
    bytes: int


@dataclass(frozen=True)
class List:
    """A list of neighbours: whose, on which level, and its count, after which there is room for so many."""

    node: int
    level: int
    count: Field
    room: int

    def slot(self, number: int) -> Field:
        """Where its neighbour `number` is."""
        return Field(self.count.at + 4 + 4 * number, 4)


@dataclass(frozen=True)
class File:
    """A sound file, and where things are in it; each tuple is in the order of the file."""

    name: str
    data: bytes
    vectors: Vectors
    head: tuple[Field, ...]
    top: Field
    entry: Field
    levels: tuple[int, ...]
    level_fields: tuple[Field, ...]
    keys: tuple[Field, ...]
    numbers: tuple[Field, ...]
    lists: tuple[List, ...]


def of_usearch(data: bytes, vectors: Vectors) -> File:
    """Find where things are in a file of usearch's."""
    rows, width = struct.unpack_from("<2I", data)
    each = width // vectors.shape[1]
    numbers = tuple(Field(at, each) for at in range(8, 8 + rows * width, each))
    at = 8 + rows * width
    head = [Field(0, 4), Field(4, 4), *(Field(at + byte, 1) for byte in range(17))]
    head += [Field(at + 17 + 8 * number, 8) for number in range(3)] + [Field(at + 41, 1)]
    at += 64
    head += [Field(at + 8 * number, 8) for number in range(5)]
    _, links, base = struct.unpack_from("<3Q", data, at)
    at += 40
    levels = struct.unpack_from(f"<{rows}h", data, at)
    level_fields = [Field(at + 2 * node, 2) for node in range(rows)]
    at += 2 * rows
    keys, lists = [], []
    for node, level in enumerate(levels):
        keys.append(Field(at, 8))
        level_fields.append(Field(at + 8, 2))
        at += 10
        for one in range(level + 1):
            room = links if one else base
            lists.append(List(node, one, Field(at, 4), room))
            at += 4 + 4 * room
    assert at == len(data)
    return File(
        "index.usearch",
        data,
        vectors,
        tuple(head),
        head[-2],
        head[-1],
        levels,
        tuple(level_fields),
        tuple(keys),
        numbers,
        tuple(lists),
    )


def of_hnswlib(data: bytes, vectors: Vectors) -> File:
    """Find where things are in a file of hnswlib's."""
    sizes = (8, 8, 8, 8, 8, 8, 4, 4, 8, 8, 8, 8, 8)
    head = [Field(sum(sizes[:number]), size) for number, size in enumerate(sizes)]
    (rows, width, key), (links, base) = struct.unpack_from("<3Q", data, 16), struct.unpack_from("<2Q", data, 56)
    lists = [List(node, 0, Field(96 + node * width, 4), base) for node in range(rows)]
    keys = [Field(96 + node * width + key, 8) for node in range(rows)]
    numbers = tuple(Field(one.at - 4 * back, 4) for one in keys for back in range(1, 1 + vectors.shape[1]))
    at, levels, level_fields = 96 + rows * width, [], []
    for node in range(rows):
        level_fields.append(Field(at, 4))
        levels.append(struct.unpack_from("<I", data, at)[0] // (4 + 4 * links))
        at += 4
        for one in range(levels[-1]):
            lists.append(List(node, one + 1, Field(at, 4), links))
            at += 4 + 4 * links
    assert at == len(data)
    return File(
        "index.hnsw",
        data,
        vectors,
        tuple(head),
        head[6],
        head[7],
        tuple(levels),
        tuple(level_fields),
        tuple(keys),
        numbers,
        tuple(lists),
    )


def put(data: bytearray, field: Field, value: int) -> None:
    """Write a number, as many of its bytes as there is room for."""
    data[field.at : field.at + field.bytes] = (value % 256**field.bytes).to_bytes(field.bytes, "little")


READ = {"usearch": of_usearch, "hnswlib": of_hnswlib}
"""By library."""
