"""The files of `static/`: the page's style, its icon and the scripts that run in the browser."""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).parent / "static"


def script(*names: str) -> str:
    """Return scripts joined into one for gradio's `js_on_load`, each in a scope of its own."""
    return "\n".join(f"(() => {{\n{(STATIC / name).read_text(encoding='utf-8')}}})();" for name in names)
