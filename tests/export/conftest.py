"""What the export's tests share: a small dataset and tiny weights, so that a whole build takes seconds."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from matinee_export.models.registry import ENCODERS

if TYPE_CHECKING:
    from tests.export.builds import Built
    from tests.export.exported import Exported


@pytest.fixture(scope="session")
def small_dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small dataset; not to be changed."""
    from tests.export.small_dataset import write_small_dataset

    return write_small_dataset(tmp_path_factory.mktemp("small") / "dataset")


@pytest.fixture(scope="session")
def tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for `--weights` with tiny networks for all three encoders."""
    pytest.importorskip("onnx")
    from tests.export.tiny_weights import write_tiny_weights

    home = tmp_path_factory.mktemp("weights")
    return write_tiny_weights(home / "weights", home / "scratch")


@pytest.fixture(scope="session")
def undisturbed(small_dataset: Path, tiny_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A bundle of the small dataset that was built as people do, without being disturbed; not to be changed."""
    pytest.importorskip("torch", reason="building a bundle needs the export extra")
    from tests.export.builds import Built, command

    out = tmp_path_factory.mktemp("built") / "bundle"
    started = command(small_dataset, out, tiny_weights, "--json")
    done = subprocess.run(started, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["bundle"] == str(out)
    return Built(out, done.stderr.splitlines())


@pytest.fixture(scope="session")
def made_up_posters(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """36 small JPEGs of coloured blocks."""
    folder, rng = tmp_path_factory.mktemp("posters"), np.random.default_rng(5)
    paths = [folder / f"{i:02}.jpg" for i in range(36)]
    for path in paths:
        blocks = rng.integers(0, 256, (6, 4, 3), dtype=np.uint8)
        Image.fromarray(blocks).resize((128, 192), Image.Resampling.NEAREST).save(path)
    return paths


@pytest.fixture(scope="session")
def minilm(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """The folder of the packaged MiniLM in fp32, the only real weights that need no download, and its record."""
    return _export("bert", "packaged", tmp_path_factory.mktemp("minilm"), texts=12)


@pytest.fixture(scope="session")
def resnet50(tmp_path_factory: pytest.TempPathFactory, made_up_posters: list[Path]) -> Exported:
    """The folder of a seeded ResNet50 in fp32, and its record."""
    return _export("resnet50", "seeded", tmp_path_factory.mktemp("resnet50"), posters=made_up_posters[:8])


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory, made_up_posters: list[Path]) -> Exported:
    """The folder of a seeded CLIP in fp32, and its record."""
    return _export("clip", "seeded", tmp_path_factory.mktemp("clip"), texts=8, posters=made_up_posters[:4])


def _export(name: str, weights: str, folder: Path, *, texts: int = 0, posters: Sequence[Path] = ()) -> Exported:
    pytest.importorskip("torch", reason="exporting needs the export extra")
    from tests.export.exported import made_up_texts, quiet

    from matinee_export.encoders import choose, export_encoder

    choice = choose(ENCODERS[name], weights)
    read = made_up_texts(texts)
    return folder, export_encoder(
        ENCODERS[name], folder, choice=choice, texts=read, posters=posters, precision="fp32", log=quiet
    )
