"""What several test folders share: the browser, and where the real data lies, when it is there at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("matinee", derandomize=True, deadline=None)
settings.load_profile("matinee")

ROOT = Path(__file__).resolve().parents[1]

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

SLOW = {"sample_bundle", "minilm", "resnet50", "clip", "undisturbed", "reproduction"}
"""Fixtures that take many seconds to make: the sample's bundle, whole encoders, a whole build, published runs."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the fuzz suite try more than a run of all tests has time for."""
    parser.addoption("--fuzz", type=int, metavar="N", help="hostile inputs to try in each area of tests/fuzz")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes a SLOW fixture as slow, and what opens a browser as such; say what runs in one process.

    Where tests run in several processes, those of a file share its fixtures; so do those of a folder of export's, whose
    fixtures are encoders, builds and studies.
    """
    for item in items:
        fixtures: Sequence[str] = getattr(item, "fixturenames", ())
        if SLOW.intersection(fixtures):
            item.add_marker("slow")
        if "browser" in fixtures:
            item.add_marker("browser")
        *folders, file = item.path.relative_to(ROOT / "tests").parts
        shared = folders[:2] if folders[:1] == ["export"] else [*folders, file]
        item.add_marker(pytest.mark.xdist_group("-".join(shared)))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; skips where there is none."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium is installed on this machine")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


def _shared_folder(name: str) -> Path:
    folder = Path(os.environ.get("MATINEE_SHARED", ROOT.parent / "shared")) / "data" / name
    if not folder.is_dir():
        pytest.skip(f"the real dataset {name} is not on this machine (MATINEE_SHARED names its parent folder)")
    return folder


@pytest.fixture(scope="session")
def movies_real() -> Path:
    """The folder of the real dataset in the paper's schema; skips where it is absent."""
    return _shared_folder("movies-real")


@pytest.fixture(scope="session")
def ml_100k() -> Path:
    """The folder of MovieLens 100K; skips where it is absent."""
    return _shared_folder("ml-100k")


@pytest.fixture(scope="session")
def sample_bundle() -> Path:
    """The bundle of the built-in sample, or the one that MATINEE_SAMPLE_BUNDLE names; not to be changed."""
    if given := os.environ.get("MATINEE_SAMPLE_BUNDLE"):
        return Path(given)
    pytest.importorskip("torch", reason="building the sample bundle needs the export extra")
    from tests import sample

    return sample.sample_bundle()
