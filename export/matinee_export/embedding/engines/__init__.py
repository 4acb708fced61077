"""Where shards are embedded: in this process, or on the machines of a Ray cluster; the vectors are the same.

An engine takes an encoder, what it is to read and the shards that are missing, and yields the bytes of each shard's
file as it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable

from matinee.encoders import Encoder
from matinee.errors import MissingExtraError, UnknownNameError
from matinee_export.embedding.engines.shard import Kind, Shard, make_shard

__all__ = ["ENGINES", "Engine", "Kind", "Shard", "find_engine", "in_this_process"]

Engine = Callable[[Encoder, Kind, Iterable[Shard]], Generator[tuple[int, bytes], None, None]]
"""Takes an encoder, what it is to read, and shards; yields the start and the file of each shard, in any order."""


def find_engine(name: str) -> Engine:
    """Return an engine by name.

    Raises:
        UnknownNameError: There is none of that name.
        MissingExtraError: What it runs on is not installed.
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
"""How each engine is found, by name; what one needs is imported only when it is asked for."""


def in_this_process(encoder: Encoder, kind: Kind, shards: Iterable[Shard]) -> Generator[tuple[int, bytes], None, None]:
    """Yield the start and the file of each shard, in order; a shard is taken only when the one before it is done."""
    for shard in shards:
        yield shard.start, make_shard(encoder, kind, shard.items)
