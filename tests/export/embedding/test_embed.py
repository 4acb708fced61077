"""Embedding a whole dataset: in shards, in flat memory, resumable, and the same on a cluster as in one process."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Generator, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.runtime.tiny import WORDS, write_tiny_encoder

from matinee.encoders import Encoder
from matinee.errors import MissingExtraError, UnknownNameError
from matinee_export.embedding.embed import SHARD, Job, embed, project
from matinee_export.embedding.engines import Engine, Kind, Shard, find_engine, in_this_process

N = 5 * SHARD + 300
"""Items of a job: five shards and a part of one."""

ROOT = Path(__file__).parents[3]


def texts(count: int) -> list[str]:
    words = WORDS.split()
    return [" ".join(words[(i * 7 + k) % len(words)] for k in range(1 + i % 12)) for i in range(count)]


def job(folder: Path, count: int = N) -> Job:
    encoder = Encoder.open(write_tiny_encoder(folder / "encoder", "bert", ["text"]))
    (folder / "shards").mkdir(exist_ok=True)
    return Job(encoder, "texts", texts(count), folder / "shards")


def command(script: str, *arguments: object) -> list[str]:
    """The command of a process that runs `script`, which finds this module as `here`."""
    start = f"import sys\nfrom pathlib import Path\nimport {__name__} as here\n"
    return [sys.executable, "-c", start + script, *map(str, arguments)]


def counted(made: list[int]) -> Engine:
    """Return the engine of one process, which adds to `made` and prints the start of each shard that it has made."""

    def engine(encoder: Encoder, kind: Kind, shards: Iterable[Shard]) -> Generator[tuple[int, bytes], None, None]:
        for start, content in in_this_process(encoder, kind, shards):
            made.append(start)
            print(start, flush=True)
            yield start, content

    return engine


def test_every_text_gets_the_vector_that_its_shard_gives_it(tmp_path: Path) -> None:
    asked = job(tmp_path)
    done = embed(asked, in_this_process)
    shards = [texts(N)[start : start + SHARD] for start in asked.starts]
    blocks = [block for shard in shards for block in asked.encoder.embed_texts(shard)]
    assert done.vectors.tobytes() == np.concatenate(blocks).tobytes()
    assert done.refused == {}


def test_texts_that_cannot_be_read_are_named_by_their_number_among_all(tmp_path: Path) -> None:
    asked = job(tmp_path)
    items = [*texts(N)[: SHARD + 5], "\n", *texts(N)[SHARD + 6 :]]
    done = embed(replace(asked, items=items), in_this_process)
    assert list(done.refused) == [SHARD + 5]
    assert not done.vectors[SHARD + 5].any()
    assert done.vectors[SHARD + 4].any()


def test_nothing_to_embed_gives_no_vectors_of_the_right_length(tmp_path: Path) -> None:
    assert embed(job(tmp_path, 0), in_this_process).vectors.shape == (0, 32)


def test_only_missing_shards_are_made(tmp_path: Path) -> None:
    first: list[int] = []
    second: list[int] = []
    asked = job(tmp_path)
    before = embed(asked, counted(first)).vectors.tobytes()
    asked.file(SHARD).unlink()
    assert embed(asked, counted(second)).vectors.tobytes() == before
    assert first == list(asked.starts)
    assert second == [SHARD]


@pytest.mark.slow
def test_a_kill_half_way_loses_at_most_one_shard(tmp_path: Path) -> None:
    script = "here.embed(here.job(Path(sys.argv[1])), here.counted([]))"
    with subprocess.Popen(command(script, tmp_path), stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        made = []
        for line in process.stdout:
            made.append(int(line))
            if len(made) == 3:
                process.kill()
        assert process.wait() == -signal.SIGKILL
    rest: list[int] = []
    asked = job(tmp_path)
    there = [start for start in asked.starts if start not in asked.missing]
    assert there[: len(made) - 1] == made[:-1]  # the last may have been on its way to the disk
    resumed = embed(asked, counted(rest)).vectors.tobytes()
    assert rest == [start for start in asked.starts if start not in there]
    (tmp_path / "whole").mkdir()
    assert resumed == embed(job(tmp_path / "whole"), in_this_process).vectors.tobytes()


def test_an_estimate_embeds_a_hundredth_and_keeps_it(tmp_path: Path) -> None:
    asked = job(tmp_path)
    found = project(asked, in_this_process)
    assert (found.total, found.measured) == (N, SHARD)
    assert found.whole == pytest.approx(found.seconds * N / SHARD)
    assert len(asked.missing) == len(asked.starts) - 1
    assert str(found).startswith(f"bert: reviews: {N:,} take ")
    embed(asked, in_this_process)
    assert str(project(asked, in_this_process)) == f"bert: reviews: all {N:,} are embedded already"


def test_an_engine_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(UnknownNameError, match="no engine is called 'spark'; valid: 'local', 'ray'"):
        find_engine("spark")


def test_without_ray_the_extra_that_brings_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "matinee_export.embedding.engines.ray_data", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r'install "matinee\[ray\]"'):
        find_engine("ray")


MEMORY = """
import re
asked = here.Job(here.Encoder.open(Path(sys.argv[1])), "texts", here.texts(20_000), Path(sys.argv[2]))
def telling(encoder, kind, shards):
    for made in here.in_this_process(encoder, kind, shards):
        print(int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024)
        yield made
