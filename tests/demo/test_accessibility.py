"""The page's main views under axe-core, Deque's accessibility rules: nothing serious, in light and in dark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RUN = "part => axe.run(part, { resultTypes: ['violations'] })"

GRAVE = {"serious", "critical"}


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, from the Python package that has it."""
    package = pytest.importorskip("axe_playwright_python", reason="axe-core comes with the dev extra")
    return (Path(str(package.__file__)).parent / "axe.min.js").read_text(encoding="utf-8")


def _grave(page: Page, axe: str, part: str = "body") -> list[tuple[str, str]]:
    """Which serious rules a part of the page breaks, each with the first element that does."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate(RUN, part)["violations"]
    return [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found if rule["impact"] in GRAVE]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_view_breaks_a_serious_rule(
    browser: Browser, address: str, axe: str, scheme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
    page.set_default_timeout(60_000)
    page.goto(address)
    page.locator(".mt-row").first.wait_for()
    assert _grave(page, axe) == []
    page.get_by_role("button", name="Filters").click()
    for tab in ("Write", "Rate", "Poster", "Import", "Click"):
        page.locator("#mt-tabs").get_by_role("tab", name=tab).click()
        assert _grave(page, axe, "#mt-form") == []
    page.locator(".mt-brick").first.click()
    for model in ("hybrid", "clip"):
        page.locator(f'[data-model="{model}"] .mt-match').first.wait_for(state="attached")
    assert _grave(page, axe, "#mt-page") == []
    page.locator('[data-model="hybrid"] .mt-open').first.click()
    page.locator(".mt-why dt").nth(5).wait_for()
    assert _grave(page, axe, ".mt-dialog") == []
    page.keyboard.press("Escape")
    for view, there in (("Compare", ".mt-heat"), ("Map", ".mt-atlas-list button"), ("Poster lab", "#mt-lab-poster")):
        page.locator("#mt-views").get_by_role("tab", name=view).click()
        page.locator(there).first.wait_for()
        assert _grave(page, axe, "#mt-picks") == []
    page.close()
