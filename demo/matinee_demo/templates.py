"""HTML from the templates in `html/`, in which every value is escaped.

In: a template's name and its values. Out: HTML. A template that uses a missing value fails. Line breaks next to tags
are for the reader of a template and are not part of the page.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension

from matinee.taste import sound
from matinee_demo.posters import poster_address
from matinee_demo.words import VERDICTS

HTML = Path(__file__).parent / "html"

_BREAK = re.compile(r"(?<=[>}])\s*\n\s*|\s*\n\s*(?=<|\{[%{#])")
"""A line break after a tag or an expression, or before one, with the indentation around it."""


class _Unbroken(Extension):
    """Removes a template's line breaks: between inline elements each would be shown as a space."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return a template's source without the line breaks next to tags; one within text becomes a space."""
        return re.sub(r"\s*\n\s*", " ", _BREAK.sub("", source.strip()))


def web_address(address: str) -> str | None:
    """Return `address` if it is an http(s) address, which is safe as a link, else None."""
    try:
        parts = urlsplit(address)
    except ValueError:  # such as "http://[bad"
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None


TEMPLATES = Environment(
    loader=FileSystemLoader(HTML), autoescape=True, undefined=StrictUndefined, extensions=[_Unbroken], auto_reload=False
)
TEMPLATES.globals["VERDICTS"] = VERDICTS
TEMPLATES.filters |= {"poster_address": poster_address, "web_address": web_address}


def render(template: str, /, **values: object) -> str:
    """Return the HTML of a template with its values.

    Raises:
        jinja2.UndefinedError: A value that it uses is missing.
    """
    return sound(TEMPLATES.get_template(template).render(values))


def alert(message: str) -> str:
    """Return the HTML of a message that screen readers announce, or "" for no message."""
    return render("alert.html", message=message) if message else ""
