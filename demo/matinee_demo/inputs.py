"""The form: each kind of input for a taste in a tab of its own, and example tastes to try with one click.

In: a `Service`. Out: the components, and for each input its event, its fields and the change that it makes to the
visitor. `page` handles what follows a change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from matinee.errors import BadInputError
from matinee_demo.combobox import film_field
from matinee_demo.endpoints import QUEUE
from matinee_demo.imports import read_ratings
from matinee_demo.posters import poster_address
from matinee_demo.service import Service
from matinee_demo.templates import render
from matinee_demo.visitor import Visitor, with_imported, with_poster, with_rating, with_review
from matinee_demo.wall import render_wall

RATINGS = list(range(10, 0, -1))
UPLOADS = "uploads"
"""Name of gradio's queue of uploads: one file is read at a time, and other events do not wait for it."""

LONGEST = 20_000
"""Characters of a review that are kept: several times what any encoder reads."""

Change = Callable[..., Visitor]


@dataclass(frozen=True)
class Input:
    """One kind of input.

    Attributes:
        event: The listener of the event that submits it.
        change: Returns a new visitor, given the old one and the values of `fields`.
        fields: The fields it reads.
        emptied: The values that fields are given afterwards, such as "" to empty one.
        queue: Name of gradio's queue in which the event waits.
    """

    event: Any
    change: Change
    fields: list[Any] = field(default_factory=list)
    emptied: dict[Any, Any] = field(default_factory=dict)
    queue: str = QUEUE


def examples(service: Service) -> list[Input]:
    """Add the buttons that give an example taste with one click."""
    with gr.Row(elem_id="mt-examples", equal_height=True):
        gr.HTML("<p>Try</p>", apply_default_css=False)
        inputs = [
            Input(gr.Button("a typed review", size="sm", min_width=80).click, partial(_example_review, service)),
            Input(gr.Button("a few ratings", size="sm", min_width=80).click, partial(_example_ratings, service)),
        ]
        if service.example_poster() is not None:
            inputs.append(
                Input(gr.Button("a poster", size="sm", min_width=80).click, partial(_example_poster, service))
            )
    return inputs


def tabs(service: Service) -> tuple[gr.HTML, list[Input]]:
    """Add the tabs; returns the wall, whose clicks are events of the page's scripts, and the other inputs."""
    with gr.Tabs(elem_id="mt-tabs"):
        with gr.Tab("Click", id="click"):
            wall = gr.HTML(render_wall(service.wall, {}, 0), elem_id="mt-wall", apply_default_css=False)
        with gr.Tab("Write", id="write"):
            review = _write(service)
        with gr.Tab("Rate", id="rate"):
            rating = _rate(service)
        with gr.Tab("Poster", id="poster"):
            poster = _poster()
        with gr.Tab("Import", id="import"):
            export = _import(service)
    return wall, [review, rating, poster, export]


def _write(service: Service) -> Input:
    text = gr.Textbox(
        label="A film you saw, in your own words",
        placeholder="The heist was thrilling, but the quiet diner scene is what stayed with me…",
        lines=4,
        max_lines=8,
        max_length=LONGEST,
        elem_id="mt-review",
    )
    with gr.Row(elem_id="mt-about"):
        about = film_field("mt-review-film", "About (optional)", "type a title", service.titles)
        rating = gr.Dropdown(RATINGS, value=None, label="Rating", elem_id="mt-review-rating")
    add = gr.Button("Add review", variant="primary", elem_id="mt-add-review")
    return Input(add.click, partial(_add_review, service), [text, about, rating], {text: "", about: "", rating: None})


def _rate(service: Service) -> Input:
    film = film_field("mt-rate-film", "Film", "type a title", service.titles)
    slider = gr.Slider(1, 10, 8, step=1, label="Your rating", buttons=[], elem_id="mt-rate-rating")
    add = gr.Button("Add rating", variant="primary", elem_id="mt-add-rating")
    return Input(add.click, partial(_add_rating, service), [film, slider], {film: ""})


def _poster() -> Input:
    file = gr.File(
        label="Posters you like the look of",
        file_types=["image"],
        file_count="multiple",
        height=150,
        elem_id="mt-poster",
    )
    _hint("Drop them here, choose them, or paste one anywhere on the page.")
    return Input(file.upload, _add_posters, [file], {file: None}, UPLOADS)


def _import(service: Service) -> Input:
    file = gr.File(
        label="Ratings you exported from IMDb or Letterboxd",
        file_types=[".csv", ".zip"],
        height=150,
        elem_id="mt-import",
    )
    _hint(
        "IMDb: Your ratings, Export. Letterboxd: Settings, Data, Export your data; "
        "bring the whole zip or its ratings.csv."
    )
    return Input(file.upload, partial(_add_imported, service), [file], {file: None}, UPLOADS)


def _hint(words: str) -> None:
    gr.HTML(render("hint.html", words=words), apply_default_css=False)


def _add_imported(service: Service, visitor: Visitor, path: str | None) -> Visitor:
    if path is None:
        raise BadInputError("choose the file that IMDb or Letterboxd gave you")
    return with_imported(visitor, read_ratings(Path(path), Path(path).name, service.catalogue))


def _add_review(service: Service, visitor: Visitor, text: object, movie: object, rating: float | None) -> Visitor:
    return with_review(visitor, service.catalogue, _typed(text), _typed(movie), rating)


def _add_rating(service: Service, visitor: Visitor, movie: object, rating: float) -> Visitor:
    return with_rating(visitor, service.catalogue, _typed(movie), rating)


def _typed(value: object) -> str:
    """The text in a field, or "" where a program sent something else in its place."""
    return value[:LONGEST] if isinstance(value, str) else ""


def _add_posters(visitor: Visitor, paths: list[str] | None) -> Visitor:
    if not paths:
        raise BadInputError("choose an image file of a poster")
    for path in map(Path, paths):
        visitor = with_poster(visitor, path, path.name)
    return visitor


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
    return with_poster(visitor, path, str(movie), poster_address(movie))
