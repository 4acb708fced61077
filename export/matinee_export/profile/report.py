"""Renders a profile as a report, as Markdown or as a JSON object.

In: a `Profile`, or the dataset that it describes. Out: a document, text or JSON values; the same bytes for the same
dataset.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from matinee_export.data.clean import Dataset
from matinee_export.data.readers.folder import RawDataset
from matinee_export.profile.poster_sheet import poster_sheet
from matinee_export.profile.statistics import CLEANED, READ, Distribution, Profile, profile, say
from matinee_export.reports import Block, Bullets, Document, Heading, Picture, Plot, Table, Text, plain

SECTIONS: Mapping[str, str] = {
    "reviews": "Reviews",
    "per_reviewer": "Reviews of each reviewer",
    "per_movie": "Reviews of each movie",
    "ratings": "Ratings",
    "dates": "Dates",
    "spoilers": "Spoiler flags",
    "helpful": "Helpful votes",
    "texts": "Texts",
    "movies": "Movies",
    "scores": "IMDb scores",
    "genres": "Genres",
}
"""The headings of the profile in order, by section: the part of a figure's key before the dot."""

NOTES: Mapping[str, str] = {
    "ratings": "After cleaning, a missing rating is the mean of its movie's given ones; these are in the mean and the "
    "deviation.",
    "helpful": "How many found a review helpful, of how many who voted. After cleaning, votes that are not given are "
    "[0, 0].",
}
"""Notes under the tables, by section."""

COUNTED: Mapping[str, tuple[str, str]] = {"ratings": ("ratings", "rating"), "dates": ("review_years", "year")}
"""Distributions that are printed in full: name and unit of the values, by section."""


def profile_json(found: Profile) -> dict[str, Any]:
    """Return a profile as a JSON object.

    "figures" has {"label", "read", "cleaned", "paper"} by key, "distributions" {"read", "cleaned"} by name, each with
    counts by value.
    """
    figures = {figure.key: {k: v for k, v in figure._asdict().items() if k != "key"} for figure in found.figures}
    distributions = {name: counts._asdict() for name, counts in found.distributions.items()}
    return asdict(found) | {"figures": figures, "distributions": distributions, "absent": list(found.absent)}


def profile_markdown(found: Profile) -> str:
    """Return a profile as Markdown, without plots."""
    return _document(found, {}).markdown()


def profile_document(raw: RawDataset, dataset: Dataset) -> Document:
    """Return the profile of a dataset as a report with plots and, if it has posters, a sheet of some of them.

    Args:
        raw: The dataset as read; its folder must still exist, since posters are read from it.
        dataset: The same dataset, cleaned.
    """
    from matinee_export.profile.plots import profile_plots  # only here: matplotlib takes a second to import

    found = profile(raw, dataset)
    shown: dict[str, list[Plot | Picture]] = {section: [*made] for section, made in profile_plots(found).items()}
    jpeg, posters = poster_sheet(dataset)
    if posters:
        number = f"{posters:,} of its posters" if posters > 1 else "its poster"
        shown["movies"].append(Picture("posters", jpeg, f"A look at the dataset: {number}, evenly chosen by movie id."))
    return _document(found, shown)


def _document(found: Profile, shown: Mapping[str, list[Plot | Picture]]) -> Document:
    return Document(f"Dataset: {found.name}", (*_introduction(found), *_sections(found, shown), *_unused(found)))


def _introduction(found: Profile) -> Iterator[Block]:
    if found.made_up:
        yield Text("**This dataset is made up: no person wrote these reviews.**")
    if found.note:
        yield Text(plain(found.note))
    yield Text(
        "What the dataset holds as it was read (every row that can be used, duplicates included), what it holds after "
        "cleaning, and the figures that Cooper, de Pineda and Ramon print for theirs. Deviations are sample deviations "
        "(n - 1)."
    )


def _sections(found: Profile, shown: Mapping[str, list[Plot | Picture]]) -> Iterator[Block]:
    for section, heading in SECTIONS.items():
        yield Heading(2, heading)
        rows = [
            (plain(figure.label), say(figure.read), say(figure.cleaned), say(figure.paper))
            for figure in found.figures
            if figure.key.startswith(f"{section}.")
        ]
        yield Table(("", READ, CLEANED, "paper"), rows, NOTES.get(section, ""))
        yield from shown.get(section, ())
        if section in COUNTED:
            name, by = COUNTED[section]
            yield from _counts(found.distributions[name], by)


def _counts(counts: Distribution, by: str) -> Iterator[Block]:
    values = sorted({*counts.read, *counts.cleaned}, key=int)
    if values:
        yield Heading(3, f"Reviews by {by}")
        yield Table(
            (by, READ, CLEANED),
            [(value, say(counts.read.get(value, 0)), say(counts.cleaned.get(value, 0))) for value in values],
        )


def _unused(found: Profile) -> Iterator[Block]:
    for heading, counts in (("Set aside", found.set_aside), ("Met and used all the same", found.noted)):
        yield Heading(2, heading)
        rows = [(plain(reason), say(count)) for reason, count in counts.items()]
        yield Table(("", "rows"), rows) if rows else Text("Nothing.")
    if found.absent:
        yield Heading(2, "Columns the files lack")
        yield Bullets([plain(column) for column in found.absent])
