"""Serving the page, with nothing kept and nothing fetched from elsewhere.

In: a `Service`, a host and a port. Out: a running server and its address. Uploads lie in the folder that the
environment variable GRADIO_TEMP_DIR names and are swept away after a minute. No telemetry, no run history, no share
links, fonts from the visitor's own system.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
    page = build_page(service)
    try:
        _, address, _ = _launch(page, service, host, port)
    except OSError:
        where = f"{host or '127.0.0.1'}, port {port or '7860 to 7959'}"
        raise BadInputError(f"cannot listen on {where}: taken, or not ours; give another --host or --port") from None
    try:
        yield address
    finally:
        page.close(verbose=False)


class Stop:
    """Ctrl-C and the request to end, taken from now on as a wish to stop; make one in the main thread."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._number = signal.SIGTERM
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def wait(self) -> int:
        """Wait for the wish, and return the signal's number."""
        while not self._asked.wait(0.5):  # Python runs a signal's handler only when its main thread wakes
            pass
        return self._number

    def _ask(self, number: int, _frame: object) -> None:
        self._number = signal.Signals(number)
        self._asked.set()


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
