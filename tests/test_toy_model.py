"""A further model is two new files and two lines: a toy of one is added to copies of the packages, built and asked.

The toy looks at the colours of posters. Its files are `RUNTIME` and `EXPORT`, its lines those that `register` writes.
"""

from __future__ import annotations

import difflib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from safetensors.numpy import save_file
from tests.conftest import ROOT
from tests.demo.conftest import serving
from tests.demo.visiting import visiting
from tests.export.small_dataset import write_small_dataset
from tests.export.tiny_weights import write_tiny_weights

from matinee.manifest import Manifest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

RUNTIME = '''"""Palette: the colours of a movie's poster."""

from matinee.models.cosine import CosineModel
from matinee.models.spec import ModelSpec, Way


class Palette(CosineModel):
    """Recommends by the colours of posters."""

    spec = ModelSpec(
        name="palette",
        title="Palette",
        goes_by="the colours of posters",
        reads=frozenset({"movie", "poster"}),
        reason="its poster has the colours of {}",
        brief="coloured like {}",
        unknown="it has no poster here",
        ways=(Way(name="colours", order=9, title="by colours", posters=True),),
    )
'''

EXPORT = '''"""Palette: how its encoder is made, a mean of each quarter of a poster."""

import torch

from matinee.towers import ImageTower
from matinee_export.encoders import EncoderRecipe
from matinee_export.encoders.networks.towers import IMAGE, ImageSource, LoadedEncoder
from matinee_export.encoders.onnx.to_onnx import to_onnx
from matinee_export.encoders.weights.hub import TRANSFORMERS_FILES, Wanted
from matinee_export.encoders.weights.state import load_into, read_state
from matinee_export.models.content_model import ContentModel


def load(source, seed):
    """Load the colour matrix, and average what it makes of each quarter of a poster."""
    mix = torch.nn.Conv2d(3, 3, 1, bias=False)
    if source.file is not None:
        load_into(mix, read_state(source.file), source.file)
    module = torch.nn.Sequential(mix, torch.nn.AvgPool2d(16), torch.nn.Flatten()).eval()
    tower = ImageTower(IMAGE, "pixels", 32, 32, "bilinear", (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    image = ImageSource(
        to_onnx=lambda: to_onnx(module, (torch.zeros(2, 3, 32, 32),), ("pixels",), {0: "batch"}),
        tower=tower,
        reference=None,
        tolerance=0.0,
    )
    return LoadedEncoder(12, image=image)


PALETTE = ContentModel(
    EncoderRecipe(
        name="palette",
        model="nobody/palette",
        network=__name__,
        wanted=Wanted(needed=(TRANSFORMERS_FILES,)),
        variants={"image": ()},
    )
)
'''

PACKAGES = ("runtime/matinee", "export/matinee_export", "export/matinee_sample", "demo/matinee_demo")
FILES = {"runtime/matinee/models/palette.py": RUNTIME, "export/matinee_export/models/palette.py": EXPORT}
REGISTRIES = {
    "runtime/matinee/models/__init__.py": ("from matinee.models.palette import Palette", "ResNet50, Clip", "Palette"),
    "export/matinee_export/models/registry.py": (
        "from matinee_export.models.palette import PALETTE",
        "BERT, RESNET50, CLIP",
        "PALETTE",
    ),
}
"""In each registry the import, the end of the list of models, and the name that is added to it."""

