"""What the export's tests share: a small dataset and tiny weights, so that a whole build takes seconds."""

from __future__ import annotations

from pathlib import Path

import pytest


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
