"""The tables of models in an honest report: every split with its plot, the paired tests, and the spread over seeds.

In: the cells of a `HonestStudy`. Out: blocks of a document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from matinee_export.evaluation.metrics import COLUMNS
from matinee_export.reports import Block, Heading, Plot, Table, Text, plots
from matinee_export.study.comparison import (
    CHANCE,
    METRIC,
    Difference,
    best_of,
    differences,
    interval_of,
    means_of,
    models_of,
    users_of,
)
from matinee_export.study.labels import (
    across,
    best_bold,
    bold,
    figure,
    formulas,
    listed,
    metric_name,
    p_words,
    signed,
    signed_span,
    span,
    split_name,
    title,
)
from matinee_export.study.results import BASELINES, EVERYONE, HYBRID, Cell, HonestStudy

INTERVALS = (
    "95 % intervals are percentiles of 2,000 bootstrap resamples of the users (Efron 1979). A user who is asked about "
    "under several seeds counts once, with the mean of their figures."
)
TESTS = (
    "Each pair is asked about the same users. p is how often chance alone gives so large a difference of means: a "
    "paired randomisation test of 2,000 rounds in which the two models are exchanged for each user at random (Fisher "
    "1935; Smucker, Allan and Carterette 2007), two-sided. All tests of one split are corrected together by Holm's "
    f"method (Holm 1979); below {CHANCE:g}, a difference is more than chance. The difference is the mean over users of "
    "what the first model has more of nDCG@10, with its bootstrap interval; intervals are not corrected. The "
    "hybrid is compared with every other model, then the best single model with the rest."
)
UNRANKED = ("coverage@10", "novelty@10")
"""Metrics of which a higher value is not better: a random order has the highest of both."""


def main_tables(study: HonestStudy) -> Iterator[Block]:
    """Yield a table and a plot of all models for every split."""
    yield Heading(2, "All models on held-out ratings")
    yield from formulas()
    yield Text(INTERVALS)
    for by, cells in study.cells.items():
        yield Heading(3, f"Split {split_name(by)}")
        yield _table(cells)
        yield _plot(by, cells)


def _table(cells: Sequence[Cell]) -> Table:
    models = models_of(cells)
    means = {model: means_of(cells, model) for model in models}
    ranked = [column for column in COLUMNS if column not in UNRANKED]
    best = dict(zip(ranked, best_bold([[means[model][c] for model in models] for c in ranked]), strict=True))
    plain = {column: [figure(means[model][column]) for model in models] for column in UNRANKED}
    shown = {**best, **plain}
    columns = [shown[METRIC], [span(interval_of(cells, model)) for model in models]]
    columns += [shown[column] for column in COLUMNS[1:]]
    header = ("model", metric_name(METRIC), "95 % interval", *map(metric_name, COLUMNS[1:]))
    last = listed([name for name in BASELINES if name in models])
    note = f"{users_of(cells):,} users; best in bold. {last[:1].upper()}{last[1:]} are baselines."
    return across(header, [title(model) for model in models], columns, note)


def _plot(by: str, cells: Sequence[Cell]) -> Plot:
    found = {model: interval_of(cells, model) for model in models_of(cells)}
    order = sorted(found, key=lambda model: -found[model].mean)
    points = {title(model): (found[model].mean, found[model].low, found[model].high) for model in order}
    first, second = order[:2]
    return Plot(
        f"models-{by}",
        plots.intervals(f"Split {split_name(by)}", points, "nDCG@10: mean and 95 % interval"),
        f"Split {split_name(by)}: {title(first)} has {figure(found[first].mean)} and {title(second)} "
        f"{figure(found[second].mean)}; a random order has {figure(found['random'].mean)}.",
    )


def paired_tests(cells: Mapping[str, Sequence[Cell]]) -> Iterator[Block]:
    """Yield the paired tests of every split."""
    yield Heading(2, "Which differences are more than chance")
    yield Text(TESTS)
    for by, own in cells.items():
        found = differences(own)
        yield Heading(3, f"Tests in the split {split_name(by)}")
        for one in dict.fromkeys(difference.one for difference in found):
            yield _tests([difference for difference in found if difference.one == one])
        yield _lead(by, [difference for difference in found if difference.one == HYBRID])


def _lead(by: str, found: Sequence[Difference]) -> Plot:
    """Return a plot of the hybrid's lead over every other model."""
    points = {title(one.other): (one.by.mean, one.by.low, one.by.high) for one in found}
    nearest = min(found, key=lambda one: one.by.mean)
    return Plot(
        f"lead-{by}",
        plots.intervals(f"The hybrid's lead, split {split_name(by)}", points, "nDCG@10 more than the other model"),
        f"What the hybrid has more of nDCG@10 than each other model in the split {split_name(by)}; left of 0 it has "
        f"less. Its smallest lead is over {title(nearest.other)}: {signed(nearest.by.mean)}.",
    )


def _tests(found: Sequence[Difference]) -> Table:
    rows = [
        (title(one.other), signed(one.by.mean), signed_span(one.by), p_words(one.p), p_words(one.corrected), _says(one))
        for one in found
    ]
    header = (f"{title(found[0].one)} against", "difference", "95 % interval", "p", "p, corrected", "it is")
    return Table(header, rows)


def _says(one: Difference) -> str:
    return "chance" if one.is_chance else bold("better") if one.by.mean > 0 else "worse"


def seeds(cells: Mapping[str, Sequence[Cell]]) -> Iterator[Block]:
    """Yield how much nDCG@10 varies with the seed."""
    yield Heading(2, "How far figures move with the seed")
    yield Text(
        "nDCG@10 under each seed. It draws the random split, and it starts every fit and every drawing of samples; the "
        "rows of the other two splits do not depend on it. The spread is the highest less the lowest figure."
    )
    for by, own in cells.items():
        if len(own) > 1:
            yield _seed_table(by, own)
    widest = {by: max(_spreads(own).values()) for by, own in cells.items() if len(own) > 1}
    if widest:
        spelled = listed([f"{figure(spread)} in the split {split_name(by)}" for by, spread in widest.items()])
        yield Text(f"The widest spread of any model is {spelled}.")


def _seed_table(by: str, cells: Sequence[Cell]) -> Table:
    models = models_of(cells)
    columns = [[figure(cell.metrics[EVERYONE][model].means()[METRIC]) for model in models] for cell in cells]
    columns.append([figure(spread) for spread in _spreads(cells).values()])
    header = (f"split {split_name(by)}", *(f"seed {cell.seed}" for cell in cells), "spread")
    note = f"Best over all seeds: {title(best_of(cells, models))}."
    return across(header, [title(model) for model in models], columns, note)


def _spreads(cells: Sequence[Cell]) -> dict[str, float]:
    found = {model: [cell.metrics[EVERYONE][model].means()[METRIC] for cell in cells] for model in models_of(cells)}
    return {model: max(values) - min(values) for model, values in found.items()}
