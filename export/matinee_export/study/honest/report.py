"""The report of a study by the honest protocol: for people as a document, for programs as plain figures.

In: a `HonestStudy`. Out: a `Document` or a JSON object, the same for the same study. What the report says is generated
from the figures. Knows nothing of how anything was measured; the parts of the document are in the modules beside this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from matinee_export.bundle.report import rounded
from matinee_export.evaluation.significance import Interval
from matinee_export.reports import Block, Document
from matinee_export.study.comparison import METRIC, differences, interval_of, means_of, models_of, users_of
from matinee_export.study.experiments.reproduced import PUBLISHED
from matinee_export.study.honest.checks import leak_test, newcomers, published, why_bpr
from matinee_export.study.honest.decided import decided, mean_weights
from matinee_export.study.honest.groups import groups
from matinee_export.study.honest.models import main_tables, paired_tests, seeds
from matinee_export.study.honest.opening import opening, the_data
from matinee_export.study.honest.reading import reading
from matinee_export.study.honest.settings import everything_tried
from matinee_export.study.results import GROUPS, Cell, HonestStudy, Tuning


def honest_document(study: HonestStudy) -> Document:
    """Return the report for people."""
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
    """Return the figures of a study as a JSON object: means, intervals and p-values; null where there is none."""
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
            "profiles": {name: chosen.choices(name) for name, chosen in tuning.profiles.settings.items()},
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
