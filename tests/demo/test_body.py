"""JSON from clients, validated: any value that JSON holds, and files; and the host names of a server."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import BadInputError
from matinee_demo.body import DEEPEST, parse_body
from matinee_demo.hosts import Hosts, hosts_of, same_origin

HALVES = st.text(st.characters())  # lone surrogates among them
SIMPLE = st.none() | st.booleans() | st.integers() | st.floats() | HALVES
VALUES = st.recursive(SIMPLE, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(HALVES, inner, max_size=4))
NOWHERE = Path("/nowhere")


def _whole(value: object) -> bool:
    match value:
        case float():
            return math.isfinite(value)
        case str():
            return value.encode("utf-8").decode("utf-8") == value
        case list():
            return all(map(_whole, value))
        case dict():
            return all(_whole(key) and _whole(each) for key, each in value.items())
    return True


@given(st.dictionaries(HALVES, VALUES, max_size=5))
def test_what_is_accepted_has_only_finite_numbers_and_valid_text(sent: dict[str, Any]) -> None:
    try:
        made = parse_body(json.dumps(sent).encode(), NOWHERE)
    except BadInputError:
        return
    assert _whole(made)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(BadInputError):
        assert isinstance(parse_body(body, NOWHERE), dict)


def test_values_may_be_nested_so_deep_and_no_deeper() -> None:
    def nested(depth: int) -> bytes:
        return b'{"data":' + b"[" * depth + b"]" * depth + b"}"

    assert parse_body(nested(DEEPEST), NOWHERE)
    with pytest.raises(BadInputError, match="deep"):
        parse_body(nested(DEEPEST + 1), NOWHERE)


def test_a_file_of_the_folder_of_uploads_is_named_and_one_that_a_link_there_names_is_not(tmp_path: Path) -> None:
    uploads, other = tmp_path / "uploads", tmp_path / "secret.txt"
    uploads.mkdir()
    (uploads / "mine.jpg").write_bytes(b"x")
    other.write_text("secret", encoding="utf-8")
    (uploads / "link.jpg").symlink_to(other)
    mark = {"_type": "gradio.FileData"}

    def asked(path: object) -> dict[str, Any]:
        file = {"path": path, "url": "http://example.org", "orig_name": "a\ud800", "size": "x", "meta": mark}
        made: dict[str, Any] = parse_body(json.dumps({"f": file}).encode(), uploads.resolve())["f"]
        return made

    mine = str(uploads / "mine.jpg")
    assert asked(mine) == {"path": mine, "orig_name": "a?", "meta": mark}
    for path in (str(other), str(uploads / "link.jpg"), str(uploads), f"{uploads}/../secret.txt", "mine.jpg", 5, "a\0"):
        with pytest.raises(BadInputError, match="upload"):
            asked(path)


@pytest.mark.parametrize(
    ("listening", "own", "other"),
    [
        (
            None,
            ["127.0.0.1:7860", "localhost", "[::1]"],
            ["example.org", "10.0.0.1", "", "a b", "localhost.example.org"],
        ),
        ("0.0.0.0", ["10.0.0.1:80", "localhost", "[fe80::1]:7860"], ["example.org", "10.0.0.1.example.org"]),
        ("films.example", ["films.example:80", "FILMS.example."], ["example"]),
    ],
)
def test_a_server_accepts_numeric_addresses_and_configured_names(
    listening: str | None, own: list[str], other: list[str]
) -> None:
    hosts: Hosts = hosts_of(listening)
    assert [name for name in own if not hosts.own(name)] == []
    assert [name for name in other if hosts.own(name)] == []


def test_an_origin_is_the_servers_own_only_with_its_port() -> None:
    assert same_origin("https://films.example", ["films.example"])
    assert same_origin("http://127.0.0.1:7860", ["x", "127.0.0.1:7860"])
    for origin in ("null", "http://127.0.0.1:1", "http://[bad", "https://films.example.org", ""):
        assert not same_origin(origin, ["127.0.0.1:7860", "films.example"])
