"""The lock files hold all that `make demo` and `make test` install, on every platform, each file by its sha256."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from requirements.lock import Entry, read

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FILES = sorted((ROOT / "requirements").glob("*.txt"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))

DEMO = ["cpu", "demo", "export"]
TEST = [*DEMO, "mcp", "ray", "dev"]

Environment = dict[str, str]


def environment(python: str, system: str, machine: str) -> Environment:
    """What markers are read with there."""
    here = {name: str(value) for name, value in default_environment().items()}
    there = {"python_version": python, "python_full_version": f"{python}.1", "sys_platform": system}
    systems = {"linux": "Linux", "darwin": "Darwin"}
    return {**here, **there, "platform_machine": machine, "platform_system": systems[system], "extra": ""}


ENVIRONMENTS = [
    pytest.param(environment(python, system, machine), id=f"{python}-{system}-{machine}")
    for python in ("3.11", "3.12", "3.13", "3.14")
    for system, machine in (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"))
]


def locked(names: list[str], where: Environment) -> dict[str, Version]:
    """The versions of the packages that the lock files in `names` hold for an environment."""
    found: dict[str, Version] = {}
    for requirement in (Requirement(entry.requirement) for name in names for entry in entries(name)):
        if applies(requirement, where):
            assert requirement.name not in found, f"{requirement.name} is locked twice"
            (pin,) = requirement.specifier
            assert pin.operator == "=="
            found[requirement.name] = Version(pin.version)
    return found


def entries(name: str) -> list[Entry]:
    return list(read((ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")))


def applies(requirement: Requirement, where: Environment) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(where)


def asked_for(extras: list[str]) -> Iterator[Requirement]:
    """What pyproject.toml asks for itself, for some extras and for building."""
    project, build = PROJECT["project"], PROJECT["dependency-groups"]["build"]
    options = project["optional-dependencies"]
    yield from map(
        Requirement, [*project["dependencies"], *build, *(line for extra in extras for line in options[extra])]
    )


def missing(wanted: Iterator[Requirement], versions: dict[str, Version], where: Environment) -> list[str]:
    """Which of the requirements that apply somewhere are not met by the versions that are locked."""
    return [
        str(requirement)
        for requirement in wanted
        if applies(requirement, where)
        and not requirement.specifier.contains(versions.get(canonicalize_name(requirement.name), Version("0.dev0")))
    ]


@pytest.mark.parametrize("where", ENVIRONMENTS)
@pytest.mark.parametrize("torch", ["torch", "torch-cpu"])
def test_the_lock_files_hold_all_that_pyproject_asks_for_at_versions_that_it_admits(
    torch: str, where: Environment
) -> None:
    assert missing(asked_for(DEMO), locked(["demo", torch], where), where) == []
    assert missing(asked_for(TEST), locked(["demo", torch, "test"], where), where) == []


def test_the_tools_are_locked_too() -> None:
    where = environment("3.11", "linux", "x86_64")
    tools = map(Requirement, PROJECT["dependency-groups"]["tools"])
    assert missing(tools, locked(["tools"], where), where) == []


def test_what_a_locked_package_needs_is_locked_as_pip_is_told_to_install_nothing_else() -> None:
    where = {name: str(value) for name, value in default_environment().items()} | {"extra": ""}
    versions = locked(["demo", "torch-cpu", "test"], where)
    for name in versions:
        try:
            needed = [Requirement(line) for line in requires(name) or ()]
        except PackageNotFoundError:
            continue
        # A CUDA build of torch states what stands in torch.txt.
        with_torch = locked(["demo", "torch", "test"], where) if name == "torch" else versions
        assert missing(iter(needed), with_torch, where) == [], name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_package_is_pinned_with_hashes_and_nothing_names_a_place_to_fetch_from(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert all(entry.hashes for entry in read(text))
    entry = r"[\w-]+==\S+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|    # for [\w., -]+"
    other = r"# [^:]+: written by requirements/lock.py \(make lock\)\.|--only-binary :all:|--no-binary hnswlib"
    assert [line for line in text.splitlines() if not re.fullmatch(f"{entry}|{other}", line)] == []
    assert "--only-binary :all:" in text
    assert len(text) < 2_000_000


def test_the_two_locks_of_torch_are_of_one_version() -> None:
    (on_cpu,) = entries("torch-cpu")
    from_index = [entry for entry in entries("torch") if entry.name == "torch"]
    assert [f"{entry.version}+cpu" for entry in from_index] == [on_cpu.version]
    assert not set(on_cpu.hashes) & set(from_index[0].hashes)


@pytest.mark.parametrize("target", [".venv/installed", ".venv/tested", ".venv/tools/installed"])
def test_make_installs_nothing_that_is_not_checked_but_the_project_itself(target: str) -> None:
    recipe = ["make", "--dry-run", "--always-make", target]
    done = subprocess.run(recipe, cwd=ROOT, capture_output=True, text=True, check=True)
    installs = re.findall(r"pip install [^;\n]*", done.stdout)
    assert installs
    for command in installs:
        assert "--no-deps" in command
        assert "--require-hashes" in command or command.endswith("--no-build-isolation --editable ."), command


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_only_read_and_names_each_action_by_its_commit(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert "permissions" not in job
        for step in job["steps"]:
            assert "uses" not in step or re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"])


def test_each_push_is_tested_as_anywhere_and_advisories_are_looked_up_each_week() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    for said in ("push:", "pull_request:", "schedule:", "run: bash .ci/run", "run: make audit"):
        assert said in text
