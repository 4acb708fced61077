"""Hostile HTTP, sent to the real server: endpoints, events of the page, uploads, tools, raw requests, other names.

Right is an ordinary answer with finite, well-formed content; refused is a 4xx or an error event with one sentence. A
5xx, a traceback on the server's stderr, an error that says nothing, an answer that does not end, or a server that grew
or died is a defect.
"""

from __future__ import annotations

import atexit
import json
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from tests.demo.small import write_small_bundle
from tests.fuzz.answers import check_status, look, right, sentence
from tests.fuzz.area import MEGABYTES, SECONDS, Case
from tests.fuzz.served import free_port, serve
from tests.fuzz.wild import ACTS, ARGUMENTS, FIELDS, NAMES, PATHS, RAW, TASTE, TEXTS, mutated, wild
from tests.runtime.tiny import write_tiny_encoder

from matinee.errors import BadInputError

API = "/gradio_api"


class Payloads:
    """Cases against one server.

    Args:
        home: An empty folder for its bundle, its uploads and what it says.
    """

    def __init__(self, home: Path) -> None:
        self._said = home / "stderr"
        self._picture = next(
            (write_small_bundle(home / "bundle", write_tiny_encoder) / "posters").iterdir()
        ).read_bytes()
        self._port = free_port()
        self._server = serve(home, self._port, self._said)
        atexit.register(self._server.terminate)
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{self._port}", timeout=SECONDS, trust_env=False)
        config = self._client.get("/config").json()
        self._inputs = {event["id"]: len(event["inputs"]) for event in config["dependencies"]}
        self._served = [each["id"] for each in config["components"] if each["props"].get("server_fns")]
        self._grown = self._memory()
        self._sessions = 0

    def case(self, draw: np.random.Generator) -> Case:
        """Return one of the attacks."""
        attacks = (
            self._call,
            self._call,
            self._event,
            self._event,
            self._upload,
            self._raw,
            self._body,
            self._named,
            self._component,
            self._tool,
        )
        attack = attacks[draw.integers(len(attacks))](draw)
        return lambda: self._watched(attack)

    def _watched(self, attack: Callable[[], None]) -> None:
        """Try an attack, then see that the server lives, has said nothing of a fault, and has not grown."""
        try:
            attack()
        finally:
            said = self._said.read_text(encoding="utf-8", errors="replace")
            if "Traceback" in said:
                self._said.write_text("", encoding="utf-8")
                raise AssertionError(f"the server failed: {said[-1500:]}")
            assert self._server.poll() is None, f"the server ended with status {self._server.returncode}"
            assert self._memory() - self._grown < MEGABYTES, "the server grew"

    def _memory(self) -> float:
        """Megabytes that the server has at most had."""
        status = Path(f"/proc/{self._server.pid}/status")
        lines = status.read_text().splitlines() if status.exists() else []
        return sum(float(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM:"))

    def _call(self, draw: np.random.Generator) -> Callable[[], None]:
        """An endpoint, some of its arguments wild."""
        name = str(draw.choice(list(ARGUMENTS)))
        asked = dict(ARGUMENTS[name])
        for argument in asked:
            if draw.random() < 0.2:
                asked[argument] = wild(draw)
        sent: Any = asked if draw.random() < 0.2 else {"data": list(asked.values())}
        if draw.random() < 0.1:
            sent = wild(draw)
        if name == "recommend" and draw.random() < 0.2:
            return lambda: self._with_upload(asked)
        version = "v2/" if sent is asked else ""
        return lambda: self._answered(f"{API}/call/{version}{name}", sent)

    def _with_upload(self, asked: dict[str, Any]) -> None:
        path = right(self._client.post(f"{API}/upload", files={"files": ("mine.jpg", self._picture)})).json()[0]
        poster = {"path": path, "url": "http://127.0.0.1:9/never", "meta": {"_type": "gradio.FileData"}}
        self._answered(f"{API}/call/recommend", {"data": list((asked | {"poster": poster}).values())})

    def _answered(self, where: str, sent: object) -> None:
        """Ask an endpoint and look at its answer."""
        asked = right(self._client.post(where, content=json.dumps(sent)))
        text = right(self._client.get(f"{where}/{asked.json()['event_id']}")).text
        events = re.findall(r"event: (\w+)\ndata: (.*)\n", text)
        name, data = events[-1]
        look(json.loads(data))
        if name == "error":
            raise BadInputError(sentence(json.loads(data)))
        assert name == "complete", text[-300:]

    def _event(self, draw: np.random.Generator) -> Callable[[], None]:
        """An event of the page, its fields and its data wild."""
        number = int(draw.choice(list(self._inputs)))
        count = self._inputs[number] + int(draw.choice([0, 0, 0, 0, 0, 0, 0, 1, -1]))
        data: Any = [wild(draw) for _ in range(max(0, count))]
        told = {field: draw.choice([*ACTS, "tt0071315", "liked"]).item() for field in FIELDS if draw.random() < 0.8}
        event_data: Any = told if draw.random() < 0.6 else wild(draw)
        if isinstance(event_data, dict) and draw.random() < 0.3:
            event_data[str(draw.choice(FIELDS))] = wild(draw)
        sent: dict[str, Any] = {"fn_index": number, "data": data, "event_data": event_data, "trigger_id": 1}
        if draw.random() < 0.1:
            sent[str(draw.choice(list(sent)))] = wild(draw)
        return lambda: self._joined(sent)

    def _joined(self, sent: dict[str, Any]) -> None:
        self._sessions += 1
        session = f"case{self._sessions}"
        body = json.dumps({"session_hash": session, **sent})
        event = right(self._client.post(f"{API}/queue/join", content=body)).json()["event_id"]
        text = right(self._client.get(f"{API}/queue/data", params={"session_hash": session})).text
        messages = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
        look(messages)
        ended = [each for each in messages if each["msg"] == "process_completed" and each["event_id"] == event]
        assert ended, text[-300:]
        if not ended[-1]["success"]:
            raise BadInputError(sentence(ended[-1]["output"]))

    def _component(self, draw: np.random.Generator) -> Callable[[], None]:
        """What components of the page ask for: titles and the map's points."""
        sent: dict[str, Any] = {
            "component_id": int(draw.choice(self._served)) if self._served else 1,
            "fn_name": str(draw.choice(["offer", "atlas_points", "atlas_films", "__class__", "preprocess"])),
            "session_hash": "component",
            "data": draw.choice(["the", "bpr", "nope"]).item() if draw.random() < 0.5 else wild(draw),
        }
        if draw.random() < 0.2:
            sent[str(draw.choice(list(sent)))] = wild(draw)
        return lambda: look(right(self._client.post(f"{API}/component_server/", content=json.dumps(sent))).json())

    def _upload(self, draw: np.random.Generator) -> Callable[[], None]:
        """An upload with an odd name, form, type, or bytes."""
        name = str(draw.choice(NAMES))
        field = str(draw.choice(["files", "files", "files", "file", ""]))
        mark = b"bound"
        head = f'Content-Disposition: form-data; name="{field}"; filename="{name}"\r\n'.encode()
        body = b"--" + mark + b"\r\n" + head + b"\r\n" + self._picture + b"\r\n--" + mark + b"--\r\n"
        kind = "multipart/form-data; boundary=bound"
        if draw.random() < 0.5:
            body = mutated(draw, body)
        if draw.random() < 0.2:
            kind = str(
                draw.choice(["", "text/plain", "multipart/form-data", kind + "; charset=utf-7", kind + "x" * 5000])
            )
        query = str(draw.choice(["", "?upload_id=abc", "?upload_id=%00", "?upload_id=" + "a" * 500]))
        headers = {"content-type": kind}
        return lambda: look(right(self._client.post(f"{API}/upload{query}", content=body, headers=headers)).json())

    def _body(self, draw: np.random.Generator) -> Callable[[], None]:
        """A body that is hardly JSON, or much of it, to any route that takes one."""
        route = str(
            draw.choice(
                [
                    "call/recommend",
                    "call/v2/find_movies",
                    "queue/join",
                    "cancel",
                    "reset",
                    "mcp/",
                    "component_server",
                    "run/recommend",
                    "api/recommend",
                    "login",
                    "stream/a",
                    "vibe-edit/",
                ]
            )
        )
        good = json.dumps({"data": list(TASTE.values())}).encode()
        size = int(draw.integers(1, 200_000))
        bodies: list[Callable[[], bytes]] = [
            lambda: mutated(draw, good),
            lambda: b"[" * size,
            lambda: b'{"a":' * size,
            lambda: b'{"data":[' + b"[]," * size + b"1]}",
            lambda: b'{"data":["' + b"a" * (size * 20) + b'"]}',
            lambda: b'{"data":[' + b"9" * size + b"]}",
            lambda: bytes(draw.integers(0, 256, size % 2000, dtype=np.uint8)),
            lambda: b'{"data":["\\ud800"],"fn_index":27,"session_hash":"\\ud800"}',
            lambda: b"",
        ]
        body = bodies[int(draw.integers(9))]()
        kind = str(draw.choice(["application/json", "text/plain", "application/x-www-form-urlencoded", ""]))

        def send() -> None:
            self._plain("POST", f"{API}/{route}", body, {"content-type": kind})

        return send

    def _named(self, draw: np.random.Generator) -> Callable[[], None]:
        """Another host, another origin, more and longer headers."""
        names = [
            f"127.0.0.1:{self._port}",
            f"localhost:{self._port}",
            "evil.example",
            "127.0.0.1.evil.example",
            "",
            "null",
            "[::1]:80",
            "[",
            "a" * 3000,
            "http://evil.example",
            "http://[bad",
            f"http://127.0.0.1:{self._port}",
        ]
        heads = ("host", "origin", "x-forwarded-host", "referer", "x-forwarded-proto", "cookie", "accept", "range")
        headers = {str(head): str(draw.choice(names)) for head in draw.choice(heads, 2, replace=False)}
        path = str(draw.choice(["/", "/config", f"{API}/info", f"{API}/mcp/", f"{API}/queue/data?session_hash=x"]))
        method = str(draw.choice(["GET", "POST", "OPTIONS", "HEAD", "PUT", "DELETE", "TRACE"]))

        def asked() -> None:
            answer = self._plain(method, path, b"{}" if method == "POST" else b"", headers)
            evil = "evil" in headers.get("host", "") + headers.get("origin", "") + headers.get("x-forwarded-host", "")
            assert not evil, f"{answer.status_code} for {headers}"

        return asked

    def _raw(self, draw: np.random.Generator) -> Callable[[], None]:
        """A path as it stands, which no client would send."""
        part = str(draw.choice(PATHS)) if draw.random() < 0.6 else str(draw.choice(TEXTS))
        part = part[:3000].encode("utf-8", "replace").decode("utf-8")
        path = str(draw.choice(RAW)).format(
            part if draw.random() < 0.5 else "".join(f"%{b:02x}" for b in part.encode())
        )
        line = f"{draw.choice(['GET', 'HEAD', 'POST'])} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        request = (line + "Content-Length: 0\r\n\r\n").encode("utf-8", "replace")
        if draw.random() < 0.3:
            request = mutated(draw, request) + b"\r\n\r\n"

        def asked() -> None:
            with socket.create_connection(("127.0.0.1", self._port), SECONDS) as connection:
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
                answer = b"".join(iter(lambda: connection.recv(65536), b""))
            status = re.match(rb"HTTP/1\.1 (\d{3})", answer)
            check_status(int(status[1]) if status else 400, answer[-300:].decode("utf-8", "replace"))

        return asked

    def _tool(self, draw: np.random.Generator) -> Callable[[], None]:
        """A tool of the MCP server, its arguments or its frame wild."""
        name = str(draw.choice(list(ARGUMENTS)))
        arguments = {key: wild(draw) if draw.random() < 0.3 else value for key, value in ARGUMENTS[name].items()}
        sent: dict[str, Any] = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/call",
            "params": {"name": name, "arguments": arguments},
        }
        if draw.random() < 0.3:
            sent[str(draw.choice(list(sent)))] = wild(draw)
        headers = {"accept": "application/json, text/event-stream", "content-type": "application/json"}

        def asked() -> None:
            text = self._plain("POST", f"{API}/mcp/", json.dumps(sent).encode(), headers).text
            lines = [line[6:] for line in text.splitlines() if line.startswith("data: ")] or [text or "{}"]
            message = json.loads(lines[-1])
            look(message)
            if "error" in message:
                raise BadInputError(sentence(message["error"]["message"]))
            result = message.get("result", {})
            if result.get("isError"):
                raise BadInputError(sentence(result["content"][0]["text"]))

        return asked

    def _plain(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        try:
            with self._client.stream(method, path, content=body, headers=headers) as answer:
                opened = answer.headers.get("content-type", "").startswith("text/event-stream")
                if not (opened and method == "GET"):
                    answer.read()
                    return right(answer)
                return answer
        except (httpx.LocalProtocolError, UnicodeEncodeError):
            raise BadInputError("no client sends that") from None


def open_area(home: Path) -> Payloads:
    """Start the server of a small bundle in `home`."""
    return Payloads(home)
