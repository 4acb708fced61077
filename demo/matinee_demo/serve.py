"""Serves the page; nothing that visitors enter is stored, and nothing is fetched from other servers.

In: a `Service`, a host and a port. Out: a running server and its address. Uploads are kept for a minute in the folder
that the environment variable GRADIO_TEMP_DIR names. No telemetry, no run history, no share links, fonts from the
visitor's own system. On request the same endpoints are tools of an MCP server too, at `MCP_PATH` below the page's
address.
"""

from __future__ import annotations

import ctypes
import io
import os
import signal
import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, redirect_stdout, suppress

import gradio as gr
from starlette.applications import Starlette

from matinee.errors import BadInputError
from matinee_demo.assets import STATIC
from matinee_demo.guard import Guard
from matinee_demo.hosts import hosts_of
from matinee_demo.page import build_page
from matinee_demo.posters import poster_route
from matinee_demo.service import Service
from matinee_demo.uploads import LARGEST

MCP_PATH = "gradio_api/mcp/"
"""Where the MCP server answers (streamable HTTP), relative to the page."""

M_MMAP_THRESHOLD, LARGE_BLOCK = -3, 1 << 20
"""glibc's number of the option, and the size in bytes from which freed blocks go back to the system at once."""

VISITORS = 500
"""Sessions kept in memory; beyond it the oldest are dropped."""

SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


@contextmanager
def served(
    service: Service,
    host: str | None = None,
    port: int | None = None,
    names: Iterable[str] = (),
    *,
    mcp: bool = False,
) -> Iterator[str]:
    """Serve the page until the context ends; yields its address.

    Args:
        service: The service of the bundle.
        host: Address to listen on; this machine only by default.
        port: Port to listen on; the first free one from 7860 by default.
        names: Host names that it accepts besides that of `host`, such as that of a proxy in front.
        mcp: Whether to be an MCP server too.

    Raises:
        BadInputError: It cannot listen there.
    """
    page = build_page(service)
    try:
        address = launch(page, service, host, port, names, mcp=mcp)
    except OSError:
        where = f"{host or '127.0.0.1'}, port {port or '7860 to 7959'}"
        raise BadInputError(
            f"cannot listen on {where}: in use, or no address of this machine; give another --host or --port"
        ) from None
    try:
        yield address
    finally:
        page.close(verbose=False)


class Stop:
    """Handles SIGINT (Ctrl-C) and SIGTERM as stop requests; create it in the main thread."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._number = signal.SIGTERM
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def wait(self) -> int:
        """Wait for a stop request, and return its signal's number."""
        while not self._asked.wait(0.5):  # Python runs a signal's handler only when its main thread wakes
            pass
        return self._number

    def _ask(self, number: int, _frame: object) -> None:
        self._number = signal.Signals(number)
        self._asked.set()


def launch(
    page: gr.Blocks,
    service: Service,
    host: str | None = None,
    port: int | None = None,
    names: Iterable[str] = (),
    *,
    mcp: bool = False,
) -> str:
    """Start serving `page` with settings for a public server, and return its address; arguments as for `served`.

    Raises:
        OSError: It cannot listen there.
    """
    hosts = hosts_of(host or os.environ.get("GRADIO_SERVER_NAME"), names)

    @asynccontextmanager
    async def guarded(app: Starlette) -> AsyncIterator[None]:
        # This runs before the first request, and wraps the middleware that gradio has added itself.
        assert app.middleware_stack is not None
        app.middleware_stack = Guard(app.middleware_stack, page, hosts, mcp=mcp)
        yield

    _give_memory_back()
    with redirect_stdout(io.StringIO()):  # gradio announces the MCP server even with quiet=True
        _, address, _ = page.launch(
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
            mcp_server=mcp,
            max_file_size=LARGEST,
            state_session_capacity=VISITORS,
            footer_links=["api", "settings"],
            app_kwargs={"routes": [poster_route(service.bundle)], "lifespan": guarded},
            favicon_path=STATIC / "favicon.svg",
            theme=_theme(),
            css_paths=STATIC / "style.css",
        )
    return str(address)


def _give_memory_back() -> None:
    """Have glibc return large blocks, such as those of pictures, to the system as soon as they are free.

    Otherwise it keeps blocks of up to 32 MB for each thread that ever decoded a picture, gigabytes in all (mallopt(3),
    M_MMAP_THRESHOLD). Other systems' C libraries need no such call.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)


def _theme() -> gr.themes.Base:
    return gr.themes.Base(
        primary_hue=gr.themes.colors.red, neutral_hue=gr.themes.colors.stone, font=SANS, font_mono=MONO
    )
