"""Chooses the number of factors and the setting of BPR and ALS by a sweep on validation rows.

In: the train and validation `Interactions`. Out: the `Factors` of the choice, with the whole sweep. The criterion is
nDCG@10 on validation rows; the chosen setting is then fitted to train and validation rows together, and that fit is
measured on test rows and served. Test rows are not used here.

If the rows are dated, half-lives of ALS's confidence are tried once size and setting are chosen, and the best is kept
only if it is `clearly_better` on validation rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matinee.errors import BadInputError, UnknownNameError
from matinee_export.data.interactions import Interactions
from matinee_export.evaluation.evaluate import HeldOut, evaluate
from matinee_export.evaluation.metrics import PerUser
from matinee_export.log import Log, silent
from matinee_export.models.factor_model import Factors, Setting
from matinee_export.models.factors import fit_factors
from matinee_export.models.registry import FACTOR_MODELS

HALF_LIVES = (1 / 2, 1 / 6, 1 / 20)
"""Half-lives of ALS's confidence that are tried, as shares of the days between the oldest and the newest train row.

For a dataset of 24 years they are 12, 4 and 1.2 years; for MovieLens 100K, which spans 7 months, 3.5 months, 5 weeks
and 11 days.
"""

AUTO_SIZES = ((20_000, (16, 8, 32)), (200_000, (64, 32, 16)), (float("inf"), (128, 64)))
"""Pairs (largest number of train likes, sizes to try), for the sizes "auto".

The grid is compared at the first size; it is not the smallest, because with few factors weak regularization does no
harm and would be chosen for many factors too.
"""


def parse_sizes(text: str, n_likes: int) -> tuple[int, ...]:
    """Return the numbers of factors to sweep over.

    Args:
        text: "auto", or positive whole numbers with commas between, such as "50,100,200,500,1000".
        n_likes: Number of train likes, by which "auto" chooses.

    Raises:
        BadInputError: The text is neither.
    """
    if text.strip().lower() == "auto":
        return next(sizes for enough_for, sizes in AUTO_SIZES if n_likes <= enough_for)
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise BadInputError(f"factor sizes are auto or whole numbers such as 50,100,200, not {text!r}")
    return tuple(int(part) for part in parts)


def train_factors(
    kind: str,
    train: Interactions,
    validation: Interactions,
    sizes: Sequence[int],
    grid: Sequence[Setting] | None = None,
    seed: int = 0,
    log: Log = silent,
) -> Factors:
    """Choose size and setting by validation nDCG@10, then fit the choice to train and validation rows together.

    The settings of the grid are compared at the first size; the best of them is then tried at every other size, and
    for ALS the best of these with every half-life, if the rows are dated, to be kept if it is `clearly_better`.

    Args:
        kind: Name of a factor model.
        train: Rows to fit while choosing.
        validation: Rows to choose by. If they hold no relevant movie, the first setting and size are taken.
        sizes: Numbers of factors; the grid is compared at the first.
        grid: Settings to try; by default those of the model.
        seed: Seed of the initial factors and of BPR's sampling.
        log: Called with one line for each fit.

    Raises:
        UnknownNameError: `kind` is not in FACTOR_MODELS.
        BuildError: The train rows contain no like.
    """
    if kind not in FACTOR_MODELS:
        raise UnknownNameError("factor model", kind, FACTOR_MODELS)
    model = FACTOR_MODELS[kind]
    held = HeldOut.between(train, validation)
    sweep: list[dict[str, float]] = []

    def try_out(setting: Setting) -> tuple[dict[str, float], PerUser]:
        fitted = fit_factors(kind, train, setting, seed)
        measured = evaluate(fitted.scores(held.likes), held)
        ndcg = measured.means()["ndcg@10"]
        sweep.append({**fitted.params, "ndcg@10": ndcg})
        log(f"{kind} {_spelled(fitted.params)}: validation nDCG@10 {ndcg:.4f}")
        return fitted.params, measured.per_user["ndcg@10"]

    def best(tried: Sequence[tuple[dict[str, float], PerUser]]) -> tuple[dict[str, float], PerUser]:
        return max(tried, key=lambda one: float(one[1].sum()))  # the first of equals

    chosen = best([try_out({**setting, "size": sizes[0]}) for setting in (model.grid if grid is None else grid)])
    chosen = best([chosen, *(try_out({**chosen[0], "size": size}) for size in sizes[1:])])
    if model.fades and (fading := [try_out({**chosen[0], "half_life": days}) for days in half_lives(train)]):
        newer = best(fading)
        chosen = newer if clearly_better(newer[1], chosen[1]) else chosen
    return replace(fit_factors(kind, train.plus(validation), chosen[0], seed), sweep=sweep)


def clearly_better(one: PerUser, other: PerUser) -> bool:
    """Return whether the mean over users (n,) of `one` is higher than that of `other` by more than one standard error.

    This is the one-standard-error rule of Breiman et al. 1984 (Classification and Regression Trees, section 3.4.3),
    applied to paired differences: the simpler model is kept unless the other is clearly better.
    """
    difference = one - other
    return len(difference) > 1 and bool(difference.mean() > difference.std(ddof=1) / np.sqrt(len(difference)))


def half_lives(train: Interactions) -> tuple[float, ...]:
    """Return the half-lives to try on these rows, in whole days, the longest first; () for undated rows."""
    span = train.where(train.is_like).span
    return tuple(max(1.0, float(round(share * span))) for share in HALF_LIVES) if span else ()


def _spelled(params: Setting) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in params.items())
