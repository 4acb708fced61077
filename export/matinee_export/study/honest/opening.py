"""The first part of an honest report: the main results, then the data and the splits.

In: a `HonestStudy`. Out: blocks of a document; every sentence is generated from the figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from matinee_export.models.registry import CONTENT_MODELS, FACTOR_MODELS
from matinee_export.reports import Block, Bullets, Heading, Table, Text, plain
from matinee_export.study.comparison import (
    METRIC,
    best_of,
    best_single,
    differences,
    interval_of,
    models_of,
    users_of,
)
from matinee_export.study.labels import bold, figure, listed, p_words, signed, span, split_name, title, untrained
from matinee_export.study.results import AMONG_COLD, BASELINES, HYBRID, MODELS, RATINGS_ONLY, Cell, HonestStudy

ASKS: Mapping[str, str] = {
    "random": "A fifth of all rows, drawn at random from each rating's, are test rows. The easiest question: what was "
    "written before and after a test row is known.",
    "leave-last": "The newest row of every reviewer who keeps another is a test row: what does this person like next? "
    "What others wrote later is still known.",
    "time": "The newest fifth of all rows are test rows: nothing of the future is known, as in a service. Many of "
    "those asked about have few rows before it, or none.",
}
"""Description of each split."""

ENOUGH = 20
"""Minimum number of users for a mean to be mentioned in a sentence; the tables print it in any case."""


def opening(study: HonestStudy) -> Iterator[Block]:
    """Yield the main results in a few sentences."""
    if study.data.made_up:
        yield Text(
            bold("This dataset is made up: no person wrote these reviews. Its figures show that everything works.")
        )
    if study.data.note:
        yield Text(plain(study.data.note))
    yield Heading(2, "The answer")
    yield Bullets([_best(by, cells) for by, cells in study.cells.items()])
    yield Text(_hybrid(study.cells))
    if worth := _words_and_posters(study):
        yield Text(worth)
    if missing := missing_models(study):
        yield Text(missing)
    if warning := untrained(study.encoders):
        yield Text(warning)


def the_data(study: HonestStudy) -> Iterator[Block]:
    """Yield the counts of the dataset and of each split."""
    yield Heading(2, "The data and the splits")
    counts = listed([f"{count:,} {plain(what)}" for what, count in study.data.counts.items()])
    aside = sum(study.data.set_aside.values())
    yield Text(
        f"{plain(study.data.name)}: {counts}."
        + (f" {aside:,} rows could not be used; the profile of the dataset says why." if aside else "")
    )
    yield Bullets([f"**{split_name(by).capitalize()}**: {ASKS[by]}" for by in study.cells if by in ASKS])
    yield Table(
        (
            "split",
            "train rows",
            "validation",
            "test",
            "users asked",
            "of them without a train row",
            "cold movies",
            "seeds",
        ),
        [(split_name(by), *_sides(cells)) for by, cells in study.cells.items()],
        "Means over the seeds; users over all of them together. A cold movie has fewer than 3 ratings among train and "
        "validation rows. A user without a row there gets the popularity order from every model.",
    )


def missing_models(study: HonestStudy) -> str:
    """Return a sentence on which models are missing from the tables and why; "" if none is."""
    there = {name for cells in study.cells.values() for name in models_of(cells)}
    missing = [title(name) for name in MODELS if name not in there]
    if not missing:
        return ""
    lacking = [what for what in ("texts", "posters") if not study.data.counts.get(what)]
    why = f"the dataset has no {listed(lacking, 'and no')}" if lacking else "they know no movie of this dataset"
    return f"{listed(missing)} {'are' if len(missing) > 1 else 'is'} not in the tables: {why}."


def _best(by: str, cells: Sequence[Cell]) -> str:
    best = best_of(cells, models_of(cells))
    found = interval_of(cells, best)
    beside = [_hybrid_beside(cells, best)] if best != HYBRID else []
    baseline = best_of(cells, [name for name in models_of(cells) if name in BASELINES])
    beside += [f"the strongest baseline is {title(baseline)}, {_ndcg(cells, baseline)}"] if baseline != best else []
    return "; ".join(
        [
            f"Split {split_name(by)}: {bold(title(best))} ranks best, nDCG@10 {bold(figure(found.mean))} (95 % "
            f"interval {span(found)}, {users_of(cells):,} users)",
            *beside,
        ]
    )


def _hybrid_beside(cells: Sequence[Cell], best: str) -> str:
    """Return a clause on how far the hybrid is behind the best model."""
    found = next(one for one in differences(cells) if (one.one, one.other) == (HYBRID, best))
    verdict = "which may be luck" if found.is_chance else "which is more than luck"
    return f"the hybrid has {_ndcg(cells, HYBRID)}, {verdict} (p = {p_words(found.corrected)})"


def _hybrid(splits: Mapping[str, Sequence[Cell]]) -> str:
    verdicts: dict[str, list[str]] = {}
    for by, cells in splits.items():
        found = next(one for one in differences(cells) if (one.one, one.other) == (HYBRID, best_single(cells)))
        verdict = "no better or worse than luck" if found.is_chance else "better" if found.by.mean > 0 else "worse"
        says = f"{split_name(by)} ({title(found.other)}; {signed(found.by.mean)}, p = {p_words(found.corrected)})"
        verdicts.setdefault(verdict, []).append(says)
    spelled = "; ".join(f"{bold(verdict)} in the split {listed(where)}" for verdict, where in verdicts.items())
    return f"The hybrid beside the best single model, in nDCG@10: {spelled}."


def _words_and_posters(study: HonestStudy) -> str:
    """Return sentences on what the content models are worth alone, in the hybrid and for cold movies."""
    known = {by: [name for name in CONTENT_MODELS if name in models_of(cells)] for by, cells in study.cells.items()}
    if not any(known.values()):
        return ""
    alone = [_alone(by, cells, known[by]) for by, cells in study.cells.items() if known[by]]
    by, cells = next((by, cells) for by, cells in study.cells.items() if known[by])
    parts = [
        _added(study.cells),
        f"Words and posters by themselves: {'; '.join(alone)}.",
        _in_hybrid(by, cells, known[by]),
        _among_cold(by, cells, known[by]),
    ]
    return " ".join(part for part in parts if part)


def _added(splits: Mapping[str, Sequence[Cell]]) -> str:
    """Return a sentence on what the hybrid loses without the content models."""
    added = []
    for by, cells in splits.items():
        found = next((one for one in differences(cells) if (one.one, one.other) == (HYBRID, RATINGS_ONLY)), None)
        if found is not None:
            verdict = "which may be luck" if found.is_chance else "more than luck"
            says = f"{bold(signed(found.by.mean))} in the split {split_name(by)}"
            added.append(f"{says} (p = {p_words(found.corrected)}, {verdict})")
    return f"What words and posters add to ratings, the hybrid beside one of BPR and ALS alone: {'; '.join(added)}."


def _alone(by: str, cells: Sequence[Cell], content: Sequence[str]) -> str:
    best, factor = best_of(cells, content), best_of(cells, list(FACTOR_MODELS))
    return (
        f"{title(best)} has {_ndcg(cells, best)} in the split {split_name(by)}, where popularity has "
        f"{_ndcg(cells, 'popularity')} and {title(factor)} {_ndcg(cells, factor)}"
    )


def _in_hybrid(by: str, cells: Sequence[Cell], content: Sequence[str]) -> str:
    """Return a sentence on the share of the hybrid's weights that the content models have."""
    few, many, cold = (_share(cells, regimes, content) for regimes in (("few",), ("many",), ("few", "cold")))
    return (
        f"Of the hybrid's weights in the split {split_name(by)} they have {few:.0%} for visitors with hardly a like, "
        f"{many:.0%} for those with many, and {cold:.0%} where a movie is cold and the visitor's likes are few."
    )


