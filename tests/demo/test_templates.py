"""HTML from templates: escaped, complete, without the templates' line breaks, and in the package."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from tests.conftest import ROOT

from matinee_demo.assets import STATIC, script
from matinee_demo.templates import HTML, TEMPLATES, alert, render

FILES = sorted(path.name for path in HTML.iterdir())


@pytest.mark.parametrize("name", FILES)
def test_every_template_can_be_read_and_turns_no_escaping_off(name: str) -> None:
    source = (HTML / name).read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape|Markup", source)
    assert TEMPLATES.get_template(name).environment.autoescape is True


def test_markup_and_lone_surrogates_in_a_value_become_text() -> None:
    assert alert('<b title="x">\ud800\'') == ('<p class="mt-alert" role="alert">&lt;b title=&#34;x&#34;&gt;?&#39;</p>')


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="words"):
        render("hint.html")


def test_line_breaks_lay_a_template_out_and_are_no_part_of_the_page() -> None:
    text = "<p>\n  {% if true %}\n  <b>one</b>\n  {% endif %}\n  two\n  words\n</p>\n"
    assert TEMPLATES.from_string(text).render() == "<p><b>one</b>two words</p>"


def test_a_line_break_in_a_value_is_kept() -> None:
    assert TEMPLATES.from_string("<p>{{ words }}</p>").render(words="one\n<two") == "<p>one\n&lt;two</p>"


def test_several_scripts_become_one_that_keeps_their_names_apart() -> None:
    both = script("detail.js", "combobox.js")
    assert both.count("(() => {\n") == both.count("\n})();") == 2


def test_a_wheel_holds_every_template_script_and_style(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="what builds the package comes with the build group")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.iterdir()
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    for folder in (HTML, STATIC):
        assert {f"matinee_demo/{folder.name}/{path.name}" for path in folder.iterdir()} <= held
