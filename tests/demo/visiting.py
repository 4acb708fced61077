"""A visitor of the page in a real browser: what a test does and sees, and any error or request to another server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.error import HTTPError
from urllib.request import urlopen

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Scheme = Literal["light", "dark"]
MODELS = ["hybrid", "bpr", "als", "bert", "resnet50", "clip"]
NAMES = ["Hybrid", "BPR", "ALS", "BERT", "ResNet50", "CLIP"]
SHOWS = """wanted => Object.entries(wanted).every(([model, ids]) => ids.join() ===
    [...document.querySelectorAll(`[data-model="${model}"] .mt-open`)].map(button => button.dataset.movie).join())"""


@dataclass
class Visit:
    """One visitor's page, with its errors and its requests to other servers."""

    page: Page
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def picks(self) -> list[str | None]:
        """Wait until every model has answered; return the models in the order of the page."""
        for model in MODELS:
            self.page.locator(f'[data-model="{model}"] .mt-match').first.wait_for(state="attached")
        return [row.get_attribute("data-model") for row in self.page.locator("[data-model]").all()]

    def shows(self, wanted: Mapping[str, Sequence[str]]) -> None:
        """Wait until the rows of models show the films with these ids, in this order."""
        self.page.wait_for_function(SHOWS, arg=wanted)

    def titles(self, model: str) -> list[str]:
        """Titles of a model's picks, best first."""
        return self.page.locator(f'[data-model="{model}"] .mt-open').all_inner_texts()

    def look(self, view: str) -> None:
        """Open another view."""
        self.page.locator("#mt-views").get_by_role("tab", name=view).click()

    def like(self, title: str) -> None:
        """Like a film on the wall, and wait until it is in the taste list."""
        self.page.locator(f'.mt-brick[title^="{title}"]').click()
        self.page.locator(".mt-taste li", has_text=title).wait_for()

    def taste(self) -> list[str]:
        """The lines of the taste list."""
        return [line.inner_text() for line in self.page.locator(".mt-taste li > span").all()]


@contextmanager
def visiting(
    browser: Browser, address: str, link: str = "", width: int = 1280, scheme: Scheme = "light"
) -> Iterator[Visit]:
    """Open the page, by a link to it if one is given; in the end there must be no errors."""
    page = browser.new_page(viewport={"width": width, "height": 850}, color_scheme=scheme, reduced_motion="reduce")
    page.set_default_timeout(60_000)
    visit = Visit(page)
    page.on("console", lambda m: visit.errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.on(
        "request",
        lambda r: None if r.url.startswith((address, "data:", "blob:")) else visit.elsewhere.append(r.url),
    )
    page.goto(link or address)
    page.locator(".mt-row").first.wait_for()
    yield visit
    page.close()
    assert visit.errors == []
    assert visit.elsewhere == []


def status(address: str) -> int:
    """Return the HTTP status of the answer to a GET, an error's too."""
    try:
        with urlopen(address) as answer:
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code
