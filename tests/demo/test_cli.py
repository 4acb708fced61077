"""The `matinee-demo` command."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.request import urlopen

import pytest

from matinee.bundle import Bundle
from matinee.errors import BadInputError
from matinee_demo import cli

pytestmark = pytest.mark.slow

Serve = Callable[[Path, Path], AbstractContextManager[tuple[subprocess.Popen[str], str]]]


def test_a_folder_without_a_bundle_is_refused_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--bundle", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_without_gradio_the_extra_to_install_is_named(
    small_bundle: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "find_spec", lambda name: None)
    assert cli.main(["--bundle", str(small_bundle)]) == 2
    assert 'pip install "matinee[demo]"' in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # gradio leaves event loops open
def test_a_taken_port_is_refused_in_one_line(small_bundle: Path, leftovers: None) -> None:
    from matinee_demo.serve import served
    from matinee_demo.service import Service

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(BadInputError, match=rf"port {port}: in use, .*--port$"),
            served(Service(Bundle.open(small_bundle)), port=port),
        ):
            pass


@pytest.mark.slow
def test_a_program_reads_where_the_page_is(small_bundle: Path) -> None:
    command = [sys.executable, "-m", "matinee_demo.cli", "--bundle", str(small_bundle), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        with urlopen(said["address"]) as answer:
            assert b"Matinee" in answer.read()
        process.terminate()
    assert said["bundle"] == str(small_bundle)


@pytest.mark.slow
def test_it_serves_until_ctrl_c_and_leaves_nothing_behind(small_bundle: Path, tmp_path: Path, serve: Serve) -> None:
    with serve(small_bundle, tmp_path) as (process, address):
        with urlopen(address) as answer:
            assert b"Matinee" in answer.read()
        assert list(tmp_path.glob("matinee-*"))
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == -signal.SIGINT
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []
