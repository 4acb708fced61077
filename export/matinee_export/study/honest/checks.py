"""The checks in an honest report: leak test, folded-in users, published figures run again, and the BPR ablation.

In: parts of a `HonestStudy`. Out: blocks of a document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from matinee_export.evaluation.evaluate import Metrics
from matinee_export.reports import Block, Heading, Plot, Table, Text, plots
from matinee_export.study.comparison import CHANCE, METRIC, interval, p_value
from matinee_export.study.experiments.bpr_ablation import Ablation
from matinee_export.study.experiments.fold_in import FoldedIn
from matinee_export.study.experiments.reproduced import PUBLISHED, Reproduction, Run
from matinee_export.study.labels import (
    across,
    bold,
    figure,
    metric_name,
    p_words,
    setting_words,
    signed,
    signed_span,
    title,
)
from matinee_export.study.results import HonestStudy, Leak

MAY_LOSE = 0.02
"""Highest loss of nDCG@10 through folding in that the report accepts."""


def leak_test(study: HonestStudy) -> Iterator[Block]:
    """Yield the leak test: the metrics of random vectors, with and without test rows in the profiles."""
    yield Heading(2, "The leak test")
    yield Text(
        "Would a model look good if it knew nothing? Every vector of a text or a poster is replaced by a random one, "
        "so nothing is left of what was written or drawn. Made from train and validation rows, such a model must fall "
        "to chance. Then the cheat: test rows are let into the profiles. Now a user's vector holds the very vectors of "
        "the reviews that are to be found, and even random numbers find themselves again. An evaluation that makes "
        "user vectors of all rows measures this, and not taste."
    )
    if study.stand_in:
        yield Text(
            "This dataset has neither texts nor posters, so vectors were made up: they are random to begin with, and "
            "the test is of the protocol alone."
        )
    if not study.leaks:
        yield Text("No content model knows any movie, so there was nothing to test.")
        return
    yield _leak_table(study)
    for leak in study.leaks:
        yield Text(_leak_words(study.chance, leak))
    yield Text(
        "What a model with random vectors still knows: which movies have a review or a poster at all, since the others "
        "come last, and popularity, which is the answer to users it knows nothing of. A small difference to a random "
        "order can come from these, none from what is written."
    )


def _leak_table(study: HonestStudy) -> Table:
    leaks = study.leaks
    ways = [
        ("a random order", [study.chance for _ in leaks]),
        ("random vectors, train rows only", [leak.random for leak in leaks]),
        ("random vectors, test rows let in", [leak.random_leaking for leak in leaks]),
    ]
    if not study.stand_in:
        ways.append(("its own vectors, train rows only", [leak.honest for leak in leaks]))
        ways.append(("its own vectors, test rows let in", [leak.leaking for leak in leaks]))
    columns = [[figure(found.means()[METRIC]) for found in way] for _, way in ways]
    names = [title(leak.model) for leak in leaks]
    note = "nDCG@10 on the random split with the first seed; validation rows count as train rows here."
    return across(("model", *(name for name, _ in ways)), names, columns, note)


def _leak_words(chance: Metrics, leak: Leak) -> str:
    honest, leaking, luck = (m.means()[METRIC] for m in (leak.random, leak.random_leaking, chance))
    p = p_value(leak.random.per_user[METRIC], chance.per_user[METRIC])
    verdict = "chance" if p >= CHANCE else f"{signed(honest - luck)} from it"
    times = leaking / max(honest, luck) if max(honest, luck) > 0 else float("inf")
    return (
        f"{bold(title(leak.model))}: random vectors made from train rows get {figure(honest)}, a random order "
        f"{figure(luck)}: {verdict} (paired test, p = {p_words(p)}). With test rows let in, random vectors get "
        f"{figure(leaking)}, {times:,.0f} times as much."
    )


def newcomers(folded_in: Mapping[str, FoldedIn]) -> Iterator[Block]:
    """Yield the loss of nDCG@10 through folding in, model by model."""
    if not folded_in:
        return
    yield Heading(2, "Users the model was never trained on")
    users = len(next(iter(folded_in.values())).folded.users)
    yield Text(
        f"Every visitor of a bundle is new to its models. So a fifth of the users is kept out of training, and each is "
        f"told to the runtime as a visitor who rates their train movies one by one; the runtime's own code folds them "
        f"in. Beside it, the same model with these users' rows among those it was trained on. The random split, "
        f"{users:,} users who have something to find."
    )
    found = {
        name: interval(one.trained.per_user[METRIC] - one.folded.per_user[METRIC]) for name, one in folded_in.items()
    }
    columns = [
        [figure(one.trained.means()[METRIC]) for one in folded_in.values()],
        [figure(one.folded.means()[METRIC]) for one in folded_in.values()],
        [signed(lost.mean) for lost in found.values()],
        [signed_span(lost) for lost in found.values()],
        ["yes" if lost.mean <= MAY_LOSE else bold("no") for lost in found.values()],
    ]
    header = ("model", "trained on", "folded in", "lost", "95 % interval", f"within {MAY_LOSE:g}")
    yield across(header, [title(name) for name in folded_in], columns, "nDCG@10; EASE and popularity for comparison.")


def published(found: Reproduction) -> Iterator[Block]:
    """Yield the published figures beside those of the runs here."""
    yield Heading(2, "Published figures, run again")
    yield Text(
        "The benchmark of Microsoft's Recommenders on MovieLens 100K: 75 % of each movie's rows are train rows, every "
        "rating counts as relevant, what was seen is not ranked, lists have ten movies, and MAP divides by all "
        f"relevant movies. Here {found.train_rows:,} train and {found.test_rows:,} test rows."
    )
    if not found.is_published_split:
        yield Text(bold("These are not the rows of MovieLens 100K, so the published figures are no yardstick."))
    yield _beside(found.runs)
    yield _run_plot(found.runs)
    yield _runs(found.runs)
    alone = [name for name in PUBLISHED if name not in {run.beside for run in found.runs}]
    yield Text(
        "Published and not run here: " + "; ".join(f"{name}: {_figures(PUBLISHED[name])}" for name in alone) + "."
    )


def _beside(runs: Sequence[Run]) -> Table:
    rows = [
        (
            run.name,
            run.beside,
            metric_name(metric),
            figure(run.metrics.means()[metric]),
            figure(theirs),
            _off(run, metric),
        )
        for run in runs
        if run.beside
        for metric, theirs in PUBLISHED[run.beside].items()
    ]
    return Table(("here", "published", "metric", "ours", "theirs", "difference"), rows)


def _off(run: Run, metric: str) -> str:
    return signed(run.metrics.means()[metric] - PUBLISHED[run.beside][metric])


def _run_plot(runs: Sequence[Run]) -> Plot:
    pairs = {
        run.name: {"ours": run.metrics.means()[METRIC], "published": PUBLISHED[run.beside][METRIC]}
        for run in runs
        if run.beside
    }
    widest = max(pairs, key=lambda name: abs(pairs[name]["ours"] - pairs[name]["published"]))
    return Plot(
        "published",
        plots.grouped("nDCG@10, here and as published", pairs, "nDCG@10"),
        f"nDCG@10 of each model that has a published figure. The widest difference is of {widest}: "
        f"{figure(pairs[widest]['ours'])} here, {figure(pairs[widest]['published'])} published.",
    )


def _runs(runs: Sequence[Run]) -> Table:
    metrics = ("ndcg@10", "precision@10", "recall@10", "map_all@10", "auc")
    columns = [[figure(run.metrics.means()[metric]) for run in runs] for metric in metrics]
    columns.append([setting_words(run.setting) for run in runs])
    return across(("run", *map(metric_name, metrics), "setting"), [run.name for run in runs], columns)


def _figures(published: Mapping[str, float]) -> str:
    return ", ".join(f"{metric_name(metric)} {figure(value)}" for metric, value in published.items())


def why_bpr(rows: Sequence[Ablation]) -> Iterator[Block]:
    """Yield the BPR ablation: the metrics after each change."""
    yield Heading(2, "Why implicit's BPR is weak, and what Matinee's is")
    first, best = rows[0], max(rows, key=lambda row: row.validation)
    yield Text(
        "BPR learns that a liked movie should come before another, drawn one. Its authors draw that other movie from "
        "all with the same chance; implicit draws it from the likes, so popular movies are drawn most and popularity "
        "is cancelled out of what is learned. Matinee fits with implicit, on one thread so that a seed decides "
        "everything, and then puts the logarithm of popularity back into the item biases. "
        "One thing is changed at a time:"
    )
    yield across(
        ("changed", "validation nDCG@10", "test nDCG@10"),
        [row.changed for row in rows],
        [[figure(row.validation) for row in rows], [figure(row.test) for row in rows]],
        "What implicit does not let one change is changed in the same descent written out in numpy, with 32 factors.",
    )
    yield Plot(
        "bpr-ablation",
        plots.bars("Test nDCG@10", {row.changed: row.test for row in rows}, horizontal=True),
        f"As it comes, implicit's BPR has {figure(first.test)}; the best change by validation rows, "
        f"{best.changed}, has {figure(best.test)}.",
    )
    worse = [row.changed for row in rows[1:] if row.validation <= first.validation]
    if worse:
        yield Text(f"No better than as it comes, by validation rows: {'; '.join(worse)}.")
