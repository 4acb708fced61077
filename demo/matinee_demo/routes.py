"""Which of gradio's routes are open, and what a request to each must contain; every other route is answered 404.

In: a method and a path. Out: the route, or None. gradio has more routes than the page needs, some of which fetch
addresses or serve files. This is a list of what is allowed, so that a new route of a newer gradio is closed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal

import gradio as gr

from matinee.errors import BadInputError

MCP = "/gradio_api/mcp"

NAME, FILE_PATH, ID = r"\w{1,80}", r"(?:[\w@-][\w.@-]*/)*[\w@-][\w.@-]*", r"[A-Za-z0-9_-]{1,64}"
"""Patterns of an endpoint's name, of the path of one of gradio's own files, and of a session's or an event's id."""

LONGEST_ECHO = 500
"""Maximum length, in characters, of an error that may repeat the values that were sent."""

Kind = Literal["get", "stream", "json", "upload"]
Check = Callable[[gr.Blocks, Mapping[str, str], dict[str, Any]], None]


@dataclass(frozen=True)
class Route:
    """An open route.

    Attributes:
        path: As gradio writes it.
        pattern: A regular expression for its paths, whose named groups are passed to `check`.
        kind: What a request does: get a document, listen to a stream, or send JSON or an upload.
        query: A regular expression for each value that the query string may have.
        check: Raises BadInputError where gradio could not process the JSON.
    """

    path: str
    pattern: str
    kind: Kind = "get"
    query: Mapping[str, str] = field(default_factory=dict)
    check: Check = lambda page, named, sent: None

    @property
    def methods(self) -> Container[str]:
        """The HTTP methods that are answered."""
        return ("GET", "HEAD") if self.kind in ("get", "stream") else ("POST",)


def _text(sent: Mapping[str, Any], name: str, pattern: str) -> None:
    if not (isinstance(sent.get(name), str) and re.fullmatch(pattern, sent[name], re.ASCII)):
        raise BadInputError(f"{name} is missing or malformed; send it as this server gave it")


def _whole(sent: Mapping[str, Any], name: str) -> int:
    number = sent.get(name)
    if type(number) is not int:
        raise BadInputError(f"{name} must be a whole number, not {str(number)[:40]!r}")
    return number


def _data(sent: Mapping[str, Any], *counts: int) -> None:
    data = sent.get("data")
    if not isinstance(data, list) or len(data) not in counts:
        found = len(data) if isinstance(data, list) else type(data).__name__
        raise BadInputError(f"data must be a list of {' or '.join(map(str, sorted(set(counts))))} values, not {found}")


def check_event(page: gr.Blocks, named: Mapping[str, str], sent: dict[str, Any]) -> None:
    """Raise BadInputError unless `sent` is an event of the page, with its session and a value for each input."""
    number = _whole(sent, "fn_index")
    _text(sent, "session_hash", ID)
    if number not in page.fns:
        raise BadInputError(f"this page has no event number {str(number)[:20]}; load it again")
    _data(sent, len(page.fns[number].inputs))
    if not isinstance(sent.get("event_data"), dict | None):
        raise BadInputError("event_data must be an object or null")
    if sent.get("trigger_id") is not None:
        _whole(sent, "trigger_id")
    for name in set(sent) - {"fn_index", "session_hash", "data", "event_data", "trigger_id"}:
        del sent[name]


def _endpoint(page: gr.Blocks, name: str) -> Any:  # noqa: ANN401 - gradio's BlockFunction
    """Return the function of an endpoint; raises BadInputError where the page's API lists none of that name."""
    public = {fn.api_name: fn for fn in page.fns.values() if fn.api_visibility == "public"}
    if name not in public:
        raise BadInputError(f"no endpoint is called {name[:40]!r}; there are {', '.join(map(str, public))}")
    return public[name]


def check_call(page: gr.Blocks, named: Mapping[str, str], sent: dict[str, Any]) -> None:
    """Raise BadInputError unless `sent` has a value for each argument of an endpoint."""
    _data(sent, len(_endpoint(page, named["name"]).inputs))
    if sent.get("session_hash") is not None:
        _text(sent, "session_hash", ID)
    for name in set(sent) - {"data", "session_hash"}:
        del sent[name]


def check_named_call(page: gr.Blocks, named: Mapping[str, str], sent: dict[str, Any]) -> None:
    """Raise BadInputError unless `sent` has arguments of an endpoint by name, and all those without a default."""
    _endpoint(page, named["name"])
    info = page.get_api_info()["named_endpoints"][f"/{named['name']}"]
    parameters = {each["parameter_name"]: each["parameter_has_default"] for each in info["parameters"]}
    missing = [name for name, optional in parameters.items() if not optional and name not in sent]
    if missing or not set(sent) <= set(parameters):
        raise BadInputError(f"the arguments of {named['name']} are {', '.join(parameters) or 'none'}")


