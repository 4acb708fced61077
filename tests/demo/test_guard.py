"""The guard before gradio, over HTTP: what is open, who may ask, what is taken, and that nothing fails behind it."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

httpx = pytest.importorskip("httpx")
pytest.importorskip("gradio")

from matinee_demo.blocks import OURS  # noqa: E402 - only where gradio is
from matinee_demo.routes import OPEN, TOOLS  # noqa: E402

Serve = Callable[..., AbstractContextManager[tuple[Any, str]]]

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
"""Routes of gradio that nobody may reach. A new one of a newer gradio fails the first test until it stands here."""

FILE = {"_type": "gradio.FileData"}


@pytest.fixture(scope="module")
def http(address: str) -> Iterator[Any]:
    with httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
        yield client


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own, with what gradio leaves open when it builds a page."""
    return subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)


@pytest.fixture(scope="module")
def events(http: httpx.Client) -> list[dict[str, Any]]:
    """The page's events, each with its number and the kinds of its inputs."""
    config = http.get("/config").json()
    kinds = {component["id"]: component["type"] for component in config["components"]}
    return [{"id": event["id"], "inputs": [kinds[i] for i in event["inputs"]]} for event in config["dependencies"]]


def _said(answer: httpx.Response) -> str:
    said: str = answer.json()["detail"]
    assert "\n" not in said
    return said


def _ask(http: httpx.Client, name: str, data: object) -> tuple[str, Any]:
    """The name of the last event that an endpoint answers with, and its data."""
    where = f"/gradio_api/call/{name}"
    asked = http.post(where, content=json.dumps({"data": data}))
    assert asked.status_code == 200, asked.text
    events = re.findall(r"event: (\w+)\ndata: (.*)\n", http.get(f"{where}/{asked.json()['event_id']}").text)
    return events[-1][0], json.loads(events[-1][1])


ROUTES = """
import json, sys
from gradio.routes import App
from matinee.bundle import Bundle
from matinee_demo.page import build_page
from matinee_demo.posters import poster_route
from matinee_demo.service import Service

def paths(routes, before=""):
    for route in routes:
        inner, path = getattr(route, "original_router", route), before + getattr(route, "path", "")
        yield from list(paths(getattr(inner, "routes", None) or [], path)) or [path]

bundle = Bundle.open(sys.argv[1])
app = App.create_app(build_page(Service(bundle)), app_kwargs={"routes": [poster_route(bundle)]}, mcp_server=True)
print(json.dumps(list(paths(app.routes))))
"""


def test_every_route_of_gradio_is_known_as_open_or_closed(small_bundle: Path) -> None:
    pytest.importorskip("mcp")
    found = {path.rstrip("/") for path in json.loads(_run(ROUTES, str(small_bundle)).stdout)}
    opened = {route.path.rstrip("/") for route in (*OPEN, *TOOLS)}
    assert found - opened == {path.rstrip("/") for path in CLOSED}
    assert opened <= found


@pytest.mark.parametrize("path", CLOSED)
def test_a_closed_route_is_not_found_whatever_stands_in_it(http: httpx.Client, path: str) -> None:
    for part in ("x", "1", "http://127.0.0.1:9/x", "..%2f..%2fetc%2fpasswd"):
        where = re.sub(r"\{[^}]*\}", part, path)
        for method in ("GET", "HEAD", "POST", "PUT", "OPTIONS"):
            assert http.request(method, where).status_code == 404, (method, where)


