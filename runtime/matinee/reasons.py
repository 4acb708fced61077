"""Why a movie is recommended: a whole sentence for each pick, and the same in a few words for a card.

In: a movie that a model recommends. Out: plain text on one line; it may hold a visitor's or a reviewer's own words; a
page must escape it like any text. Phrases that differ between models are in their `ModelSpec`.
"""

from __future__ import annotations

from matinee.catalogue import Catalogue, Movie, Quote
from matinee.evidence import shorten
from matinee.models import specs
from matinee.models.base import Evidence, ScoredMovie
from matinee.taste import LIKED

GIVEN = {"text": "close to what you wrote: {}", "poster": "looks like {}"}
"""Reasons for a movie close to the visitor's own words or poster, by kind of evidence."""

UNLIKE = {"text": "far from what you wrote: {}", "poster": "looks unlike {}", "movie": "unlike {}"}
"""Reasons for a movie unlike something that the visitor disliked, by kind of evidence."""

ITSELF = {
    "text": "your words bring it to mind",
    "poster": "your poster brings it to mind",
    "movie": "it is close to what you named",
}
"""Reasons for a movie that is itself the inferred evidence of something the model cannot read, by its kind."""

BRIEF_GIVEN = {"text": "close to your words", "poster": "looks like your poster"}
"""Short forms of GIVEN."""

BRIEF_UNLIKE = {"text": "far from your words", "poster": "unlike your poster", "movie": "unlike {}"}
"""Short forms of UNLIKE."""

POPULAR = "many viewers liked it"
FILLER = "unknown to this model; it is here because many viewers liked it"

BRIEF_FILLER = "many viewers liked it; unknown to this model"

QUOTED = 100
"""Characters of a review that a reason repeats."""


def sentence(found: ScoredMovie, ranker: str) -> str:
    """Return why a movie is recommended.

    Args:
        found: The recommended movie.
        ranker: The model that made the list; where another one gives the reason, as in the hybrid, that one is named.
    """
    if found.filler:
        return FILLER
    return _named(found, ranker, POPULAR if found.because is None else _because(found, found.because))


def brief(found: ScoredMovie, catalogue: Catalogue, ranker: str) -> str:
    """Return a short form of `sentence`, without quotes: "because you liked Heat".

    Args:
        found: The recommended movie.
        catalogue: The movies.
        ranker: As for `sentence`.
    """
    if found.filler:
        return BRIEF_FILLER
    return _named(found, ranker, POPULAR if found.because is None else _in_brief(found, found.because, catalogue))


def quote(found: ScoredMovie, movie: Movie) -> Quote | None:
    """Return a reviewer's words about the movie, at most QUOTED characters of them.

    None where the movie has no quote, or the reason is not based on what reviewers write.
    """
    because = found.because
    if because is None or because.inferred or because.weight < 0 or movie.quote is None:
        return None
    if because.kind != "text" and not specs()[found.model].by_reviews:
        return None
    return Quote(shorten(movie.quote.text, QUOTED), movie.quote.reviewer)


def with_quote(reason: str, said: Quote | None) -> str:
    """Return a reason together with the reviewer's words that belong to it, if any."""
    return reason if said is None else f'{reason}; reviewers say: "{said.text}"'


def _named(found: ScoredMovie, ranker: str, reason: str) -> str:
    """Return the reason, preceded by the title of the model that gives it if that is not `ranker`."""
    return reason if found.model == ranker else f"{specs()[found.model].title}: {reason}"


def _because(found: ScoredMovie, evidence: Evidence) -> str:
    if evidence.inferred and evidence.movie == found.movie:
        return ITSELF[evidence.kind]
    kind = "movie" if evidence.vector is None else evidence.kind
    if evidence.weight < 0:
        return UNLIKE[kind].format(evidence.label)
    return (specs()[found.model].reason if kind == "movie" else GIVEN[kind]).format(evidence.label)


def _in_brief(found: ScoredMovie, evidence: Evidence, catalogue: Catalogue) -> str:
    if evidence.inferred and evidence.movie == found.movie:
        return ITSELF[evidence.kind]
    if evidence.movie is None:
        return (BRIEF_UNLIKE if evidence.weight < 0 else BRIEF_GIVEN)[evidence.kind]
    title, spec = catalogue[evidence.movie].title, specs()[found.model]
    if evidence.weight < 0:
        return BRIEF_UNLIKE["movie"].format(title)
    if evidence.inferred or not spec.by_viewers:
        return spec.brief.format(title)
    if evidence.rating is None or evidence.rating >= LIKED:
        return f"because you liked {title}"
    return f"because you rated {title} {evidence.rating:g}"
