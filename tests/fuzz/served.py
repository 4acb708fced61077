"""The real server as a process of its own, which ends with the one that started it."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def serve(home: Path, port: int, said: Path) -> subprocess.Popen[str]:
    """Start the server; it ends with this process, however that ends."""
    command = [sys.executable, "-m", "matinee_demo.cli", "--bundle", str(home / "bundle"), "--port", str(port)]
    if importlib.util.find_spec("mcp"):
        command.append("--mcp")
    environment = {**os.environ, "TMPDIR": str(home), "no_proxy": "127.0.0.1"}
    with said.open("w", encoding="utf-8") as stderr:
        server = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=stderr, text=True, env=environment, preexec_fn=_end_with_parent
        )
    assert server.stdout is not None
    assert "http://" in server.stdout.readline(), said.read_text()
    return server


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
