"""Search (workload S): ten nearest of 4,000, 100,000 and 1,000,000 vectors of 768, one query at a time.

In: a `Context`; 1,000,000 only at full scale. Out: a row for each number of vectors and peer. Every side is asked with
the least ef that finds as much as ours does, and ours with what export would choose for these vectors from other
queries. So few that ours searches them exactly are searched through its graph too, which the libraries have as well.
What takes long, vectors and graphs, is kept in artifacts/bench-search for the next run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from tests.benchmarks.clusters import CHUNK, DIM, Vectors, clustered
from tests.benchmarks.harness import Context, Result, interleave
from tests.benchmarks.search_peers import PEERS, Peer

from matinee.exact import Rows
from matinee.hnsw import LIBRARIES
from matinee.index import Index
from matinee_export.bundle.indexes import least_effort

Found = TypeVar("Found")

KEPT = Path(__file__).resolve().parents[2] / "artifacts" / "bench-search"
QUERIES = 1000
TUNING = 200
"""With how many other queries ours chooses its effort; export does so with up to 500 users."""

ENTRIES = 50_000_000
"""How many vectors a round looks at in exact search, at most: so many queries are timed. Recall is of all queries, but
for exact search, which is asked those that are timed."""

MOST = {"usearch": 100_000}
"""Up to how many vectors a peer is tried: ours is usearch with numbers of 16 bits. With 32 bits it is slower among
100,000, and would take most of an hour to link a million."""

K = 10
FAR = 1_000
"""The chunk that queries come from, behind all that is searched."""

EFS = (20, 30, 40, 60, 80, 100, 120, 150, 200, 250, 300, 400, 500, 600, 800, 1000, 1500, 2000)


def measure(context: Context) -> list[Result]:
    """Rows of every size."""
    sizes: tuple[int, ...] = context.pick(quick=(4_000,), default=(4_000, 100_000), full=(4_000, 100_000, 1_000_000))
    return [row for size in sizes for row in _of_size(size, context)]


def _of_size(size: int, context: Context) -> list[Result]:
    vectors, tuning, queries = _inputs(size)
    truth = _truth(vectors, queries, size)
    work = f"search, {size:,} vectors"
    index = _ours(vectors, size)
    if size > index.exact_up_to:
        return _rows(work, size, _tuned(index, tuning), queries, truth, context)
    graph = _tuned(_ours(vectors, size, exact_up_to=0), tuning)
    return _rows(work, size, index, queries, truth, context) + _rows(
        f"{work}, through the graph", size, graph, queries, truth, context
    )


def _ask(peer: Peer, query: Vectors) -> Rows:
    return peer.search(query, K)


def _ask_all(ask: Callable[[Vectors], Rows], queries: Vectors) -> list[Rows]:
    return [ask(query) for query in queries]


def _rows(
    work: str, size: int, index: Index, queries: Vectors, truth: Sequence[set[int]], context: Context
) -> list[Result]:
    vectors, timed = index.vectors, min(QUERIES, ENTRIES // size)
    asks: dict[str, Callable[[Vectors], Rows]] = {"ours": lambda query: index.search(query, K)[0]}
    found = {"ours": _recall(asks["ours"], queries, truth)}
    about = {"ours": _about_ours(index, size)}
    peers = {name: open_peer for name, open_peer in PEERS.items() if size <= MOST.get(name, size)}
    for name, open_peer in peers.items():
        path = _file(size, name)
        peer, took = _timed(partial(open_peer, vectors, path))
        ef = _set_least_ef(peer, queries, truth, found["ours"])
        asks[name] = partial(_ask, peer)
        some = slice(None if ef else timed)
        found[name] = _recall(asks[name], queries[some], truth[some])
        held = f"{path.stat().st_size / 1e6:,.0f} MB, " if path.exists() else ""
        about[name] = f"{held}opened in {took * 1e3:,.0f} ms" + (f", ef {ef}" if ef else "")
    rounds = interleave({name: partial(_ask_all, ask, queries[:timed]) for name, ask in asks.items()}, context.rounds)
    speed = {name: times.median / timed * 1e6 for name, times in rounds.items()}
    return [
        Result(
            work=work,
            peer=name,
            goal=">= 0.9",
            ratio=rounds[name].median / rounds["ours"].median,
            quality=f"recall@10 {found['ours']:.4f}, theirs {found[name]:.4f}",
            ours=f"{speed['ours']:,.0f} us a query",
            theirs=f"{speed[name]:,.0f} us a query",
            note=f"ours: {about['ours']}; {name}: {about[name]}",
            rounds={"ours": rounds["ours"], name: rounds[name]},
        )
        for name in peers
    ]


def _inputs(size: int) -> tuple[Vectors, Vectors, Vectors]:
    """The vectors, mapped from a file, and two sets of queries not among them: to tune with, and to measure with."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = _file(size, "vectors", "npy")
    source = clustered(seed=0)
    if not path.exists():
        part = path.with_suffix(".part")
        mapped = np.lib.format.open_memmap(part, mode="w+", dtype=np.float32, shape=(size, DIM))
        for start in range(0, size, CHUNK):
            mapped[start : start + CHUNK] = next(source)[: size - start]
        mapped.flush()
        part.rename(path)
    others = next(clustered(seed=0, first=FAR))
    return np.load(path, mmap_mode="r"), others[:QUERIES], others[QUERIES : 2 * QUERIES]


