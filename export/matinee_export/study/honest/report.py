"""The report of an honest study: a document for people, and figures for programs.

In: a `HonestStudy`. Out: a `Document` or a JSON object, the same for the same study. All text is generated from the
figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from matinee_export.bundle.report import rounded
from matinee_export.evaluation.significance import Interval
from matinee_export.models.registry import CONTENT_MODELS
from matinee_export.reports import Block, Bullets, Document, Heading
from matinee_export.study.comparison import METRIC, differences, interval_of, means_of, models_of, users_of
from matinee_export.study.experiments.reproduced import PUBLISHED
from matinee_export.study.honest.checks import leak_test, newcomers, published, why_bpr
from matinee_export.study.honest.decided import decided, mean_weights
from matinee_export.study.honest.groups import groups
from matinee_export.study.honest.models import main_tables, paired_tests, seeds
from matinee_export.study.honest.opening import opening, the_data
from matinee_export.study.honest.settings import everything_tried
from matinee_export.study.results import GROUPS, Cell, HonestStudy, Tuning


def honest_document(study: HonestStudy) -> Document:
    """Return the report as a document."""
    return Document(f"How well Matinee's models recommend: {study.data.name}", tuple(_blocks(study)))


def _blocks(study: HonestStudy) -> Iterator[Block]:
    yield from opening(study)
    yield from the_data(study)
    yield from main_tables(study)
    yield from paired_tests(study.cells)
    yield from seeds(study.cells)
    yield from groups(study.cells)
    yield from decided(study.tunings, study.cells)
    yield from leak_test(study)
    yield from newcomers(study.folded_in)
    if study.reproduction is not None:
        yield from published(study.reproduction)
    if study.ablation:
        yield from why_bpr(study.ablation)
    yield from reading()
    yield from everything_tried(study.tunings)


def honest_json(study: HonestStudy) -> dict[str, Any]:
    """Return the figures of a study as a JSON object: means, intervals and p-values; missing ones are null."""
    return {
        "mode": "honest",
        "dataset": asdict(study.data),
        "encoders": {name: {"source": e.source, "weights": e.weights} for name, e in study.encoders.items()},
        "splits": {by: _split(cells, study.tunings[by]) for by, cells in study.cells.items()},
        "leak": {
            "stand_in": study.stand_in,
            "chance": rounded(study.chance.means()),
            "models": {
                leak.model: {
                    way: rounded(getattr(leak, way).means())
                    for way in ("honest", "random", "leaking", "random_leaking")
                }
                for leak in study.leaks
            },
        },
        "fold_in": {
            name: {
                "users": len(one.folded.users),
                "trained": rounded(one.trained.means()),
                "folded": rounded(one.folded.means()),
                "lost": rounded({METRIC: one.lost()})[METRIC],
            }
            for name, one in study.folded_in.items()
        },
        "published": _published(study),
        "bpr_ablation": [asdict(row) for row in study.ablation],
    }


def _split(cells: Sequence[Cell], tuning: Tuning) -> dict[str, Any]:
    return {
        "seeds": [
            {
                "seed": cell.seed,
                "rows": dict(cell.rows),
                "cold_movies": cell.cold,
                "users_without_train_row": cell.unknown,
                "hybrid": {name: rounded(weights._asdict()) for name, weights in cell.hybrid.items()},
                "models": {group: _means(cell, group) for group in cell.metrics},
            }
            for cell in cells
        ],
        "groups": {group: _group(cells, group) for group in GROUPS if group in cells[0].metrics},
        "tests": [
            {"model": d.one, "against": d.other, **_interval(d.by), "p": d.p, "p_corrected": d.corrected}
            for d in differences(cells)
        ],
        "hybrid": {name: rounded(weights._asdict()) for name, weights in mean_weights(cells).items()},
        "decided": {
            "settings": {name: dict(chosen) for name, chosen in {**tuning.factors, **tuning.baselines}.items()},
            "made_by": dict(tuning.made_by),
            "tried": {name: [rounded(setting) for setting in sweep] for name, sweep in tuning.sweeps.items()},
            "profiles": {
                name: CONTENT_MODELS[name].choices(chosen) for name, chosen in tuning.profiles.settings.items()
            },
            "profiles_tried": [asdict(one) for one in tuning.profiles.tried],
        },
    }


def _means(cell: Cell, group: str) -> dict[str, Any]:
    return {model: rounded(metrics.means()) for model, metrics in cell.metrics[group].items()}


def _group(cells: Sequence[Cell], group: str) -> dict[str, Any]:
    """Return the figures of a group over all seeds."""
    models = models_of(cells, group)
    return {
        "users": users_of(cells, group),
        "models": {
            model: {**rounded(means_of(cells, model, group)), "interval": _interval(interval_of(cells, model, group))}
            for model in models
        },
    }


def _interval(found: Interval) -> dict[str, float | None]:
    return rounded(asdict(found))


def _published(study: HonestStudy) -> dict[str, Any] | None:
    found = study.reproduction
    if found is None:
        return None
    return {
        "train_rows": found.train_rows,
        "test_rows": found.test_rows,
        "is_published_split": found.is_published_split,
        "runs": {
            run.name: {
                "setting": dict(run.setting),
                "figures": rounded(run.metrics.means()),
                "published": dict(PUBLISHED[run.beside]) if run.beside else None,
            }
            for run in found.runs
        },
    }


READING = (
    "Figures are low because the task is hard: of thousands of movies, those must come first that one person happened "
    "to rate highly next. What compares models is the order of the figures, not their height.",
    "A movie that a user did not rate counts as not relevant. Many of these would have been liked; no figure here can "
    "know.",
    "The likes of the test rows follow popularity, since people rate what they come across. This helps popularity and "
    "every model that leans on it.",
    "Figures of different splits do not compare: they ask different users about different movies.",
    "The best single model is the best one on the test rows, so its lead over the others is flattered a little.",
    "An interval is about the users of this dataset. It says nothing of another dataset, or of other draws of the "
    "networks' weights.",
    "Nothing here was measured with people who use the recommendations.",
)
"""Notes on how to read the report, as printed."""

PROTOCOL = (
    "Rows are divided before any vector is made; a user's and a movie's vectors are of train and validation rows only. "
    "Missing ratings are imputed anew from these rows, never from test rows.",
    "A like is a given rating of at least 7. Imputed ratings are never relevant, and BPR, ALS and the baselines do not "
    "learn from them.",
    "Random: a fifth of each rating's rows are test rows; leave-last: the newest row of each reviewer who has more "
    "than one; by time: the newest fifth of all rows. Validation rows are cut from the rest by the same rule, a tenth "
    "where it is a share.",
    "The whole catalogue is ranked, less what the user has a train or validation row for. Ties are broken at random, "
    "the same for all models; AUC gives them their mean rank.",
    "Tuning is by validation nDCG@10, content choices by validation nDCG@100, the hybrid's weights by the likelihood "
    "of validation likes. Every model is then fitted again to train and validation rows.",
    "A user without train rows gets the popularity order from every model; a movie a model knows nothing of comes "
    "after all it knows, in that order too.",
    "BPR is fitted on one thread and all drawings are seeded, so a second run gives the same figures.",
    "The metrics are checked against trec_eval's in the test-suite, user by user.",
)
"""Every choice of the protocol, as printed."""


def reading() -> Iterator[Block]:
    """Yield the notes on how to read the report, and the protocol."""
    yield Heading(2, "How to read this, and what it does not say")
    yield Bullets(READING)
    yield Heading(2, "The protocol")
    yield Bullets(PROTOCOL)
