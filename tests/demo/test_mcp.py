"""The page as an MCP server: the endpoints are tools, over streamable HTTP, for the official client."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from matinee_demo import cli

if TYPE_CHECKING:
    from mcp import ClientSession

pytestmark = pytest.mark.slow

NEEDED = 'an MCP server needs: pip install "matinee[mcp]"'

T = TypeVar("T")
Serve = Callable[..., AbstractContextManager[tuple[Any, str]]]


@pytest.fixture(scope="module")
def tools(small_bundle: Path, serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the MCP server of the small bundle's page answers."""
    pytest.importorskip("mcp", reason=NEEDED)
    with serve(small_bundle, tmp_path_factory.mktemp("mcp"), "--mcp") as (_, address):
        yield f"{address}gradio_api/mcp/"


def _ask(address: str, question: Callable[[ClientSession], Awaitable[T]]) -> T:
    """Connect as a client, ask, and close."""
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def asked() -> T:
        async with streamable_http_client(address) as (read, write, _), ClientSession(read, write) as session:
            await session.initialize()
            return await question(session)

    with ThreadPoolExecutor(1) as alone:  # the browser's driver may keep a loop running in this thread
        return alone.submit(lambda: asyncio.run(asked())).result()


def _recommend(arguments: dict[str, Any]) -> Callable[[ClientSession], Awaitable[Any]]:
    return lambda session: session.call_tool("recommend", arguments)


def _said(answer: Any) -> str:  # noqa: ANN401 - the client's own type, which is not there without the extra
    return str(answer.content[0].text)


def test_the_endpoints_are_its_only_tools_and_say_what_they_do(tools: str) -> None:
    listed = _ask(tools, lambda session: session.list_tools()).tools
    assert {tool.name for tool in listed} == {"recommend", "more_like", "find_movies", "about"}
    (recommend,) = [tool for tool in listed if tool.name == "recommend"]
    assert str(recommend.description).startswith("Recommend movies for a taste")
    assert (
        recommend.inputSchema["properties"]["review"]["description"] == "What you thought of a film, in your own words."
    )


def test_a_taste_is_answered_with_picks(tools: str) -> None:
    taste = {"review": "a scary ghost story", "ratings": [{"movie": "Stalker (1979)", "rating": 9}], "k": 2}
    answer = _ask(tools, _recommend(taste))
    assert not answer.isError
    for word in ("'hybrid'", "'clip'", "'reason'", "tt"):
        assert word in _said(answer)


def test_a_poster_comes_as_a_data_address_and_never_from_an_address(tools: str, small_bundle: Path) -> None:
    file = next((small_bundle / "posters").iterdir())
    data = "data:image/jpeg;base64," + b64encode(file.read_bytes()).decode("ascii")
    given = {"model": "resnet50", "k": 1}
    assert not _ask(tools, _recommend({"poster": data, **given})).isError
    for address in (tools, f"{tools}../../posters/tt0017136.jpg", "file:///etc/passwd", str(file)):
        refused = _ask(tools, _recommend({"poster": address, **given}))
        assert refused.isError
        assert "uploaded file" in _said(refused)


def test_a_mistake_is_answered_with_one_sentence(tools: str) -> None:
    answer = _ask(tools, _recommend({"review": "x", "model": "gpt"}))
    assert answer.isError
    assert _said(answer).startswith("no model is called 'gpt'")


def test_without_the_package_the_extra_to_install_is_named(
    small_bundle: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "find_spec", lambda name: None if name == "mcp" else name)
    assert cli.main(["--bundle", str(small_bundle), "--mcp"]) == 2
    assert 'pip install "matinee[mcp]"' in capsys.readouterr().err


def test_a_program_reads_where_the_tools_are(small_bundle: Path) -> None:
    pytest.importorskip("mcp", reason=NEEDED)
    command = [sys.executable, "-m", "matinee_demo.cli", "--bundle", str(small_bundle), "--mcp", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        process.terminate()
    assert said["mcp"] == f"{said['address']}gradio_api/mcp/"
