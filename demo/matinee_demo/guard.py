"""The guard before gradio: it lets through only valid requests to this server, from its own page or a program.

In: any HTTP request. Out: gradio's answer with security headers, or a refusal of one sentence in JSON. gradio 6.31 has
routes that fetch addresses, lets other sites read with the visitor's credentials, and fails on many malformed requests;
the guard keeps all of that out of reach.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import traceback
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import parse_qsl

import gradio as gr
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from matinee.errors import BadInputError
from matinee_demo.blocks import OURS
from matinee_demo.body import parse_body
from matinee_demo.hosts import SPACE, Hosts, same_origin
from matinee_demo.routes import OPEN, TOOLS, Route, find_route
from matinee_demo.uploads import PIECE, RefusedUploadError, check_folder, check_upload

LARGEST_JSON, LARGEST_UPLOAD, LARGEST_TOGETHER = 16_000_000, 64_000_000, 192_000_000
"""Largest body in bytes: of JSON, of one with files, and of all bodies that are arriving together."""

IN_MEMORY = 1_000_000
"""Bytes beyond which a body is kept on disk."""

TIMEOUT = 60.0
"""Seconds within which a body must arrive."""

MOST_STREAMS = 2_000
"""Maximum number of open streams of all visitors: twice the two of each session in memory."""

MOST_WAITING = 1_000
"""Sessions whose answers are kept until they are fetched; beyond it the oldest are dropped."""

LONGEST_PATH, LONGEST_QUERY = 1_000, 2_000

POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",  # gradio runs scripts in its page, and ours as functions
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'self'",  # gradio's page has a <base>
    "form-action": "'self'",
    "object-src": "'none'",
}
FRAMES = "'self'", "'self' https://huggingface.co https://*.hf.space"
"""The policy's `frame-ancestors`, outside and inside a Space: the page itself, and in a Space the hub too."""


