"""The whole flow with the keyboard alone, on the built-in sample: no mouse, no click by script."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.demo.visiting import Visit, visiting

from matinee.bundle import Bundle
from matinee.recommender import Recommender
from matinee.taste import Review, Taste
from matinee_demo.answers import PICKS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Serve = Callable[..., AbstractContextManager[tuple[Any, str]]]

WORDS = "A slow, rainy detective story with a twist."
HERE = "selector => document.activeElement.matches(selector)"
STOPS = 90
"""Presses of Tab that reach anything from anywhere."""

IS_NOT_FIRST = "title => document.querySelector('[data-model=hybrid] .mt-open')?.innerText !== title"
FROM_1990 = """() => {
    const years = [...document.querySelectorAll('[data-model] .mt-facts span:first-child:not(.mt-score)')];
    return years.length > 0 && years.every(span => Number(span.innerText) >= 1990);
}"""


def _go(visit: Visit, selector: str, key: str = "Tab") -> None:
    """Press Tab until the focus is on what `selector` describes."""
    for _ in range(STOPS):
        if visit.page.evaluate(HERE, selector):
            return
        visit.page.keyboard.press(key)
    raise AssertionError(f"{STOPS} times {key} do not reach {selector}")


def _press(visit: Visit, selector: str, *keys: str) -> None:
    _go(visit, selector)
    for key in keys:
        visit.page.keyboard.press(key)


def test_the_whole_flow_works_by_keyboard(sample_bundle: Path, serve: Serve, browser: Browser, tmp_path: Path) -> None:
    picks = Recommender(Bundle.open(sample_bundle)).recommend(Taste((Review(WORDS),)), k=PICKS)
    with serve(sample_bundle, tmp_path) as (_, address), visiting(browser, address) as visit:
        _walk(visit, {model: [pick.movie.id for pick in some] for model, some in picks.items()})


def _walk(visit: Visit, first: dict[str, list[str]]) -> None:
    page = visit.page
    _press(visit, "[data-tab-id=write]", "Enter")
    _go(visit, "#mt-review textarea")
    page.keyboard.type(WORDS)
    _press(visit, "#mt-add-review", "Enter")
    visit.shows(first)

    _go(visit, "[data-tab-id=rate]", "Shift+Tab")
    page.keyboard.press("Enter")
    _go(visit, "#mt-rate-film input")
    page.keyboard.type("alie")
    page.locator("#mt-rate-film-list li", has_text="Alien (1979)").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    _press(visit, "#mt-add-rating", "Enter")
    page.locator(".mt-taste li", has_text="Alien (1979) ★ 8").wait_for()
    _go(visit, "#mt-taste [data-act=undo]")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.mt-taste li').length === 1")
    page.wait_for_function(HERE, arg="#mt-taste [data-act=undo]")  # the focus is where it was

    visit.shows(first)

    _go(visit, "[data-model=hybrid] .mt-open")
    title = visit.titles("hybrid")[0]
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=title)
    dialog.locator(".mt-why dt").nth(5).wait_for()
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.innerText") == title

    _press(visit, "[data-model=hybrid] [data-said=liked]", "Enter")
    page.locator(".mt-taste li", has_text=title).wait_for()
    page.wait_for_function(IS_NOT_FIRST, arg=title)
    page.wait_for_function(HERE, arg="[data-model=hybrid] [data-said=liked]")  # of the film that took its place

    _go(visit, "#mt-filters button", "Shift+Tab")
    page.keyboard.press("Enter")
    _go(visit, "[placeholder=any]")
    page.keyboard.type("1990")
    page.keyboard.press("Enter")
    page.wait_for_function(FROM_1990)
    _go(visit, "#mt-taste [data-kind=link]", "Shift+Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Anyone who opens it gets this taste").wait_for()
    assert "#taste=" in page.get_by_label("Link to this taste").input_value()
