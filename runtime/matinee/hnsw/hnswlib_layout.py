"""Parses a file that hnswlib 0.8 wrote: a header, a record of fixed size for each node, then the upper lists.

In: the file's bytes. Out: its `Layout`, with every offset checked against the file's length. The record of a node is
its list of level 0, its vector and its key. After all records follow, for each node, the length of its upper lists in
bytes, mostly 0, and these lists.
"""

from __future__ import annotations

import numpy as np

from matinee.exact import Rows
from matinee.hnsw.layout import Bytes, Layout, before, check_links, expect, list_bytes, records

HEAD = np.dtype(
    [
        ("start of lists", "<u8"),
        ("room", "<u8"),
        ("size", "<u8"),
        ("length of a record", "<u8"),
        ("start of keys", "<u8"),
        ("start of vectors", "<u8"),
        ("top", "<i4"),
        ("entry", "<u4"),
        ("links", "<u8"),
        ("links_base", "<u8"),
        ("links of new movies", "<u8"),
        ("spread of levels", "<f8"),
        ("ef_construction", "<u8"),
    ]
)
KEY = np.dtype("<u8")
NUMBER = np.dtype("<f4")
LENGTH = np.dtype("<u4")


def layout(data: Bytes) -> Layout:
    """Return the layout of the file `data`; raises ValueError unless it is a complete file of hnswlib."""
    (head,) = records(data, HEAD, 0, 1)
    n, links, links_base = int(head["size"]), int(head["links"]), int(head["links_base"])
    check_links(links, links_base)
    of_vector = list_bytes(links_base)
    dim = (int(head["start of keys"]) - of_vector) // NUMBER.itemsize
    of_key = of_vector + dim * NUMBER.itemsize
    width = of_key + KEY.itemsize
    expect(
        head,
        {
            "start of lists": 0,
            "room": max(1, n),
            "length of a record": width,
            "start of keys": of_key,
            "start of vectors": of_vector,
            "links of new movies": links,
        },
    )
    at, of_lists = HEAD.itemsize, HEAD.itemsize + n * width
    if of_lists > len(data):
        raise ValueError("it ends too soon")
    levels, at_upper = _upper(data, of_lists, n, list_bytes(links))
    return Layout(
        data=data,
        keys=np.ndarray((n,), KEY, data, at + of_key, (width,)),
        vectors=np.ndarray((n, dim), NUMBER, data, at + of_vector, (width, NUMBER.itemsize)),
        levels=levels,
        entry=int(head["entry"]),
        top=int(head["top"]),
        links=links,
        links_base=links_base,
        at_base=at + width * np.arange(n),
        at_upper=at_upper,
    )


def _upper(data: Bytes, at: int, n: int, of_list: int) -> tuple[Rows, Rows]:
    """Return each node's level and the byte at which its upper lists begin, both (n,).

    The position of each length depends on all lengths before it. Since most are 0, only the non-zero words are followed
    one by one: each is read as a length, and the next length is the first non-zero word after the lists it covers.
    """
    count, rest = divmod(len(data) - at, LENGTH.itemsize)
    words = records(data, LENGTH, at, count)
    filled = np.flatnonzero(words)
    taken = words[filled].astype(np.int64) // LENGTH.itemsize
    following = np.searchsorted(filled, filled + 1 + taken).tolist()
    chain, place = [], 0
    while place < len(following):
        chain.append(place)
        place = following[place]
    places, taken = filled[chain], taken[chain]
    nodes = places - before(taken)
    if rest or count != n + int(taken.sum()) or (nodes >= n).any() or (words[places] % of_list).any():
        raise ValueError("its length is not that of its lists")
    sizes = np.zeros(n, dtype=np.int64)
    sizes[nodes] = taken * LENGTH.itemsize
    return sizes // of_list, at + LENGTH.itemsize * (1 + np.arange(n)) + before(sizes)
