"""The page: on the left what the visitor tells, on the right what each model picks and how they differ.

In: a `Service`. Out: gradio Blocks, not yet served. Every handler takes the visit and some fields' values, and yields
what changes; a MatineeError becomes one sentence above the visitor's taste. A visit lives in its page's session only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from matinee.errors import BadInputError, MatineeError
from matinee.maps import mapped
from matinee_demo import views
from matinee_demo.atlas import FRAME, films, points
from matinee_demo.banner import render_banner
from matinee_demo.endpoints import QUEUE, add_endpoints
from matinee_demo.filters import Filters, wish
from matinee_demo.markup import alert, hidden
from matinee_demo.rows import render_row, render_shelves
from matinee_demo.service import Service
from matinee_demo.session import Visit, Wish
from matinee_demo.share import decode
from matinee_demo.telling import Way, examples, tabs
from matinee_demo.told import render_told
from matinee_demo.visitor import Visitor, with_word, without, words_of
from matinee_demo.wall import render_wall

HERE = Path(__file__).parent
PICKS = 16
FORGET_AFTER = 3600
"""Seconds after which what an idle visitor told is forgotten; it goes at once when the page is closed."""

PRIVATE: dict[str, Any] = {
    "api_visibility": "private",
    "show_progress": "hidden",
    "concurrency_id": QUEUE,
    "trigger_mode": "multiple",
}
Updates = Iterator[dict[Any, Any]]


@dataclass(frozen=True)
class Parts:
    """The components that handlers write, beside the fields of the form.

    Attributes:
        visit: The visit.
        message: Why something was refused.
        told: The list of what was told.
        wall: The posters to click.
        shelves: What is shown before anything was told.
        rows: A row of picks for each model.
        news: What changed, for screen readers.
        comparison: The inside of the tab that compares.
        atlas: The map.
        detail: The inside of the dialog.
    """

    visit: gr.State
    message: gr.HTML
    told: gr.HTML
    wall: gr.HTML
    shelves: gr.HTML
    rows: dict[str, gr.HTML]
    news: gr.HTML
    comparison: gr.HTML
    atlas: gr.HTML
    detail: gr.HTML

    @property
    def answers(self) -> list[Any]:
        """Everything that a new answer may change."""
        fixed = [
            self.visit,
            self.message,
            self.told,
            self.wall,
            self.shelves,
            self.news,
            self.comparison,
            self.atlas,
            self.detail,
        ]
        return [*fixed, *self.rows.values()]


def build_page(service: Service) -> gr.Blocks:
    """Return the whole page with its endpoints, ready to be launched."""
    page = gr.Blocks(title="Matinee", analytics_enabled=False, delete_cache=(60, 60), fill_width=True)
    with page:
        _html(render_banner(service.about()))
        with gr.Row(elem_id="mt-page"):
            with gr.Column(scale=1, min_width=320, elem_id="mt-form"):
                tried = examples(service)
                wall, told_by = tabs(service)
                message = _html("", "mt-message")
                told = _html(render_told(Visitor(), service.catalogue, undo=False), "mt-told")
                outbox = gr.HTML(
                    {}, elem_id="mt-outbox", html_template="", js_on_load=_script("outbox.js"), apply_default_css=False
                )
                filters = Filters(service.catalogue.genres, scored=service.scored)
            with gr.Column(scale=3, min_width=320, elem_id="mt-picks"), gr.Tabs(elem_id="mt-views"):
                with gr.Tab("Picks", id="picks") as picks_tab:
                    shelves = _html(render_shelves(service.shelves(PICKS)), "mt-shelves", "mt-slot")
                    rows = {model: _html("", f"mt-slot-{model}", "mt-slot") for model in service.models}
                with gr.Tab("Compare", id="compare") as compare_tab:
                    comparison = _html("", "mt-comparison")
                with gr.Tab("Map", id="map", visible=bool(mapped(service.bundle))) as map_tab:
                    atlas = _atlas(service)
                with gr.Tab("Poster lab", id="lab"):
                    _lab(service)
        news = _html(_news(""), "mt-news")
        detail = gr.HTML("", elem_id="mt-detail", js_on_load=_script("detail.js"), apply_default_css=False)
        bus = gr.HTML("", elem_id="mt-bus", js_on_load=_script("bus.js"), apply_default_css=False)
        visit = gr.State(Visit(), time_to_live=FORGET_AFTER)
        parts = Parts(visit, message, told, wall, shelves, rows, news, comparison, atlas, detail)
        for way in (*tried, *told_by):
            _on_told(service, parts, way)
        for trigger in filters.changes:
            _on_wish(service, parts, trigger, filters.fields)
        _on_acts(service, parts, bus)
        _on_links(service, parts, bus, outbox, filters)
        for tab, name, part in (
            (picks_tab, "picks", shelves),
            (compare_tab, "compare", comparison),
            (map_tab, "map", atlas),
        ):
            _on_view(service, parts, tab, name, part)
        add_endpoints(service)
    page.queue(max_size=64, default_concurrency_limit=2)
    return page


def _html(value: str, name: str | None = None, look: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=name, elem_classes=look, js_on_load=None, apply_default_css=False)


def _atlas(service: Service) -> gr.HTML:
    def atlas_points(model: str) -> dict[str, str]:
        return points(service.bundle, str(model))

    def atlas_films(_: object) -> dict[str, list[Any]]:
        return films(service.bundle)

    return gr.HTML(
        {},
        elem_id="mt-atlas",
        html_template=FRAME,
        js_on_load=_script("atlas.js"),
        server_functions=[atlas_points, atlas_films],
        apply_default_css=False,
    )


def _lab(service: Service) -> None:
    _html(
        '<section class="mt-compare"><header><h2>What do the networks see in a poster?</h2><p>Bring one: you get the '
        "posters that look most like it to each network, and the genres that CLIP reads in it. It says nothing of your "
        "taste, and is forgotten at once.</p></header></section>"
    )
    file = gr.File(label="A poster", file_types=["image"], height=150, elem_id="mt-lab-poster")
    shown = _html("", "mt-lab", "mt-slot")

    def handle(path: str | None) -> Updates:
        try:
            if path is None:
                raise BadInputError("choose an image file of a poster")
            yield {file: None, shown: views.lab(service, path)}
        except MatineeError as error:
            yield {file: None, shown: alert(str(error))}

    file.upload(handle, inputs=[file], outputs=[file, shown], **PRIVATE)


def _on_told(service: Service, parts: Parts, way: Way) -> None:
    """At the event of `way`, let its change make a new visitor out of the old one and its fields, and answer it."""

    def handle(visit: Visit, *values: Any) -> Updates:  # noqa: ANN401 - form values
        yield from _answer(
            service, parts, visit, lambda: visit.change(lambda old: way.change(old, *values)), way.emptied
        )

    way.event(handle, inputs=[parts.visit, *way.fields], outputs=[*parts.answers, *way.emptied], **PRIVATE)


def _on_wish(service: Service, parts: Parts, trigger: Any, fields: list[Any]) -> None:  # noqa: ANN401 - gradio's listeners
    def handle(visit: Visit, *values: Any) -> Updates:  # noqa: ANN401 - form values
        try:
            if wish(*values) == visit.wish:
                return
        except MatineeError as error:
            yield {parts.message: alert(str(error))}
            return
        yield from _answer(service, parts, visit, lambda: visit.change(lambda old: old, wish(*values)))

    trigger(handle, inputs=[parts.visit, *fields], outputs=parts.answers, **PRIVATE)


def _on_acts(service: Service, parts: Parts, bus: gr.HTML) -> None:
    """Answer the buttons inside HTML; what they send is whatever a browser sent, and checked as such."""

    def act(visit: Visit, event: gr.EventData) -> Updates:
        kind, at, movie = str(event.kind), str(event.position), str(event.movie)
        changes: dict[str, Callable[[], int]] = {
            "say": lambda: visit.change(lambda old: with_word(old, service.catalogue, movie, str(event.said))),
            "forget": lambda: visit.change(lambda old: _forget(old, kind, at)),
            "undo": visit.undo,
        }
        if str(event.act) in changes:
            yield from _answer(service, parts, visit, changes[str(event.act)])

    def turn_wall(visit: Visit) -> Updates:
        visit.page += 1
        yield {parts.visit: visit, parts.wall: _wall(service, visit)}

    def show(visit: Visit, event: gr.EventData) -> Updates:
        visit.film = str(event.movie)
        try:
            yield from _film(service, parts, visit)
        except MatineeError as error:
            yield {parts.detail: alert(str(error))}

    def closed(visit: Visit) -> Updates:
        visit.film = ""
        yield {parts.visit: visit}

    bus.act(act, inputs=[parts.visit], outputs=parts.answers, **PRIVATE)
    bus.wall(turn_wall, inputs=[parts.visit], outputs=[parts.visit, parts.wall], **PRIVATE)
    bus.open(show, inputs=[parts.visit], outputs=[parts.visit, parts.detail], **PRIVATE)
    bus.closed(closed, inputs=[parts.visit], outputs=[parts.visit], **PRIVATE)


def _on_links(service: Service, parts: Parts, bus: gr.HTML, outbox: gr.HTML, filters: Filters) -> None:
    """Hand over what can be taken home, and open what a link tells."""

    def save(visit: Visit, event: gr.EventData) -> Updates:
        yield {parts.visit: visit, outbox: {"time": time.time(), **views.taken_home(service, visit, str(event.kind))}}

    def restore(visit: Visit, event: gr.EventData) -> Updates:
        try:
            opened = decode(str(event.taste), service.catalogue)
        except MatineeError as error:
            yield {parts.message: alert(str(error))}
            return
        new = Wish(opened.where, visit.wish.surprise, quotes=visit.wish.quotes)
        visitor = Visitor(opened.taste, note=opened.note or "Opened from a link.")
        yield filters.showing(new)
        yield from _answer(service, parts, visit, lambda: visit.change(lambda old: visitor, new))

    bus.save(save, inputs=[parts.visit], outputs=[parts.visit, outbox], **PRIVATE)
    bus.restore(restore, inputs=[parts.visit], outputs=[*parts.answers, *filters.fields], **PRIVATE)


def _on_view(service: Service, parts: Parts, tab: gr.Tab, name: str, part: gr.HTML) -> None:
    def handle(visit: Visit) -> Updates:
        visit.view = name
        yield {parts.visit: visit, **_view(service, parts, visit)}

    tab.select(handle, inputs=[parts.visit], outputs=[parts.visit, part], **PRIVATE)


def _answer(
    service: Service, parts: Parts, visit: Visit, change: Callable[[], int], emptied: dict[Any, Any] | None = None
) -> Updates:
    """Yield what a change changes in the page, bit by bit; a MatineeError becomes one sentence and changes nothing."""
    emptied = emptied or {}
    before = visit.visitor
    try:
        turn = change()
        yield {**_told(service, parts, visit), parts.message: "", **emptied}
        first = yield from _picks(service, parts, visit, turn)
        if visit.is_latest(turn):
            yield {parts.news: _news(first), **_view(service, parts, visit)}
            yield from _film(service, parts, visit)
    except MatineeError as error:
        files = {field: None for field in emptied if isinstance(field, gr.File)}
        turn = visit.restore(before)
        yield {**_told(service, parts, visit), parts.message: alert(str(error)), **files}
        yield from _picks(service, parts, visit, turn)


def _told(service: Service, parts: Parts, visit: Visit) -> dict[Any, Any]:
    return {
        parts.visit: visit,
        parts.told: render_told(visit.visitor, service.catalogue, undo=visit.can_undo),
        parts.wall: _wall(service, visit),
    }


def _wall(service: Service, visit: Visit) -> str:
    return render_wall(service.wall, words_of(visit.visitor, service.catalogue), visit.page)


def _picks(service: Service, parts: Parts, visit: Visit, turn: int) -> Generator[dict[Any, Any], None, str]:
    """Yield each model's row as soon as it has answered; returns the first film shown, in words."""
    if not visit.visitor.taste:
        visit.heard = None
        shelves = render_shelves(service.shelves(PICKS, visit.where))
        yield {parts.shelves: shelves, **dict.fromkeys(parts.rows.values(), "")}
        return "the most liked films are shown"
    row = partial(render_row, weights=service.weights, quotes=visit.wish.quotes)
    waited = visit.heard is not None
    visit.heard, visit.embedded = service.hear(visit.visitor.taste, visit.embedded)
    stream = service.stream(visit.heard, PICKS, visit.where, visit.wish.surprise)
    if not waited:
        yield {parts.shelves: "", **{part: row(model, None) for model, part in parts.rows.items()}}
    first: dict[str, str] = {}
    for answer in stream:
        if not visit.is_latest(turn):
            break
        visit.picks[answer.model] = answer.picks
        first[answer.model] = f"first is {answer.picks[0].movie}" if answer.picks else "nothing passes your filters"
        yield {parts.rows[answer.model]: row(answer.model, answer)}
    return first.get(service.models[0], "")


def _view(service: Service, parts: Parts, visit: Visit) -> dict[Any, Any]:
    """What the tab shows that is looked at, where that is not the picks."""
    changes: dict[Any, Any] = {}
    if visit.view == "compare":
        changes[parts.comparison] = views.comparison(service, visit)
    if visit.view == "map":
        changes[parts.atlas] = views.marked(service, visit)
    return changes


def _film(service: Service, parts: Parts, visit: Visit) -> Updates:
    """The details of the film that is looked at, if one is: at once what is the same for everybody."""
    if visit.film:
        for html in views.detail(service, visit, visit.film):
            yield {parts.visit: visit, parts.detail: html}


def _news(words: str) -> str:
    return f'<p aria-live="polite">{hidden(f"New picks: {words}." if words else "")}</p>'


def _forget(visitor: Visitor, kind: str, position: str) -> Visitor:
    if kind == "all":
        return Visitor()
    return without(visitor, kind, int(position) if position.isdecimal() else -1)


def _script(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
