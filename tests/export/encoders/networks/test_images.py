"""The image networks of full architectures on real posters: int8 keeps its bars, and so do JPEGs decoded small."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

from matinee.encoders import Encoder
from matinee.images import open_image, prepare, preprocess
from matinee.networks import ImageNetwork, Vectors
from matinee_export.encoders.quantization.int8_conv import quantize_convolutions_for_gemm
from matinee_export.encoders.quantization.int8_vision import quantize_vision
from matinee_export.encoders.selection import parity
from matinee_export.encoders.selection.select import write

pytestmark = pytest.mark.slow

Run = Callable[[Sequence[np.ndarray]], Vectors]

QUANTIZE = {"resnet50": quantize_convolutions_for_gemm, "clip": quantize_vision}


def opened(folder: Path, network: str = "image.onnx") -> Run:
    spec = Encoder.open(folder).spec
    assert spec.image is not None
    return ImageNetwork(folder, spec, replace(spec.image, network=network), None, ["CPUExecutionProvider"]).run


@pytest.fixture(scope="module")
def posters(movies_real: Path) -> list[Path]:
    return sorted((movies_real / "posters").glob("*.jpg"))[::206][:48]


@pytest.mark.parametrize("name", ["resnet50", "clip"])
def test_int8_keeps_its_bars_on_posters_it_was_not_calibrated_on(
    name: str, posters: list[Path], request: pytest.FixtureRequest
) -> None:
    folder: Path
    folder, _ = request.getfixturevalue(name)
    tower = Encoder.open(folder).spec.image
    assert tower is not None
    rows = [prepare(poster, tower) for poster in posters]
    reduced = QUANTIZE[name](onnx.load(folder / tower.network), rows[:24])
    assert {node.domain for node in reduced.graph.node} <= {"", "ai.onnx", "com.microsoft"}
    assert not any("nchwc" in node.op_type.lower() for node in reduced.graph.node)
    trial = folder / f"{name}-trial.onnx"
    try:
        write(reduced, trial)
        exact, run = parity.embed(opened(folder), rows[24:]), opened(folder, trial.name)
        close = parity.embed(run, rows[24:])
        assert parity.mean_cosine(exact, close) >= 0.99
        assert parity.batch_independence(run, rows[24:36]) >= 0.999
        # Untrained ResNet50 gives all posters nearly one vector, so what tells them apart is what is left without it.
        mean = exact.mean(axis=0)
        assert parity.mean_cosine(exact - mean, close - mean) >= 0.98
        assert parity.neighbour_overlap(exact - mean, close - mean) >= 0.9
    finally:
        for file in folder.glob(f"{trial.name}*"):
            file.unlink()


@pytest.mark.parametrize("name", ["resnet50", "clip"])
def test_a_jpeg_decoded_small_keeps_its_vector(name: str, posters: list[Path], request: pytest.FixtureRequest) -> None:
    folder: Path
    folder, _ = request.getfixturevalue(name)
    tower = Encoder.open(folder).spec.image
    assert tower is not None
    files = [_enlarged(poster, (1936, 2904)) for poster in posters[::6]]
    run = opened(folder)
    whole = run([preprocess(open_image(file), tower) for file in files])
    small = run([prepare(file, tower) for file in files])
    cosine = (whole * small).sum(1) / np.linalg.norm(whole, axis=1) / np.linalg.norm(small, axis=1)
    assert cosine.min() >= 0.9999
    mean = whole.mean(axis=0)
    assert parity.mean_cosine(whole - mean, small - mean) >= 0.99


def _enlarged(poster: Path, size: tuple[int, int]) -> bytes:
    """A large JPEG of a poster, with grain as a photograph has."""
    with Image.open(poster) as image:
        smooth = np.asarray(image.convert("RGB").resize(size, Image.Resampling.BICUBIC), dtype=np.float32)
    grain = np.random.default_rng(1).normal(0, 12, smooth.shape)
    stream = io.BytesIO()
    Image.fromarray((smooth + grain).clip(0, 255).astype(np.uint8)).save(stream, "JPEG", quality=85)
    return stream.getvalue()
