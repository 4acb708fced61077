"""The README.md of a Space: the settings in its YAML header, and a description of the Space.

In: the bundle's manifest, versions, and the model repository that holds the bundle, if there is one. Out: text.
The settings are those of the hub's "Spaces Configuration Reference".
"""

from __future__ import annotations

from matinee.manifest import MANIFEST, Manifest

DESCRIPTION = "What should I watch? Models answer side by side."
"""At most 60 characters; the hub refuses more."""


def readme(manifest: Manifest, gradio: str, python: str, source: tuple[str, str] | None) -> str:
    """Return the text of README.md.

    Args:
        manifest: Manifest of the bundle from which the Space answers.
        gradio: Version of gradio that the Space is to install.
        python: Version of Python that it is to run on, such as "3.11".
        source: Name and revision of the model repository that holds the bundle, or None.
    """
    return "\n".join(["---", *_settings(manifest, gradio, python, source), "---", "", *_words(manifest, source), ""])


def _settings(manifest: Manifest, gradio: str, python: str, source: tuple[str, str] | None) -> list[str]:
    lines = [
        "title: Matinee",
        "emoji: 🎬",
        "colorFrom: red",
        "colorTo: gray",
        "sdk: gradio",
        f"sdk_version: {gradio}",
        f'python_version: "{python}"',
        "app_file: app.py",
        "pinned: false",
        "license: apache-2.0",
        f"short_description: {DESCRIPTION}",
        "tags:",
        "  - mcp-server",
    ]
    if source is None:
        return lines
    files = ",".join([MANIFEST, *(name for name in manifest.files if _needed_at_once(name))])
    return [*lines, "startup_duration_timeout: 1h", "preload_from_hub:", f"  - {source[0]} {files} {source[1]}"]


def _needed_at_once(name: str) -> bool:
    """Whether a file is fetched while the Space is built; posters and reports are fetched when it starts."""
    return not name.startswith(("posters/", "report/"))


def _words(manifest: Manifest, source: tuple[str, str] | None) -> list[str]:
    data = manifest.dataset
    counts = ", ".join(f"{number:,} {name}" for name, number in data.counts.items() if number)
    where = "lies in `bundle/`" if source is None else f"is {source[0]} on the Hugging Face hub, at {source[1]}"
    encoders = [
        f"- **{name}**: {info.source}, {info.revision}, licence {info.licence}, {info.weights} weights"
        for name, info in manifest.encoders.items()
    ]
    return [
        "# Matinee",
        "",
        "Movie recommendations from what people liked, wrote and saw: the models answer the same taste, side by side.",
        "",
        f"This Space answers from the dataset **{data.name}**: {counts}. {data.note}".rstrip(),
        f"The bundle {where}. Everything runs on the processor; nothing that visitors enter is kept.",
        "",
        "Where the networks' weights come from:",
        "",
        *encoders,
        "",
        "Programs ask `/recommend`, `/more_like`, `/find_movies` and `/about` with gradio_client, or the same as MCP",
        "tools at `/gradio_api/mcp/`.",
        "",
        "This folder was written by `matinee-demo space`; change Matinee and write it again rather than editing it.",
    ]
