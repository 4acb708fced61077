"""Converts the inline markup of reports, **bold**, `code` and [links](https://example.org), to Markdown and HTML.

In: one line of text with such markup; a backslash before a mark makes it literal. Out: the line as Markdown, in which
all other text is escaped, or as escaped HTML. White space is collapsed and control characters are dropped.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

_MARK = re.compile(
    r"\\(?P<escaped>[\\`*\[\]])"
    r"|`(?P<code>[^`]+)`"
    r"|\*\*(?P<bold>.+?)\*\*"
    r"|\[(?P<link>[^\[\]]+)\]\((?P<url>(?:https?://|#|[\w.-]+(?:/[\w.-]+)*\.\w+)[^\s()<>\"]*)\)"
)
_MEANING = re.compile(r"[\\`*<]|~~|(?<!\w)_|_(?!\w)|\](?=[(\[:])|&(?=#?\w+;)")  # characters that are markup in Markdown
_START = re.compile(r"([#>+=-]|\d+(?=[.)]))")  # line beginnings of headings, quotations, rules and lists


class _Piece(NamedTuple):
    """A piece of a line, of one kind: "text", "code", "bold" or "link"."""

    kind: str
    text: str
    url: str = ""


def plain(text: str) -> str:
    """Escape arbitrary text, such as a title or a genre, so that none of it is interpreted as markup."""
    return re.sub(r"([\\`*\[\]])", r"\\\1", fold(text))


def fold(text: str) -> str:
    """Return text on one line, with white space collapsed to single spaces and control characters dropped."""
    kept = (letter for letter in text if letter.isspace() or not _is_unprintable(letter))
    return " ".join("".join(kept).split())


def to_html(text: str) -> str:
    """Convert a line with markup to HTML."""
    return "".join(_html(piece) for piece in _pieces(fold(text)))


def to_markdown(text: str) -> str:
    """Convert a line with markup to equivalent Markdown, for a paragraph, a list item or a table cell."""
    line = "".join(_markdown(piece) for piece in _pieces(fold(text)))
    return _START.sub(r"\\\1", line, count=1) if re.match(r"([#>+=-]+|\d+[.)])( |$)|---", line) else line


def to_text(text: str) -> str:
    """Return a line with its markup removed."""
    return "".join(to_text(piece.text) if piece.kind == "bold" else piece.text for piece in _pieces(fold(text)))


def _is_unprintable(letter: str) -> bool:
    """Return whether a character is not allowed in XML: a control character, a surrogate, U+FFFE or U+FFFF."""
    return unicodedata.category(letter) in ("Cc", "Cs") or letter in "\ufffe\uffff"


def _pieces(text: str) -> Iterator[_Piece]:
    done, words = 0, ""
    for found in _MARK.finditer(text):
        words += text[done : found.start()] + (found["escaped"] or "")
        done = found.end()
        kind = next((name for name in ("code", "bold", "link") if found[name] is not None), None)
        if kind is not None:
            yield _Piece("text", words)
            yield _Piece(kind, found[kind], found["url"] or "")
            words = ""
    yield _Piece("text", words + text[done:])


def _html(piece: _Piece) -> str:
    text = html.escape(piece.text)
    match piece.kind:
        case "code":
            return f"<code>{text}</code>"
        case "bold":
            return f"<strong>{to_html(piece.text)}</strong>"
        case "link":
            return f'<a href="{html.escape(piece.url)}">{text}</a>'
        case _:
            return text


def _markdown(piece: _Piece) -> str:
    text = _MEANING.sub(r"\\\g<0>", piece.text)
    match piece.kind:
        case "code":
            return f"`{piece.text}`"
        case "bold":
            return f"**{to_markdown(piece.text)}**"
        case "link":
            return f"[{text}]({piece.url})"
        case _:
            return text
