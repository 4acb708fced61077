"""Every feature of the page, on the built-in sample: what it shows is what the library answers for the same taste."""

from __future__ import annotations

import base64
import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from tests.demo.visiting import MODELS, NAMES, Visit, visiting

from matinee.agreement import compare
from matinee.bundle import Bundle
from matinee.explanations import explain
from matinee.maps import load_map, mapped
from matinee.neighbours import more_like, nearest_posters
from matinee.recommender import Recommender
from matinee.taste import Poster, Rating, Review, Taste
from matinee.where import Where
from matinee.zero_shot import open_genres
from matinee_demo.answers import PICKS
from matinee_demo.views import ALIKE, DEPTH

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Serve = Callable[..., AbstractContextManager[tuple[Any, str]]]

WORDS = "Slow, rainy and sad: a detective who cannot sleep, and an ending that stays with you."
GIVE = """([name, data]) => {
    const given = new DataTransfer();
    const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
    given.items.add(new File([bytes], name, { type: 'image/png' }));
    return given;
}"""
PASTE = "given => document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: given, bubbles: true }))"


@pytest.fixture(scope="module")
def recommender(sample_bundle: Path) -> Recommender:
    """The library, asked alone."""
    return Recommender(Bundle.open(sample_bundle))


@pytest.fixture(scope="module")
def sample_address(sample_bundle: Path, serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the page of the sample is served."""
    with serve(sample_bundle, tmp_path_factory.mktemp("sample")) as (_, address):
        yield address


@pytest.fixture
def visit(browser: Browser, sample_address: str) -> Iterator[Visit]:
    with visiting(browser, sample_address) as visit:
        yield visit


@pytest.fixture(scope="module")
def posters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three image files that no film of the sample has as its poster."""
    folder = tmp_path_factory.mktemp("posters")
    files = {name: folder / f"{name}.png" for name in ("chosen", "dropped", "pasted")}
    for file, colour in zip(files.values(), ("navy", "gold", "teal"), strict=True):
        light = Image.radial_gradient("L").resize((300, 450))
        Image.composite(Image.new("RGB", light.size), Image.new("RGB", light.size, colour), light).save(file)
    return files


def _ids(recommender: Recommender, taste: Taste, where: Where | None = None, surprise: float = 0) -> dict[str, Any]:
    picks = recommender.recommend(taste, k=PICKS, where=where, surprise=surprise)
    return {model: [pick.movie.id for pick in some] for model, some in picks.items()}


def _shows(
    visit: Visit, recommender: Recommender, taste: Taste, where: Where | None = None, surprise: float = 0
) -> dict[str, Any]:
    """Wait until every row shows what the library answers for the same taste; returns the ids."""
    wanted = _ids(recommender, taste, where, surprise)
    visit.shows(wanted)
    return wanted


def _rated(*names: str, rating: float = 9) -> tuple[Rating, ...]:
    return tuple(Rating(name, rating) for name in names)


def _tab(visit: Visit, name: str) -> None:
    visit.page.locator("#mt-tabs").get_by_role("tab", name=name).click()


def _file(visit: Visit, field: str, path: Path) -> None:
    visit.page.locator(f"{field} input[type=file]").set_input_files(path)


def _dropped(visit: Visit, path: Path) -> Any:  # noqa: ANN401 - a handle of the browser's own object
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    return visit.page.evaluate_handle(GIVE, [path.name, data])


def _ids_in(cards: Locator) -> list[str]:
    return [str(card.get_attribute("data-movie")) for card in cards.all()]


def test_every_kind_of_input_is_answered_by_every_model_as_the_library_answers(
    visit: Visit, recommender: Recommender, posters: Mapping[str, Path]
) -> None:
    page = visit.page
    banner = page.locator(".mt-banner").inner_text()
    for words in ("made-up data", "sample", "612 movies", "trained weights from a Python package"):
        assert words in banner
    assert "untrained weights: its picks mean nothing yet" in banner

    bricks = [str(brick.get_attribute("title")) for brick in page.locator(".mt-brick").all()[:2]]
    for title in bricks:
        visit.like(title)
    taste = Taste(ratings=_rated(*bricks))
    _shows(visit, recommender, taste)
    assert [row.get_attribute("data-model") for row in page.locator("[data-model]").all()] == MODELS
    assert {"because you liked " + title.rpartition(" (")[0] for title in bricks} & set(
        page.locator('[data-model="als"] .mt-reason').all_inner_texts()
    )

    _tab(visit, "Write")
    page.locator("#mt-review textarea").fill(WORDS)
    page.locator("#mt-review-film input").fill("hea")
    page.locator("#mt-review-film-list li", has_text="Heat (1995)").click()
    page.locator("#mt-review-rating input").click()
    page.get_by_role("option", name="9", exact=True).click()
    page.get_by_role("button", name="Add review").click()
    taste = Taste((Review(WORDS, "Heat (1995)", 9),), taste.ratings)
    _shows(visit, recommender, taste)
    assert page.locator('[data-model="bert"] .mt-reason q').count() > 0  # a line that someone wrote

    _tab(visit, "Rate")
    page.locator("#mt-rate-film input").press_sequentially("alie")
    page.locator("#mt-rate-film-list li", has_text="Alien (1979)").click()
    page.get_by_role("button", name="Add rating").click()
    taste = Taste(taste.reviews, (*taste.ratings, Rating("Alien (1979)", 8)))
    _shows(visit, recommender, taste)

    _tab(visit, "Poster")
    _file(visit, "#mt-poster", posters["chosen"])
    page.locator(".mt-taste li", has_text="chosen.png").wait_for()
    drop = page.locator("#mt-poster button").first
    drop.dispatch_event("drop", {"dataTransfer": _dropped(visit, posters["dropped"])})
    page.locator(".mt-taste li", has_text="dropped.png").wait_for()
    _tab(visit, "Click")
    page.evaluate(PASTE, _dropped(visit, posters["pasted"]))
    page.locator(".mt-taste li", has_text="pasted.png").wait_for()
    shown = tuple(Poster(path, path.name) for path in posters.values())
    _shows(visit, recommender, Taste(taste.reviews, taste.ratings, shown))
    assert len(visit.taste()) == 7

    for model in MODELS:
        row = page.locator(f'[data-model="{model}"]')
        assert re.search(r"[\d,]+ ms", row.locator(".mt-took").inner_text())
        assert row.locator(".mt-untrained").count() == (model in ("resnet50", "clip"))
        assert all(row.locator(".mt-reason").all_inner_texts())
        assert row.locator(".mt-reason").count() == PICKS


def test_exports_of_imdb_and_letterboxd_are_imported_and_unmatched_films_listed(
    visit: Visit, recommender: Recommender, tmp_path: Path
) -> None:
    page = visit.page
    (tmp_path / "imdb.csv").write_text(
        "Const,Your Rating,Date Rated,Title,Title Type,Year\n"
        "tt0078748,9,2024-03-01,Alien,Movie,1979\ntt0081505,4,2024-03-02,The Shining,Movie,1980\n"
        "tt9999990,8,2024-03-03,Nowhere Near,Movie,2031\n",
        encoding="utf-8",
    )
    with zipfile.ZipFile(tmp_path / "letterboxd.zip", "w") as archive:
        archive.writestr("ratings.csv", "Date,Name,Year,Letterboxd URI,Rating\n2024-01-01,Psycho,1960,u,4.5\n")
        archive.writestr(
            "reviews.csv",
            "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date\n"
            "2024-01-02,Heat,1995,u,4,,Cold and precise.,,\n2024-01-03,Home Video,2030,u,1,,Mine.,,\n",
        )
    _tab(visit, "Import")
    _file(visit, "#mt-import", tmp_path / "imdb.csv")
    alien = (Rating("Alien (1979)", 9), Rating("The Shining (1980)", 4))
    _shows(visit, recommender, Taste(ratings=alien))
    page.get_by_text("Films that are not here (1)").click()
    page.locator(".mt-missing li", has_text="Nowhere Near").wait_for()
    _file(visit, "#mt-import", tmp_path / "letterboxd.zip")
    more = (Rating("Psycho (1960)", 9), Rating("Heat (1995)", 8))
    both = Taste((Review("Cold and precise.", "Heat (1995)", 8),), (*alien, *more))
    _shows(visit, recommender, both)
    page.get_by_text("Films that are not here (1)").click()
    page.locator(".mt-missing li", has_text="Home Video").wait_for()


def test_picks_get_verdicts_in_place_and_filters_surprise_and_undo_work(visit: Visit, recommender: Recommender) -> None:
    page = visit.page
    first = str(page.locator(".mt-brick").first.get_attribute("title"))
    visit.like(first)
    taste = Taste(ratings=_rated(first))
    seen: list[str] = []
    for said, rating in (("liked", 9), ("not", 2), ("seen", None)):
        top = _shows(visit, recommender, taste, Where(exclude=tuple(seen)))["hybrid"][0]
        page.locator(f'[data-model="hybrid"] [data-said="{said}"]').first.click()
        movie = recommender.bundle.catalogue[recommender.bundle.catalogue.rows[top]]
        seen += [top] if rating is None else []
        taste = taste if rating is None else Taste(ratings=(*taste.ratings, Rating(str(movie), rating)))
        page.locator(".mt-taste li", has_text=movie.title).wait_for()
    _shows(visit, recommender, taste, Where(exclude=tuple(seen)))

    page.get_by_role("button", name="Filters").click()
    page.locator("#mt-genres input").fill("dra")
    page.get_by_role("option", name="Drama", exact=True).click()
    page.get_by_label("From year").fill("1970")
    page.get_by_label("To year").fill("2010")
    page.get_by_label("To year").press("Enter")
    _shows(visit, recommender, taste, Where(("Drama",), (1970, 2010), exclude=tuple(seen)))
    score = page.locator("#mt-score input[type=range]")
    score.press("End")
    score.press("ArrowLeft")
    strict = Where(("Drama",), (1970, 2010), 8.5, tuple(seen))
    _shows(visit, recommender, taste, strict)
    score.press("Home")
    wide = Where(("Drama",), (1970, 2010), exclude=tuple(seen))
    page.locator("#mt-surprise input[type=range]").press("End")
    bold = _shows(visit, recommender, taste, wide, 1.0)
    assert bold["als"] != _ids(recommender, taste, wide)["als"]
    page.get_by_label("Show no quotes").check()
    page.wait_for_function("!document.querySelector('.mt-reason q')")

    page.get_by_role("button", name="Start over").click()
    page.get_by_role("heading", name="Most liked here").wait_for()
    page.wait_for_function("document.querySelector('#mt-surprise input[type=range]').value === '0'")
    assert page.get_by_label("From year").input_value() == ""
    for _ in range(2):  # the start from new, then what was seen
        page.get_by_role("button", name="Undo").click()
        page.wait_for_function("document.querySelectorAll('.mt-taste li').length > 0")
    _shows(visit, recommender, taste, Where(("Drama",), (1970, 2010)), 1.0)


def test_a_films_details_say_where_every_model_ranks_it_and_what_is_like_it(
    visit: Visit, recommender: Recommender
) -> None:
    page = visit.page
    first = str(page.locator(".mt-brick").first.get_attribute("title"))
    visit.like(first)
    taste = Taste(ratings=_rated(first))
    opened = _shows(visit, recommender, taste)["bert"][0]
    page.locator('[data-model="bert"] .mt-open').first.click()
    page.locator(".mt-why dt").nth(5).wait_for()
    explanations = explain(recommender, taste, opened)
    lines = page.locator(".mt-why dl > div").all_inner_texts()
    for line, model, name in zip(lines, MODELS, NAMES, strict=True):
        assert line.startswith(name)
        assert explanations[model].reason in line
        assert (
            explanations[model].rank is None or f"{explanations[model].rank:,} of {explanations[model].among:,}" in line
        )
    for row, way in zip(page.locator(".mt-dialog .mt-row").all(), ("looks", "words", "viewers"), strict=True):
        assert row.get_by_role("heading", name=f"More like this by {way}").count() == 1
        like = more_like(recommender, opened, way, ALIKE)
        assert _ids_in(row.locator(".mt-open")) == [near.movie.id for near in like.nearest]
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")


def test_picks_are_exported_as_tables_and_a_taste_is_shared_as_a_link(
    visit: Visit, recommender: Recommender, browser: Browser, sample_address: str
) -> None:
    page = visit.page
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("From year").fill("1960")
    page.get_by_label("From year").press("Enter")
    _tab(visit, "Write")
    page.locator("#mt-review textarea").fill(WORDS)
    page.get_by_role("button", name="Add review").click()
    taste, where = Taste((Review(WORDS),)), Where(years=(1960, None))
    wanted = _shows(visit, recommender, taste, where)

    assert page.locator('[data-model="bpr"] .mt-inferred').count() > 0  # it cannot read words

    tables = {}
    for button in ("Picks as CSV", "Picks as a Letterboxd list"):
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        text = Path(download.value.path()).read_text("utf-8-sig")
        tables[button] = list(csv.DictReader(io.StringIO(text, newline="")))
    of_model = {model: [row["imdb_id"] for row in tables["Picks as CSV"] if row["model"] == model] for model in MODELS}
    assert of_model == {model: wanted[model] for model in MODELS}
    assert [row["imdbID"] for row in tables["Picks as a Letterboxd list"]] == wanted["hybrid"]

    page.get_by_role("button", name="Copy a link").click()
    page.get_by_text("Anyone who opens it gets this taste").wait_for()
    link = page.get_by_label("Link to this taste").input_value()
    with visiting(browser, sample_address, link) as friend:
        _shows(friend, recommender, taste, where)
        assert WORDS in friend.taste()[0]
        friend.page.get_by_role("button", name="Filters").click()
        assert friend.page.get_by_label("From year").input_value() == "1960"


def test_the_comparison_is_that_of_the_library_with_the_manifests_own_figures(
    visit: Visit, recommender: Recommender
) -> None:
    page = visit.page
    first = str(page.locator(".mt-brick").first.get_attribute("title"))
    visit.like(first)
    _shows(visit, recommender, Taste(ratings=_rated(first)))
    visit.look("Compare")
    page.locator(".mt-heat tbody tr").nth(5).wait_for()
    picks = recommender.recommend(Taste(ratings=_rated(first)), k=DEPTH)
    agreement = compare({model: picks[model] for model in MODELS})
    for row, line in enumerate(page.locator(".mt-heat tbody tr").all()):
        cells = line.locator("td").all_inner_texts()
        wanted = [str(number) for number in agreement.shared[row]]
        assert cells == [*wanted[:row], "–", *wanted[row + 1 :]]
    agreed = page.locator("#mt-comparison .mt-row .mt-open")
    assert _ids_in(agreed) == [one.movie.id for one in agreement.agreed[: agreed.count()]]
    assert agreed.count() > 0
    recall = page.locator(".mt-bars").first.locator("tbody tr").all_inner_texts()
    metrics = {model: info.metrics for model, info in recommender.bundle.manifest.models.items()}
    for model, name, bar in zip(MODELS, NAMES, recall, strict=False):
        assert bar.startswith(name)
        assert f"{metrics[model]['recall@10']:.1%}" in bar
        assert ("untrained" in bar) == (model in ("resnet50", "clip"))


def test_every_models_map_is_drawn_and_says_which_film_is_pointed_at(visit: Visit, recommender: Recommender) -> None:
    page, bundle = visit.page, recommender.bundle
    first = str(page.locator(".mt-brick").first.get_attribute("title"))
    visit.like(first)
    wanted = _shows(visit, recommender, Taste(ratings=_rated(first)))
    visit.look("Map")
    page.locator(".mt-atlas-list button").nth(10).wait_for()
    canvas = page.locator(".mt-atlas canvas")
    canvas.scroll_into_view_if_needed()
    for model in mapped(bundle):
        page.locator('[data-atlas="model"]').select_option(model)
        movie = bundle.catalogue[bundle.catalogue.rows[wanted[model][0]]]
        page.locator(".mt-atlas-list button").first.get_by_text(f"1. {movie}").wait_for()
        x, y = load_map(bundle, model)[bundle.catalogue.rows[movie.id]].tolist()
        box = canvas.bounding_box()
        assert box is not None
        half = min(box["width"], box["height"]) / 2 - 18
        page.mouse.move(box["x"] + box["width"] / 2 + x * half, box["y"] + box["height"] / 2 - y * half)
        page.locator(".mt-atlas-tip", has_text=str(movie)).wait_for()


def test_two_fingers_zoom_the_map(browser: Browser, sample_address: str) -> None:
    with visiting(browser, sample_address, width=390) as visit:
        page = visit.page
        visit.look("Map")
        canvas = page.locator(".mt-atlas canvas")
        canvas.scroll_into_view_if_needed()
        page.wait_for_function("document.querySelector('.mt-atlas-list li')")
        box = canvas.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        fingers = page.context.new_cdp_session(page)
        assert canvas.evaluate("canvas => getComputedStyle(canvas).touchAction") == "pan-y"
        for kind, apart in (("touchStart", 20), ("touchMove", 60), ("touchMove", 90)):
            points = [{"x": x - apart, "y": y, "id": 1}, {"x": x + apart, "y": y, "id": 2}]
            fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_function("document.querySelector('.mt-atlas canvas').style.touchAction === 'none'")


def test_the_poster_lab_says_what_the_library_sees(
    visit: Visit, recommender: Recommender, posters: Mapping[str, Path]
) -> None:
    page = visit.page
    visit.look("Poster lab")
    _file(visit, "#mt-lab-poster", posters["dropped"])
    page.locator(".mt-lab .mt-bars").wait_for()
    reader = open_genres(recommender.bundle)
    genres = reader.read(recommender.bundle.encoder("clip").poster(posters["dropped"]))
    read = page.locator(".mt-lab .mt-bars th").all_inner_texts()
    assert read == [reading.genre for reading in genres[: len(read)]]
    assert len(read) > 0
    page.get_by_text(reader.accuracy.sentence()).wait_for()
    for row, way in zip(page.locator("#mt-lab .mt-row").all(), ("looks", "clip looks"), strict=True):
        found = nearest_posters(recommender, posters["dropped"], way, ALIKE)
        assert _ids_in(row.locator(".mt-open")) == [near.movie.id for near in found.nearest]
        assert row.locator(".mt-untrained").count() == 1
    assert visit.taste() == []


def test_five_visitors_at_once_each_see_their_own_taste_only(
    browser: Browser, sample_address: str, recommender: Recommender
) -> None:
    kinds = ("A heist", "A war", "Love", "Space", "Ghosts")
    words = [f"{kind} with a surprising ending, told slowly" for kind in kinds]
    with ExitStack() as stack:
        visits = [stack.enter_context(visiting(browser, sample_address)) for _ in words]
        for visit, text in zip(visits, words, strict=True):
            _tab(visit, "Write")
            visit.page.locator("#mt-review textarea").fill(text)
        for visit in visits:
            visit.page.get_by_role("button", name="Add review").click(no_wait_after=True)
        for visit, text in zip(visits, words, strict=True):
            _shows(visit, recommender, Taste((Review(text),)))
            assert visit.taste() == [text]
