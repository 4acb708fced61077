"""The page in a real browser: every input is answered, without errors and without requests to other servers."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from tests.demo.visiting import MODELS, NAMES, Scheme, Visit, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NASTY = "Scary ghosts `${document.title=1}` {{this}} <img src=x onerror='document.title=2'>"


TOLD = "[...document.querySelectorAll('.mt-taste li > span')].map(span => span.innerText)"
FIRST = "document.querySelector('[data-model=hybrid] .mt-open')?.innerText"
FIRST_IS, FIRST_IS_NOT = f"title => {FIRST} === title", f"title => {FIRST} !== title"
YEARS_FROM = """year => [...document.querySelectorAll('.mt-facts span:first-child:not(.mt-score)')]
    .every(span => Number(span.innerText) >= year)"""
SHOWS_METROPOLIS = "document.querySelector('#mt-shelves').innerText.includes('Metropolis')"
BERT_IS_NOT = """titles => JSON.stringify([...document.querySelectorAll('[data-model=bert] .mt-open')]
    .map(button => button.innerText)) !== JSON.stringify(titles)"""
NONE_SHOWN = """titles => ![...document.querySelectorAll('[data-model] .mt-open')]
    .some(button => titles.includes(button.innerText))"""
PASTE = """async () => {
    const canvas = new OffscreenCanvas(40, 60);
    canvas.getContext('2d').fillRect(0, 0, 20, 60);
    const data = new DataTransfer();
    data.items.add(new File([await canvas.convertToBlob()], 'pasted.png', { type: 'image/png' }));
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
}"""

FORM_FITS = """(() => {
    const form = document.getElementById('mt-form');
    return [...form.querySelectorAll('#mt-filters, #mt-taste')].every(part =>
        part.getBoundingClientRect().left - form.getBoundingClientRect().left < 2);
})()"""

wide_and_narrow = pytest.mark.parametrize(
    "visit", [(1280, "light"), (390, "dark")], ids=["wide-light", "narrow-dark"], indirect=True
)


@pytest.fixture
def visit(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    param: tuple[int, Scheme] = getattr(request, "param", (1280, "light"))
    width, scheme = param
    with visiting(browser, address, width=width, scheme=scheme) as visit:
        yield visit


@wide_and_narrow
def test_the_first_screen_shows_films_data_and_weights_and_fits_the_width(visit: Visit) -> None:
    assert visit.page.title() == "Matinee"
    assert visit.page.locator(".mt-row h2").first.inner_text() == "Most liked here"
    banner = visit.page.locator(".mt-banner").inner_text()
    assert "made-up data" in banner
    assert "untrained weights: its picks mean nothing yet" in banner
    image = visit.page.locator(".mt-wall img").first
    image.evaluate("image => image.decode()")
    assert image.evaluate("image => image.naturalWidth") == 200
    visit.page.get_by_role("button", name="a few ratings").click()
    visit.picks()
    visit.page.get_by_role("button", name="Filters").click()
    own = visit.page.viewport_size
    assert own is not None
    for width in (360, 768, 2560, own["width"]):
        visit.page.set_viewport_size({"width": width, "height": 850})
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert visit.page.evaluate(FORM_FITS), width


def test_a_typed_review_about_a_film_is_answered_by_every_model(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("tab", name="Write").click()
    page.locator("#mt-review textarea").fill(NASTY)
    page.locator("#mt-review-film input").fill("china")
    page.locator("#mt-review-film-list li").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add review").click()
    assert visit.picks() == MODELS
    assert "on Chinatown (1974)" in visit.taste()[0]
    assert NASTY in visit.taste()[0]
    assert page.title() == "Matinee"  # the words were shown and not obeyed
    assert page.locator("#mt-review textarea").input_value() == ""


@wide_and_narrow
def test_uploaded_posters_are_answered_by_every_model_and_can_be_taken_back(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    names = ["mine.png", "other.png"]
    for name in names:
        Image.linear_gradient("L").convert("RGB").save(tmp_path / name)
    page.locator("#mt-tabs").get_by_role("tab", name="Poster").click()
    page.locator("#mt-poster input[type=file]").set_input_files([tmp_path / name for name in names])
    assert visit.picks() == MODELS
    assert visit.taste() == ["your poster mine.png", "your poster other.png"]
    assert page.locator('[data-model="bpr"] .mt-inferred').count() > 0
    for name in names:
        page.get_by_role("button", name=f"Remove your poster {name}").click()
    page.get_by_role("heading", name="Most liked here").wait_for()
    assert visit.taste() == []


def test_a_pasted_picture_is_a_poster(visit: Visit) -> None:
    visit.page.evaluate(PASTE)
    assert visit.picks() == MODELS
    assert visit.taste() == ["your poster pasted.png"]


def test_a_rating_is_answered_by_every_model(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("tab", name="Rate").click()
    page.locator("#mt-rate-film input").fill("stalker")
    page.locator("#mt-rate-film-list li").first.click()
    page.get_by_role("button", name="Add rating").click()
    assert visit.picks() == MODELS
    assert visit.taste() == ["Stalker (1979) ★ 8"]


def test_posters_of_the_wall_are_clicked_into_likes_dislikes_and_no_opinions(visit: Visit) -> None:
    brick = visit.page.locator(".mt-brick").first
    title = str(brick.get_attribute("title"))
    for told in ([f"{title} ★ 9"], [f"{title} ★ 2"], []):
        brick.click()
        visit.page.wait_for_function(f"told => JSON.stringify({TOLD}) === JSON.stringify(told)", arg=told)


def test_quick_clicks_all_count(visit: Visit) -> None:
    bricks = visit.page.locator(".mt-brick")
    titles = [str(bricks.nth(at).get_attribute("title")) for at in range(5)]
    for at in range(5):
        bricks.nth(at).click()
    visit.page.locator(".mt-taste li").nth(4).wait_for()
    assert sorted(visit.taste()) == sorted(f"{title} ★ 9" for title in titles)
    visit.page.wait_for_function(NONE_SHOWN, arg=[title.rpartition(" (")[0] for title in titles])


def test_the_wall_has_other_films(visit: Visit) -> None:
    first = visit.page.locator(".mt-brick").first.get_attribute("title")
    visit.page.get_by_role("button", name="Other films").click()
    visit.page.locator(f'.mt-brick:not([title="{first}"])').first.wait_for()
    visit.page.wait_for_function("title => document.querySelector('.mt-brick').title !== title", arg=first)


def test_picks_are_rated_in_place_and_leave_the_rows_and_come_back_when_undone(visit: Visit) -> None:
    page = visit.page
    visit.like("Metropolis")
    visit.picks()
    for said, words in (("liked", "★ 9"), ("not", "★ 2"), ("seen", "seen")):
        title = visit.titles("hybrid")[0]
        page.locator(f'[data-model="hybrid"] [data-said="{said}"]').first.click()
        page.locator(".mt-taste li", has_text=title).get_by_text(words).wait_for()
        page.wait_for_function(FIRST_IS_NOT, arg=title)
        page.get_by_role("button", name="Undo").click()
        page.wait_for_function(FIRST_IS, arg=title)
    assert visit.taste() == ["Metropolis (1927) ★ 9"]


def test_starting_over_forgets_everything_and_can_itself_be_undone(visit: Visit) -> None:
    visit.like("Metropolis")
    visit.picks()
    visit.page.get_by_role("button", name="Filters").click()
    year = visit.page.get_by_label("From year")
    year.fill("1980")
    year.press("Enter")
    visit.page.wait_for_function(YEARS_FROM, arg=1980)
    visit.page.get_by_role("button", name="Start over").click()
    visit.page.get_by_role("heading", name="Most liked here").wait_for()
    visit.page.wait_for_function(SHOWS_METROPOLIS)
    assert visit.taste() == []
    assert year.input_value() == ""
    visit.page.get_by_role("button", name="Undo").click()
    assert visit.picks() == MODELS
    visit.page.wait_for_function(YEARS_FROM, arg=1980)
    assert visit.taste() == ["Metropolis (1927) ★ 9"]
    assert year.input_value() == "1980"


def test_a_films_details_open_in_a_dialog_that_the_keyboard_can_use(visit: Visit) -> None:
    page = visit.page
    visit.like("Metropolis")
    visit.picks()
    opener = page.locator('[data-model="hybrid"] .mt-open').first
    title = opener.inner_text()
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=title)
    dialog.locator(".mt-why dt").nth(5).wait_for()
    assert page.evaluate("document.activeElement.id") == "mt-detail-title"
    models = [name.split()[0] for name in dialog.locator(".mt-why dt").all_inner_texts()]
    assert models == NAMES
    link = dialog.get_by_role("link", name="IMDb")
    assert str(link.get_attribute("href")).startswith("https://www.imdb.com/title/tt")
    assert link.get_attribute("rel") == "noopener noreferrer"
    for way in ("looks", "words", "viewers"):
        assert dialog.get_by_role("heading", name=f"More like this by {way}").count() == 1
    for _ in range(60):  # the focus never leaves the dialog for the page behind it
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement.closest('#mt-page')")
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert opener.evaluate("button => button === document.activeElement")


def test_tab_stops_once_in_a_row_and_the_arrow_keys_go_along_it(visit: Visit) -> None:
    page = visit.page
    visit.like("Metropolis")
    visit.picks()
    titles = visit.titles("bert")
    page.locator('[data-model="bert"] .mt-open').first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.innerText") == titles[2]
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.innerText") == titles[-2]
    for _ in range(4):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[data-model]').dataset.model") == "resnet50"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")  # not for me
    page.locator(".mt-taste li", has_text=titles[-2]).get_by_text("★ 2").wait_for()


def test_the_details_lead_on_to_similar_films_and_take_a_verdict(visit: Visit) -> None:
    page = visit.page
    page.locator("#mt-shelves .mt-open").first.click()
    page.get_by_text("Say what you like first").wait_for()
    other = page.locator(".mt-dialog .mt-row .mt-open").first
    title = other.inner_text()
    other.click()
    dialog = page.get_by_role("dialog", name=title)
    dialog.wait_for()
    dialog.locator('.mt-film-text [data-said="liked"]').click()
    dialog.locator(".mt-why dt").first.wait_for()
    assert dialog.locator('.mt-film-text [data-said="liked"]').get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="Close").click()
    assert visit.picks() == MODELS
    assert visit.taste()[0].startswith(title)


def test_filters_change_the_picks_at_once(visit: Visit) -> None:
    page = visit.page
    visit.like("Metropolis")
    visit.picks()
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("From year").fill("1980")
    page.get_by_label("From year").press("Enter")
    page.wait_for_function(YEARS_FROM, arg=1980)
    before = visit.titles("bert")
    page.locator("#mt-surprise input[type=range]").press("End")
    page.wait_for_function(BERT_IS_NOT, arg=before)
    page.wait_for_function(YEARS_FROM, arg=1980)


def test_leaving_a_filter_as_it_was_leaves_the_page_as_it_was(visit: Visit) -> None:
    page = visit.page
    visit.like("Metropolis")
    visit.picks()
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("From year").focus()
    with page.expect_response("**/queue/join*"):  # leaving the field asks
        page.keyboard.press("Tab")
    visit.like("Singin' in the Rain")  # answered after it
    assert visit.picks() == MODELS
    assert visit.taste() == ["Metropolis (1927) ★ 9", "Singin' in the Rain (1952) ★ 9"]


def test_reviewers_words_can_be_hidden(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="a typed review").click()
    visit.picks()
    page.locator('[data-model="bert"] .mt-reason q').first.wait_for()
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Show no quotes").check()
    page.wait_for_function("!document.querySelector('[data-model=bert] .mt-reason q')")
    assert "reviewers say" not in page.locator('[data-model="bert"]').inner_html()
    page.locator('[data-model="bert"] .mt-open').first.click()
    page.get_by_role("dialog").locator(".mt-why dt").first.wait_for()
    assert page.locator(".mt-dialog blockquote").count() == 0


def test_mistakes_become_one_sentence_and_the_page_goes_on(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    page.get_by_role("tab", name="Write").click()
    page.get_by_role("button", name="Add review").click()
    page.get_by_text("a review needs some words").wait_for()
    page.locator("#mt-tabs").get_by_role("tab", name="Poster").click()
    (tmp_path / "bad.jpg").write_bytes(b"not an image")
    page.locator("#mt-poster input[type=file]").set_input_files(tmp_path / "bad.jpg")
    page.get_by_text("is not an image that can be read").wait_for()
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("From year").fill("soon")
    page.get_by_label("From year").press("Enter")
    page.get_by_text("a year must be a number such as 1995").wait_for()
    page.get_by_label("From year").fill("1980")
    page.get_by_label("From year").press("Enter")
    page.get_by_role("button", name="a typed review").click()
    assert visit.picks() == MODELS
    assert page.locator(".mt-alert").count() == 0
    page.wait_for_function(YEARS_FROM, arg=1980)


def test_what_no_model_can_read_is_refused_and_not_kept(visit: Visit) -> None:
    page = visit.page
    visit.like("Metropolis")
    visit.picks()
    before = visit.titles("hybrid")
    page.get_by_role("tab", name="Write").click()
    page.locator("#mt-review textarea").fill("\u200b\u200b")
    page.get_by_role("button", name="Add review").click()
    page.locator(".mt-alert").wait_for()
    assert visit.taste() == ["Metropolis (1927) ★ 9"]
    page.wait_for_function(FIRST_IS, arg=before[0])


def test_an_export_of_imdb_becomes_ratings_and_what_is_not_here_is_listed(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    lines = ["Const,Your Rating,Title,Year", "tt0079944,9,Stalker,1979", "tt9999999,8,<b>Nowhere</b>,2031"]
    (tmp_path / "ratings.csv").write_text("\n".join(lines), encoding="utf-8")
    page.get_by_role("tab", name="Import").click()
    page.locator("#mt-import input[type=file]").set_input_files(tmp_path / "ratings.csv")
    assert visit.picks() == MODELS
    assert visit.taste() == ["Stalker (1979) ★ 9"]
    page.get_by_text("Films that are not here (1)").click()
    page.locator(".mt-missing li", has_text="<b>Nowhere</b>").wait_for()
    (tmp_path / "ratings.csv").write_bytes(b"\x89PNG\r\n")
    page.locator("#mt-import input[type=file]").set_input_files(tmp_path / "ratings.csv")
    page.locator(".mt-alert").wait_for()
    assert visit.taste() == ["Stalker (1979) ★ 9"]


def test_picks_are_saved_as_files_and_a_taste_as_a_link_that_restores_it(
    visit: Visit, browser: Browser, address: str
) -> None:
    page = visit.page
    visit.like("Metropolis")
    visit.picks()
    first = visit.titles("hybrid")[0]
    for button, name, column in (
        ("Picks as CSV", "matinee-picks.csv", "title"),
        ("Picks as a Letterboxd list", "matinee-letterboxd.csv", "Title"),
    ):
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        assert download.value.suggested_filename == name
        lines = list(csv.DictReader(Path(download.value.path()).read_text("utf-8-sig").splitlines()))
        assert lines[0][column] == first
    page.get_by_role("button", name="Copy a link").click()
    page.get_by_text("Anyone who opens it gets this taste").wait_for()
    link = page.get_by_label("Link to this taste").input_value()
    assert link.startswith(f"{address}#taste=")
    page.get_by_role("button", name="Start over").click()
    page.get_by_role("heading", name="Most liked here").wait_for()
    with visiting(browser, address, link) as friend:
        assert friend.picks() == MODELS
        assert friend.taste() == ["Metropolis (1927) ★ 9"]
        assert friend.titles("hybrid")[0] == first
        assert "taste" not in friend.page.url


def test_a_broken_link_is_refused_in_one_sentence(visit: Visit) -> None:
    visit.page.evaluate("location.hash = 'taste=1.<script>'")
    visit.page.get_by_text("this link holds no taste that can be read").wait_for()


def test_the_comparison_follows_the_taste(visit: Visit) -> None:
    page = visit.page
    visit.look("Compare")
    page.get_by_role("heading", name="What each model is good at").wait_for()
    page.locator("#mt-comparison").get_by_text("Say what you like first").wait_for()
    visit.like("Metropolis")
    page.locator(".mt-heat tbody tr").nth(5).wait_for()
    assert page.locator(".mt-heat tbody th").all_inner_texts() == NAMES
    page.get_by_role("heading", name="Films that several models pick").wait_for()


def test_the_map_shows_the_picks_and_says_them_in_words(visit: Visit) -> None:
    page = visit.page
    visit.like("Metropolis")
    visit.picks()
    first = visit.titles("bpr")[0]
    visit.look("Map")
    lines = page.locator(".mt-atlas-list button")
    lines.nth(10).wait_for()
    assert lines.first.inner_text().startswith(f"1. {first}")
    assert "Metropolis" in lines.nth(10).inner_text()
    lines.first.focus()
    page.locator(".mt-atlas-tip", has_text=first).wait_for()
    canvas = page.locator(".mt-atlas canvas")
    drawn = "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean)"
    assert canvas.evaluate(drawn)
    page.locator('[data-atlas="model"]').select_option("clip")
    page.wait_for_function(
        "title => !document.querySelector('.mt-atlas-list button').innerText.includes(title)", arg=first
    )
    lines.first.click()
    page.get_by_role("dialog").locator(".mt-why dt").first.wait_for()


def test_the_poster_lab_says_what_the_networks_see_and_changes_no_taste(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    Image.linear_gradient("L").convert("RGB").save(tmp_path / "mine.png")
    visit.look("Poster lab")
    page.locator("#mt-lab-poster input[type=file]").set_input_files(tmp_path / "mine.png")
    for name in ("ResNet50", "CLIP"):
        page.get_by_role("heading", name=f"Posters that look most like it to {name}").wait_for()
    page.get_by_text("of this dataset the first genre is right for 30%").wait_for()
    assert page.locator(".mt-lab .mt-bars tr").count() == 6
    assert visit.taste() == []
    (tmp_path / "mine.png").write_bytes(b"<svg/>")
    page.locator("#mt-lab-poster input[type=file]").set_input_files(tmp_path / "mine.png")
    page.locator("#mt-lab .mt-alert").wait_for()


def test_each_visitor_has_a_taste_of_their_own_and_it_ends_with_the_visit(visit: Visit) -> None:
    visit.page.get_by_role("button", name="a few ratings").click()
    visit.picks()
    assert len(visit.taste()) == 3
    visit.page.reload()
    visit.page.get_by_role("heading", name="Most liked here").wait_for()
    assert visit.taste() == []