here.embed(asked, telling)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="resident memory is read from /proc")
def test_memory_stays_flat_over_twenty_thousand_texts(sample_bundle: Path, tmp_path: Path) -> None:
    asked = command(MEMORY, sample_bundle / "encoders" / "bert", tmp_path)
    done = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    resident = [float(line) for line in done.stdout.splitlines()]  # MB after each shard
    assert len(resident) == 20
    assert max(resident[2:]) - resident[1] <= 50, resident


ON_TWO_MACHINES = """
import json, os
from matinee_export.embedding.engines import ray_data
from ray.cluster_utils import Cluster
cluster = Cluster()
for _ in range(2):
    cluster.add_node(num_cpus=1, include_dashboard=False, object_store_memory=100 << 20)
os.environ["RAY_ADDRESS"] = cluster.address
refused = []
for tower in ("text", "image"):
    refused += here.embed(here.both(Path(sys.argv[1]), tower), ray_data.on_ray).refused.items()
print(json.dumps(refused))
cluster.shutdown()
"""


def both(folder: Path, tower: str) -> Job:
    """A job for texts, one of which cannot be read, or for posters."""
    encoder = Encoder.open(write_tiny_encoder(folder / tower, "clip", [tower]))
    shards = folder / f"{tower}-shards"
    shards.mkdir(parents=True)
    if tower == "text":
        return Job(encoder, "texts", [*texts(3 * SHARD), " ", "a crime film"], shards)
    files = [folder / f"{row}.jpg" for row in range(5)]
    for row, file in enumerate(files):
        Image.new("RGB", (40, 60), (50 * row, 90, 200 - 30 * row)).save(file)
    return Job(encoder, "posters", files, shards)


@pytest.mark.slow
def test_two_machines_of_a_ray_cluster_give_the_bytes_of_one_process(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason='embedding on a Ray cluster needs "matinee[ray]"')
    pytest.importorskip("pyarrow", reason='embedding on a Ray cluster needs "matinee[ray]"')
    asked = command(ON_TWO_MACHINES, tmp_path / "ray")
    done = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    refused: list[tuple[int, object]] = []
    for tower in ("text", "image"):
        local = both(tmp_path / "local", tower)
        refused += embed(local, in_this_process).refused.items()
        ours = sorted(local.folder.iterdir())
        theirs = [tmp_path / "ray" / path.relative_to(tmp_path / "local") for path in ours]
        assert [path.read_bytes() for path in ours] == [path.read_bytes() for path in theirs]
    assert json.loads(done.stdout.splitlines()[-1]) == [list(item) for item in refused]
