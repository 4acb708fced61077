"""What the runtime's tests share: small real encoders and a small world, written on the spot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def tiny() -> ModuleType:
    """The module `tiny.py`; skips where onnx, which only the export extra brings, is not installed."""
    pytest.importorskip("onnx")
    from tests.runtime import tiny

    return tiny


@pytest.fixture(scope="session")
def tiny_encoder(tiny: ModuleType) -> Callable[..., Path]:
    """`tiny_encoder(folder, name, towers)` writes a small real encoder folder and returns it; see `tiny.py`."""
    writer: Callable[..., Path] = tiny.write_tiny_encoder
    return writer


@pytest.fixture(scope="session")
def world() -> ModuleType:
    """The module `world.py`: movies in clusters and the models over them."""
    from tests.runtime import world

    return world
