"""The filters: fields that say what picks shall be like, and the `Wish` that they make.

In: the fields' values. Out: a `Wish`; what cannot be one is refused with one clear sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from matinee_demo.request import parse_where
from matinee_demo.session import Wish

Trigger = Any
"""One of gradio's event listeners, such as `button.click`."""


class Filters:
    """The fields, laid out where this is made.

    Args:
        genres: The genres of the catalogue.
        scored: Whether it knows scores.
    """

    def __init__(self, genres: Sequence[str], *, scored: bool) -> None:
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
        """The fields in the order in which `wish` takes their values."""
        return [self.surprise, self.genres, self.from_year, self.to_year, self.min_score, self.no_quotes]

    def showing(self, wish: Wish) -> dict[Any, Any]:
        """Return what the fields must hold to say `wish`."""
        values = (
            round(100 * wish.surprise),
            list(wish.where.genres),
            *("" if year is None else str(year) for year in wish.where.years),
            wish.where.min_score or 0,
            not wish.quotes,
        )
        return dict(zip(self.fields, values, strict=True))

    @property
    def changes(self) -> list[tuple[Trigger, str]]:
        """The events after which the picks may have to be others, each with gradio's mode of triggering.

        A slider that is dragged asks all the way, and what it passes by is left out. A field that is left for a button
        must ask before the button does.
        """
        texts = [trigger for field in (self.from_year, self.to_year) for trigger in (field.submit, field.blur)]
        others = [self.surprise.input, self.min_score.input, self.genres.input, self.no_quotes.input]
        return [*((trigger, "always_last") for trigger in others), *((trigger, "multiple") for trigger in texts)]


def wish(
    surprise: float, genres: list[str] | None, from_year: str, to_year: str, min_score: float, no_quotes: bool
) -> Wish:
    """Return what the fields' values wish for.

    Raises:
        BadInputError: A year is none, the first is after the last, or a number is out of range.
    """
    where = parse_where(genres, from_year, to_year, min_score or None)
    return Wish(where, surprise / 100, quotes=not no_quotes)
