"""Fifty visitors at once, alone and beside one who sends the worst of every upload without a pause.

In: the bundle of the built-in sample. Out: a row for the slowest answers (99th percentile), with the hostile visitor
over without, in turns, and one for the server's memory, after over before. Every visitor asks again as soon as they
have their answer, so the server always has more to do than it can.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from tests.benchmarks.harness import Context, Result
from tests.benchmarks.served import MISSING, REVIEW, bundle, environment
from tests.benchmarks.uploads import worst_exports, worst_posters

from matinee.catalogue import Catalogue

WORK = "50 visitors at once"
VISITORS = 50
PEER = "the same without a hostile visitor"
SETTLES = 5.0
"""Seconds after which the server's memory is looked at."""


@dataclass
class Seen:
    """What the visitors of one round met with.

    Attributes:
        seconds: How long each answer took.
        wrong: Answers that were not picks of every model.
        refused: What the hostile visitor was told, by file.
        sent: How many files the hostile visitor sent.
    """

    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    sent: int = 0

    def slowest(self, percentile: float = 99) -> float:
        """The given percentile of the answers' times, in seconds."""
        return float(np.percentile(self.seconds, percentile))


def measure(context: Context) -> list[Result]:
    """Alone and beside the hostile visitor, twice in turns."""
    folder = bundle()
    if folder is None:
        return [Result.absent(WORK, PEER, "<= 1.5", MISSING)]
    span = context.pick(quick=10.0, default=60.0, full=60.0)
    ids = [movie.id for movie in Catalogue.load(folder / "catalogue.jsonl")]
    hostile = {**worst_posters(), **worst_exports()}
    with _server(context, folder) as (process, address):
        asyncio.run(_round(address, ids, {}, 10.0))  # opens what is opened once
        rounds: dict[str, list[Seen]] = {"alone": [], "beside": []}
        memory: dict[str, list[float]] = {"alone": [], "beside": []}
        for name in ("alone", "beside", "alone", "beside"):
            rounds[name].append(asyncio.run(_round(address, ids, hostile if name == "beside" else {}, span)))
            time.sleep(SETTLES)
            memory[name].append(_resident(process.pid))
    alone, beside = (np.median([seen.slowest() for seen in rounds[name]]) for name in ("alone", "beside"))
    wrong = [text for seen in (*rounds["alone"], *rounds["beside"]) for text in seen.wrong]
    answers = sum(len(seen.seconds) for name in rounds for seen in rounds[name])
    said = rounds["beside"][-1]
    quality = f"{answers:,} answers, {len(wrong)} of them wrong{': ' + wrong[0][:80] if wrong else ''}"
    return [
        Result(
            f"{WORK}, {span:.0f} s: slowest in a hundred",
            PEER,
            "<= 1.5",
            float(beside / alone),
            quality,
            f"{beside:.2f} s",
            f"{alone:.2f} s",
            f"{said.sent} hostile files in the last round; {_listed(said.refused)}",
        ),
        Result(
            f"{WORK}: memory after the hostile visitor",
            "before",
            "<= 1.1",
            memory["beside"][-1] / memory["alone"][0],
            "",
            f"{memory['beside'][-1]:,.0f} MB",
            f"{memory['alone'][0]:,.0f} MB",
        ),
    ]


async def _round(address: str, ids: Sequence[str], hostile: Mapping[str, bytes], span: float) -> Seen:
    """Let everybody ask for `span` seconds."""
    seen, end = Seen(), time.monotonic() + span
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=300, limits=limits, trust_env=False) as client:
        visitors = [_visitor(client, random.Random(number), ids, seen, end) for number in range(VISITORS)]
        await asyncio.gather(*visitors, *([_hostile_visitor(client, hostile, seen, end)] if hostile else []))
    return seen


