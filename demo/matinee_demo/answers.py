"""How the page answers a change: what was told at once, then model by model, then whatever else is looked at.

In: a visit, and a change of it. Out: updates of the page's components, as gradio's handlers yield them; a MatineeError
becomes one sentence above the visitor's taste and takes the change back. An answer that a newer question has overtaken
is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from matinee.errors import MatineeError
from matinee_demo import views
from matinee_demo.rows import render_row, render_shelves
from matinee_demo.service import Service
from matinee_demo.session import Visit
from matinee_demo.templates import alert, render
from matinee_demo.told import render_told
from matinee_demo.visitor import words_of
from matinee_demo.wall import render_wall

PICKS = 16
"""How many picks a row has."""

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


def answer(
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
            yield {parts.news: render_news(first), **view_of(service, parts, visit)}
            yield from film_of(service, parts, visit)
    except MatineeError as error:
        files = {field: None for field in emptied if isinstance(field, gr.File)}
        turn = visit.restore(before)
        yield {**_told(service, parts, visit), parts.message: alert(str(error)), **files}
        yield from _picks(service, parts, visit, turn)


def _told(service: Service, parts: Parts, visit: Visit) -> dict[Any, Any]:
    return {
        parts.visit: visit,
        parts.told: render_told(visit.visitor, service.catalogue, undo=visit.can_undo),
        parts.wall: wall_of(service, visit),
    }


def wall_of(service: Service, visit: Visit) -> str:
    """Return the wall as it stands for the visit."""
    return render_wall(service.wall, words_of(visit.visitor, service.catalogue), visit.page)


def _picks(service: Service, parts: Parts, visit: Visit, turn: int) -> Generator[dict[Any, Any], None, str]:
    """Yield each model's row as soon as it has answered; returns the first film shown, in words."""
    if not visit.visitor.taste:
        visit.heard = None
        shelves = render_shelves(service.shelves(PICKS, visit.where))
        yield {parts.shelves: shelves, **dict.fromkeys(parts.rows.values(), "")}
        return "the most liked films are shown"
    row = partial(render_row, weights=service.weights, quotes=visit.wish.quotes)
    waiting = visit.heard is None
    heard, visit.embedded = service.hear(visit.visitor.taste, visit.embedded)
    if not visit.is_latest(turn):
        return ""
    visit.heard = heard
    stream = service.stream(heard, PICKS, visit.where, visit.wish.surprise)
    if waiting:
        yield {parts.shelves: "", **{part: row(model, None) for model, part in parts.rows.items()}}
    first: dict[str, str] = {}
    for answer in stream:
        if not visit.is_latest(turn):
            break
        visit.picks[answer.model] = answer.picks
        first[answer.model] = f"first is {answer.picks[0].movie}" if answer.picks else "nothing passes your filters"
        yield {parts.rows[answer.model]: row(answer.model, answer)}
    return first.get(service.models[0], "")


def view_of(service: Service, parts: Parts, visit: Visit) -> dict[Any, Any]:
    """What the tab shows that is looked at, where that is not the picks."""
    changes: dict[Any, Any] = {}
    if visit.view == "compare":
        changes[parts.comparison] = views.comparison(service, visit)
    if visit.view == "map":
        changes[parts.atlas] = views.marked(service, visit)
    return changes


def film_of(service: Service, parts: Parts, visit: Visit) -> Updates:
    """The details of the film that is looked at, if one is: at once what is the same for everybody."""
    if visit.film:
        for html in views.detail(service, visit, visit.film):
            yield {parts.visit: visit, parts.detail: html}


def render_news(words: str) -> str:
    """Return what screen readers are told of the new picks."""
    return render("news.html", words=words)
