"""What a build found out, as a report for people and as figures for programs.

In: the dataset's facts, the encoders' records and the evaluated models. Out: report/REPORT.md as a document, and the
content of report/metrics.json.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from matinee.blend import Weights
from matinee.manifest import TIMINGS, DatasetInfo, EncoderInfo
from matinee.zero_shot import GenreAccuracy
from matinee_export.data import Split
from matinee_export.evaluation.metrics import ASKED, COLUMNS, FORMULAS
from matinee_export.models.training import Evaluated
from matinee_export.reports import Block, Bullets, Document, Heading, Table, Text, plain

WEIGHTS = {
    "pretrained": "pretrained",
    "packaged": "pretrained, from a Python package",
    "seeded": "**untrained**: seeded random weights; its figures show the machinery, not the model",
}
"""What each kind of weights means to a reader."""

ENCODER_COLUMNS = ("encoder", "weights", "source", "revision", "licence", "tower", "precision", "checks")

VARIANT_COLUMNS = ("encoder", "tower", "variant", "cosine", "overlap", "alone or in a batch", "")

HYBRID = (
    "What each model says is standardised for each visitor, weighted and added up. A model counts by whether the "
    "visitor has liked few movies or many, and it may count more for cold movies, which hardly anybody rated; "
    '"mapped" is ALS with the factors that a movie\'s genres and year suggest. The weights were learned on validation '
    "rows."
)


def figures(
    data: DatasetInfo, split: Split, by: str, evaluated: Evaluated, genres: GenreAccuracy | None
) -> dict[str, Any]:
    """Return what report/metrics.json holds; figures that do not exist are null."""
    factors = evaluated.fitted.factors
    return {
        "dataset": {"name": data.name, "counts": data.counts, "set_aside": data.set_aside},
        "split": {"by": by, "train": len(split.train), "validation": len(split.validation), "test": len(split.test)},
        "test_users": len(next(iter(evaluated.metrics.values())).users),
        "models": {name: rounded(metrics.means()) for name, metrics in evaluated.metrics.items()},
        "sweep": {name: [rounded(tried) for tried in f.sweep] for name, f in factors.items()},
        "chosen": {name: rounded(f.params) for name, f in factors.items()},
        "hybrid": {name: rounded(weights._asdict()) for name, weights in evaluated.fusion.weights.items()},
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
    title = f"{data.name}: what this bundle was built from, and how its models measure"
    return Document(title, tuple(_blocks(data, encoders, found))).markdown()


def _blocks(data: DatasetInfo, encoders: Mapping[str, EncoderInfo], found: Mapping[str, Any]) -> Iterator[Block]:
    if data.note:
        yield Text(plain(data.note))
    yield Heading(2, "Data")
    yield Table(("what", "how many"), [(plain(name), f"{count:,}") for name, count in data.counts.items()])
    yield from _set_aside(data.set_aside)
    yield Heading(2, "Encoders")
    yield Table(ENCODER_COLUMNS, list(_encoder_rows(encoders)))
    yield from _variants(encoders)
    if found["genres"]:
        yield Text(f"Genres that CLIP reads in posters: {plain(found['genres']['in words'])}")
    yield Heading(2, "Models on held-out ratings")
    yield Text(_split(found))
    yield Table(("model", *COLUMNS), list(_model_rows(found["models"])))
    yield Text(ASKED)
    yield Bullets(FORMULAS)
    yield Heading(2, "How the sizes were chosen")
    yield Text("By nDCG@10 on validation rows; the choice was then fitted to train and validation rows together.")
    for name, tried in found["sweep"].items():
        yield Heading(3, name)
        yield _sweep(tried, found["chosen"][name])
    yield Heading(2, "The hybrid")
    yield Text(HYBRID)
    yield Table(
        ("model", "few likes", "many likes", "cold movies"),
        [(name, *(f"{w[regime]:.2f}" for regime in Weights._fields)) for name, w in found["hybrid"].items()],
    )


def _set_aside(reasons: Mapping[str, int]) -> Iterator[Block]:
    if not reasons:
        yield Text("Every row could be used.")
        return
    yield Text("Set aside:")
    yield Table(("why", "rows"), [(plain(why), f"{count:,}") for why, count in reasons.items()])


def _encoder_rows(encoders: Mapping[str, EncoderInfo]) -> Iterator[Sequence[str]]:
    for name, encoder in encoders.items():
        origin = [plain(text) for text in (encoder.source, encoder.revision, encoder.licence)]
        for kind, tower in encoder.towers.items():
            checks = "; ".join(f"{check} {value:.3g}" for check, value in tower.get("parity", {}).items())
            yield [name, WEIGHTS[encoder.weights], *origin, kind, tower["precision"], checks]


def _variants(encoders: Mapping[str, EncoderInfo]) -> Iterator[Block]:
    """Every variant of a network that was tried beside fp32, and what it was measured on."""
    towers = [(name, kind, tower) for name, info in encoders.items() for kind, tower in info.towers.items()]
    tried = [(name, kind, tower) for name, kind, tower in towers if tower.get("variants")]
    if not tried:
        return
    measured = tried[0][2]["measured"]
    machine = ", ".join([measured["provider"], *measured.get("instructions", []), f"{measured['threads']} threads"])
    where = f"measured on real inputs ({plain(machine)}); {plain(Path(TIMINGS).name)} says how fast each was"
    yield Text(f"Variants of the networks beside fp32, {where}:")
    yield Table(VARIANT_COLUMNS, [row for network in tried for row in _variant_rows(*network)])


def _variant_rows(name: str, kind: str, tower: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    for variant, figures in tower["variants"].items():
        quality = [f"{figures[figure]:.4f}" for figure in ("cosine", "overlap", "batch_cosine")]
        shipped = "shipped" if variant == tower["precision"] else ""
        yield [name, kind, variant, *quality, shipped]


def _split(found: Mapping[str, Any]) -> str:
    parts = found["split"]
    return (
        f"Split {parts['by']}: {parts['train']:,} train, {parts['validation']:,} validation and {parts['test']:,} test "
        f"rows; {found['test_users']:,} users have something to find. No test row took part in anything but this table."
    )


def _model_rows(models: Mapping[str, Mapping[str, float | None]]) -> Iterator[Sequence[str]]:
    for name, values in models.items():
        yield [name, *("–" if values[column] is None else f"{values[column]:.4f}" for column in COLUMNS)]


def _sweep(tried: Sequence[Mapping[str, float]], chosen: Mapping[str, float]) -> Table:
    columns = list(tried[0]) if tried else []
    rows = [
        [f"{fit[c]:.4f}" if c == "ndcg@10" else f"{fit[c]:g}" for c in columns]
        + ["chosen" if all(fit[c] == v for c, v in chosen.items()) else ""]
        for fit in tried
    ]
    return Table([*columns, ""], rows)