@pytest.mark.parametrize(
    "path", ["/", "/config", "/nothing", "/gradio_api/info", "/posters/tt0017136.jpg", "/robots.txt", "/theme.css"]
)
def test_every_answer_keeps_the_page_to_itself(http: httpx.Client, path: str) -> None:
    headers = http.get(path, headers={"origin": str(http.base_url).rstrip("/")}).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["object-src"] == "'none'"
    assert policy["connect-src"] == policy["frame-ancestors"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert not [name for name in headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    "name", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:7860", "10.0.0.1", "["]
)
def test_a_name_that_somebody_pointed_here_is_not_answered(http: httpx.Client, name: str) -> None:
    for header in ("host", "x-forwarded-host"):
        answer = http.get("/config", headers={header: name})
        assert answer.status_code == 421
        assert "name" in _said(answer)


@pytest.mark.parametrize("name", ["localhost:1", "127.0.0.1", "[::1]:7860", "LOCALHOST"])
def test_names_of_this_machine_are_answered(http: httpx.Client, name: str) -> None:
    assert http.get("/config", headers={"host": name}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1", "http://[bad", "file://"])
def test_a_page_of_elsewhere_can_ask_for_nothing(http: httpx.Client, origin: str) -> None:
    for method, path in (("POST", "/gradio_api/queue/join"), ("POST", "/gradio_api/upload"), ("GET", "/config")):
        assert http.request(method, path, headers={"origin": origin}).status_code == 403


def test_a_server_answers_under_the_names_it_was_told_and_a_space_lets_the_hub_frame_it(
    small_bundle: Path, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPACE_HOST", "someone-films.hf.space")
    monkeypatch.setenv("MATINEE_HOSTS", "one.example, two.example")
    with serve(small_bundle, tmp_path, "--allow-host", "films.example") as (_, address):
        for name in ("someone-films.hf.space", "one.example", "two.example", "films.example"):
            answer = httpx.get(address, headers={"host": name, "origin": f"https://{name}"}, trust_env=False)
            assert answer.status_code == 200
        assert "frame-ancestors 'self' https://huggingface.co" in answer.headers["content-security-policy"]
        assert httpx.get(address, headers={"host": "three.example"}, trust_env=False).status_code == 421


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """An address that somebody could have the server fetch, and what was asked there."""
    asked: list[bytes] = []
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    asked.append(connection.recv(1000))

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x.jpg", asked
        server.shutdown(socket.SHUT_RDWR)


def test_no_address_in_a_file_is_fetched_and_no_file_but_an_uploaded_one_is_read(
    http: httpx.Client,
    events: list[dict[str, Any]],
    listener: tuple[str, list[bytes]],
) -> None:
    where, asked = listener
    files: list[dict[str, Any]] = [
        {"path": path, "meta": FILE} for path in (where, "/etc/passwd", "//x/y", "ftp://x/y", "a\0b", "", 5, None)
    ]
    files += [{"path": where}, {"url": where, "meta": FILE}, {"path": "/etc/passwd", "url": where, "meta": FILE}]
    for file in files:
        for each in (file, [file], {"value": [{"deep": file}]}):
            for name, sent in (
                ("call/recommend", {"data": ["love", "", None, None, each, "all", 2, None, None, None, None]}),
                ("call/v2/recommend", {"poster": each}),
                ("queue/join", {"fn_index": events[0]["id"], "session_hash": "x", "data": [each]}),
                ("component_server", {"fn_name": "offer", "session_hash": "x", "component_id": 1, "data": each}),
            ):
                answer = http.post(f"/gradio_api/{name}", json=sent)
                assert answer.status_code == 400
                assert "no address is read" in _said(answer)
    assert asked == []


def test_a_file_that_was_uploaded_is_taken_without_the_address_beside_it(
    http: httpx.Client,
    small_bundle: Path,
    listener: tuple[str, list[bytes]],
) -> None:
    where, asked = listener
    picture = next((small_bundle / "posters").iterdir()).read_bytes()
    (path,) = http.post("/gradio_api/upload", files={"files": ("mine.jpg", picture)}).json()
    file = {"path": path, "url": where, "orig_name": "mine.jpg", "size": 5, "is_stream": True, "meta": FILE}
    event, data = _ask(http, "recommend", ["", "", None, None, file, "resnet50", 1, None, None, None, None])
    assert event == "complete"
    assert len(data[0]["resnet50"]) == 1
    assert asked == []


def test_half_a_character_in_a_review_is_answered_and_ends_no_stream(http: httpx.Client) -> None:
    event, data = _ask(
        http, "recommend", ["scary \ud800 ghost", "", None, None, None, "bert", 1, None, None, None, None]
    )
    assert event == "complete"
    assert data[0]["bert"]
    assert _ask(http, "find_movies", ["chin\udfff", 1])[0] == "complete"
    event, data = _ask(http, "more_like", ["\ud800", "words", 1])
    assert event == "error"
    assert "\ud800" not in data["error"]


def _told(http: httpx.Client, number: int, data: list[Any], event_data: object = None) -> list[dict[str, Any]]:
    sent = {"fn_index": number, "session_hash": "told", "data": data, "event_data": event_data, "trigger_id": 1}
    joined = http.post("/gradio_api/queue/join", content=json.dumps(sent))
    assert joined.status_code == 200, joined.text
    text = http.get("/gradio_api/queue/data?session_hash=told").text
    return [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]


def test_half_a_character_told_on_the_page_is_shown_as_a_question_mark(
    http: httpx.Client, events: list[dict[str, Any]]
) -> None:
    (write,) = (event["id"] for event in events if event["inputs"] == ["state", "textbox", "html", "dropdown"])
    messages = _told(http, write, [None, "scary \ud800 ghost", "", None])
    assert messages[-2]["msg"] == "process_completed"
    assert messages[-2]["success"]
    assert "scary ? ghost" in json.dumps(messages)


@pytest.mark.parametrize(
    "value", [5, [1], {"value": 3}, True, "x" * 200_000], ids=["number", "list", "object", "true", "long"]
)
def test_odd_values_and_odd_events_of_the_page_end_in_one_sentence(
    http: httpx.Client, events: list[dict[str, Any]], value: object
) -> None:
    for event in events:
        told = dict.fromkeys(("act", "kind", "movie", "taste"), value) if event["id"] % 2 else None
        messages = _told(http, event["id"], [value] * len(event["inputs"]), told)
        (ended,) = (message for message in messages if message["msg"] == "process_completed")
        if not ended["success"]:
            said = ended["output"]["error"]
            assert said
            assert said != OURS
            assert "\n" not in said
            assert len(said) < 2_000


RECOMMEND = (
    "review",
    "movie",
    "rating",
    "ratings",
    "poster",
    "model",
    "k",
    "genres",
    "from_year",
    "to_year",
    "min_score",
)
GOOD = ["love", "", None, None, None, "bert", 1, None, None, None, None]
BAD = {
    "review": (5, [], {}, True),
    "movie": (5, ["Heat"], {}),
    "rating": ("nine", [], {}, True, 1e300),
    "ratings": (5, "x", [[[]]], [{"movie": 5}], True),
    "poster": (5, "x", [1], {}.fromkeys("a")),
    "model": (5, [], {}, True),
    "k": ("ten", [], {}, True, 0, -1, 1.5, None),
    "genres": (5, [5], {"a": 1}, [["Drama"]], "Dramma"),
    "from_year": ({}, [], "x", True, 10**400, -5),
    "to_year": ({}, [], "x", True),
    "min_score": ({}, [], "x", 11, True),
}


@pytest.mark.parametrize("name", BAD)
def test_an_argument_of_another_kind_is_answered_with_a_sentence_that_names_it(http: httpx.Client, name: str) -> None:
    for value in BAD[name]:
        data = [value if argument == name else good for argument, good in zip(RECOMMEND, GOOD, strict=True)]
        event, said = _ask(http, "recommend", data)
        assert event == "error", value
        assert re.search({"genres": "genre", "ratings": "rating"}.get(name, name.split("_")[-1]), said["error"]), said
        assert len(said["error"]) < 500
    assert _ask(http, "find_movies", ["chin", "x"])[1]["error"] == "limit must be a number, not 'x'"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"5", b"[" * 100_000, b'{"data":' * 5_000, b'{"data":[NaN]}', b'{"data":[1e999]}', b"\xff\xfe",
     b'{"data":[' + b"[]," * 200_000 + b"1]}", b'{"data":["' + b"a" * 16_000_001 + b'"]}', b"9" * 10_000],
    ids=range(12),
)  # fmt: skip
def test_a_body_that_is_no_sound_json_is_refused_in_one_sentence(http: httpx.Client, body: bytes) -> None:
    for path in ("call/recommend", "call/v2/recommend", "queue/join", "component_server", "cancel", "reset"):
        answer = http.post(f"/gradio_api/{path}", content=body)
        assert answer.status_code in (400, 413)
        assert len(_said(answer)) < 200


@pytest.mark.parametrize("name", ["", "..", ".", "a" * 300, "x\0.jpg", "\ud800", " "])
def test_a_file_without_a_usable_name_is_refused_or_taken(http: httpx.Client, name: str) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="' + name.encode("utf-8", "surrogatepass")
    answer = http.post(
        "/gradio_api/upload",
        content=head + b'"\r\n\r\nx\r\n--b--\r\n',
        headers={"content-type": "multipart/form-data; boundary=b"},
    )
    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        assert _said(answer)


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x; charset=utf-7"]
)
def test_what_is_no_upload_is_refused_in_one_sentence(http: httpx.Client, kind: str) -> None:
    answer = http.post("/gradio_api/upload", content=b"--b\r\nbroken", headers={"content-type": kind})
    assert answer.status_code == 400
    assert "multipart/form-data" in _said(answer)


def test_an_upload_is_bounded_as_a_whole_also_where_it_does_not_say_its_length(http: httpx.Client) -> None:
    many = [("files", (f"{number}.jpg", b"x")) for number in range(13)]
    assert http.post("/gradio_api/upload", files=many).status_code == 400
    with socket.create_connection((http.base_url.host, http.base_url.port)) as connection:
        connection.sendall(b"POST /gradio_api/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 360000000\r\n\r\nx")
        assert connection.recv(1000).startswith(b"HTTP/1.1 413")
    answer = http.post("/gradio_api/upload", content=(b"x" * 1_000_000 for _ in range(70)))
    assert answer.status_code == 413


BROKEN = """
import asyncio, json
import gradio as gr
from gradio.events import api
from matinee_demo.blocks import Page

def broken() -> float:
    return 1 / 0

with Page() as page:
    api(broken, api_name="broken")
try:
    asyncio.run(page.process_api(0, []))
except gr.Error as error:
    print(json.dumps([error.message, error.print_exception]))
"""


def test_what_fails_in_the_page_itself_is_one_sentence_and_its_traceback_goes_to_the_log() -> None:
    ran = _run(BROKEN)
    assert json.loads(ran.stdout) == [OURS, False]
    assert ran.stderr.count("ZeroDivisionError") == 1
