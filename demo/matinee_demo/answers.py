"""How the page answers a change: the taste list at once, then the picks model by model, then the open tab and details.

In: a visit, and a change of it. Out: updates of the page's components, as gradio's handlers yield them; a MatineeError
becomes one sentence above the taste list, and the change is taken back. Once a newer request has come, the rest of an
answer is dropped.
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
from matinee_demo.taste_list import render_taste_list
from matinee_demo.templates import alert, render
from matinee_demo.visitor import verdicts_of
from matinee_demo.wall import render_wall

PICKS = 16
"""Number of picks in a row."""

Updates = Iterator[dict[Any, Any]]


@dataclass(frozen=True)
class Parts:
    """The components that handlers update, beside the fields of the form.

    Attributes:
        visit: The visit.
        message: The message above the taste list: why an input was refused.
        taste_list: Everything in the visitor's taste.
        wall: The posters to click.
        shelves: The rows shown while the taste is empty.
        rows: A row of picks for each model.
        news: What changed, for screen readers.
        comparison: The tab that compares the models.
        atlas: The map.
        detail: The dialog with a film's details.
    """

    visit: gr.State
    message: gr.HTML
    taste_list: gr.HTML
    wall: gr.HTML
    shelves: gr.HTML
    rows: dict[str, gr.HTML]
    news: gr.HTML
    comparison: gr.HTML
    atlas: gr.HTML
    detail: gr.HTML

    @property
    def answers(self) -> list[Any]:
        """All the components that an answer may update."""
        fixed = [
            self.visit,
            self.message,
            self.taste_list,
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
    """Make a change and yield its updates one by one.

    A MatineeError becomes one sentence and takes the change back.

    Args:
        service: The service of the bundle.
        parts: The page's components.
        visit: The visit.
        change: Changes the visit; returns the number of the request for new picks.
        emptied: Values to give to form fields once the change is made, such as "" to empty one.
    """
    emptied = emptied or {}
    before = visit.visitor
    try:
        request = change()
        yield {**_taste(service, parts, visit), parts.message: "", **emptied}
        first = yield from _picks(service, parts, visit, request)
        if visit.is_latest(request):
            yield {parts.news: render_news(first), **view_of(service, parts, visit)}
            yield from film_of(service, parts, visit)
    except MatineeError as error:
        files = {field: None for field in emptied if isinstance(field, gr.File)}
        request = visit.restore(before)
        yield {**_taste(service, parts, visit), parts.message: alert(str(error)), **files}
        yield from _picks(service, parts, visit, request)


def _taste(service: Service, parts: Parts, visit: Visit) -> dict[Any, Any]:
    return {
        parts.visit: visit,
        parts.taste_list: render_taste_list(visit.visitor, service.catalogue, undo=visit.can_undo),
        parts.wall: wall_of(service, visit),
    }


def wall_of(service: Service, visit: Visit) -> str:
    """Return the wall with the visitor's verdicts on it."""
    return render_wall(service.wall, verdicts_of(visit.visitor, service.catalogue), visit.page)


def _picks(service: Service, parts: Parts, visit: Visit, request: int) -> Generator[dict[Any, Any], None, str]:
    """Yield each model's row as soon as it has answered; return the first pick, in words for screen readers."""
    if not visit.visitor.taste:
        visit.evidence = None
        shelves = render_shelves(service.shelves(PICKS, visit.where))
        yield {parts.shelves: shelves, **dict.fromkeys(parts.rows.values(), "")}
        return "the most liked films are shown"
    row = partial(render_row, weights=service.weights, quotes=visit.settings.quotes)
    waiting = visit.evidence is None
    visit.embeddings = embeddings = visit.embeddings or service.embedding_cache()
    evidence = service.recommender.hear(visit.visitor.taste, encoders=embeddings)
    if not visit.is_latest(request):
        return ""
    visit.evidence = evidence
    stream = service.stream(evidence, PICKS, visit.where, visit.settings.surprise)
    if waiting:
        yield {parts.shelves: "", **{part: row(model, None) for model, part in parts.rows.items()}}
    first: dict[str, str] = {}
    for answer in stream:
        if not visit.is_latest(request):
            break
        visit.picks[answer.model] = answer.picks
        first[answer.model] = f"first is {answer.picks[0].movie}" if answer.picks else "nothing passes your filters"
        yield {parts.rows[answer.model]: row(answer.model, answer)}
    return first.get(service.models[0], "")


def view_of(service: Service, parts: Parts, visit: Visit) -> dict[Any, Any]:
    """Return the update of the open tab, where that is not the picks."""
    changes: dict[Any, Any] = {}
    if visit.view == "compare":
        changes[parts.comparison] = views.comparison(service, visit)
    if visit.view == "map":
        changes[parts.atlas] = views.marked(service, visit)
    return changes


def film_of(service: Service, parts: Parts, visit: Visit) -> Updates:
    """Yield the details of the film whose dialog is open, first without, then with what depends on the visitor."""
    if visit.film:
        for html in views.detail(service, visit, visit.film):
            yield {parts.visit: visit, parts.detail: html}


def render_news(words: str) -> str:
    """Return the announcement of new picks for screen readers."""
    return render("news.html", words=words)
