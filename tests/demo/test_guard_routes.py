"""Which of gradio's routes are open: a list that names every route of the installed gradio, and nothing beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from matinee.bundle import Bundle
from matinee_demo.posters import poster_route
from matinee_demo.service import Service

if TYPE_CHECKING:
    import httpx

pytest.importorskip("gradio")

CLOSED = (
    "/openapi.json",
    "/login",
    "/login/",
    "/logout",
    "/svelte/{path:path}",
    "/gradio_api/deep_link",
    "/pwa_icon",
    "/pwa_icon/{size}",
    "/monitoring",
    "/monitoring/summary",
    "/monitoring/{key}",
    "/gradio_api/user",
    "/gradio_api/user/",
    "/gradio_api/login_check",
    "/gradio_api/login_check/",
    "/gradio_api/token",
    "/gradio_api/token/",
    "/gradio_api/app_id",
    "/gradio_api/app_id/",
    "/gradio_api/dev/reload",
    "/gradio_api/runs",
    "/gradio_api/runs/",
    "/gradio_api/run-history/connect",
    "/gradio_api/run-history/buckets",
    "/gradio_api/run-history/records",
    "/gradio_api/run-history/records/{endpoint}/{record_id}/assets/{asset_id}",
    "/gradio_api/openapi.json",
    "/gradio_api/custom_component/{id}/{environment}/{type}/{file_name}",
    "/gradio_api/proxy={url_path:path}",
    "/gradio_api/file={path_or_url:path}",
    "/gradio_api/file/{path:path}",
    "/gradio_api/stream/{event_id}",
    "/gradio_api/stream/{event_id}/close",
    "/gradio_api/stream/{session_hash}/{run}/{component_id}/playlist.m3u8",
    "/gradio_api/stream/{session_hash}/{run}/{component_id}/{segment_id}.{ext}",
    "/gradio_api/stream/{session_hash}/{run}/{component_id}/playlist-file",
    "/gradio_api/api/{api_name}",
    "/gradio_api/api/{api_name}/",
    "/gradio_api/run/{api_name}",
    "/gradio_api/run/{api_name}/",
    "/gradio_api/queue/status",
    "/gradio_api/theme.css",
    "/gradio_api/process_recording",
    "/gradio_api/vibe-edit",
    "/gradio_api/vibe-edit/",
    "/gradio_api/undo-vibe-edit",
    "/gradio_api/undo-vibe-edit/",
    "/gradio_api/vibe-code",
    "/gradio_api/vibe-code/",
    "/gradio_api/vibe-starter-queries",
    "/gradio_api/vibe-starter-queries/",
    "/gradio_api/mcp/sse",
    "/gradio_api/mcp/messages",
)
"""Routes of gradio that are closed. A new route of a newer gradio fails the first test until it is listed here."""


def _paths(routes: list[Any], before: str = "") -> Iterator[str]:
    """The paths of routes, with those of the routers among them."""
    for route in routes:
        inner, path = getattr(route, "original_router", route), before + getattr(route, "path", "")
        yield from list(_paths(getattr(inner, "routes", None) or [], path)) or [path]


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # gradio leaves event loops open
def test_every_route_of_gradio_is_known_as_open_or_closed(small_bundle: Path, leftovers: None) -> None:
    pytest.importorskip("mcp")
    from gradio.routes import App

    from matinee_demo.page import build_page
    from matinee_demo.routes import OPEN, TOOLS

    bundle = Bundle.open(small_bundle)
    routes = {"routes": [poster_route(bundle)]}
    app = App.create_app(build_page(Service(bundle)), app_kwargs=routes, mcp_server=True)
    found = {path.rstrip("/") for path in _paths(app.routes)}
    opened = {route.path.rstrip("/") for route in (*OPEN, *TOOLS)}
    assert found - opened == {path.rstrip("/") for path in CLOSED}
    assert opened <= found


@pytest.mark.slow
@pytest.mark.parametrize("path", CLOSED)
def test_a_closed_route_is_not_found_whatever_stands_in_it(http: httpx.Client, path: str) -> None:
    for part in ("x", "1", "http://127.0.0.1:9/x", "..%2f..%2fetc%2fpasswd"):
        where = re.sub(r"\{[^}]*\}", part, path)
        for method in ("GET", "HEAD", "POST", "PUT", "OPTIONS"):
            assert http.request(method, where).status_code == 404, (method, where)
