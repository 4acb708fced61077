"""The page: on the left the visitor's taste, on the right what each model picks and how the models differ.

In: a `Service`. Out: gradio Blocks, not yet served. Every handler takes the visit and the values of some fields, and
yields updates; a MatineeError becomes one sentence above the taste list. A visit lives in its page's session only.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import gradio as gr

from matinee.errors import BadInputError, MatineeError
from matinee.maps import mapped
from matinee_demo import views
from matinee_demo.answers import PICKS, Parts, Updates, answer, film_of, render_news, view_of, wall_of
from matinee_demo.assets import script
from matinee_demo.atlas import films, points
from matinee_demo.banner import render_banner
from matinee_demo.blocks import Page
from matinee_demo.endpoints import QUEUE, add_endpoints
from matinee_demo.filters import Change, Filters
from matinee_demo.inputs import UPLOADS, Input, examples, tabs
from matinee_demo.rows import render_shelves
from matinee_demo.service import Service
from matinee_demo.session import Settings, Visit
from matinee_demo.share import decode
from matinee_demo.taste_list import render_taste_list
from matinee_demo.templates import alert, render
from matinee_demo.visitor import Visitor, with_verdict, without
from matinee_demo.words import title

FORGET_AFTER = 3600
"""Seconds after which an idle visitor's taste is forgotten; it goes at once when the page is closed."""

ACTIONS = ("actions.js", "presses.js", "rows.js", "focus.js", "scrolling.js", "pasting.js", "links.js")
"""The scripts of the page as a whole, which share the events of one component."""

PRIVATE: dict[str, Any] = {
    "api_visibility": "private",
    "show_progress": "hidden",
    "concurrency_id": QUEUE,
    "trigger_mode": "multiple",
}


