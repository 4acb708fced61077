"""Builds that are killed, and finished steps that are damaged: the next run ends in the same bytes.

MATINEE_POINTS says at how many random points a build is killed, and how many steps are damaged; by default a few.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.export.builds import Built, build, command, contents, stop_when

from matinee.bundle import Bundle
from matinee.manifest import MARKER

pytest.importorskip("torch")

pytestmark = pytest.mark.slow

FULL_DISK = """
import resource, runpy, sys

resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))
sys.argv = sys.argv[2:]
runpy.run_module("matinee_export.cli", run_name="__main__", alter_sys=True)
"""
"""Runs a build that can write no file of more than 2,000 bytes, as if the disk were full."""

POINTS = int(os.environ.get("MATINEE_POINTS", "2"))


@pytest.fixture(scope="module")
def finished_steps(small_dataset: Path, tiny_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The work folder of a build that was killed when every step was done."""
    out = tmp_path_factory.mktemp("steps") / "bundle"
    stop_when("drawing maps", command(small_dataset, out, tiny_weights), signal.SIGKILL)
    return out.with_name("bundle.work")


def killed_after(lines: int, started: list[str]) -> None:
    """Start a build and kill it when it has said so many lines."""
    with subprocess.Popen(started, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for _ in range(lines):
            process.stderr.readline()
        process.kill()


def test_a_build_killed_at_random_points_ends_in_the_same_bytes(
    undisturbed: Built, small_dataset: Path, tiny_weights: Path, tmp_path: Path
) -> None:
    wanted, said = undisturbed
    draw = random.Random(0)
    out = Path(shutil.copytree(wanted, tmp_path / "bundle"))
    for _ in range(POINTS):
        killed_after(draw.randrange(1, len(said)), command(small_dataset, out, tiny_weights))
        assert not out.exists() or list(Bundle.open(out).problems()) == []
    done = build(small_dataset, out, tiny_weights)
    assert done.status == 0, done.err
    assert contents(out) == contents(wanted)
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def _flip(path: Path, draw: random.Random) -> None:
    content = bytearray(path.read_bytes() or b"x")
    content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
    path.write_bytes(content)


def _cut(path: Path, draw: random.Random) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: draw.randrange(len(content))] if content else b"x")


DAMAGES: list[Callable[[Path, random.Random], object]] = [
    _flip,
    _cut,
    lambda path, _: path.unlink(),
    lambda path, _: path.write_bytes(b""),
    lambda path, _: path.with_name("another").write_bytes(b"x"),
]


@pytest.mark.parametrize("seed", range(max(1, POINTS // 4)))
def test_damaged_steps_are_done_again_and_the_build_ends_in_the_same_bytes(
    undisturbed: Built,
    finished_steps: Path,
    small_dataset: Path,
    tiny_weights: Path,
    tmp_path: Path,
    seed: int,
) -> None:
    shutil.copytree(finished_steps, tmp_path / "bundle.work")
    draw = random.Random(seed)
    steps = sorted(path for path in (tmp_path / "bundle.work").iterdir() if path.is_dir() and path.suffix != ".part")
    for step in draw.sample(steps, min(len(steps), 4)):
        files = sorted(path for path in step.rglob("*") if path.is_file() and path.name != MARKER)
        draw.choice(DAMAGES)(draw.choice(files), draw)
    done = build(small_dataset, tmp_path / "bundle", tiny_weights)
    assert done.status == 0, done.err
    assert contents(tmp_path / "bundle") == contents(undisturbed.bundle)


def test_a_step_whose_marker_is_damaged_is_kept_aside_and_done_again(
    undisturbed: Built, finished_steps: Path, small_dataset: Path, tiny_weights: Path, tmp_path: Path
) -> None:
    shutil.copytree(finished_steps, tmp_path / "bundle.work")
    step = next((tmp_path / "bundle.work").glob("factors-als-*"))
    (step / MARKER).write_bytes(b"\0" * 100)
    done = build(small_dataset, tmp_path / "bundle", tiny_weights)
    assert done.status == 0, done.err
    assert contents(tmp_path / "bundle") == contents(undisturbed.bundle)
    assert f"{step.name}.damaged-1 was not written by this build and stays where it is" in done.err


def test_a_build_leaves_a_folder_alone_that_only_looks_like_a_bundle(
    small_dataset: Path, tiny_weights: Path, tmp_path: Path
) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "manifest.json").write_text('{"name": "an app"}')
    (tmp_path / "web" / "thesis.docx").write_text("years of work")
    (tmp_path / "web.old").mkdir()
    (tmp_path / "web.old" / "draft.docx").write_text("older")
    done = build(small_dataset, tmp_path / "web", tiny_weights)
    assert done.status == 2
    assert "web is left alone: it holds 'manifest.json' but no .matinee" in done.err.splitlines()[-1]
    assert (tmp_path / "web" / "thesis.docx").read_text() == "years of work"
    assert (tmp_path / "web.old" / "draft.docx").read_text() == "older"


def test_a_bundle_to_which_a_person_added_a_file_is_left_alone(
    undisturbed: Built, small_dataset: Path, tiny_weights: Path, tmp_path: Path
) -> None:
    out = Path(shutil.copytree(undisturbed.bundle, tmp_path / "bundle"))
    (out / "report" / "my notes.txt").write_text("mine")
    done = build(small_dataset, out, tiny_weights)
    assert done.status == 2
    assert "report/my notes.txt in it was not written by Matinee" in done.err
    assert contents(out).keys() - contents(undisturbed.bundle).keys() == {"report/my notes.txt"}
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_a_disk_that_is_full_is_said_in_one_line_and_nothing_is_lost(
    undisturbed: Built, small_dataset: Path, tiny_weights: Path, tmp_path: Path
) -> None:
    out = Path(shutil.copytree(undisturbed.bundle, tmp_path / "bundle"))
    limited = [sys.executable, "-c", FULL_DISK, *command(small_dataset, out, tiny_weights)[1:]]
    done = subprocess.run(limited, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "File too large" in done.stderr.splitlines()[-1]
    assert contents(out) == contents(undisturbed.bundle)


@pytest.mark.parametrize("out", ["/", "file/below", "x" * 300, "/proc/bundle"])
def test_a_place_that_cannot_be_written_is_refused_in_one_line(
    small_dataset: Path, tiny_weights: Path, tmp_path: Path, out: str
) -> None:
    (tmp_path / "file").write_text("mine")
    done = build(small_dataset, tmp_path / out, tiny_weights)
    assert done.status == 2
    assert done.err.splitlines()[-1].startswith("matinee-export: ")
