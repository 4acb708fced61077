"""What the page's tests share: a small bundle, the page served on loopback, a client and a browser."""

from __future__ import annotations

import gc
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx
    from gradio_client import Client


@pytest.fixture(scope="session")
def small_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small whole bundle with tiny real encoders."""
    pytest.importorskip("onnx")
    from tests.demo.small import write_small_bundle
    from tests.runtime.tiny import write_tiny_encoder

    return write_small_bundle(tmp_path_factory.mktemp("demo") / "bundle", write_tiny_encoder)


@contextmanager
def serving(bundle: Path, folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `matinee-demo` on a free port, with `folder` for temporary files; yields the process and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "matinee_demo.cli", "--bundle", str(bundle), "--port", str(port), *options]
    # A proxy that nobody can reach: the page must come up on a machine that has one.
    environment = {
        **os.environ,
        "TMPDIR": str(folder),
        "HTTP_PROXY": "http://127.0.0.1:9",
        "no_proxy": "",
        "NO_PROXY": "",
    }
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            assert "http://" in process.stdout.readline()
            yield process, f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def serve() -> Callable[..., AbstractContextManager[tuple[subprocess.Popen[str], str]]]:
    """`serve(bundle, folder, *options)` runs the page as a process of its own; see `serving`."""
    pytest.importorskip("gradio")
    return serving


@pytest.fixture(scope="session")
def address(small_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the page of the small bundle is served, on loopback."""
    pytest.importorskip("gradio")
    with serving(small_bundle, tmp_path_factory.mktemp("served")) as (_, where):
        yield where


@pytest.fixture(scope="session")
def client(address: str) -> Client:
    """A client of the page's endpoints."""
    from gradio_client import Client

    return Client(address, verbose=False, analytics_enabled=False)


@pytest.fixture(scope="session")
def http(address: str) -> Iterator[httpx.Client]:
    """A plain HTTP client of the page's server."""
    httpx = pytest.importorskip("httpx")
    with httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def events(http: httpx.Client) -> list[dict[str, Any]]:
    """The page's events, each with its number and the types of its inputs."""
    config = http.get("/config").json()
    kinds = {component["id"]: component["type"] for component in config["components"]}
    return [{"id": event["id"], "inputs": [kinds[i] for i in event["inputs"]]} for event in config["dependencies"]]


@pytest.fixture
def leftovers() -> Iterator[None]:
    """Collects what gradio leaves open when it builds a page within the test, before a later test is blamed for it."""
    yield
    gc.collect()
