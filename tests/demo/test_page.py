"""The page in a real browser: what a visitor tells is answered, and nothing goes wrong or anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MODELS = ["hybrid", "bpr", "als", "bert", "resnet50", "clip"]
NASTY = "Scary ghosts `${document.title=1}` {{this}} <img src=x onerror='document.title=2'>"


wide_and_narrow = pytest.mark.parametrize(
    "visit", [(1280, "light"), (390, "dark")], ids=["wide-light", "narrow-dark"], indirect=True
)


@dataclass
class Visit:
    """One visitor's page, with everything it complained of and every address it asked elsewhere."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def picks(self) -> list[str | None]:
        """Wait until every model has answered; return the models in the order of the page."""
        for model in MODELS:
            self.page.locator(f'[data-model="{model}"] .mt-match').first.wait_for()
        return [row.get_attribute("data-model") for row in self.page.locator("[data-model]").all()]

    def told(self) -> list[str]:
        """What the list of the visitor's taste says."""
        return [line.inner_text() for line in self.page.locator(".mt-told li > span").all()]


@pytest.fixture
def visit(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    width, scheme = getattr(request, "param", (1280, "light"))
    page = browser.new_page(viewport={"width": width, "height": 850}, color_scheme=scheme)
    page.set_default_timeout(20_000)
    visit = Visit(page)
    page.on("console", lambda m: visit.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on(
        "request",
        lambda r: None if r.url.startswith((address, "data:", "blob:")) else visit.elsewhere.append(r.url),
    )
    page.goto(address)
    page.locator(".mt-row").first.wait_for()
    yield visit
    page.close()
    assert visit.complaints == []
    assert visit.elsewhere == []


@wide_and_narrow
def test_the_first_screen_shows_films_data_and_weights_and_fits_the_width(visit: Visit) -> None:
    assert visit.page.title() == "Matinee"
    assert visit.page.locator(".mt-row h2").first.inner_text() == "Most liked here"
    banner = visit.page.locator(".mt-banner").inner_text()
    assert "made-up data" in banner
    assert "untrained weights: its picks mean nothing yet" in banner
    image = visit.page.locator(".mt-cards img").first
    image.evaluate("image => image.decode()")
    assert image.evaluate("image => image.naturalWidth") == 200
    visit.page.get_by_role("button", name="a few ratings").click()
    visit.picks()
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_typed_review_about_a_film_is_answered_by_every_model(visit: Visit) -> None:
    page = visit.page
    page.locator("#mt-review textarea").fill(NASTY)
    page.locator("#mt-review-film input").fill("china")
    page.locator("#mt-review-film-list li").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add review").click()
    assert visit.picks() == MODELS
    assert "on Chinatown (1974)" in visit.told()[0]
    assert NASTY in visit.told()[0]
    assert page.title() == "Matinee"  # the words were shown and not obeyed
    assert page.locator("#mt-review textarea").input_value() == ""


@wide_and_narrow
def test_an_uploaded_poster_is_answered_by_every_model_and_can_be_taken_back(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    Image.linear_gradient("L").convert("RGB").save(tmp_path / "mine.png")
    page.get_by_role("tab", name="Poster").click()
    page.locator("#mt-poster input[type=file]").set_input_files(tmp_path / "mine.png")
    assert visit.picks() == MODELS
    assert visit.told() == ["your poster mine.png"]
    assert page.locator('[data-model="bpr"] .mt-inferred').count() > 0
    page.get_by_role("button", name="Remove your poster mine.png").click()
    page.locator(".mt-nothing").wait_for()
    page.get_by_role("heading", name="Most liked here").wait_for()


def test_a_rating_is_answered_by_every_model(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("tab", name="Rate").click()
    page.locator("#mt-rate-film input").fill("stalker")
    page.locator("#mt-rate-film-list li").first.click()
    page.get_by_role("button", name="Add rating").click()
    assert visit.picks() == MODELS
    assert visit.told() == ["Stalker (1979) ★ 8"]


def test_mistakes_become_one_sentence_and_the_page_goes_on(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    page.get_by_role("button", name="Add review").click()
    page.get_by_text("a review needs some words").wait_for()
    page.get_by_role("tab", name="Poster").click()
    (tmp_path / "bad.jpg").write_bytes(b"not an image")
    page.locator("#mt-poster input[type=file]").set_input_files(tmp_path / "bad.jpg")
    page.get_by_text("is not an image that can be read").wait_for()
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("From year").fill("soon")
    page.get_by_role("button", name="a typed review").click()
    page.get_by_text("a year is a number such as 1995").wait_for()
    page.get_by_label("From year").fill("1980")
    page.get_by_role("button", name="Apply filters").click()
    assert visit.picks() == MODELS
    assert page.locator(".mt-alert").count() == 0
    years = [int(year) for year in page.locator(".mt-facts span:first-child").all_inner_texts()]
    assert min(years) >= 1980


def test_each_visitor_has_a_taste_of_their_own_and_it_ends_with_the_visit(visit: Visit) -> None:
    visit.page.get_by_role("button", name="a few ratings").click()
    visit.picks()
    assert len(visit.told()) == 3
    visit.page.reload()
    visit.page.locator(".mt-nothing").wait_for()
    assert visit.page.locator(".mt-row h2").first.inner_text() == "Most liked here"