def _share(cells: Sequence[Cell], regimes: Sequence[str], content: Sequence[str]) -> float:
    """Return the content models' share of the weights for `regimes`, which are added up over the seeds."""
    theirs = everybodys = 0.0
    for cell in cells:
        for name, weights in cell.hybrid.items():
            weight = sum(weights._asdict()[regime] for regime in regimes)
            everybodys += weight
            theirs += weight if name in content else 0.0
    return theirs / (everybodys or 1.0)


def _among_cold(by: str, cells: Sequence[Cell], content: Sequence[str]) -> str:
    """Return a sentence on the best content model among cold movies; "" if fewer than ENOUGH users have any."""
    if users_of(cells, AMONG_COLD) < ENOUGH:
        return ""
    best = best_of(cells, content, AMONG_COLD)
    values = {name: interval_of(cells, name, AMONG_COLD) for name in (best, "random")}
    return (
        f"Where cold movies are ranked among themselves, {title(best)} has {figure(values[best].mean)} "
        f"({span(values[best])}) and a random order {figure(values['random'].mean)}."
    )


def _ndcg(cells: Sequence[Cell], model: str) -> str:
    return figure(interval_of(cells, model, metric=METRIC).mean)


def _sides(cells: Sequence[Cell]) -> tuple[str, ...]:
    rows = [_mean([cell.rows[side] for cell in cells]) for side in ("train", "validation", "test")]
    return (
        *rows,
        f"{users_of(cells):,}",
        _mean([cell.unknown for cell in cells]),
        _mean([cell.cold for cell in cells]),
        listed([str(cell.seed) for cell in cells], "and"),
    )


def _mean(counts: Sequence[int]) -> str:
    return f"{round(float(np.mean(counts))):,}"
