"""The section of an honest report on the settings of BPR, ALS and the baselines: those chosen and all that were tried.

In: the tunings of a `HonestStudy`. Out: blocks of a document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from matinee_export.models.factor_model import Setting
from matinee_export.models.factor_tuning import HALF_LIVES
from matinee_export.models.registry import FACTOR_MODELS
from matinee_export.reports import Block, Heading, Plot, Table, Text, plots
from matinee_export.study.labels import across, figure, listed, setting_words, split_name, title
from matinee_export.study.results import Tuning

NDCG = "ndcg@10"

AXES: Mapping[str, str] = {"size": "factors", "regularization": "regularization"}
"""The settings along which a sweep is plotted, with their axis labels."""

FADES = ("none", *(f"1/{round(1 / share)}" for share in HALF_LIVES))
"""Labels of the half-lives tried, as shares of the time between the oldest and the newest row."""
FADING = (
    "ALS with a half-life of likes, as a share of the time between the oldest and the newest; all else is the same."
)


def settings(tunings: Mapping[str, Tuning]) -> Iterator[Block]:
    """Yield the chosen settings, and plots of the sweeps."""
    yield Heading(3, "BPR, ALS and the baselines")
    yield Text(
        "The setting with the highest validation nDCG@10 is taken: first among settings at one size, then among sizes. "
        "ALS may also let what was said long ago count less, by a half-life; it is kept only if it is better by more "
        "than one standard error. These are the settings of the first seed; under another seed the random split's are "
        "chosen again."
    )
    models = list(dict.fromkeys(model for tuning in tunings.values() for model in tuning.sweeps))
    columns = [[_taken(tuning, model) for model in models] for tuning in tunings.values()]
    note = "After the colon: nDCG@10 on validation rows."
    yield across(("model", *map(split_name, tunings)), [title(model) for model in models], columns, note)
    made = {kind: by for tuning in tunings.values() for kind, by in tuning.made_by.items()}
    yield Text("Fitted by: " + "; ".join(f"{title(kind)}: {by}" for kind, by in made.items()) + ".")
    for model in FACTOR_MODELS:
        for axis, words in AXES.items():
            if series := _curves(model, tunings, axis):
                drawn = plots.lines(f"{title(model)} by {words}", series, words, "validation nDCG@10", log_x=True)
                yield Plot(f"tuning-{model}-{axis}", drawn, _highest(model, series, words))
    yield from _fading({by: tuning.sweeps.get("als", ()) for by, tuning in tunings.items()})


def _fading(sweeps: Mapping[str, Sequence[Setting]]) -> Iterator[Block]:
    """Yield a plot of ALS by half-life, for splits in which half-lives were tried."""
    groups = {}
    for by, sweep in sweeps.items():
        fading = [tried for tried in sweep if tried.get("half_life")]
        if fading:
            rest = {name: value for name, value in fading[0].items() if name not in ("half_life", NDCG)}
            plain = next(tried for tried in sweep if not tried.get("half_life") and _is_chosen(rest, tried))
            found = zip(FADES, [plain, *fading], strict=True)
            groups[split_name(by)] = {words: tried[NDCG] for words, tried in found}
    if groups:
        best = listed([f"{by} {max(values, key=lambda words: values[words])}" for by, values in groups.items()])
        drawn = plots.grouped("ALS by the half-life of a like", groups, "validation nDCG@10")
        yield Plot("tuning-als-half-life", drawn, f"{FADING} Highest: {best}.")


def _taken(tuning: Tuning, model: str) -> str:
    setting = _setting(tuning, model)
    ndcg = next((tried[NDCG] for tried in tuning.sweeps[model] if _is_chosen(setting, tried)), None)
    return f"{setting_words(setting)}: {figure(ndcg)}"


def _curves(model: str, tunings: Mapping[str, Tuning], axis: str) -> dict[str, list[tuple[float, float]]]:
    """Return points (value, nDCG@10) along the setting `axis`, by split, where several values of it were tried."""
    series = {split_name(by): _along(tuning.sweeps.get(model, ()), axis) for by, tuning in tunings.items()}
    return {name: points for name, points in series.items() if len(points) > 1}


def _along(sweep: Sequence[Setting], axis: str) -> list[tuple[float, float]]:
    """Return points (value, nDCG@10) of the runs that differ only in the setting `axis`, by value."""
    groups: dict[tuple[tuple[str, float], ...], dict[float, float]] = {}
    for tried in sweep:
        rest = tuple(sorted((name, value) for name, value in tried.items() if name not in (axis, NDCG)))
        if tried.get(axis):
            groups.setdefault(rest, {})[tried[axis]] = tried[NDCG]
    return sorted(max(groups.values(), key=len, default={}).items())


def _highest(model: str, series: Mapping[str, Sequence[tuple[float, float]]], words: str) -> str:
    best = {name: max(points, key=lambda point: point[1]) for name, points in series.items()}
    spelled = listed([f"{name} {figure(ndcg)} at {value:g}" for name, (value, ndcg) in best.items()])
    return f"{title(model)} by {words}, all else the same. Highest: {spelled}."


def everything_tried(tunings: Mapping[str, Tuning]) -> Iterator[Block]:
    """Yield a table of every setting tried, for each model."""
    yield Heading(2, "Every setting tried")
    for model in dict.fromkeys(model for tuning in tunings.values() for model in tuning.sweeps):
        yield Heading(3, title(model))
        rows = [
            (split_name(by), setting_words(tried), figure(tried[NDCG]), _chosen(tuning, model, tried))
            for by, tuning in tunings.items()
            for tried in tuning.sweeps.get(model, ())
        ]
        yield Table(("split", "setting", "validation nDCG@10", ""), rows)


def _chosen(tuning: Tuning, model: str, tried: Setting) -> str:
    return "chosen" if _is_chosen(_setting(tuning, model), tried) else ""


def _is_chosen(setting: Setting, tried: Setting) -> bool:
    return all(tried.get(name) == value for name, value in setting.items())


def _setting(tuning: Tuning, model: str) -> Setting:
    return {**tuning.factors, **tuning.baselines}[model]
