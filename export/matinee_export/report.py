"""What a build found out, as a page of Markdown for people and as figures for programs.

In: the dataset's facts, the encoders' records and the assessment. Out: the text of report/REPORT.md and the content of
report/metrics.json. Knows nothing of how anything was measured.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from matinee.blend import Weights
from matinee.manifest import DatasetInfo, EncoderInfo
from matinee.zero_shot import GenreAccuracy
from matinee_export.assess import Assessment
from matinee_export.dataset import Split

WEIGHTS = {
    "pretrained": "pretrained",
    "packaged": "pretrained, from a Python package",
    "seeded": "**untrained**: seeded random weights; its figures show the machinery, not the model",
}
"""What each kind of weights means to a reader."""

HYBRID = """\
What each model says is standardised for each visitor, weighted and added up. A model counts by whether the visitor has
liked few movies or many, and it may count more for cold movies, which hardly anybody rated; "mapped" is ALS with the
factors that a movie's genres and year suggest. The weights were learned on validation rows."""

COLUMNS = ("ndcg@10", "map", "precision@10", "recall@10", "auc", "coverage@10", "novelty@10")
"""Metrics in the table of models, in order."""

FORMULAS = """\
Every user's whole catalogue minus what they had seen is ranked. Relevant (R of them) are held-out ratings of at least 7
that were really given; users without one are left out. r_j is the rank of the j-th relevant movie, N the number of
candidates.

- nDCG@10 = sum over r_j <= 10 of 1 / log2(r_j + 1), over its best possible value
- MAP = mean over j of j / r_j, over the full ranking
- precision@10 = hits in the first 10 / 10; recall@10 = hits in the first 10 / R
- AUC = share of (relevant, other) pairs ranked in the right order
- coverage@10 = share of the catalogue that is in anybody's first 10
- novelty@10 = mean of -log2 of the share of users who liked what is listed, in bits"""


def figures(
    data: DatasetInfo, split: Split, by: str, assessment: Assessment, genres: GenreAccuracy | None
) -> dict[str, Any]:
    """Return what report/metrics.json holds; figures that do not exist are null."""
    factors = assessment.fitted.factors
    return {
        "dataset": {"name": data.name, "counts": data.counts, "set_aside": data.set_aside},
        "split": {"by": by, "train": len(split.train), "validation": len(split.validation), "test": len(split.test)},
        "test_users": len(next(iter(assessment.metrics.values())).users),
        "models": {name: rounded(metrics.means()) for name, metrics in assessment.metrics.items()},
        "sweep": {name: [rounded(tried) for tried in f.sweep] for name, f in factors.items()},
        "chosen": {name: rounded(f.params) for name, f in factors.items()},
        "hybrid": {name: rounded(weights._asdict()) for name, weights in assessment.fusion.weights.items()},
        "genres": None if genres is None else {**rounded(asdict(genres)), "in words": genres.sentence()},
    }


def rounded(values: Mapping[str, float]) -> dict[str, float | None]:
    """Return the figures to 6 significant digits, None in place of what is not a number."""
    return {name: None if math.isnan(value) else float(f"{value:.6g}") for name, value in values.items()}


def markdown(data: DatasetInfo, encoders: Mapping[str, EncoderInfo], found: Mapping[str, Any]) -> str:
    """Return the text of REPORT.md.

    Args:
        data: What the manifest says of the dataset.
        encoders: What the manifest says of each encoder.
        found: The result of `figures`.
    """
    return "\n\n".join(
        [
            f"# {data.name}: what this bundle was built from, and how its models measure",
            data.note or "",
            "## Data",
            _table(["what", "how many"], [[name, f"{count:,}"] for name, count in data.counts.items()]),
            _set_aside(data.set_aside),
            "## Encoders",
            _table(
                ["encoder", "weights", "source", "revision", "licence", "tower", "precision", "checks"],
                _encoder_rows(encoders),
            ),
            *([f"Genres that CLIP reads in posters: {found['genres']['in words']}"] if found["genres"] else []),
            "## Models on held-out ratings",
            _split(found),
            _table(["model", *COLUMNS], _model_rows(found["models"])),
            FORMULAS,
            "## How the sizes were chosen",
            "By nDCG@10 on validation rows; the choice was then fitted to train and validation rows together.",
            *(_sweep(name, tried, found["chosen"][name]) for name, tried in found["sweep"].items()),
            "## The hybrid",
            HYBRID,
            _table(
                ["model", "few likes", "many likes", "cold movies"],
                [[name, *(f"{w[regime]:.2f}" for regime in Weights._fields)] for name, w in found["hybrid"].items()],
            ),
            "",
        ]
    ).replace("\n\n\n\n", "\n\n")


def _set_aside(reasons: Mapping[str, int]) -> str:
    if not reasons:
        return "Every row could be used."
    return "Set aside:\n\n" + _table(["why", "rows"], [[why, f"{count:,}"] for why, count in reasons.items()])


def _encoder_rows(encoders: Mapping[str, EncoderInfo]) -> Iterable[Sequence[str]]:
    for name, encoder in encoders.items():
        for kind, tower in encoder.towers.items():
            checks = "; ".join(f"{check} {value:.3g}" for check, value in tower.get("parity", {}).items())
            weights = WEIGHTS[encoder.weights]
            yield [name, weights, encoder.source, encoder.revision, encoder.licence, kind, tower["precision"], checks]


def _split(found: Mapping[str, Any]) -> str:
    parts = found["split"]
    return (
        f"Split {parts['by']}: {parts['train']:,} train, {parts['validation']:,} validation and {parts['test']:,} test "
        f"rows; {found['test_users']:,} users have something to find. No test row took part in anything but this table."
    )


def _model_rows(models: Mapping[str, Mapping[str, float | None]]) -> Iterable[Sequence[str]]:
    for name, values in models.items():
        yield [name, *("–" if values[column] is None else f"{values[column]:.4f}" for column in COLUMNS)]


def _sweep(name: str, tried: Sequence[Mapping[str, float]], chosen: Mapping[str, float]) -> str:
    columns = list(tried[0]) if tried else []
    rows = [
        [f"{fit[c]:.4f}" if c == "ndcg@10" else f"{fit[c]:g}" for c in columns]
        + ["chosen" if all(fit[c] == v for c, v in chosen.items()) else ""]
        for fit in tried
    ]
    return f"### {name}\n\n" + _table([*columns, ""], rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
