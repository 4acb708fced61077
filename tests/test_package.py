"""The wheel and the source archive hold what they should, as `python -m build` makes them: the one from the other."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = [ROOT / folder for folder in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]]
APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
"""The sha256 of the licence's text as its authors publish it."""


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source archive, unpacked."""
    folder = tmp_path_factory.mktemp("sdist")
    (archive,) = _build("sdist", ROOT, folder / "made").glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that the source archive gives, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    (archive,) = _build("wheel", sdist, folder / "made").glob("*.whl")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder / "unpacked")
    return folder / "unpacked"


def _build(what: str, source: Path, into: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", what, "--directory", str(into)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return into


def _files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def _metadata(wheel: Path) -> Message:
    (path,) = wheel.glob("*.dist-info/METADATA")
    return Parser().parsestr(path.read_text(encoding="utf-8"))


def test_the_source_archive_holds_every_file_of_the_project_so_that_its_tests_run(sdist: Path) -> None:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("this is no clone, so git cannot list the project's files")
    listed = [git, "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert set(_files(sdist)) == {name for name in names if (ROOT / name).is_file()} | {"PKG-INFO"}


def test_the_wheel_holds_every_file_of_each_package_and_nothing_beside(wheel: Path) -> None:
    packed = {name: content for name, content in _files(wheel).items() if ".dist-info/" not in name}
    expected = {f"{package.name}/{name}": content for package in PACKAGES for name, content in _files(package).items()}
    assert packed == expected


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_each_package_says_that_it_is_typed(package: Path) -> None:
    assert (package / "py.typed").is_file()


def test_the_licence_is_stated_and_comes_along(wheel: Path) -> None:
    metadata = _metadata(wheel)
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata.get_all("License-File") == ["LICENSE", "NOTICE"]
    (licences,) = wheel.glob("*.dist-info/licenses")
    assert hashlib.sha256((licences / "LICENSE").read_bytes()).hexdigest() == APACHE_2
    assert (licences / "NOTICE").read_bytes() == (ROOT / "NOTICE").read_bytes()


@pytest.mark.parametrize("command", PROJECT["project"]["scripts"])
def test_each_command_of_the_wheel_answers_from_the_wheel_alone(command: str, wheel: Path) -> None:
    (points,) = wheel.glob("*.dist-info/entry_points.txt")
    (target,) = re.findall(rf"^{command} = (.+)$", points.read_text(encoding="utf-8"), flags=re.MULTILINE)
    module, _, function = target.partition(":")
    code = f"from {module} import {function}; import {module} as m; print(m.__file__); {function}(['--help'])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(wheel)},
        cwd=wheel,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(wheel))
    assert f"usage: {command} " in done.stdout
