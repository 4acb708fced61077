"""The filters: the form fields for which picks the visitor wants, and how each field changes the `Settings`.

In: settings and the value of one field. Out: new settings; a bad value is refused with one clear sentence. A field
changes only its own part of the settings, because events overtake each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from matinee_demo.request import parse_where
from matinee_demo.session import Settings

Trigger = Any
"""One of gradio's event listeners, such as `button.click`."""


@dataclass(frozen=True)
class Change:
    """One way in which the settings change.

    Attributes:
        event: The listener of the event.
        fields: The fields whose values it takes.
        make: Returns new settings, given the old ones and the values of `fields`; raises BadInputError for bad values.
        mode: gradio's trigger mode: "always_last" skips the values that a dragged slider passes, and "multiple" lets a
            field that loses the focus to a button answer before the button.
    """

    event: Trigger
    fields: list[Any]
    make: Callable[..., Settings]
    mode: str = "always_last"


class Filters:
    """The fields of the filters, which are added to the page where an instance is created.

    Args:
        genres: The genres of the catalogue.
        scored: Whether any of its movies has an IMDb score.
    """

    def __init__(self, genres: Sequence[str], *, scored: bool) -> None:
        self.form = gr.Number(0, visible="hidden", label="How often the server has filled in this form")
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

    def showing(self, settings: Settings, form: int) -> dict[Any, Any]:
        """Return the values of the fields for `settings`; `form` counts how often the server has filled them in."""
        values = (
            round(100 * settings.surprise),
            list(settings.where.genres),
            *("" if year is None else str(year) for year in settings.where.years),
            settings.where.min_score or 0,
            not settings.quotes,
            form,
        )
        return dict(zip(self.fields, values, strict=True))

    @property
    def changes(self) -> list[Change]:
        """Every way in which a field changes the settings."""
        years = [self.from_year, self.to_year]
        left = [trigger for field in years for trigger in (field.submit, field.blur)]
        return [
            Change(self.surprise.input, [self.surprise], _surprise),
            Change(self.genres.input, [self.genres], _genres),
            Change(self.min_score.input, [self.min_score], _min_score),
            Change(self.no_quotes.input, [self.no_quotes], _quotes),
            *(Change(trigger, years, _years, "multiple") for trigger in left),
        ]


def _surprise(old: Settings, percent: float) -> Settings:
    return replace(old, surprise=percent / 100)


def _genres(old: Settings, genres: list[str] | None) -> Settings:
    return replace(old, where=replace(old.where, genres=tuple(genres or ())))


def _years(old: Settings, first: str, last: str) -> Settings:
    return replace(old, where=replace(old.where, years=parse_where(None, first, last).years))


def _min_score(old: Settings, score: float) -> Settings:
    return replace(old, where=replace(old.where, min_score=score or None))


def _quotes(old: Settings, hidden: bool) -> Settings:
    return replace(old, quotes=not hidden)
