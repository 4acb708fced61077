"""The documents are true: their Python runs as it stands, their commands work, and what they list is what there is."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
import tomllib
from argparse import ArgumentParser
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.benchmarks.__main__ import build_parser as bench_parser
from tests.conftest import ROOT
from tests.demo.conftest import serving
from tests.fuzz.area import AREAS

from matinee.cli import build_parser
from matinee.manifest import FORMAT
from matinee_demo.cli import build_parser as demo_parser
from matinee_export.cli import build_parser as export_parser
from matinee_export.encoders.quantization.variants import AUTO, PRECISIONS
from matinee_export.encoders.selection.check import THRESHOLDS
from matinee_export.encoders.selection.select import CLEARLY

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "artifacts" / "README.md"])
PARSERS = {"matinee": build_parser, "matinee-export": export_parser, "matinee-demo": demo_parser}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


class Block(NamedTuple):
    """A fenced block of a document."""

    page: str
    language: str
    text: str


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(language: str) -> list[Block]:
    fence = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)
    pages = [path.relative_to(ROOT).as_posix() for path in DOCUMENTS]
    found = [Block(page, *match.groups()) for page in pages for match in fence.finditer(text_of(page))]
    return [block for block in found if block.language == language]


def commands(*programs: str) -> list[list[str]]:
    """The command lines of all documents that begin with one of `programs`, each once; of all where none is named."""
    lines = [line[2:] for block in blocks("console") for line in block.text.splitlines() if line.startswith("$ ")]
    split = [shlex.split(line) for line in dict.fromkeys(lines)]
    return [words for words in split if not programs or words[0] in programs]


def first_column(page: str, heading: str) -> list[str]:
    """What stands in backticks in the first column of the table under a heading."""
    section = text_of(page).split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    cells = [line.split("|")[1] for line in section.replace(r"\|", "/").splitlines() if line.startswith("|")]
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


def test_readme_is_read_in_a_few_minutes() -> None:
    assert len(text_of("README.md").splitlines()) <= 130


@pytest.mark.parametrize("block", [b for b in blocks("python") if "http://" not in b.text], ids=lambda b: b.page)
def test_python_runs_as_it_stands(block: Block, sample_bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "artifacts" / "sample").symlink_to(sample_bundle)
    done = subprocess.run([sys.executable, "-c", block.text], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    models = ["bpr", "als", "bert", "resnet50", "clip", "hybrid"]
    assert [line.split()[0] for line in done.stdout.splitlines()] == models


@pytest.mark.parametrize("block", [b for b in blocks("python") if "http://" in b.text], ids=lambda b: b.page)
def test_python_that_asks_the_page_is_answered(block: Block, sample_bundle: Path, tmp_path: Path) -> None:
    with serving(sample_bundle, tmp_path) as (_, address):
        code = block.text.replace("http://127.0.0.1:7860", address)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(ast.literal_eval(done.stdout.splitlines()[-1])) == 3


@pytest.mark.parametrize("words", commands("matinee"), ids=" ".join)
def test_each_matinee_command_works_on_the_sample(words: list[str], sample_bundle: Path) -> None:
    command = [sys.executable, "-m", "matinee.cli", *words[1:], "--bundle", str(sample_bundle)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("words", commands("matinee-export", "matinee-demo"), ids=" ".join)
def test_every_other_command_of_ours_is_one_that_the_program_takes(words: list[str]) -> None:
    PARSERS[words[0]]().parse_args(words[1:])


@pytest.mark.parametrize("words", commands("make"), ids=" ".join)
def test_make_knows_what_to_do_for_every_target_and_help_lists_it(words: list[str]) -> None:
    target = words[1]
    dry = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert dry.returncode == 0, dry.stderr
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.search(rf"^make {target} +\w", listed, flags=re.MULTILINE)


@pytest.mark.parametrize("words", commands("pytest"), ids=" ".join)
def test_pytest_is_pointed_at_folders_markers_and_options_that_there_are(
    words: list[str], request: pytest.FixtureRequest
) -> None:
    assert [word for word in words if "/" in word and not (ROOT / word).exists()] == []
    markers = {line.partition(":")[0] for line in request.config.getini("markers")}
    expressions = [expression for option, expression in pairwise(words) if option == "-m"]
    assert set(re.findall(r"\w+", " ".join(expressions))) - {"not", "and", "or"} <= markers
    for option in [word for word in words if word.startswith("--")]:
        request.config.getoption(option)  # raises where there is none


def test_no_command_is_of_a_kind_that_nothing_here_tries() -> None:
    tried = {*PARSERS, "make", "pip", "pytest"}
    assert [words for words in commands() if words[0] not in tried] == [fuzz_command()]


def fuzz_command() -> list[str]:
    (words,) = commands("python")
    return words


def test_the_page_of_guards_fuzzes_every_area_there_is_and_counts_it() -> None:
    words = fuzz_command()
    assert words[:3] == ["python", "-m", "tests.fuzz"]
    assert words[-len(AREAS) :] == list(AREAS)
    assert set(AREAS) < set(re.findall(r"^\| (\w+) \|", text_of("docs/security.md"), flags=re.MULTILINE))


def test_every_extra_that_pip_is_to_install_is_one_of_the_project() -> None:
    named = [
        extra
        for path in DOCUMENTS
        for extra in re.findall(r'"(?:matinee|\.)\[([\w,]+)\]"', path.read_text(encoding="utf-8"))
    ]
    assert {extra for names in named for extra in names.split(",")} <= set(PROJECT["optional-dependencies"])
    assert len(named) > 5


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_option_it_names_is_one_of_a_program(path: Path) -> None:
    helps = [help_of(parser()) for parser in (*PARSERS.values(), bench_parser)]
    known = set(re.findall(r"--[a-z0-9-]+", "".join(helps)))
    text = re.sub(r"^\$ (?:python|pytest) .*", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", text)) <= known


def help_of(parser: ArgumentParser) -> str:
    """The help of a program and of each of its commands."""
    commands = [action.choices for action in parser._actions if isinstance(action.choices, dict)]
    return parser.format_help() + "".join(sub.format_help() for choices in commands for sub in choices.values())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_page_of_the_project_leads_to_it_and_to_a_heading_of_it(path: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", path.read_text(encoding="utf-8")):
        page = path.parent / target if target else path
        assert page.exists(), target
        assert not anchor or anchor in anchors(page), f"{target}#{anchor}"


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_can_be_found() -> None:
    for path in (ROOT / "docs").glob("*.md"):
        assert path.name == "README.md" or f"({path.name})" in text_of("docs/README.md"), path.name
    for path in ROOT.glob("*.md"):
        assert path.name == "README.md" or f"({path.name})" in text_of("README.md"), path.name


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_of_the_project_that_it_names_exists(path: Path) -> None:
    named = re.findall(r"`((?:runtime|export|demo|tests|requirements)/[\w./-]*)`", path.read_text(encoding="utf-8"))
    assert [name for name in named if "NAME" not in name and not (ROOT / name).exists()] == []


def test_every_folder_of_the_readmes_tree_exists_with_the_files_named_beside_it() -> None:
    assert (ROOT / "demo" / "screenshot.png").stat().st_size < 2_000_000
    (tree,) = [block.text for block in blocks("") if block.page == "README.md"]
    for line in tree.splitlines():
        folder, inside = line.split(maxsplit=1)
        assert (ROOT / folder).is_dir(), folder
        for name in re.findall(r"\b[a-z_]+(?:\.py|/)", inside):
            assert (ROOT / folder / name).exists(), f"{folder}{name}"


def test_the_page_of_bundles_describes_every_file_of_one(sample_bundle: Path) -> None:
    named = first_column("docs/bundle.md", "The format")
    described = re.compile("|".join(re.escape(name).replace("NAME", r"\w+").replace("ID", r"tt\d+") for name in named))
    files = [path.relative_to(sample_bundle).as_posix() for path in sample_bundle.rglob("*") if path.is_file()]
    assert [name for name in files if not described.fullmatch(name.removesuffix(".data"))] == []


def test_the_page_of_bundles_states_the_format_that_is_written_and_the_changelog_lists_it_first() -> None:
    assert f"This is format {FORMAT};" in text_of("docs/bundle.md")
    formats = re.findall(r"^\| (\d+) \| (\S+)", text_of("CHANGELOG.md"), flags=re.MULTILINE)
    assert [int(number) for number, _ in formats] == list(range(FORMAT, 0, -1))
    assert f"\n## {PROJECT['version']}" in text_of("CHANGELOG.md")


def test_the_page_of_precisions_names_each_and_every_threshold_as_it_is() -> None:
    page = text_of("docs/precisions.md")
    assert set(first_column("docs/precisions.md", "Which form of a network is shipped")) == {*PRECISIONS} - {AUTO}
    assert f"at least {CLEARLY} times as fast" in page
    assert f"a mean cosine of at least {THRESHOLDS['cosine']} " in page
    assert f"at least {THRESHOLDS['overlap']:.0%} of the ten".replace("%", " %") in page
    assert f"(cosine at least {THRESHOLDS['batch_cosine']})" in page
