"""What the runtime's tests share: small real encoders, written on the spot."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


def _load(name: str) -> ModuleType:
    """Import a module that lies beside this file; with importlib's import mode no test folder is on sys.path."""
    spec = importlib.util.spec_from_file_location(f"matinee_tests_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def tiny() -> ModuleType:
    """The module `tiny.py`; skips where onnx, which only the export extra brings, is not installed."""
    pytest.importorskip("onnx")
    return _load("tiny")


@pytest.fixture(scope="session")
def tiny_encoder(tiny: ModuleType) -> Callable[..., Path]:
    """`tiny_encoder(folder, name, towers)` writes a small real encoder folder and returns it; see `tiny.py`."""
    writer: Callable[..., Path] = tiny.write_tiny_encoder
    return writer


@pytest.fixture(scope="session")
def world() -> ModuleType:
    """The module `world.py`: movies in clusters and the models over them."""
    return _load("world")
