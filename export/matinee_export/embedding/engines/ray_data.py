"""The engine that embeds shards with Ray Data, on the cluster at RAY_ADDRESS or else on a local one.

In: an encoder's folder and shards. Out: the file of each shard, in the order in which they are done. Inputs and the
encoder's files (once per machine) are sent through Ray's object store, so no shared disk is needed. Every machine
of the cluster needs `matinee[cpu,ray]` of this version.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
if "RAY_ADDRESS" not in os.environ:  # a local cluster is private: make it listen on loopback only, on Linux too
    os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
# isort: split
import ray
import ray.data
from ray.exceptions import RayError

from matinee.encoders import Encoder
from matinee.errors import BuildError
from matinee.session import cpu_quota
from matinee_export.embedding.engines.shard import Kind, Shard, make_shard

WAVE = 32
"""Shards per worker in one wave: few enough to fit the object store, enough to make up for starting the workers."""

_TYPES = {"texts": pyarrow.string(), "posters": pyarrow.large_binary()}


def on_ray(encoder: Encoder, kind: Kind, shards: Iterable[Shard]) -> Generator[tuple[int, bytes], None, None]:
    """Yield the start and the file's bytes of each shard as soon as one of the workers, one per core, has embedded it.

    A worker lost with its machine is replaced, and its unfinished shards are embedded again.

    Raises:
        BuildError: The cluster cannot be reached, or a worker failed.
    """
    try:
        with _cluster():
            files = ray.put({path.name: path.read_bytes() for path in encoder.folder.iterdir()})
            workers = max(1, int(ray.cluster_resources().get("CPU", 1)))
            waiting = iter(shards)
            while wave := [_sent(kind, shard) for shard in islice(waiting, WAVE * workers)]:
                done = ray.data.from_arrow_refs(wave).map(
                    _Worker,
                    fn_constructor_args=(files, kind),
                    num_cpus=1,
                    compute=ray.data.ActorPoolStrategy(size=min(workers, len(wave))),
                )
                for row in done.iter_rows():
                    yield row["start"], row["file"]
    except (RayError, ConnectionError) as error:
        reason = str(error).strip().splitlines()[-1]
        raise BuildError(f"the Ray cluster cannot embed ({reason}); mend it and build again: shards are kept") from None


class _Worker:
    """A worker, which opens the encoder once, on one thread, and embeds the shards that it is given."""

    def __init__(self, files: Any, kind: Kind) -> None:  # noqa: ANN401 - an ObjectRef, which Ray leaves untyped
        self._home = TemporaryDirectory(prefix="matinee-encoder-")
        folder = Path(self._home.name)
        for name, content in ray.get(files).items():
            (folder / name).write_bytes(content)
        self._encoder = Encoder.open(folder, threads=1)
        self._kind = kind

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        return {"start": row["start"], "file": make_shard(self._encoder, self._kind, row["items"])}

    def __del__(self) -> None:
        self._home.cleanup()


def _sent(kind: Kind, shard: Shard) -> Any:  # noqa: ANN401 - an ObjectRef, which Ray leaves untyped
    """Put one shard into the object store as a table of one row; return the reference to it."""
    items = [item.read_bytes() if isinstance(item, Path) else item for item in shard.items]
    row = {"start": [shard.start], "items": pyarrow.array([items], pyarrow.list_(_TYPES[kind]))}
    return ray.put(pyarrow.table(row))


@contextmanager
def _cluster() -> Iterator[None]:
    """Connect to a cluster: the caller's, else the one at RAY_ADDRESS, else a local one, shut down afterwards."""
    if ray.is_initialized():
        yield
        return
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # errors are raised as well
    own = {"address": "local", "num_cpus": cpu_quota(), "include_dashboard": False}
    ray.init(**({} if "RAY_ADDRESS" in os.environ else own), logging_level=logging.CRITICAL, log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    try:
        yield
    finally:
        ray.shutdown()
