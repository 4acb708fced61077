"""A field in which a visitor types a few letters of a film's title and chooses the film from a list.

A gradio HTML component: its value is the text of the field, and the server sends the list while one types. gradio's own
Dropdown would have to hold every title of the catalogue in the page.
"""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr

from matinee.catalogue import Movie
from matinee_demo.assets import script
from matinee_demo.posters import poster_address
from matinee_demo.templates import render


def film_field(name: str, label: str, hint: str, titles: Callable[[str], list[Movie]]) -> gr.HTML:
    """Return the field; its value as an input is the text in it.

    Args:
        name: Id of the field in the page.
        label: Its label.
        hint: Its placeholder.
        titles: Returns the movies to offer for the text typed so far.
    """

    def offer(typed: object) -> list[dict[str, str | None]]:
        return (
            [{"title": str(movie), "poster": poster_address(movie)} for movie in titles(typed)]
            if isinstance(typed, str)
            else []
        )

    return gr.HTML(
        "",
        elem_id=name,
        html_template=render("combobox.html", name=name, label=label, hint=hint),
        js_on_load=script("combobox.js"),
        server_functions=[offer],
        apply_default_css=False,
    )
