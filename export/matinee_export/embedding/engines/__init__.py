"""Engines, which embed shards in this process or on the machines of a Ray cluster, with the same vectors.

An engine takes an encoder, the kind of input and the missing shards, and yields the bytes of each shard's file as soon
as it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable

from matinee.encoders import Encoder
from matinee.errors import MissingExtraError, UnknownNameError
from matinee_export.embedding.engines.shard import Kind, Shard, make_shard

__all__ = ["ENGINES", "Engine", "Kind", "Shard", "find_engine", "in_this_process"]

Engine = Callable[[Encoder, Kind, Iterable[Shard]], Generator[tuple[int, bytes], None, None]]
"""Takes an encoder, the kind of input and shards; yields the start and the file's bytes of each shard, in any order."""


def find_engine(name: str) -> Engine:
    """Return an engine by name.

    Raises:
        UnknownNameError: There is no engine of that name.
        MissingExtraError: The library that it needs is not installed.
    """
    if name not in ENGINES:
        raise UnknownNameError("engine", name, ENGINES)
    return ENGINES[name]()


def _ray() -> Engine:
    try:
        from matinee_export.embedding.engines.ray_data import on_ray
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "ray") from None
    return on_ray


ENGINES: dict[str, Callable[[], Engine]] = {"local": lambda: in_this_process, "ray": _ray}
"""Functions that return the engines, by name; an engine's library is imported only when the engine is requested."""


def in_this_process(encoder: Encoder, kind: Kind, shards: Iterable[Shard]) -> Generator[tuple[int, bytes], None, None]:
    """Yield the start and the file's bytes of each shard in order, taking each only after the one before it is done."""
    for shard in shards:
        yield shard.start, make_shard(encoder, kind, shard.items)