MODELS = ["bpr", "als", "bert", "resnet50", "clip", "palette", "hybrid"]
POSTER = "posters/1.jpg"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copies of the packages with the toy in them, beside a small dataset and tiny weights."""
    pytest.importorskip("torch")
    home = tmp_path_factory.mktemp("toy")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, home / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in FILES.items():
        (home / name).write_text(text)
    for name, (added, end, model) in REGISTRIES.items():
        text = (home / name).read_text()
        assert text.count(f"{end})") == 1
        place = f"from {name.split('/')[1]}.models.resnet50"  # imports stand in the order of the alphabet
        text = text.replace(f"{end})", f"{end}, {model})").replace(place, f"{added}\n{place}", 1)
        (home / name).write_text(text)
    write_small_dataset(home / "data")
    weights = write_tiny_weights(home / "weights", home / "scratch")
    (weights / "palette").mkdir()
    save_file({"weight": np.eye(3, dtype=np.float32)[:, :, None, None]}, weights / "palette" / "model.safetensors")
    return home


@pytest.fixture(scope="module")
def run(home: Path) -> Callable[..., str]:
    """Runs a command of the copies and returns what it prints."""

    def run(module: str, *arguments: str) -> str:
        command = [sys.executable, "-m", f"{module}.cli", *arguments]
        done = subprocess.run(command, cwd=home, env=environment(home), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def environment(home: Path) -> dict[str, str]:
    """The environment in which the copies are what is imported."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(str(home / package.split("/")[0]) for package in PACKAGES)}


@pytest.fixture(scope="module")
def bundle(home: Path, run: Callable[..., str]) -> Path:
    """A bundle with the toy among its models."""
    run("matinee_export", "build", "--data", "data", "--out", "bundle", *SMALL)
    return home / "bundle"


SMALL = ("--weights", "weights", "--factors", "8", "--precision", "fp32")


def test_the_toy_is_two_new_files_and_a_line_more_in_two_registries(home: Path) -> None:
    changed = {
        str(path.relative_to(home))
        for package in PACKAGES
        for path in (home / package).rglob("*.py")
        if not (ROOT / path.relative_to(home)).exists()
        or path.read_bytes() != (ROOT / path.relative_to(home)).read_bytes()
    }
    assert changed == {*FILES, *REGISTRIES}
    for name in REGISTRIES:
        before, after = ((folder / name).read_text().splitlines() for folder in (ROOT, home))
        assert len([line for line in difflib.ndiff(before, after) if line.startswith("+ ")]) == 2


def test_a_build_measures_the_toy_and_gives_it_to_the_hybrid(bundle: Path) -> None:
    manifest = Manifest.load(bundle)
    assert list(manifest.models) == MODELS
    assert manifest.encoders["palette"].dim == 12
    assert manifest.models["palette"].metrics["ndcg@10"] > 0
    assert "palette" in manifest.hybrid_weights
    assert (
        "Palette" in (bundle / "report" / "REPORT.md").read_text()
        or "palette" in (bundle / "report" / "REPORT.md").read_text()
    )


def test_the_toy_picks_by_colour_and_says_why(bundle: Path, home: Path, run: Callable[..., str]) -> None:
    asked = ("recommend", "--bundle", str(bundle), "--json", "-k", "5")
    picks = json.loads(run("matinee", *asked, "--poster", str(home / "data" / POSTER)))
    assert list(picks) == MODELS
    assert all("Crime" in pick["genres"] for pick in picks["palette"])  # posters of crime films are blue
    assert not any(pick["inferred"] for pick in picks["palette"])
    rated = json.loads(run("matinee", *asked, "--rate", "film number 2=9", "--model", "palette"))
    assert {pick["reason"] for pick in rated["palette"]} == {
        "its poster has the colours of Film number 2 (1962), which you rated 9"
    }


def test_a_study_compares_the_toy_with_the_others(home: Path, run: Callable[..., str]) -> None:
    found = json.loads(run("matinee_export", "study", "--data", "data", "--out", "study", "--json", *SMALL))
    for split in found["splits"].values():
        assert "palette" in split["groups"]["everyone"]["models"]
    assert "Palette" in (home / "study" / "honest" / "REPORT.md").read_text()


def test_the_page_shows_the_toys_row(
    bundle: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: Browser
) -> None:
    pytest.importorskip("gradio")
    monkeypatch.setenv("PYTHONPATH", environment(home)["PYTHONPATH"])
    with serving(bundle, tmp_path) as (_, address), visiting(browser, address) as visit:
        visit.page.locator(".mt-brick").first.click()
        row = visit.page.locator('[data-model="palette"]')
        row.locator(".mt-match").first.wait_for(state="attached")
        assert "Palette" in row.inner_text()
        assert "the colours of posters" in row.inner_text()
