"""Serving the page: on one machine, with nothing kept and nothing fetched from elsewhere.

In: a `Service`, a host and a port. Out: a running server and its address. Uploads lie in a folder of this process's own,
are swept away after a minute, and the folder goes with the process. No telemetry, no run history, no share links, fonts
from the visitor's own system.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import gradio as gr
from matinee.errors import BadInputError

from matinee_demo.page import build_page
from matinee_demo.posters import poster_route
from matinee_demo.service import Service

HERE = Path(__file__).parent
LARGEST_UPLOAD = "10mb"
VISITORS = 500
"""Sessions held in memory; beyond it the oldest are forgotten."""

SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


@contextmanager
def served(service: Service, host: str | None = None, port: int | None = None) -> Iterator[str]:
    """Serve the page until the context ends; gives its address.

    Args:
        service: What the page asks.
        host: Address to listen on; this machine only by default.
        port: Port to listen on; the first free one from 7860 by default.

    Raises:
        BadInputError: The port cannot be had.
    """
    with TemporaryDirectory(prefix="matinee-") as uploads, _environment(GRADIO_TEMP_DIR=uploads):
        page = build_page(service)
        try:
            _, address, _ = _launch(page, service, host, port)
        except OSError as error:
            raise BadInputError(f"cannot listen on {host or 'this machine'}, port {port or '7860 to 7959'}: {error}") from None
        try:
            yield address
        finally:
            page.close(verbose=False)


def until_stopped() -> int:
    """Wait for Ctrl-C or a request to end, and return the signal's number."""
    stopped = threading.Event()
    received: list[int] = []

    def stop(number: int, _frame: object) -> None:
        received.append(number)
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    while not stopped.wait(3600):
        pass
    return received[0]


def _launch(page: gr.Blocks, service: Service, host: str | None, port: int | None) -> tuple[object, str, str]:
    launched: tuple[object, str, str] = page.launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        show_error=False,
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        max_file_size=LARGEST_UPLOAD,
        state_session_capacity=VISITORS,
        footer_links=["api", "settings"],
        app_kwargs={"routes": [poster_route(service.bundle)]},
        favicon_path=HERE / "favicon.svg",
        theme=_theme(),
        css_paths=HERE / "style.css",
    )
    return launched


def _theme() -> gr.themes.Base:
    return gr.themes.Base(
        primary_hue=gr.themes.colors.red, neutral_hue=gr.themes.colors.stone, font=SANS, font_mono=MONO
    )


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    """Set environment variables for a while."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
