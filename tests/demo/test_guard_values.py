"""Values in requests: whatever JSON holds, the answer is a result or one sentence, and nothing fails behind it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from tests.demo.asking import ask, said, submit

pytest.importorskip("gradio")

from matinee_demo.blocks import OURS

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.slow


def test_a_lone_surrogate_in_a_review_is_answered_and_ends_no_stream(http: httpx.Client) -> None:
    event, data = ask(
        http, "recommend", ["scary \ud800 ghost", "", None, None, None, "bert", 1, None, None, None, None]
    )
    assert event == "complete"
    assert data[0]["bert"]
    assert ask(http, "find_movies", ["chin\udfff", 1])[0] == "complete"
    event, data = ask(http, "more_like", ["\ud800", "words", 1])
    assert event == "error"
    assert "\ud800" not in data["error"]


def test_a_lone_surrogate_entered_on_the_page_is_shown_as_a_question_mark(
    http: httpx.Client, events: list[dict[str, Any]]
) -> None:
    (write,) = (event["id"] for event in events if event["inputs"] == ["state", "textbox", "html", "dropdown"])
    messages = submit(http, write, [None, "scary \ud800 ghost", "", None])
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
        messages = submit(http, event["id"], [value] * len(event["inputs"]), told)
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
BAD: dict[str, tuple[Any, ...]] = {
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
def test_an_argument_of_the_wrong_type_is_answered_with_a_sentence_that_names_it(http: httpx.Client, name: str) -> None:
    for value in BAD[name]:
        data = [value if argument == name else good for argument, good in zip(RECOMMEND, GOOD, strict=True)]
        event, said = ask(http, "recommend", data)
        assert event == "error", value
        assert re.search({"genres": "genre", "ratings": "rating"}.get(name, name.split("_")[-1]), said["error"]), said
        assert len(said["error"]) < 500
    assert ask(http, "find_movies", ["chin", "x"])[1]["error"] == "limit must be a number, not 'x'"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"5", b"[" * 100_000, b'{"data":' * 5_000, b'{"data":[NaN]}', b'{"data":[1e999]}', b"\xff\xfe",
     b'{"data":[' + b"[]," * 200_000 + b"1]}", b'{"data":["' + b"a" * 16_000_001 + b'"]}', b"9" * 10_000],
    ids=range(12),
)  # fmt: skip
def test_a_body_that_is_not_valid_json_is_refused_in_one_sentence(http: httpx.Client, body: bytes) -> None:
    for path in ("call/recommend", "call/v2/recommend", "queue/join", "component_server", "cancel", "reset"):
        answer = http.post(f"/gradio_api/{path}", content=body)
        assert answer.status_code in (400, 413)
        assert len(said(answer)) < 200
