"""The README is true: its Python runs as it stands, and its commands are ones that exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.fuzz.area import AREAS

from matinee.cli import build_parser
from matinee_demo.cli import build_parser as demo_parser
from matinee_export.cli import build_parser as export_parser

README = (ROOT / "README.md").read_text(encoding="utf-8")
GUARDS = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
PARSERS = {"matinee": build_parser, "matinee-export": export_parser, "matinee-demo": demo_parser}


def blocks(language: str) -> list[str]:
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)
    return [block for name, block in fenced if name == language]


def commands(program: str) -> list[list[str]]:
    lines = [line[2:] for block in blocks("console") for line in block.splitlines() if line.startswith("$ ")]
    return [shlex.split(line)[1:] for line in lines if shlex.split(line)[0] == program]


def test_the_python_example_runs_as_it_stands(sample_bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "artifacts" / "sample").symlink_to(sample_bundle)
    (example,) = blocks("python")
    done = subprocess.run([sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        "bpr",
        "als",
        "bert",
        "resnet50",
        "clip",
        "hybrid",
    ]


@pytest.mark.parametrize("arguments", commands("matinee"), ids=" ".join)
def test_each_matinee_command_works_on_the_sample(arguments: list[str], sample_bundle: Path) -> None:
    command = [sys.executable, "-m", "matinee.cli", *arguments, "--bundle", str(sample_bundle)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("program", PARSERS)
def test_every_command_is_one_that_the_program_takes(program: str) -> None:
    assert commands(program)
    for arguments in commands(program):
        PARSERS[program]().parse_args(arguments)


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target, *_ in commands("make"):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def test_every_file_it_names_exists() -> None:
    assert (ROOT / "demo" / "screenshot.png").stat().st_size < 2_000_000
    (tree,) = [block for block in blocks("") if "build.py" in block]
    for folder, inside in re.findall(r"^(\S+/)(.*(?:\n    .*)*)", tree, flags=re.MULTILINE):
        for name in re.findall(r"\b[a-z_]+\.py\b", inside):
            assert (ROOT / folder / name).is_file(), f"{folder}{name}"


def test_every_link_to_a_file_of_the_project_leads_to_one() -> None:
    for page in ("README.md", "SECURITY.md", "docs/security.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)\)", text):
            assert ((ROOT / page).parent / target).exists(), f"{page}: {target}"


def test_the_page_of_guards_names_every_area_that_is_fuzzed_and_only_options_there_are() -> None:
    (line,) = [line for line in GUARDS.splitlines() if line.startswith("$ python -m tests.fuzz")]
    assert shlex.split(line)[-len(AREAS) :] == list(AREAS)
    assert all(f"| {area} |" in GUARDS for area in AREAS)
    for option in re.findall(r"`(--[a-z-]+)`", GUARDS):
        assert option in "".join(parser().format_help() for parser in PARSERS.values()) or option == "--out", option
