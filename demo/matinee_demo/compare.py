"""The models beside each other: where they agree for this visitor, and what each is good at.

In: an `Agreement` and measured figures. Out: HTML, everything escaped. Knows nothing of gradio.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matinee.agreement import Agreed, Agreement
from matinee_demo.cards import card
from matinee_demo.markup import text
from matinee_demo.rows import strip
from matinee_demo.words import UNTRAINED, model_words

MOST_AGREED = 16


@dataclass(frozen=True)
class Measure:
    """A figure of the evaluation in plain words.

    Attributes:
        name: What it is called there.
        question: What it answers.
        unit: How a value is written, such as "{:.0%}".
    """

    name: str
    question: str
    unit: str


MEASURES = (
    Measure("recall@10", "Of the films a viewer went on to like, how many are among the ten picks?", "{:.1%}"),
    Measure("ndcg@10", "How near the top are they? (nDCG@10; 1 is perfect)", "{:.3f}"),
    Measure("coverage@10", "How much of the catalogue does anybody ever get to see?", "{:.0%}"),
    Measure("novelty@10", "How little known are the picks? (bits; one more is half as many viewers)", "{:.1f}"),
)

BASELINES = {"popularity": "most liked, for everybody", "random": "chance"}
"""What models are held against, and what it does."""


def render_agreement(agreement: Agreement, depth: int) -> str:
    """Return how much the models' first `depth` picks overlap, and the films that most of them pick."""
    names = [model_words(model).name for model in agreement.models]
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in names)
    lines = "".join(_line(row, name, agreement.shared[row], depth) for row, name in enumerate(names))
    return (
        '<section class="mt-compare"><header><h2>Where the models agree for you</h2>'
        f"<p>How many of each model&#8217;s first {depth} picks another one picks too.</p></header>"
        f'<div class="mt-scroll" tabindex="0" role="region" aria-label="Overlap of the models"><table class="mt-heat">'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{lines}</tbody></table></div></section>"
        f"{_agreed(agreement.agreed)}"
    )


def render_strengths(figures: Mapping[str, Mapping[str, float]], weights: Mapping[str, str]) -> str:
    """Return what each model is good at as bars with the baselines beside them; "" where nothing was measured.

    Args:
        figures: Measured figures by model, the baselines among them.
        weights: Kind of weights of each encoder, by name.
    """
    measured = [measure for measure in MEASURES if any(measure.name in values for values in figures.values())]
    if not measured:
        return ""
    bars = "".join(_measure(measure, figures, weights) for measure in measured)
    return (
        '<section class="mt-compare"><header><h2>What each model is good at</h2>'
        "<p>Measured on ratings that were kept aside and that no model has seen. In finding films, a model is worth "
        "something where its bar is longer than that of chance, and more where it beats showing all the most liked. "
        "How much it shows and how little known that is are a choice, not a merit: chance has most of both.</p>"
        f'</header><div class="mt-measures">{bars}</div></section>'
    )


def render_nothing() -> str:
    """Return what stands in place of the agreement before anything was told."""
    return (
        '<section class="mt-compare"><header><h2>Where the models agree for you</h2></header>'
        '<p class="mt-hint">Say what you like first: a click on a poster is enough.</p></section>'
    )


def _line(row: int, name: str, shared: Sequence[int], depth: int) -> str:
    cells = "".join(_cell(row, column, value, depth) for column, value in enumerate(shared))
    return f'<tr><th scope="row">{text(name)}</th>{cells}</tr>'


def _cell(row: int, column: int, value: int, depth: int) -> str:
    share = 0 if row == column else min(1.0, value / max(1, depth))
    shown = "–" if row == column else str(value)
    return f'<td class="mt-share" style="--mt-share:{share:.2f}">{shown}</td>'


def _agreed(agreed: Sequence[Agreed]) -> str:
    title = "Films that several models pick"
    if not agreed:
        body = '<p class="mt-empty">None: no two of them pick the same film.</p>'
    else:
        body = strip(title, [card(one.movie, _ranks(one)) for one in agreed[:MOST_AGREED]])
    return f'<section class="mt-row"><header><h2>{title}</h2></header>{body}</section>'


def _ranks(one: Agreed) -> str:
    ranks = ", ".join(f"{model_words(model).name} {rank}" for model, rank in one.ranks.items())
    return f'<p class="mt-reason">{text(f"{len(one.ranks)} models: {ranks}")}</p>'


def _measure(measure: Measure, figures: Mapping[str, Mapping[str, float]], weights: Mapping[str, str]) -> str:
    values = {name: values[measure.name] for name, values in figures.items() if measure.name in values}
    top = max(values.values(), default=0.0) or 1.0
    lines = "".join(_bar(name, value, value / top, measure, weights) for name, value in values.items())
    return f'<table class="mt-bars"><caption>{text(measure.question)}</caption><tbody>{lines}</tbody></table>'


def _bar(name: str, value: float, share: float, measure: Measure, weights: Mapping[str, str]) -> str:
    look = "mt-baseline" if name in BASELINES else "mt-untrained-bar" if weights.get(name) == UNTRAINED else ""
    words = BASELINES.get(name, model_words(name).name)
    untrained = " <small>untrained</small>" if weights.get(name) == UNTRAINED else ""
    return (
        f'<tr class="{look}"><th scope="row">{text(words)}{untrained}</th>'
        f'<td><span class="mt-bar" aria-hidden="true"><i style="width:{100 * max(0.0, share):.1f}%"></i></span>'
        f"<span>{text(measure.unit.format(value))}</span></td></tr>"
    )
