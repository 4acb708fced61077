"""Who may send requests: under which host names, from which pages, and what the answers' headers allow."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.demo.asking import said

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.slow

Serve = Callable[..., AbstractContextManager[tuple[Any, str]]]


@pytest.mark.parametrize(
    "path", ["/", "/config", "/nothing", "/gradio_api/info", "/posters/tt0017136.jpg", "/robots.txt", "/theme.css"]
)
def test_every_answer_has_the_security_headers(http: httpx.Client, path: str) -> None:
    headers = http.get(path, headers={"origin": str(http.base_url).rstrip("/")}).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["object-src"] == "'none'"
    assert policy["connect-src"] == policy["frame-ancestors"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert not [name for name in headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    "name", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:7860", "10.0.0.1", "["]
)
def test_a_host_name_that_another_site_pointed_here_is_refused(http: httpx.Client, name: str) -> None:
    for header in ("host", "x-forwarded-host"):
        answer = http.get("/config", headers={header: name})
        assert answer.status_code == 421
        assert "name" in said(answer)


@pytest.mark.parametrize("name", ["localhost:1", "127.0.0.1", "[::1]:7860", "LOCALHOST"])
def test_host_names_of_this_machine_are_accepted(http: httpx.Client, name: str) -> None:
    assert http.get("/config", headers={"host": name}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1", "http://[bad", "file://"])
def test_a_page_of_another_site_can_request_nothing(http: httpx.Client, origin: str) -> None:
    for method, path in (("POST", "/gradio_api/queue/join"), ("POST", "/gradio_api/upload"), ("GET", "/config")):
        assert http.request(method, path, headers={"origin": origin}).status_code == 403


def test_configured_host_names_are_accepted_and_a_space_lets_the_hub_frame_it(
    small_bundle: Path, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from httpx import get

    monkeypatch.setenv("SPACE_HOST", "someone-films.hf.space")
    monkeypatch.setenv("MATINEE_HOSTS", "one.example, two.example")
    with serve(small_bundle, tmp_path, "--allow-host", "films.example") as (_, address):
        for name in ("someone-films.hf.space", "one.example", "two.example", "films.example"):
            answer = get(address, headers={"host": name, "origin": f"https://{name}"}, trust_env=False)
            assert answer.status_code == 200
        assert "frame-ancestors 'self' https://huggingface.co" in answer.headers["content-security-policy"]
        assert get(address, headers={"host": "three.example"}, trust_env=False).status_code == 421
