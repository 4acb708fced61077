"""The section of an honest report on choices made on validation rows: settings, content settings, hybrid weights.

In: the tunings and cells of a `HonestStudy`. Out: blocks of a document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

from matinee.blend import HALF_STRENGTH, Weights
from matinee.models.cold_start import COLD_START
from matinee_export.models.content_settings import IMPUTED, POOLINGS, SPACES
from matinee_export.models.content_tuning import CHANCE, Tried
from matinee_export.models.registry import CONTENT_MODELS
from matinee_export.reports import Block, Bullets, Heading, Plot, Table, Text, plots
from matinee_export.study.honest.settings import settings
from matinee_export.study.labels import across, bold, figure, listed, split_name, title
from matinee_export.study.results import Cell, Tuning

MEANINGS: Mapping[str, Mapping[str, str]] = {
    "space": SPACES,
    "ratings": {
        "gentle": "a like weighs rating / 10, a rating below 5 counts against, in between nothing",
        "scaled": "every rating weighs rating / 10",
        "liked": "a like weighs rating / 10, nothing else counts",
        "signed": "every rating weighs (rating - 5.5) / 4.5",
    },
    "pooling": POOLINGS,
    "imputed": IMPUTED,
}
"""What each value of a content setting means, as printed; "poster" is left out, since its values are shares."""

CHOICES: Mapping[str, str] = {
    "space": "What is done to vectors before they are compared",
    "poster": "How much of a movie is its poster and not its reviews, 0 to 1",
    "ratings": "How a user's rating weighs what they rated or wrote",
    "pooling": "How the reviews of a movie become one vector",
    "imputed": "Whether rows without a rating count",
}
"""What each content setting is, as printed."""

HYBRID = (
    "Every model gives each movie a score, and no two models mean the same by a score. So a score is first told as how "
    "far it lies above what this model gives to this visitor on average, in standard deviations. These are multiplied "
    "by the weights below and added up, with a prior that each movie has for every visitor. A weight of 1 says that a "
    "movie which lies one deviation above the average in this model gains one point; at 0, the model has no say. "
    "There are three weights for each model: for a visitor who has liked few movies, for one who has liked many, and "
    "one that is added for cold movies. Between few and many the weights change gradually: half of the way is at "
    f"{HALF_STRENGTH:g} likes. {title(COLD_START)} is ALS with the factors that a movie's genres and year suggest, so "
    "that it can speak of movies nobody has liked yet. "
    "The weights are those under which the validation rows' likes are likeliest."
)


def decided(tunings: Mapping[str, Tuning], cells: Mapping[str, Sequence[Cell]]) -> Iterator[Block]:
    """Yield the choices and the figures that they were made by."""
    yield Heading(2, "What was left open, and how it was decided")
    yield Text(
        "By validation rows, which are cut from the train rows by the same rule as the test rows from all: models know "
        "train rows only while something is decided, and train and validation rows once it is. No test row decided "
        "anything."
    )
    yield from settings(tunings)
    yield from _profiles(tunings)
    yield from _hybrid(cells)


def _profiles(tunings: Mapping[str, Tuning]) -> Iterator[Block]:
    models = list(dict.fromkeys(one.model for tuning in tunings.values() for one in tuning.profiles.tried))
    if not models:
        return
    yield Heading(3, "How words and posters are used")
    users = listed([f"{split_name(by)} {tuning.profiles.users:,}" for by, tuning in tunings.items()])
    yield Text(
        "From what the runtime does unless told otherwise, one choice after the other takes the value with the highest "
        f"validation nDCG@100, if it beats the value so far by more than chance (paired randomisation test, p below "
        f"{CHANCE:g}). The figures below are of each value with all other choices as they were made in the end. Users "
        f"measured with: {users}."
    )
    shown = dict.fromkeys(choice for model in models for choice in CONTENT_MODELS[model].settings if choice in MEANINGS)
    yield Bullets(
        [f"**{CHOICES[c]}** ({c}): " + "; ".join(f"{v}: {words}" for v, words in MEANINGS[c].items()) for c in shown]
    )
    yield Text(
        f"Validation nDCG@100. Bold: chosen; \\*: differs from the chosen value by more than chance (p < {CHANCE:g}). "
        "All other figures are in study.json."
    )
    for model in models:
        yield _tried_table(model, tunings)


def _tried_table(model: str, tunings: Mapping[str, Tuning]) -> Table:
    found = {by: _by_value(model, tuning) for by, tuning in tunings.items()}
    names = list(dict.fromkeys(name for tried in found.values() for name in tried))
    columns = [[_tried_cell(tried.get(name)) for name in names] for tried in found.values()]
    rows = [f"{choice} {value}" for choice, value in names]
    return across((title(model), *map(split_name, tunings)), rows, columns)


def _by_value(model: str, tuning: Tuning) -> dict[tuple[str, str], Tried]:
    return {(one.choice, _value(one.value)): one for one in tuning.profiles.tried if one.model == model}


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _tried_cell(tried: Tried | None) -> str:
    if tried is None:
        return ""
    mark = "\\*" if tried.p < CHANCE else ""
    return bold(figure(tried.ndcg100)) if tried.chosen else figure(tried.ndcg100) + mark


def _hybrid(cells: Mapping[str, Sequence[Cell]]) -> Iterator[Block]:
    yield Heading(3, "What the hybrid listens to")
    yield Text(HYBRID)
    weights = {by: mean_weights(own) for by, own in cells.items()}
    yield Bullets([_in_words(by, own) for by, own in weights.items()])
    names = list(dict.fromkeys(name for own in weights.values() for name in own))
    columns = [
        [f"{getattr(own[name], regime):.2f}" if name in own else "" for name in names]
        for own in weights.values()
        for regime in Weights._fields
    ]
    header = [f"{split_name(by)}: {regime}" for by in weights for regime in Weights._fields]
    yield across(("model", *header), [title(name) for name in names], columns, "Means over the seeds.")
    for by, own in weights.items():
        bars = {
            title(name): {"few likes": w.few, "many likes": w.many, "cold, added": w.cold} for name, w in own.items()
        }
        yield Plot(
            f"hybrid-{by}",
            plots.grouped(f"The hybrid's weights, split {split_name(by)}", bars, "weight"),
            f"How much each model counts in the hybrid, split {split_name(by)}.",
        )


def mean_weights(cells: Sequence[Cell]) -> dict[str, Weights]:
    """Return the hybrid's weights by member, as means over the seeds."""
    names = dict.fromkeys(name for cell in cells for name in cell.hybrid)
    return {
        name: Weights(
            *(fmean(column) for column in zip(*(c.hybrid[name] for c in cells if name in c.hybrid), strict=True))
        )
        for name in names
    }


def _in_words(by: str, weights: Mapping[str, Weights]) -> str:
    """Return a sentence that names the members of highest weight for few likes, many likes and cold movies."""
    cold = {name: Weights(w.few + w.cold, w.many, w.cold) for name, w in weights.items()}
    return (
        f"Split {split_name(by)}: for a visitor with hardly a like, {_loudest(weights, 'few')}; for one with many "
        f"likes, {_loudest(weights, 'many')}; about a cold movie, while few likes are known, {_loudest(cold, 'few')}."
    )


def _loudest(weights: Mapping[str, Weights], regime: str) -> str:
    """Return a clause that names the two members with the highest weights in `regime`."""
    order = sorted(weights, key=lambda name: -getattr(weights[name], regime))
    loud = [f"{title(name)} ({value:.2f})" for name in order[:2] if (value := getattr(weights[name], regime)) > 0]
    return f"it listens most to {listed(loud, 'and then')}" if loud else "it listens to no model, only to the prior"
