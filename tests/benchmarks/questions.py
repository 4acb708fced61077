"""One question, warm: a review to the picks of all models, beside the passes through the networks that it needs.

In: the bundle of the built-in sample, and reviews of T. Out: a row for a review in a sentence and one for whole
reviews. What is not in the passes is everything else: evidence, fold-in, search, the hybrid, and reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.benchmarks import inputs
from tests.benchmarks.harness import Context, Result, interleave
from tests.benchmarks.served import MISSING, REVIEW, bundle

from matinee import Bundle, Recommender, Review, Taste

WORK = "one question, warm"
PASSES = "encoder passes alone"
GOAL = "<= 1.15"
REVIEWS = 20
READERS = ("bert", "clip")
"""The encoders that read words."""


def measure(context: Context) -> list[Result]:
    """A row for a sentence, and one for whole reviews."""
    folder = bundle()
    if folder is None:
        return [Result.absent(WORK, PASSES, GOAL, MISSING)]
    recommender = Recommender(Bundle.open(folder))
    return [
        _row(context, recommender, "a sentence", [REVIEW] * REVIEWS),
        _row(context, recommender, "reviews of T", inputs.texts(context, REVIEWS)),
    ]


def _row(context: Context, recommender: Recommender, work: str, texts: Sequence[str]) -> Result:
    encoders = [recommender.bundle.encoder(name) for name in READERS if name in recommender.models]
    sides: dict[str, Callable[[], object]] = {
        "ours": lambda: [recommender.recommend(Taste(reviews=(Review(text),))) for text in texts],
        "passes": lambda: [encoder.text(text) for text in texts for encoder in encoders],
    }
    times = interleave(sides, context.rounds)
    ours, passes = (times[name].median / len(texts) for name in sides)
    return Result(
        f"{WORK}: {work} to all models",
        PASSES,
        GOAL,
        ours / passes,
        f"picks of {len(recommender.models)} models among {len(recommender.bundle.catalogue):,} movies",
        f"{ours * 1e3:.1f} ms",
        f"{passes * 1e3:.1f} ms",
        rounds=times,
    )
