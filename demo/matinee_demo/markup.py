"""The smallest pieces of HTML: escaped text, safe links, alerts. Everything that the page shows passes through here."""

from __future__ import annotations

import html
from urllib.parse import urlsplit


def text(value: object) -> str:
    """Return `value` as text that HTML shows and never obeys, also inside a quoted attribute."""
    return html.escape(str(value), quote=True)


def link_address(address: str) -> str | None:
    """Return `address` escaped if it is a web address that may be a link, else None."""
    return text(address) if urlsplit(address).scheme in ("http", "https") else None


def alert(message: str) -> str:
    """Return a message that screen readers announce, or nothing for no message."""
    return f'<p class="mt-alert" role="alert">{text(message)}</p>' if message else ""


def hidden(value: object) -> str:
    """Return text that only screen readers tell."""
    return f'<span class="mt-hidden">{text(value)}</span>'