class Refused(Exception):  # noqa: N818 - not an error of the program
    """A refused request: its HTTP status and one sentence."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


class Guard:
    """An ASGI application around gradio's.

    Args:
        app: gradio's application.
        page: The Blocks that it serves.
        hosts: The host names that it accepts.
        mcp: Whether the MCP server's routes are open.
    """

    def __init__(self, app: ASGIApp, page: gr.Blocks, hosts: Hosts, *, mcp: bool) -> None:
        self._app = app
        self._page = page
        self._hosts = hosts
        self._routes = (*OPEN, *(TOOLS if mcp else ()))
        self._uploads = Path(page.GRADIO_CACHE).resolve()
        self._arriving = 0
        self._streams = 0
        frames = FRAMES[SPACE in os.environ]
        policy = "; ".join(f"{name} {value}" for name, value in {**POLICY, "frame-ancestors": frames}.items())
        self._headers = {
            b"content-security-policy": policy.encode("ascii"),
            b"x-content-type-options": b"nosniff",
            b"referrer-policy": b"same-origin",
            b"cross-origin-resource-policy": b"same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; websockets are closed, as the page has none."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        answer = _Answer(send, self._headers)
        try:
            route, named = self._admitted(scope)
            with self._counted(route):
                await self._app(*await self._checked(route, named, scope, receive), answer.send)
        except Refused as refused:
            await answer.refuse(scope, receive, refused.status, str(refused))
        except Exception as error:  # of gradio: a client gets no traceback, and an answer that has begun ends
            if not isinstance(error.__cause__ or error, HTTPException):
                traceback.print_exc()
            await answer.refuse(scope, receive, 500, OURS)

    def _admitted(self, scope: Scope) -> tuple[Route, Mapping[str, str]]:
        """Return a request's route and the named groups of its path; raises Refused by headers and address."""
        headers = Headers(scope=scope)
        hosts = [*headers.getlist("host"), *headers.getlist("x-forwarded-host")]
        if not headers.getlist("host") or not all(map(self._hosts.own, hosts)):
            raise Refused(421, "this server does not accept that host name; --allow-host NAME adds one")
        if any(not same_origin(origin, hosts) for origin in headers.getlist("origin")):
            raise Refused(403, "a browser may send requests only from this server's own page")
        path, query = scope["path"], scope["query_string"]
        found = find_route(self._routes, scope["method"], path) if len(path) <= LONGEST_PATH else None
        if found is None:
            raise Refused(404, "there is nothing at this address")
        _check_query(found[0], query)
        return found

    @contextmanager
    def _counted(self, route: Route) -> Iterator[None]:
        """Count an answer while it stays open; raises Refused where there are too many."""
        one = int(route.kind == "stream")
        if self._streams + one > MOST_STREAMS:
            raise Refused(429, "too many visitors are connected at the moment; try again in a minute")
        self._streams += one
        try:
            yield
        finally:
            self._streams -= one

    async def _checked(
        self, route: Route, named: Mapping[str, str], scope: Scope, receive: Receive
    ) -> tuple[Scope, Receive]:
        """Return the request as gradio gets it: its body read whole, checked and, if it is JSON, serialized again."""
        if route.kind in ("get", "stream"):
            return scope, receive
        if route.kind == "upload":
            return await self._upload(scope, receive)
        try:
            with await self._body(scope, receive, LARGEST_JSON) as file:
                sent = parse_body(file.read(), self._uploads)
            route.check(self._page, named, sent)
        except BadInputError as error:
            raise Refused(400, str(error)) from None
        self._forget_waiting()
        body = json.dumps(sent).encode("ascii")
        kept = [pair for pair in scope["headers"] if pair[0] not in (b"content-type", b"content-length")]
        ours = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode("ascii"))]
        return {**scope, "headers": [*kept, *ours]}, _replay(io.BytesIO(body), receive)

    async def _upload(self, scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
        try:
            check_folder(self._uploads)
            file = await self._body(scope, receive, LARGEST_UPLOAD)
            await check_upload(Headers(scope=scope), file)
        except RefusedUploadError as error:
            raise Refused(error.status, str(error)) from None
        return scope, _replay(file, receive)

    async def _body(self, scope: Scope, receive: Receive, most: int) -> IO[bytes]:
        """Return a request's whole body, a large one on disk; raises Refused above `most` bytes or after TIMEOUT."""
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdecimal() or int(length[:20]) > most:
            raise Refused(413, f"a request may have at most {most // 1_000_000} MB here")
        file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - `_replay` closes it
        arrived = 0
        try:
            async with asyncio.timeout(TIMEOUT):
                async for part in _parts(receive):
                    file.write(part)
                    arrived += len(part)
                    self._arriving += len(part)
                    if arrived > most:
                        raise Refused(413, f"a request may have at most {most // 1_000_000} MB here")
                    if self._arriving > LARGEST_TOGETHER:
                        raise Refused(429, "too much is being sent at the moment; try again in a minute")
        except TimeoutError:
            raise Refused(408, f"a request must have arrived within {TIMEOUT:.0f} seconds") from None
        finally:
            self._arriving -= arrived
        file.seek(0)
        return file

    def _forget_waiting(self) -> None:
        """Drop the oldest answers that nobody fetches, which gradio would keep for ever."""
        queue = self._page._queue
        for session in list(queue.pending_messages_per_session)[:-MOST_WAITING]:
            if not queue.pending_event_ids_session.get(session, set()) & queue.event_ids_to_events.keys():
                queue.pending_messages_per_session.pop(session, None)
                queue.pending_event_ids_session.pop(session, None)


class _Answer:
    """The response: gradio's answer with the guard's headers, or a refusal where none has begun."""

    def __init__(self, send: Send, headers: Mapping[bytes, bytes]) -> None:
        self._send = send
        self._headers = headers
        self._begun = self._ended = False

    async def send(self, message: Message) -> None:
        """Pass a message on, without the headers by which gradio allows other sites to read."""
        if message["type"] == "http.response.start":
            self._begun = True
            kept = [
                (name, value)
                for name, value in message.get("headers", ())
                if not name.lower().startswith(b"access-control-") and name.lower() not in self._headers
            ]
            message = {**message, "headers": [*kept, *self._headers.items()]}
        elif message["type"] == "http.response.body":
            self._ended = not message.get("more_body", False)
        await self._send(message)

    async def refuse(self, scope: Scope, receive: Receive, status: int, said: str) -> None:
        """Answer with one sentence, or end the answer if it has begun."""
        if not self._begun:
            await JSONResponse({"detail": said}, status)(scope, receive, self.send)
        elif not self._ended:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})


def _check_query(route: Route, query: bytes) -> None:
    """Raise Refused if a value of the query string does not match the route's pattern; other names are ignored."""
    if len(query) > LONGEST_QUERY:
        raise Refused(414, f"a query string may have at most {LONGEST_QUERY:,} bytes here")
    values: dict[str, Any] = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=None))
    if "deep_link" in values or "page" in values:
        raise Refused(404, "there is nothing at this address")
    for name, pattern in route.query.items():
        wanted = name in values or route.kind == "stream"
        if wanted and not re.fullmatch(pattern, values.get(name, ""), re.ASCII):
            raise Refused(400, f"{name} is malformed; send it as this server gave it")


async def _parts(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "the request ended before it was complete")
        more = message.get("more_body", False)
        yield message.get("body", b"")


def _replay(file: IO[bytes], receive: Receive) -> Receive:
    """A `receive` that yields a body already read, piece by piece, and closes its file."""
    file.seek(0)

    async def again() -> Message:
        if file.closed:
            return await receive()
        part = file.read(PIECE)
        if len(part) < PIECE:
            file.close()
        return {"type": "http.request", "body": part, "more_body": not file.closed}

    return again
