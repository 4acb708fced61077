"""Requests to the served page over plain HTTP, as any program may send them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx


def said(answer: httpx.Response) -> str:
    """Return the one sentence of a refusal."""
    sentence: str = answer.json()["detail"]
    assert "\n" not in sentence
    return sentence


def ask(http: httpx.Client, name: str, data: object) -> tuple[str, Any]:
    """Return the name and the data of the last event with which an endpoint answers."""
    where = f"/gradio_api/call/{name}"
    asked = http.post(where, content=json.dumps({"data": data}))
    assert asked.status_code == 200, asked.text
    events = re.findall(r"event: (\w+)\ndata: (.*)\n", http.get(f"{where}/{asked.json()['event_id']}").text)
    return events[-1][0], json.loads(events[-1][1])


def submit(http: httpx.Client, number: int, data: list[Any], event_data: object = None) -> list[dict[str, Any]]:
    """Send an event of the page, by its number, and return the messages that answer it."""
    sent = {"fn_index": number, "session_hash": "mine", "data": data, "event_data": event_data, "trigger_id": 1}
    joined = http.post("/gradio_api/queue/join", content=json.dumps(sent))
    assert joined.status_code == 200, joined.text
    text = http.get("/gradio_api/queue/data?session_hash=mine").text
    return [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
