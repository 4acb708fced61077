"""Files in requests: only an uploaded one is read, no address is fetched, and uploads are bounded."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.demo.asking import ask, said

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.slow

FILE = {"_type": "gradio.FileData"}


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """An address that the server could be made to fetch, and the requests that arrived there."""
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
                assert "no address is read" in said(answer)
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
    event, data = ask(http, "recommend", ["", "", None, None, file, "resnet50", 1, None, None, None, None])
    assert event == "complete"
    assert len(data[0]["resnet50"]) == 1
    assert asked == []


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
        assert said(answer)


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x; charset=utf-7"]
)
def test_what_is_not_an_upload_is_refused_in_one_sentence(http: httpx.Client, kind: str) -> None:
    answer = http.post("/gradio_api/upload", content=b"--b\r\nbroken", headers={"content-type": kind})
    assert answer.status_code == 400
    assert "multipart/form-data" in said(answer)


def test_an_upload_is_bounded_as_a_whole_also_where_it_does_not_say_its_length(http: httpx.Client) -> None:
    many = [("files", (f"{number}.jpg", b"x")) for number in range(13)]
    assert http.post("/gradio_api/upload", files=many).status_code == 400
    with socket.create_connection((http.base_url.host, http.base_url.port)) as connection:
        connection.sendall(b"POST /gradio_api/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 360000000\r\n\r\nx")
        assert connection.recv(1000).startswith(b"HTTP/1.1 413")
    answer = http.post("/gradio_api/upload", content=(b"x" * 1_000_000 for _ in range(70)))
    assert answer.status_code == 413