def build_page(service: Service) -> gr.Blocks:
    """Return the whole page with its endpoints, ready to be launched."""
    page = Page(title="Matinee", analytics_enabled=False, delete_cache=(60, 60), fill_width=True)
    with page:
        _html(render_banner(service.about()))
        with gr.Row(elem_id="mt-page"):
            with gr.Column(scale=1, min_width=320, elem_id="mt-form"):
                tried = examples(service)
                wall, inputs = tabs(service)
                message = _html("", "mt-message")
                taste_list = _html(render_taste_list(Visitor(), service.catalogue, undo=False), "mt-taste")
                exports = gr.HTML(
                    {}, elem_id="mt-exports", html_template="", js_on_load=script("exports.js"), apply_default_css=False
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
        news = _html(render_news(""), "mt-news")
        detail = gr.HTML("", elem_id="mt-detail", js_on_load=script("detail.js"), apply_default_css=False)
        actions = gr.HTML("", elem_id="mt-events", js_on_load=script(*ACTIONS), apply_default_css=False)
        visit = gr.State(Visit(), time_to_live=FORGET_AFTER)
        parts = Parts(visit, message, taste_list, wall, shelves, rows, news, comparison, atlas, detail)
        for each in (*tried, *inputs):
            _on_input(service, parts, each)
        for change in filters.changes:
            _on_settings(service, parts, change, filters.form)
        _on_actions(service, parts, actions, filters)
        _on_links(service, parts, actions, exports, filters)
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
    def atlas_points(model: object) -> dict[str, str]:
        return points(service.bundle, str(model)) if model in service.maps.models else {"positions": ""}

    def atlas_films(_: object) -> dict[str, list[Any]]:
        return films(service.bundle)

    return gr.HTML(
        {},
        elem_id="mt-atlas",
        html_template=render("atlas.html"),
        js_on_load=script("atlas.js"),
        server_functions=[atlas_points, atlas_films],
        apply_default_css=False,
    )


def _lab(service: Service) -> None:
    _html(render("lab_heading.html", reader=service.genre_model and title(service.genre_model)))
    file = gr.File(label="A poster", file_types=["image"], height=150, elem_id="mt-lab-poster")
    shown = _html("", "mt-lab", "mt-slot")

    def handle(path: str | None) -> Updates:
        try:
            if path is None:
                raise BadInputError("choose an image file of a poster")
            yield {file: None, shown: views.lab(service, path)}
        except MatineeError as error:
            yield {file: None, shown: alert(str(error))}

    queue = {**PRIVATE, "concurrency_id": UPLOADS, "concurrency_limit": 1}
    file.upload(handle, inputs=[file], outputs=[file, shown], **queue)


def _on_input(service: Service, parts: Parts, given: Input) -> None:
    """Handle the event of an input: change the visitor, and answer the change."""

    def handle(visit: Visit, *values: Any) -> Updates:  # noqa: ANN401 - form values
        yield from answer(
            service, parts, visit, lambda: visit.change(lambda old: given.change(old, *values)), given.emptied
        )

    queue = {**PRIVATE, "concurrency_id": given.queue}
    given.event(handle, inputs=[parts.visit, *given.fields], outputs=[*parts.answers, *given.emptied], **queue)


def _on_settings(service: Service, parts: Parts, change: Change, form: gr.Number) -> None:
    def handle(visit: Visit, form: float, *values: Any) -> Updates:  # noqa: ANN401 - form values
        try:
            request = visit.change_settings(lambda old: change.make(old, *values), form)
        except MatineeError as error:
            yield {parts.message: alert(str(error))}
            return
        yield {parts.visit: visit}  # gradio empties every output of a handler that yields nothing
        if request is not None:
            yield from answer(service, parts, visit, lambda: request)

    inputs = [parts.visit, form, *change.fields]
    change.event(handle, inputs=inputs, outputs=parts.answers, **{**PRIVATE, "trigger_mode": change.mode})


def _on_actions(service: Service, parts: Parts, actions: gr.HTML, filters: Filters) -> None:
    """Handle the buttons inside the page's HTML; a browser may send anything, so every value is checked."""

    def change(visit: Visit, event: gr.EventData) -> Updates:
        act, kind, key, movie, word = (_sent(event, name) for name in ("act", "kind", "key", "movie", "said"))
        changes: dict[str, Callable[[], int]] = {
            "say": lambda: visit.change(lambda old: with_verdict(old, service.catalogue, movie, word)),
            "forget": lambda: visit.change(lambda old: without(old, kind, key)),
            "start over": lambda: visit.change(lambda old: Visitor(), Settings()),
            "undo": visit.undo,
        }
        yield {parts.visit: visit}  # gradio empties every output of a handler that yields nothing
        if act in changes:
            updates = answer(service, parts, visit, changes[act])
            yield from updates if act in ("say", "forget") else _with_filters(filters, visit, updates)

    def turn_wall(visit: Visit) -> Updates:
        visit.page += 1
        yield {parts.visit: visit, parts.wall: wall_of(service, visit)}

    def show(visit: Visit, event: gr.EventData) -> Updates:
        visit.film = _sent(event, "movie")
        try:
            yield from film_of(service, parts, visit)
        except MatineeError as error:
            visit.film = ""
            yield {parts.detail: alert(str(error))}

    def closed(visit: Visit) -> Updates:
        visit.film = ""
        yield {parts.visit: visit}

    actions.act(change, inputs=[parts.visit], outputs=[*parts.answers, *filters.fields], **PRIVATE)
    actions.wall(turn_wall, inputs=[parts.visit], outputs=[parts.visit, parts.wall], **PRIVATE)
    actions.open(show, inputs=[parts.visit], outputs=[parts.visit, parts.detail], **PRIVATE)
    actions.closed(closed, inputs=[parts.visit], outputs=[parts.visit], **PRIVATE)


def _sent(event: gr.EventData, name: str) -> str:
    """Return the text `name` in an event's data, or "" if it is missing; the page's own scripts send only text."""
    sent = event._data.get(name) if isinstance(event._data, dict) else None
    return sent if isinstance(sent, str) else ""


def _on_links(service: Service, parts: Parts, actions: gr.HTML, exports: gr.HTML, filters: Filters) -> None:
    """Handle the events that export picks or tastes, and that open the taste in a link."""

    def save(visit: Visit, event: gr.EventData) -> Updates:
        yield {
            parts.visit: visit,
            exports: {"time": time.time(), **views.exported(service, visit, _sent(event, "kind"))},
        }

    def restore(visit: Visit, event: gr.EventData) -> Updates:
        try:
            opened = decode(_sent(event, "taste"), service.catalogue)
        except MatineeError as error:
            yield {parts.message: alert(str(error))}
            return
        new = Settings(opened.where, visit.settings.surprise, quotes=visit.settings.quotes)
        visitor = Visitor(opened.taste, note=opened.note or "Opened from a link.")
        yield from _with_filters(
            filters, visit, answer(service, parts, visit, lambda: visit.change(lambda old: visitor, new))
        )

    actions.save(save, inputs=[parts.visit], outputs=[parts.visit, exports], **PRIVATE)
    actions.restore(restore, inputs=[parts.visit], outputs=[*parts.answers, *filters.fields], **PRIVATE)


def _on_view(service: Service, parts: Parts, tab: gr.Tab, name: str, part: gr.HTML) -> None:
    def handle(visit: Visit) -> Updates:
        visit.view = name
        yield {parts.visit: visit, **view_of(service, parts, visit)}

    tab.select(handle, inputs=[parts.visit], outputs=[parts.visit, part], **PRIVATE)


def _with_filters(filters: Filters, visit: Visit, updates: Updates) -> Updates:
    """Yield `updates` of a change that may also change the settings, with the filters' values whenever these change."""
    shown = None
    for update in updates:
        yield (
            update
            if (visit.settings, visit.form) == shown
            else {**update, **filters.showing(visit.settings, visit.form)}
        )
        shown = (visit.settings, visit.form)
