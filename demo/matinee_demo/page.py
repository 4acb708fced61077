"""The page: on the left what the visitor tells, on the right what each model picks.

In: a `Service`. Out: gradio Blocks, not yet served. Every handler takes the visitor's state and the fields' values, and
yields what changes; a MatineeError becomes one sentence above the form. The state lives in the visitor's session only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from matinee.errors import BadInputError, MatineeError
from matinee.recommender import Answer
from matinee_demo.banner import render_banner
from matinee_demo.combobox import film_field
from matinee_demo.endpoints import QUEUE, add_endpoints
from matinee_demo.markup import alert
from matinee_demo.posters import poster_address
from matinee_demo.request import parse_where
from matinee_demo.rows import render_rows, render_shelves
from matinee_demo.service import Service
from matinee_demo.told import render_told
from matinee_demo.visitor import Visitor, with_poster, with_rating, with_review, without

HERE = Path(__file__).parent
PICKS = 12
RATINGS = list(range(10, 0, -1))
FORGET_AFTER = 3600
"""Seconds after which what an idle visitor told is forgotten; it goes at once when the page is closed."""

Change = Callable[..., Visitor]
Updates = Iterator[dict[Any, Any]]


@dataclass(frozen=True)
class Parts:
    """The components that handlers read and write."""

    visitor: gr.State
    message: gr.HTML
    told: gr.HTML
    picks: gr.HTML
    genres: gr.Dropdown
    from_year: gr.Textbox
    to_year: gr.Textbox


@dataclass(frozen=True)
class Asked:
    """One event of the page: the visitor before it, the filters, and what the fields hold after it."""

    before: Visitor
    filters: tuple[list[str], str, str]
    emptied: dict[Any, Any]


def build_page(service: Service) -> gr.Blocks:
    """Return the whole page with its endpoints, ready to be launched."""
    page = gr.Blocks(title="Matinee", analytics_enabled=False, delete_cache=(60, 60), fill_width=True)
    with page:
        gr.HTML(render_banner(service.about()), apply_default_css=False)
        with gr.Row(elem_id="mt-page"):
            with gr.Column(scale=1, min_width=320, elem_id="mt-form"):
                examples = _examples(service)
                review_tab, rate_tab, poster_tab = _tabs(service)
                message = gr.HTML("", elem_id="mt-message", apply_default_css=False)
                told = gr.HTML(
                    render_told(Visitor()), elem_id="mt-told", js_on_load=_script("told.js"), apply_default_css=False
                )
                genres, from_year, to_year, apply = _filters(service)
            with gr.Column(scale=3, min_width=320, elem_id="mt-picks"):
                picks = gr.HTML(
                    render_shelves(service.shelves(PICKS)), js_on_load=_script("rows.js"), apply_default_css=False
                )
        visitor = gr.State(Visitor(), time_to_live=FORGET_AFTER)
        parts = Parts(visitor, message, told, picks, genres, from_year, to_year)
        on = partial(_on, service, parts)
        for button, change in examples:
            on(button.click, change, [])
        on(apply.click, lambda visitor: visitor, [])
        on(review_tab.button.click, partial(_add_review, service), review_tab.fields, review_tab.emptied)
        on(rate_tab.button.click, partial(_add_rating, service), rate_tab.fields, rate_tab.emptied)
        on(poster_tab.button.upload, _add_poster, poster_tab.fields, poster_tab.emptied)
        _on_forget(service, parts)
        add_endpoints(service)
    page.queue(max_size=64, default_concurrency_limit=2)
    return page


@dataclass(frozen=True)
class Tab:
    """One way of telling: its fields in the order of its handler's arguments, and what they hold afterwards."""

    button: Any
    fields: list[Any]
    emptied: dict[Any, Any]


def _tabs(service: Service) -> tuple[Tab, Tab, Tab]:
    with gr.Tabs(elem_id="mt-tabs"):
        with gr.Tab("Review", id="review"):
            text = gr.Textbox(
                label="A film you saw, in your own words",
                placeholder="The heist was thrilling, but the quiet diner scene is what stayed with me…",
                lines=3,
                max_lines=8,
                max_length=20_000,
                elem_id="mt-review",
            )
            with gr.Row(elem_id="mt-about"):
                about = film_field("mt-review-film", "About (optional)", "type a title", service.titles)
                rating = gr.Dropdown(RATINGS, value=None, label="Rating", elem_id="mt-review-rating")
            add = gr.Button("Add review", variant="primary", elem_id="mt-add-review")
            review = Tab(add, [text, about, rating], {text: "", about: "", rating: None})
        with gr.Tab("Rate", id="rate"):
            film = film_field("mt-rate-film", "Film", "type a title", service.titles)
            slider = gr.Slider(1, 10, 8, step=1, label="Your rating", elem_id="mt-rate-rating")
            rate = gr.Button("Add rating", variant="primary", elem_id="mt-add-rating")
            rated = Tab(rate, [film, slider], {film: ""})
        with gr.Tab("Poster", id="poster"):
            file = gr.File(label="A poster you like the look of", file_types=["image"], height=150, elem_id="mt-poster")
            shown = Tab(file, [file], {file: None})
    return review, rated, shown


