"""The folder of a Space: complete, small enough, the same every time, and one that runs as it is."""

from __future__ import annotations

import filecmp
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.conftest import ROOT
from tests.demo.visiting import status

from matinee.errors import BadInputError, BuildError, BundleError
from matinee.manifest import MARKER
from matinee_demo import cli
from matinee_demo.space import REQUIREMENTS, folder, write_space

pytestmark = pytest.mark.slow

COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
REVISION = "0123456789abcdef0123456789abcdef01234567"
FRESH = "MATINEE_FRESH_SPACE"


@pytest.fixture(scope="module")
def space(small_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Space of the small bundle."""
    pytest.importorskip("gradio")
    return write_space(small_bundle, tmp_path_factory.mktemp("space") / "space").path


def _files(path: Path) -> set[str]:
    return {file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file()}


def _settings(space: Path) -> dict[str, object]:
    yaml = pytest.importorskip("yaml")
    _, head, _ = (space / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    settings: dict[str, object] = yaml.safe_load(head)
    return settings


@contextmanager
def _running(space: Path, python: str = sys.executable, **environment: str) -> Iterator[str]:
    """Run app.py as a Space does, with only its folder to import Matinee from; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    proxies = {"no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    settings = {"GRADIO_SERVER_PORT": str(port), "PYTHONDONTWRITEBYTECODE": "1", **proxies, **environment}
    command, pipe = [python, "app.py"], subprocess.PIPE
    with subprocess.Popen(
        command, cwd=space, env={**inherited, **settings}, stdout=pipe, stderr=pipe, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            said = process.stdout.readline()
            assert said.startswith("Matinee answers at http://"), process.stderr.read()
            yield said.split()[-1]
        finally:
            process.terminate()


def _picks(address: str) -> dict[str, list[dict[str, object]]]:
    from gradio_client import Client

    client = Client(address, verbose=False, analytics_enabled=False)
    picks: dict[str, list[dict[str, object]]] = client.predict(review="a scary film", k=2, api_name="/recommend")
    return picks


def test_it_holds_the_packages_the_bundle_and_what_the_hub_reads(space: Path, small_bundle: Path) -> None:
    files = _files(space)
    assert {"README.md", "app.py", "requirements.txt", "packages.txt", ".gitattributes"} <= files
    assert {
        "matinee/__init__.py",
        "matinee_demo/page.py",
        "matinee_demo/static/style.css",
        "matinee_demo/html/row.html",
        "matinee_demo/space/app.py",
    } <= files
    assert {f"bundle/{name}" for name in _files(small_bundle)} <= files
    assert not [name for name in files if "__pycache__" in name or name.endswith(".pyc") or "test" in name]


def test_the_source_in_it_comes_with_its_licence(space: Path) -> None:
    assert (space / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert (space / "NOTICE").read_bytes() == (ROOT / "NOTICE").read_bytes()


def test_its_settings_are_valid_on_the_hub(space: Path) -> None:
    settings = _settings(space)
    assert settings["sdk"] == "gradio"
    assert settings["sdk_version"] == version("gradio")
    assert settings["python_version"] == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert (space / str(settings["app_file"])).is_file()
    assert {settings["colorFrom"], settings["colorTo"]} <= COLOURS
    assert len(str(settings["short_description"])) <= 60
    assert re.fullmatch(r"\W", str(settings["emoji"]))
    assert "preload_from_hub" not in settings


def test_it_requires_what_the_runtime_does_in_the_versions_that_were_tested(space: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["cpu"]]
    assert sorted(re.split(r"[^\w-]", line)[0] for line in needed) == sorted(REQUIREMENTS)
    lines = (space / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert lines == [f"{name}=={version(name)}" for name in REQUIREMENTS]
    assert "gradio" not in REQUIREMENTS


def test_the_same_bundle_gives_the_same_bytes(space: Path, small_bundle: Path, tmp_path: Path) -> None:
    again = write_space(small_bundle, tmp_path / "again").path
    assert _files(again) == _files(space)
    assert filecmp.cmpfiles(space, again, sorted(_files(space)), shallow=False)[1:] == ([], [])


def test_files_that_are_too_large_for_plain_git_are_declared_for_lfs(
    small_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "LARGEST_PLAIN", 5_000)
    space = write_space(small_bundle, tmp_path / "space").path
    lines = (space / ".gitattributes").read_text(encoding="utf-8").splitlines()
    assert "*.onnx filter=lfs diff=lfs merge=lfs -text" in lines
    named = {line.split('"')[1] for line in lines if line.startswith('"')}
    suffixes = {pattern.removeprefix("*") for pattern in folder.LARGE}
    written = _files(space) - {MARKER}
    large = {f"/{n}" for n in written if (space / n).stat().st_size > 5_000 and Path(n).suffix not in suffixes}
    assert named == large != set()


@pytest.mark.parametrize("kind", ["onnx", "npy", "usearch", "jpg"])
def test_git_itself_takes_the_binary_files_for_lfs(space: Path, tmp_path: Path, kind: str) -> None:
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")
    shutil.copy(space / ".gitattributes", tmp_path)
    subprocess.run([git, "init", "-q", str(tmp_path)], check=True)
    name = next(name for name in _files(space) if name.endswith(kind))
    asked = [git, "-C", str(tmp_path), "check-attr", "filter", name]
    assert subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip().endswith("filter: lfs")


def test_a_folder_that_it_did_not_write_is_left_as_it_is(small_bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BuildError, match=r"is left alone: it holds 'mine\.txt' but no \.matinee"):
        write_space(small_bundle, tmp_path)
    with pytest.raises(BuildError, match="is a file where a folder is to be written"):
        write_space(small_bundle, tmp_path / "mine.txt")
    assert _files(tmp_path) == {"mine.txt"}


def test_an_older_space_is_replaced_but_for_its_history(small_bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "space"
    (out / ".git").mkdir(parents=True)
    (out / ".git" / "HEAD").write_text("ref", encoding="utf-8")
    write_space(small_bundle, out)
    write_space(small_bundle, out, "owner/name@" + "0" * 40)
    assert (out / ".git" / "HEAD").read_text(encoding="utf-8") == "ref"
    assert "bundle/manifest.json" not in _files(out)
    assert {path.name for path in tmp_path.iterdir()} == {"space"}


@pytest.mark.parametrize(
    ("name", "said"), [("notes.txt", "was not written by Matinee"), ("README.md", "was changed since it was written")]
)
def test_a_space_with_something_of_a_persons_in_it_is_left_as_it_is(
    small_bundle: Path, tmp_path: Path, name: str, said: str
) -> None:
    out = write_space(small_bundle, tmp_path / "space").path
    (out / name).write_text("mine", encoding="utf-8")
    with pytest.raises(BuildError, match=f"{name} in it {said}"):
        write_space(small_bundle, out)
    assert (out / name).read_text(encoding="utf-8") == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"space"}


def test_a_damaged_bundle_is_refused_and_nothing_is_written(small_bundle: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "bundle"
    shutil.copytree(small_bundle, damaged)
    next((damaged / "posters").iterdir()).write_bytes(b"x")
    with pytest.raises(BundleError, match="not the file that was written"):
        write_space(damaged, tmp_path / "space")
    assert {path.name for path in tmp_path.iterdir()} == {"bundle"}


def test_a_bundle_that_is_too_large_is_refused_with_the_way_out(
    small_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "LARGEST", 500_000)
    with pytest.raises(BadInputError, match="--model-repo OWNER/NAME@REVISION"):
        write_space(small_bundle, tmp_path / "space")
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_on_the_hub_is_named_with_its_revision_and_left_out(small_bundle: Path, tmp_path: Path) -> None:
    space = write_space(small_bundle, tmp_path / "space", f"someone/films@{REVISION}").path
    preloaded = _settings(space)["preload_from_hub"]
    assert isinstance(preloaded, list)
    (line,) = preloaded
    repo, files, revision = str(line).split(" ")
    assert (repo, revision) == ("someone/films", REVISION)
    assert {"manifest.json", "catalogue.jsonl", "models/als/movies.npy"} <= set(files.split(","))
    assert not [name for name in _files(space) if name.startswith("bundle/")]


@pytest.mark.parametrize("name", ["films", "someone/films", "someone/films@main", f"a/b/c@{REVISION}", f"@{REVISION}"])
def test_a_repository_without_owner_or_commit_is_refused(name: str, small_bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="OWNER/NAME@REVISION"):
        write_space(small_bundle, tmp_path / "space", name)


def test_the_command_says_where_it_is_and_how_to_push_it(
    small_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "space")
    assert cli.main(["space", "--bundle", str(small_bundle), "--out", out]) == 0
    assert f"hf upload OWNER/NAME {out} . --repo-type space" in capsys.readouterr().out
    assert cli.main(["space", "--bundle", str(small_bundle), "--out", out, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["space"] == out
    assert cli.main(["space", "--bundle", str(tmp_path), "--out", out]) == 2


def test_app_py_answers_and_shows_nothing_of_the_folder_but_posters(space: Path) -> None:
    poster = next((space / "bundle" / "posters").iterdir()).stem
    with _running(space) as address:
        assert {len(picks) for picks in _picks(address).values()} == {2}
        assert status(f"{address}posters/{poster}.jpg") == 200
        for path in (
            "app.py",
            "bundle/manifest.json",
            f"bundle/posters/{poster}.jpg",
            "gradio_api/file=app.py",
            "gradio_api/file=README.md",
            "gradio_api/file=bundle/manifest.json",
            f"gradio_api/file=bundle/posters/{poster}.jpg",
            f"gradio_api/file={space}/bundle/catalogue.jsonl",
            "gradio_api/file=matinee_demo/../bundle/manifest.json",
            "posters/..%2F..%2Fapp.py",
        ):
            assert status(address + quote(path, safe="/%=.")) in (403, 404), path


def test_app_py_takes_the_bundle_from_the_hubs_cache_at_its_revision(small_bundle: Path, tmp_path: Path) -> None:
    space = write_space(small_bundle, tmp_path / "space", f"someone/films@{REVISION}").path
    cached = tmp_path / "hf" / "hub" / "models--someone--films" / "snapshots" / REVISION
    shutil.copytree(small_bundle, cached)
    with _running(space, HF_HOME=str(tmp_path / "hf"), HF_HUB_OFFLINE="1") as address:
        assert _picks(address)["bert"]


def test_a_fresh_environment_of_its_requirements_runs_app_py(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if not os.environ.get(FRESH):
        pytest.skip(f"makes an environment from the package index, which takes minutes; {FRESH}=1 runs it")
    space = write_space(request.getfixturevalue("sample_bundle"), tmp_path / "space").path
    venv.create(tmp_path / "venv", with_pip=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    gradio = f"gradio[oauth,mcp]=={_settings(space)['sdk_version']}"
    # In the order of a Space, which also brings its own package of that name.
    subprocess.run([*install, "-r", str(space / "requirements.txt")], check=True)
    subprocess.run([*install, gradio, "spaces"], check=True)
    with _running(space, python) as address:
        assert {len(picks) for picks in _picks(address).values()} == {2}
