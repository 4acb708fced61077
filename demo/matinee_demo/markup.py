"""The smallest pieces of HTML: escaped text, safe links, alerts. Everything that the page shows passes through here."""

from __future__ import annotations

import html
from urllib.parse import urlsplit

from matinee.taste import sound


def text(value: object) -> str:
    """Return `value` as text that HTML shows and never obeys, also inside a quoted attribute."""
    return html.escape(sound(str(value)), quote=True)


def link_address(address: str) -> str | None:
    """Return `address` escaped if it is a web address that may be a link, else None."""
    try:
        parts = urlsplit(address)
    except ValueError:  # such as "http://[bad"
        return None
    return text(address) if parts.scheme in ("http", "https") and parts.netloc else None


def alert(message: str) -> str:
    """Return a message that screen readers announce, or nothing for no message."""
    return f'<p class="mt-alert" role="alert">{text(message)}</p>' if message else ""


def hidden(value: object) -> str:
    """Return text that only screen readers tell."""
    return f'<span class="mt-hidden">{text(value)}</span>'