async def _visitor(client: httpx.AsyncClient, draw: random.Random, ids: Sequence[str], seen: Seen, end: float) -> None:
    """Ask again and again: mostly ratings, now and then words."""
    while time.monotonic() < end:
        ratings = [{"movie": movie, "rating": draw.choice((2, 8, 9, 10))} for movie in draw.sample(ids, 3)]
        review = f"{REVIEW} {draw.random()}" if draw.random() < 0.2 else ""
        start = time.monotonic()
        said = await _asked(client, [review, "", None, ratings, None, "all", 10, None, None, None, None])
        seen.seconds.append(time.monotonic() - start)
        if not (isinstance(said, dict) and said and all(len(picks) == 10 for picks in said.values())):
            seen.wrong.append(str(said))


async def _hostile_visitor(client: httpx.AsyncClient, files: Mapping[str, bytes], seen: Seen, end: float) -> None:
    """Send one file after the other, each as a poster or an export, and wait for what is said to it."""
    events = _events((await client.get("config")).json())
    while time.monotonic() < end:
        for name, content in files.items():
            sent = await client.post("gradio_api/upload", files={"files": (name, content)})
            seen.sent += 1
            if sent.status_code != httpx.codes.OK:
                seen.refused[name] = f"{sent.status_code}"
                continue
            file = {"path": sent.json()[0], "orig_name": name, "meta": {"_type": "gradio.FileData"}}
            if name.endswith(".zip"):
                said = await _event(client, events["mt-import"], [None, file])
            else:
                await _event(client, events["mt-poster"], [None, [file]])
                said = await _asked(client, ["", "", None, None, file, "all", 10, None, None, None, None])
            seen.refused[name] = "answered" if isinstance(said, dict) else str(said)
            if time.monotonic() >= end:
                break


def _events(config: Mapping[str, Any]) -> dict[str, int]:
    """Number of the event that takes an upload, by the name of its field."""
    fields = {part["id"]: part["props"].get("elem_id") for part in config["components"]}
    return {
        fields[part]: event["id"]
        for event in config["dependencies"]
        for part, kind in event["targets"]
        if kind == "upload"
    }


async def _asked(client: httpx.AsyncClient, data: list[Any]) -> Any:  # noqa: ANN401 - whatever the server says
    """What /recommend says."""
    started = await client.post("gradio_api/call/recommend", json={"data": data})
    if started.status_code != httpx.codes.OK:
        return f"{started.status_code}: {started.text[:200]}"
    event, last = "", ""
    async with client.stream("GET", f"gradio_api/call/recommend/{started.json()['event_id']}") as stream:
        async for line in stream.aiter_lines():
            event = line.removeprefix("event: ") if line.startswith("event: ") else event
            last = line.removeprefix("data: ") if line.startswith("data: ") else last
    return json.loads(last)[0] if event == "complete" else last


async def _event(client: httpx.AsyncClient, number: int, data: list[Any]) -> str:
    """Do what the page does when a file was uploaded, and return the end of it."""
    session = f"{random.getrandbits(40):x}"
    asked = {"data": data, "fn_index": number, "session_hash": session}
    started = await client.post("gradio_api/queue/join", json=asked)
    if started.status_code != httpx.codes.OK:
        return f"{started.status_code}: {started.text[:200]}"
    async with client.stream("GET", f"gradio_api/queue/data?session_hash={session}") as stream:
        async for message in _messages(stream):
            if message["msg"] == "process_completed":
                return "done" if message["success"] else "failed"
    return "the stream ended"


async def _messages(stream: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    async for line in stream.aiter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def _listed(refused: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {said[:60]}" for name, said in refused.items())


@contextmanager
def _server(context: Context, folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "matinee_demo.cli", "--bundle", str(folder), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(context)) as process:
        try:
            assert process.stdout is not None
            if "http://" not in process.stdout.readline():
                raise RuntimeError("the page was not served")
            yield process, f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


def _resident(pid: int) -> float:
    """Memory of a process, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(float(line.split()[1]) / 1000 for line in status if line.startswith("VmRSS:"))
