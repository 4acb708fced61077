"""Parses a file that usearch 2.19 to 2.24 wrote: a matrix of vectors, a header, then the graph.

In: the file's bytes. Out: its `Layout`, with every offset checked against the file's length. A node is its key, its
level and its lists, level 0 first; an array with the levels of all nodes precedes the first node.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from matinee.hnsw.layout import Bytes, Layout, before, check_links, expect, list_bytes, records, scattered

VERSIONS = ((2, 19), (2, 25))
"""Range of usearch versions whose files can be read, the second one excluded; the same as in pyproject.toml."""

MATRIX = np.dtype([("rows", "<u4"), ("bytes of a vector", "<u4")])

HEAD = np.dtype(
    [
        ("magic", "S7"),
        ("version", "<u2", 3),
        ("kind of metric", "u1"),
        ("kind of numbers", "u1"),
        ("kind of keys", "u1"),
        ("kind of slots", "u1"),
        ("number of vectors", "<u8"),
        ("number of deleted vectors", "<u8"),
        ("dim", "<u8"),
        ("mark of several vectors a key", "u1"),
        ("unused", "V22"),
    ]
)
NUMBERS: dict[int, np.dtype[np.floating[Any]]] = {12: np.dtype("<f2"), 11: np.dtype("<f4")}
"""The dtype of vectors by usearch's code for it."""

INNER_PRODUCT, UINT64, UINT32 = 105, 14, 15
"""usearch's codes for the metric, the type of keys and the type of slots that are accepted."""

GRAPH = np.dtype([("size", "<u8"), ("links", "<u8"), ("links_base", "<u8"), ("top", "<u8"), ("entry", "<u8")])
NODE = np.dtype([("key", "<u8"), ("level", "<i2")])


def layout(data: Bytes) -> Layout:
    """Return the layout of the file `data`; raises ValueError unless it is a complete file of usearch."""
    (matrix,) = records(data, MATRIX, 0, 1)
    n, width = int(matrix["rows"]), int(matrix["bytes of a vector"])
    at = MATRIX.itemsize + n * width
    (head,) = records(data, HEAD, at, 1)
    numbers, dim = _numbers(head), int(head["dim"])
    expect(matrix, {"bytes of a vector": dim * numbers.itemsize})
    expect(
        head,
        {
            "kind of metric": INNER_PRODUCT,
            "kind of keys": UINT64,
            "kind of slots": UINT32,
            "number of vectors": n,
            "number of deleted vectors": 0,
            "mark of several vectors a key": 0,
        },
    )
    at += HEAD.itemsize
    (graph,) = records(data, GRAPH, at, 1)
    expect(graph, {"size": n})
    links, links_base = int(graph["links"]), int(graph["links_base"])
    check_links(links, links_base)
    at += GRAPH.itemsize
    levels = records(data, np.dtype("<i2"), at, n).astype(np.int64)
    if levels.min(initial=0) < 0:
        raise ValueError("a level is below 0")
    sizes = NODE.itemsize + list_bytes(links_base) + levels * list_bytes(links)
    at += 2 * n
    if at + int(sizes.sum()) != len(data):
        raise ValueError("its length is not that of its lists")
    nodes = at + before(sizes)
    named = scattered(data, NODE, nodes)
    if not np.array_equal(named["level"], levels):
        raise ValueError("a movie has two levels")
    return Layout(
        data=data,
        keys=named["key"],
        vectors=np.ndarray((n, dim), numbers, data, MATRIX.itemsize),
        levels=levels,
        entry=int(graph["entry"]),
        top=int(graph["top"]),
        links=links,
        links_base=links_base,
        at_base=nodes + NODE.itemsize,
        at_upper=nodes + NODE.itemsize + list_bytes(links_base),
    )


def _numbers(head: np.void) -> np.dtype[np.floating[Any]]:
    """Return the dtype of the vectors; raises ValueError for another format, version or dtype."""
    if head["magic"] != b"usearch":
        raise ValueError("it is no file of usearch's")
    version = tuple(int(part) for part in head["version"])
    if not VERSIONS[0] <= version < VERSIONS[1]:
        first, end, this = (".".join(map(str, one)) for one in (*VERSIONS, version))
        raise ValueError(f"usearch {this} wrote it, and files of usearch>={first},<{end} are read")
    if int(head["kind of numbers"]) not in NUMBERS:
        raise ValueError(f"its kind of numbers is {head['kind of numbers']}, and here it is 11 or 12")
    return NUMBERS[int(head["kind of numbers"])]
