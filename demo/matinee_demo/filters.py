"""The filters: fields that say what picks shall be like, and how each changes the `Wish`.

In: a wish and one field's value. Out: a new wish; what cannot be one is refused with one clear sentence. A field
changes its own part of the wish alone, because events overtake each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from matinee_demo.request import parse_where
from matinee_demo.session import Wish

Trigger = Any
"""One of gradio's event listeners, such as `button.click`."""


@dataclass(frozen=True)
class Change:
    """One way in which the wish changes.

    Attributes:
        event: The listener of the event.
        fields: The fields that it is about.
        make: Makes a new wish of the old one and the values of `fields`; raises BadInputError where they are none.
        mode: gradio's mode of triggering: what a dragged slider passes by is left out, but a field that is left for a
            button asks before the button does.
    """

    event: Trigger
    fields: list[Any]
    make: Callable[..., Wish]
    mode: str = "always_last"


class Filters:
    """The fields, laid out where this is made.

    Args:
        genres: The genres of the catalogue.
        scored: Whether it knows scores.
    """

    def __init__(self, genres: Sequence[str], *, scored: bool) -> None:
        self.form = gr.Number(0, visible="hidden", label="Which state of the form this is")
        with gr.Accordion("Filters", open=False, elem_id="mt-filters"):
            self.surprise = gr.Slider(
                0, 100, 0, step=5, label="From familiar (0) to surprising (100)", buttons=[], elem_id="mt-surprise"
            )
            self.genres = gr.Dropdown(list(genres), multiselect=True, label="Genres (any of)", elem_id="mt-genres")
            with gr.Row():
                self.from_year = gr.Textbox(placeholder="any", max_length=4, label="From year", min_width=100)
                self.to_year = gr.Textbox(placeholder="any", max_length=4, label="To year", min_width=100)
            self.min_score = gr.Slider(
                0, 9, 0, step=0.5, label="Lowest IMDb score (0: any)", buttons=[], elem_id="mt-score", visible=scored
            )
            self.no_quotes = gr.Checkbox(
                label="Show no quotes from reviews",
                info="Quotes come only from reviews that are not marked as spoilers.",
            )

    @property
    def fields(self) -> list[Any]:
        """All the fields."""
        return [self.surprise, self.genres, self.from_year, self.to_year, self.min_score, self.no_quotes, self.form]

    def showing(self, wish: Wish, form: int) -> dict[Any, Any]:
        """Return what the fields must hold to say `wish`, as the form number `form`."""
        values = (
            round(100 * wish.surprise),
            list(wish.where.genres),
            *("" if year is None else str(year) for year in wish.where.years),
            wish.where.min_score or 0,
            not wish.quotes,
            form,
        )
        return dict(zip(self.fields, values, strict=True))

    @property
    def changes(self) -> list[Change]:
        """What changes the wish."""
        years = [self.from_year, self.to_year]
        left = [trigger for field in years for trigger in (field.submit, field.blur)]
        return [
            Change(self.surprise.input, [self.surprise], _surprise),
            Change(self.genres.input, [self.genres], _genres),
            Change(self.min_score.input, [self.min_score], _min_score),
            Change(self.no_quotes.input, [self.no_quotes], _quotes),
            *(Change(trigger, years, _years, "multiple") for trigger in left),
        ]


def _surprise(old: Wish, percent: float) -> Wish:
    return replace(old, surprise=percent / 100)


def _genres(old: Wish, genres: list[str] | None) -> Wish:
    return replace(old, where=replace(old.where, genres=tuple(genres or ())))


def _years(old: Wish, first: str, last: str) -> Wish:
    return replace(old, where=replace(old.where, years=parse_where(None, first, last).years))


def _min_score(old: Wish, score: float) -> Wish:
    return replace(old, where=replace(old.where, min_score=score or None))


def _quotes(old: Wish, hidden: bool) -> Wish:
    return replace(old, quotes=not hidden)