def check_component(page: gr.Blocks, named: Mapping[str, str], sent: dict[str, Any]) -> None:
    """Raise BadInputError unless `sent` calls a function that a component of the page offers."""
    _text(sent, "session_hash", ID)
    _text(sent, "fn_name", NAME)
    component = page.blocks.get(_whole(sent, "component_id"))
    if not getattr(getattr(component, sent["fn_name"], None), "_is_server_fn", False) or "data" not in sent:
        raise BadInputError(f"no part of this page offers {sent['fn_name']!r}; load it again")


def check_cancel(page: gr.Blocks, named: Mapping[str, str], sent: dict[str, Any]) -> None:
    """Raise BadInputError unless `sent` names an event to cancel."""
    _text(sent, "session_hash", ID)
    _text(sent, "event_id", ID)
    _whole(sent, "fn_index")


def check_reset(page: gr.Blocks, named: Mapping[str, str], sent: dict[str, Any]) -> None:
    """Raise BadInputError unless `sent` names an event."""
    _text(sent, "event_id", ID)


def check_tool(page: gr.Blocks, named: Mapping[str, str], sent: dict[str, Any]) -> None:
    """Raise BadInputError where a long argument of a tool has the wrong type, which MCP would repeat in its answer."""
    server, params = page.mcp_server_obj, sent.get("params")
    if server is None or not isinstance(params, dict) or str(params.get("name")) not in server.tool_to_endpoint:
        return
    schema, _ = server.get_input_schema(params["name"])
    validator = import_module("jsonschema").Draft202012Validator(schema)  # comes with mcp
    for error in validator.iter_errors(params.get("arguments") or {}):
        if len(error.message) > LONGEST_ECHO:
            raise BadInputError(
                f"the tool's arguments do not fit its schema: {error.json_path[:40]} has the wrong type"
            )


API = "/gradio_api"

OPEN = (
    Route("/", "/"),
    Route("/config", "/config/?"),
    Route("/theme.css", "/theme.css", query={"v": r"\w{1,80}"}),
    Route("/robots.txt", "/robots.txt"),
    Route("/favicon.ico", "/favicon.ico"),
    Route("/manifest.json", "/manifest.json"),
    Route("/assets/{path:path}", f"/assets/{FILE_PATH}"),
    Route("/static/{path:path}", f"/static/{FILE_PATH}"),
    Route("/posters/{movie_id}.jpg", r"/posters/[^/\x00]{1,80}\.jpg"),
    Route(f"{API}/info", f"{API}/info/?", query={"all_endpoints": "True|true|False|false"}),
    Route(f"{API}/startup-events", f"{API}/startup-events"),
    Route(f"{API}/upload", f"{API}/upload", "upload", {"upload_id": ID}),
    Route(f"{API}/upload_progress", f"{API}/upload_progress", "stream", {"upload_id": ID}),
    Route(f"{API}/heartbeat/{{session_hash}}", f"{API}/heartbeat/{ID}", "stream"),
    Route(f"{API}/queue/join", f"{API}/queue/join", "json", {"__theme": r"\w{1,20}"}, check_event),
    Route(f"{API}/queue/data", f"{API}/queue/data", "stream", {"session_hash": ID}),
    Route(f"{API}/call/{{api_name}}", f"{API}/call/(?P<name>{NAME})/?", "json", check=check_call),
    Route(f"{API}/call/{{api_name}}/{{event_id}}", f"{API}/call/{NAME}/{ID}", "stream"),
    Route(f"{API}/call/v2/{{api_name}}", f"{API}/call/v2/(?P<name>{NAME})/?", "json", check=check_named_call),
    Route(f"{API}/call/v2/{{api_name}}/{{event_id}}", f"{API}/call/v2/{NAME}/{ID}", "stream"),
    Route(f"{API}/component_server", f"{API}/component_server/?", "json", check=check_component),
    Route(f"{API}/cancel", f"{API}/cancel", "json", check=check_cancel),
    Route(f"{API}/reset", f"{API}/reset/?", "json", check=check_reset),
)
"""The routes that the page, gradio's clients and gradio itself need."""

TOOLS = (
    Route(f"{MCP}/schema", f"{MCP}/schema"),
    Route(MCP, f"{MCP}/?(http/?)?", "stream"),
    Route(MCP, f"{MCP}/?(http/?)?", "json", check=check_tool),
)
"""The routes of the MCP server, for streamable HTTP."""


def find_route(routes: tuple[Route, ...], method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
    """Return the route of a request with the named groups of its path, or None where it is not open."""
    for route in routes:
        if method in route.methods and (match := re.fullmatch(route.pattern, path, re.ASCII)):
            return route, match.groupdict()
    return None
