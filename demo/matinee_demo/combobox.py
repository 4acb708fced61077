"""A field in which one types a few letters of a film and chooses it from a list, with the mouse or the keyboard.

Made of gradio's HTML component: its value is the text of the field, and the list comes from the server letter by
letter. gradio's own Dropdown would have to hold every title of the catalogue in the page.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import gradio as gr

from matinee.catalogue import Movie
from matinee_demo.markup import text
from matinee_demo.posters import poster_address

SCRIPT = Path(__file__).with_name("combobox.js")


def film_field(name: str, label: str, hint: str, titles: Callable[[str], list[Movie]]) -> gr.HTML:
    """Return the field; used as an input, it gives the text in it.

    Args:
        name: Id of the field in the page.
        label: What stands above it.
        hint: What stands in it while it is empty.
        titles: Gives the movies to offer for the letters typed so far.
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
        html_template=(
            f'<div class="mt-film"><label for="{name}-input">{text(label)}</label>'
            f'<input id="{name}-input" type="text" role="combobox" aria-expanded="false" aria-autocomplete="list" '
            f'aria-controls="{name}-list" autocomplete="off" spellcheck="false" maxlength="200" '
            f'placeholder="{text(hint)}">'
            f'<ul id="{name}-list" role="listbox" aria-label="{text(label)}" hidden></ul></div>'
        ),
        js_on_load=SCRIPT.read_text(encoding="utf-8"),
        server_functions=[offer],
        apply_default_css=False,
    )