def _truth(vectors: Vectors, queries: Vectors, size: int) -> Sequence[set[int]]:
    """The rows of the K nearest of each query, by every inner product."""
    scores = np.empty((len(queries), 0), np.float32)
    rows = np.empty((len(queries), 0), np.int64)
    for start in range(0, size, CHUNK):  # the best of each part, and the best of those
        some = queries @ vectors[start : start + CHUNK].T
        best = np.argpartition(-some, K - 1, axis=1)[:, :K]
        scores = np.hstack([scores, np.take_along_axis(some, best, 1)])
        rows = np.hstack([rows, best + start])
    best = np.argpartition(-scores, K - 1, axis=1)[:, :K]
    return [set(found) for found in np.take_along_axis(rows, best, 1).tolist()]


def _ours(vectors: Vectors, size: int, exact_up_to: int | None = None) -> Index:
    """Our index as export makes it, mapped from its file."""
    library = next(iter(LIBRARIES.values()))
    folder = _file(size, "ours", "d")
    if not (folder / library.file).exists():
        folder.mkdir(exist_ok=True)
        Index.build(vectors, library=library.package).save(folder)
    return Index.open(folder / library.file, vectors, exact_up_to)


def _tuned(index: Index, tuning: Vectors) -> Index:
    """The index with the effort that export would choose."""
    index.graph.effort, _ = least_effort(index, tuning[:TUNING])
    return index


def _about_ours(index: Index, size: int) -> str:
    if size <= index.exact_up_to:
        return "exact, no graph opened"
    path = _file(size, "ours", "d") / index.library.file
    _, took = _timed(Index.open(path, index.vectors).check)
    return f"{index.library.package}, {path.stat().st_size / 1e6:,.0f} MB, opened in {took * 1e3:,.0f} ms, " + (
        f"ef {index.graph.effort}"
    )


def _set_least_ef(peer: Peer, queries: Vectors, truth: Sequence[set[int]], enough: float) -> int | None:
    """Give a peer the least ef with which it finds `enough`, and return it; the largest tried if none does."""
    if peer.set_ef is None:
        return None
    for ef in EFS:
        peer.set_ef(ef)
        if _recall(lambda query: peer.search(query, K), queries, truth) >= enough:
            break
    return ef


def _recall(ask: Callable[[Vectors], Rows], queries: Vectors, truth: Sequence[set[int]]) -> float:
    shared = [len(near & set(ask(query).tolist())) for query, near in zip(queries, truth, strict=True)]
    return float(np.mean(shared)) / K


def _timed(run: Callable[[], Found]) -> tuple[Found, float]:
    start = time.perf_counter()
    return run(), time.perf_counter() - start


def _file(size: int, name: str, suffix: str = "graph") -> Path:
    return KEPT / f"{name.replace(' ', '-')}-{size}.{suffix}"
