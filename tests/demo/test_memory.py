"""The memory of decoding a large picture goes back to the system afterwards."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

pytestmark = pytest.mark.slow

Serve = Callable[..., AbstractContextManager[tuple[Any, str]]]


def _resident(pid: int) -> float:
    """Megabytes of memory that a process has."""
    status = Path(f"/proc/{pid}/status")
    if not status.is_file():
        pytest.skip("this system does not say how much memory a process has")
    lines = status.read_text(encoding="utf-8").splitlines()
    return next(float(line.split()[1]) / 1000 for line in lines if line.startswith("VmRSS:"))


def test_the_memory_of_the_largest_pictures_goes_back_to_the_system(
    small_bundle: Path, serve: Serve, tmp_path: Path
) -> None:
    from gradio_client import Client, handle_file

    large = tmp_path / "large.png"
    Image.linear_gradient("L").resize((7_000, 7_000)).convert("RGB").save(large, compress_level=1)
    with serve(small_bundle, tmp_path) as (process, address):
        client = Client(address, verbose=False, analytics_enabled=False)
        client.predict(poster=handle_file(small_bundle / "posters" / "tt0070047.jpg"), api_name="/recommend")
        before = _resident(process.pid)
        for _ in range(4):
            client.predict(poster=handle_file(large), api_name="/recommend")
        assert _resident(process.pid) - before < 100
