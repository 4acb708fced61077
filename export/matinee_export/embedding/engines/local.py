"""The engine that embeds shards in this process, one after another.

In: an opened encoder and shards. Out: the file of each. Knows nothing of other machines.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable

from matinee.encoders import Encoder
from matinee_export.embedding.engines.shard import Kind, Shard, make_shard


def in_this_process(encoder: Encoder, kind: Kind, shards: Iterable[Shard]) -> Generator[tuple[int, bytes], None, None]:
    """Yield the start and the file of each shard, in order; a shard is taken only when the one before it is done."""
    for shard in shards:
        yield shard.start, make_shard(encoder, kind, shard.items)
