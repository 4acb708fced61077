"""What the paper does not specify about its experiments, and what paper mode assumes, in the words of its report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matinee_export.study.experiments.sweep import ALS, PLAIN_ALS, PLAIN_BPR, TRAIN_USERS, Curve


@dataclass(frozen=True)
class Choice:
    """One detail that the paper does not specify.

    Attributes:
        question: The detail that it leaves open.
        answer: What is assumed here.
    """

    question: str
    answer: str


def choices(counts: Mapping[str, int], curves: Mapping[str, Curve]) -> tuple[Choice, ...]:
    """Return every detail left open with its assumption.

    Args:
        counts: Numbers of rows, under "test positives" and "test positives imputed".
        curves: The curves of the sweep, by name.
    """
    imputed = f"{counts['test positives imputed']:,} of the {counts['test positives']:,} test positives were imputed"
    settings = "; ".join(f"{name}: {_spelled(curves[name])}" for name in (PLAIN_BPR, PLAIN_ALS, ALS))
    return (
        Choice(
            "whether an imputed rating can be a positive",
            "Yes: the paper imputes before it splits, with means over all rows, so an imputed rating is then a rating "
            f"like any other. Here {imputed}; tables 2 and 3 have a row without them, if there are any.",
        ),
        Choice(
            "whether a user's vector is made of test rows too",
            "Tables 4 to 6 show both. Vectors that know the test rows answer a question whose answer they hold.",
        ),
        Choice(
            "whether movies that the user has seen stay in the ranking",
            "They are taken out; every table of test rows also has a row with them left in.",
        ),
        Choice("what is ranked", "The whole catalogue, not only what the user rated."),
        Choice("who is averaged over", "Every user with a test positive that is not among their train rows."),
        Choice(
            "which MAP",
            "map divides by all relevant movies, over the full ranking; map@10 by at most 10, over the first 10. "
            "The paper's figure stands under map.",
        ),
        Choice("k of precision and recall", "10, as the paper's nDCG has."),
        Choice(
            "settings of BPR and ALS",
            f"implicit's own, and the rating as ALS's confidence; beside them what we found to be better. {settings}.",
        ),
        Choice(
            "what train AUC compares",
            "Each user's train positives with every other movie, none taken out: how well a model remembers. "
            f"Of more than {TRAIN_USERS:,} users that many are asked, drawn at random.",
        ),
        Choice("the scaled rating of BERT's means", "Rating / 10, for movies and users alike."),
        Choice("whether ResNet50's 'above 7' includes 7", "Yes, as positives do; a liked movie weighs rating / 10."),
        Choice(
            "how CLIP averages",
            "A movie is the mean of its poster's vector and of the mean of its reviews' vectors, each of unit length; "
            "a user is the mean of their reviews' vectors, weighted by rating / 10.",
        ),
    )


def _spelled(curve: Curve) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in curve.setting.items())
