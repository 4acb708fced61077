"""IO binding: bound to the CPU's own memory a network gives bit for bit what it gives unbound, from any thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matinee import binding
from matinee.session import CPU, CUDA, open_session


@pytest.fixture(scope="module")
def folder(tiny_encoder: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_encoder(tmp_path_factory.mktemp("binding") / "tiny")


def texts(batch: int, tokens: int) -> dict[str, Any]:
    ids = np.random.default_rng(batch).integers(4, 90, (batch, tokens))
    return {"input_ids": ids, "attention_mask": np.ones_like(ids)}


def posters(batch: int) -> dict[str, Any]:
    return {"pixels": np.random.default_rng(batch).standard_normal((batch, 3, 32, 32), dtype=np.float32)}


@pytest.mark.parametrize(("file", "feed"), [("text.onnx", texts(3, 7)), ("image.onnx", posters(5))])
def test_a_bound_batch_gives_what_an_unbound_one_gives(folder: Path, file: str, feed: dict[str, Any]) -> None:
    session = open_session(folder / file, providers=[CPU])
    bound = binding.run_bound(session, feed, "cpu")
    assert bound.dtype == np.float32
    np.testing.assert_array_equal(bound, session.run(["vector"], feed)[0])


def test_arrays_that_do_not_lie_in_one_piece_are_bound_all_the_same(folder: Path) -> None:
    session = open_session(folder / "image.onnx", providers=[CPU])
    pixels = np.moveaxis(np.random.default_rng(1).standard_normal((2, 32, 32, 3), dtype=np.float32), 3, 1)
    np.testing.assert_array_equal(
        binding.run_bound(session, {"pixels": pixels}, "cpu"), session.run(["vector"], {"pixels": pixels})[0]
    )


def test_threads_that_share_a_session_do_not_mix_up_their_batches(folder: Path) -> None:
    session = open_session(folder / "text.onnx", providers=[CPU])
    feeds = [texts(1 + i % 5, 2 + i % 7) for i in range(200)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda feed: binding.run_bound(session, feed, "cpu"), feeds))
    for feed, vectors in zip(feeds, together, strict=True):
        np.testing.assert_array_equal(vectors, session.run(["vector"], feed)[0])


def test_a_session_of_the_cpu_is_not_bound_and_one_of_cuda_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = open_session(folder / "image.onnx", providers=[CPU])
    devices: list[str] = []
    unbound = binding.run_bound

    def on_cpu(session: Any, feed: dict[str, Any], device: str) -> Any:  # noqa: ANN401 - a stand-in for a GPU
        devices.append(device)
        return unbound(session, feed, "cpu")

    monkeypatch.setattr(binding, "run_bound", on_cpu)
    vectors = binding.run(session, posters(2))
    assert devices == []
    monkeypatch.setattr(session, "get_providers", lambda: [CUDA, CPU])
    np.testing.assert_array_equal(binding.run(session, posters(2)), vectors)
    assert devices == ["cuda"]
