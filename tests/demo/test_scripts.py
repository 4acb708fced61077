"""The page's scripts: strict, each used, and without complaints of a linter or the browser."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.conftest import ROOT

from matinee_demo.assets import STATIC, script

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SCRIPTS = sorted(path.name for path in STATIC.glob("*.js"))
PARSE = "code => new Function('element', 'props', 'server', 'trigger', 'watch', code) instanceof Function"
"""As gradio does: the code becomes the body of a function with these arguments."""


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_is_strict(name: str) -> None:
    assert (STATIC / name).read_text(encoding="utf-8").startswith('"use strict";\n//')


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_is_used(name: str) -> None:
    package = STATIC.parent
    assert any(f'"{name}"' in path.read_text(encoding="utf-8") for path in package.glob("*.py"))


@pytest.mark.browser
def test_the_browser_can_read_every_script(browser: Browser) -> None:
    page = browser.new_page()
    assert [name for name in SCRIPTS if not page.evaluate(PARSE, script(name))] == []
    assert page.evaluate(PARSE, script(*SCRIPTS))
    page.close()


def test_the_linter_finds_nothing() -> None:
    oxlint = shutil.which("oxlint", path=Path(sys.executable).parent)
    if oxlint is None:
        pytest.skip("oxlint is not installed; it comes with the dev extra")
    command = [oxlint, "--config", str(ROOT / "demo" / ".oxlintrc.json"), "--deny-warnings", str(STATIC)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
