"""The section of an honest report on cold movies, which have few ratings, and light users, who have few rows.

In: the cells of a `HonestStudy`. Out: blocks of a document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from matinee_export.reports import Block, Heading, Plot, Table, Text, plots
from matinee_export.study.comparison import best_of, interval_of, means_of, models_of, users_of
from matinee_export.study.labels import (
    across,
    best_bold,
    figure,
    listed,
    metric_name,
    span,
    split_name,
    title,
)
from matinee_export.study.results import AMONG_COLD, COLD, GROUPS, LIGHT, Cell

SHOWN: Mapping[str, tuple[str, str]] = {
    COLD: (
        "Cold movies against all others",
        "Only cold movies count as found, but all movies compete: will a movie that hardly anybody has rated come up "
        "at all?",
    ),
    AMONG_COLD: (
        "Cold movies among themselves",
        "Only cold movies are ranked: which of the new ones are for whom? Here popularity knows next to nothing, and "
        "what is written and drawn can show what it is worth.",
    ),
    LIGHT: (
        "Light users",
        "Only users with fewer than 10 train rows are asked about: what can be said to somebody who has said little?",
    ),
}
"""Heading and introduction of each group, in order."""

BESIDE = "auc"
"""The second metric of the tables, after nDCG@10."""


def groups(cells: Mapping[str, Sequence[Cell]]) -> Iterator[Block]:
    """Yield a table and a plot for each group."""
    yield Heading(2, "Cold movies and light users")
    for group, (heading, question) in SHOWN.items():
        yield Heading(3, heading)
        yield Text(question)
        asked = {by: own for by, own in cells.items() if users_of(own, group)}
        if nobody := [split_name(by) for by in cells if by not in asked]:
            yield Text(f"Nobody could be asked in the split {listed(nobody)}.")
        if asked:
            yield _table(group, asked)
            yield _plot(group, heading, asked)


def _table(group: str, asked: Mapping[str, Sequence[Cell]]) -> Table:
    models = _common(group, asked)
    header, columns = ["model"], []
    for by, cells in asked.items():
        found = [interval_of(cells, model, group) for model in models]
        means = [[one.mean for one in found], [means_of(cells, model, group)[BESIDE] for model in models]]
        ndcg, beside = best_bold(means)
        header += [f"{split_name(by)}: nDCG@10", "95 % interval", metric_name(BESIDE)]
        columns += [ndcg, [span(one) for one in found], beside]
    users = listed([f"{split_name(by)} {users_of(cells, group):,}" for by, cells in asked.items()])
    names = [title(model) for model in models]
    return across(header, names, columns, f"{GROUPS[group].capitalize()}. Users asked: {users}.")


def _plot(group: str, heading: str, asked: Mapping[str, Sequence[Cell]]) -> Plot:
    models = _common(group, asked)
    values = {
        title(model): {split_name(by): interval_of(cells, model, group).mean for by, cells in asked.items()}
        for model in models
    }
    spelled = "; ".join(_best(group, by, cells, models) for by, cells in asked.items())
    name = group.replace(" ", "-")
    return Plot(name, plots.grouped(f"{heading}: nDCG@10", values, "nDCG@10"), f"{heading}. Best {spelled}.")


def _best(group: str, by: str, cells: Sequence[Cell], models: Sequence[str]) -> str:
    best = best_of(cells, models, group)
    value = interval_of(cells, best, group).mean
    return f"{split_name(by)}: {title(best)}, {figure(value)}" if value else f"{split_name(by)}: no model finds any"


def _common(group: str, asked: Mapping[str, Sequence[Cell]]) -> list[str]:
    """Return the models that were evaluated in every split."""
    first, *others = (models_of(cells, group) for cells in asked.values())
    return [model for model in first if all(model in other for other in others)]