def _filters(service: Service) -> tuple[gr.Dropdown, gr.Textbox, gr.Textbox, gr.Button]:
    with gr.Accordion("Filters", open=False, elem_id="mt-filters"):
        genres = gr.Dropdown(list(service.catalogue.genres), multiselect=True, label="Genres (any of)")
        with gr.Row():
            from_year = gr.Textbox(placeholder="any", max_length=4, label="From year", min_width=100)
            to_year = gr.Textbox(placeholder="any", max_length=4, label="To year", min_width=100)
        return genres, from_year, to_year, gr.Button("Apply filters", elem_id="mt-apply")


def _examples(service: Service) -> list[tuple[gr.Button, Change]]:
    """The buttons that tell an example taste with one click."""
    movie = service.example_poster()
    with gr.Row(elem_id="mt-examples", equal_height=True):
        gr.HTML("<p>Try</p>", apply_default_css=False)
        buttons: list[tuple[gr.Button, Change]] = [
            (gr.Button("a typed review", size="sm", min_width=80), partial(_example_review, service)),
            (gr.Button("a few ratings", size="sm", min_width=80), partial(_example_ratings, service)),
        ]
        if movie is not None:
            buttons.append((gr.Button("a poster", size="sm", min_width=80), partial(_example_poster, service)))
    return buttons


def _on(
    service: Service,
    parts: Parts,
    event: Callable[..., Any],
    change: Change,
    fields: list[Any],
    emptied: dict[Any, Any] | None = None,
) -> None:
    """At `event`, let `change` make a new visitor out of the old one and the values of `fields`, and answer it."""

    def handle(visitor: Visitor, genres: list[str], from_year: str, to_year: str, *values: Any) -> Updates:  # noqa: ANN401 - form values
        asked = Asked(visitor, (genres, from_year, to_year), emptied or {})
        yield from _update(service, parts, asked, lambda: change(visitor, *values))

    event(
        handle,
        inputs=[parts.visitor, parts.genres, parts.from_year, parts.to_year, *fields],
        outputs=[parts.visitor, parts.message, parts.told, parts.picks, *(emptied or {})],
        **PRIVATE,
    )


def _on_forget(service: Service, parts: Parts) -> None:
    def handle(visitor: Visitor, genres: list[str], from_year: str, to_year: str, event: gr.EventData) -> Updates:
        kind, position = str(event.kind), int(event.position)
        changed = Visitor() if kind == "all" else without(visitor, kind, position)
        yield from _update(service, parts, Asked(visitor, (genres, from_year, to_year), {}), lambda: changed)

    parts.told.forget(
        handle,
        inputs=[parts.visitor, parts.genres, parts.from_year, parts.to_year],
        outputs=[parts.visitor, parts.message, parts.told, parts.picks],
        **PRIVATE,
    )


PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "concurrency_id": QUEUE}


def _update(service: Service, parts: Parts, asked: Asked, change: Callable[[], Visitor]) -> Updates:
    """Yield what changes in the page, bit by bit; a MatineeError becomes one sentence and changes nothing else."""
    try:
        visitor = change()
        yield {parts.visitor: visitor, parts.told: render_told(visitor), parts.message: "", **asked.emptied}
        for rows in _rows(service, visitor, asked):
            yield {parts.picks: rows}
    except MatineeError as error:
        files = {field: None for field in asked.emptied if isinstance(field, gr.File)}
        yield {parts.message: alert(str(error)), **files}


def _rows(service: Service, visitor: Visitor, asked: Asked) -> Iterator[str]:
    """Yield the rows of picks, again whenever another model has answered; waiting rows only in place of the shelves."""
    if not visitor.taste:
        yield render_shelves(service.shelves(PICKS))
        return
    weights = {name: info.weights for name, info in service.bundle.manifest.encoders.items()}
    answers: dict[str, Answer] = {}
    stream = service.stream(visitor.taste, PICKS, parse_where(*asked.filters))
    if not asked.before.taste:
        yield render_rows(service.models, answers, weights)
    for answer in stream:
        answers[answer.model] = answer
        yield render_rows(service.models, answers, weights)


def _add_review(service: Service, visitor: Visitor, text: str, movie: str | None, rating: float | None) -> Visitor:
    return with_review(visitor, service.catalogue, text or "", movie or "", rating)


def _add_rating(service: Service, visitor: Visitor, movie: str | None, rating: float) -> Visitor:
    return with_rating(visitor, service.catalogue, movie or "", rating)


def _add_poster(visitor: Visitor, path: str | None) -> Visitor:
    if path is None:
        raise BadInputError("choose an image file of a poster")
    return with_poster(visitor, Path(path), f"your poster {Path(path).name}")


def _example_review(service: Service, visitor: Visitor) -> Visitor:
    review = service.example_review()
    return with_review(visitor, service.catalogue, review.text, rating=review.rating)


def _example_ratings(service: Service, visitor: Visitor) -> Visitor:
    for rating in service.example_ratings():
        visitor = with_rating(visitor, service.catalogue, rating.movie, rating.rating)
    return visitor


def _example_poster(service: Service, visitor: Visitor) -> Visitor:
    movie = service.example_poster()
    path = service.bundle.poster_path(service.catalogue.rows[movie.id]) if movie else None
    if movie is None or path is None:
        raise BadInputError("this bundle has no posters to try")
    return with_poster(visitor, path, f"the poster of {movie}", poster_address(movie))


def _script(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
