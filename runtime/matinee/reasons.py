"""Why a movie is here, in a person's words: a whole sentence for each pick, and the same in a few words for a card.

In: a model's choice and the movie. Out: plain text on one line, which may hold a visitor's or a reviewer's own words; a
page must escape it like any text. Knows nothing of how the choice was made.
"""

from __future__ import annotations

from matinee.catalogue import Catalogue, Movie
from matinee.evidence import shorten
from matinee.models.base import Choice, Evidence
from matinee.taste import LIKED

LIKENESS = {
    "bpr": "liked by viewers who also like {}",
    "als": "liked by viewers who also like {}",
    "bert": "reviewers write about it as they do about {}",
    "resnet50": "its poster looks like that of {}",
    "clip": "its poster and reviews are close to those of {}",
}
"""What brings a movie close to another one, by model."""

GIVEN = {"text": "close to what you wrote: {}", "poster": "looks like {}"}
"""What brings a movie close to the visitor's own words or poster."""

UNLIKE = {"text": "far from what you wrote: {}", "poster": "looks unlike {}", "movie": "unlike {}"}
"""What a movie owes to something the visitor disliked."""

TITLES = {"bpr": "BPR", "als": "ALS", "bert": "BERT", "resnet50": "ResNet50", "clip": "CLIP"}
"""How people write the models' names."""

ITSELF = {
    "text": "your words bring it to mind",
    "poster": "your poster brings it to mind",
    "movie": "it is close to what you named",
}
"""Why a movie is here that itself stands for something the model cannot read, by what the visitor gave."""

BRIEF = {
    "bpr": "liked along with {}",
    "als": "liked along with {}",
    "bert": "reviewed like {}",
    "resnet50": "looks like {}",
    "clip": "looks and reads like {}",
}
"""LIKENESS in a few words."""

BRIEF_GIVEN = {"text": "close to your words", "poster": "looks like your poster"}
"""GIVEN in a few words."""

BRIEF_UNLIKE = {"text": "far from your words", "poster": "unlike your poster", "movie": "unlike {}"}
"""UNLIKE in a few words."""

VIEWERS = ("bpr", "als")
"""Models that go by who liked what."""

CROWD = "many viewers liked it"
FILLER = "this model knows nothing of it; it is here because many viewers liked it"

BRIEF_FILLER = "many viewers liked it; unknown to this model"

QUOTED = 100
"""Letters of a review that a reason repeats."""


def sentence(choice: Choice, movie: Movie, ranker: str) -> str:
    """Return why `movie` was chosen.

    Args:
        choice: What the model chose.
        movie: The movie it stands for.
        ranker: The model that was asked; where another one gives the reason, as in the hybrid, it is named.
    """
    if choice.filler:
        return FILLER
    reason = CROWD if choice.because is None else _because(choice, choice.because) + _said(choice, movie)
    return reason if choice.model == ranker else f"{TITLES[choice.model]}: {reason}"


def brief(choice: Choice, catalogue: Catalogue, ranker: str) -> str:
    """Return what `sentence` says in a few words, without anybody's own: "because you liked Heat".

    Args:
        choice: What the model chose.
        catalogue: The movies.
        ranker: The model that was asked; where another one gives the reason, as in the hybrid, it is named.
    """
    if choice.filler:
        return BRIEF_FILLER
    words = CROWD if choice.because is None else _in_brief(choice, choice.because, catalogue)
    return words if choice.model == ranker else f"{TITLES[choice.model]}: {words}"


def _in_brief(choice: Choice, evidence: Evidence, catalogue: Catalogue) -> str:
    if evidence.inferred and evidence.movie == choice.movie:
        return ITSELF[evidence.kind]
    if evidence.movie is None:
        return (BRIEF_UNLIKE if evidence.weight < 0 else BRIEF_GIVEN)[evidence.kind]
    title = catalogue[evidence.movie].title
    if evidence.weight < 0:
        return BRIEF_UNLIKE["movie"].format(title)
    if choice.model not in VIEWERS or evidence.inferred:
        return BRIEF[choice.model].format(title)
    if evidence.rating is None or evidence.rating >= LIKED:
        return f"because you liked {title}"
    return f"because you rated {title} {evidence.rating:g}"


def _because(choice: Choice, evidence: Evidence) -> str:
    if evidence.inferred and evidence.movie == choice.movie:
        return ITSELF[evidence.kind]
    kind = "movie" if evidence.vector is None else evidence.kind
    if evidence.weight < 0:
        return UNLIKE[kind].format(evidence.label)
    return (LIKENESS[choice.model] if kind == "movie" else GIVEN[kind]).format(evidence.label)


def _said(choice: Choice, movie: Movie) -> str:
    """What a reviewer said of the movie, where the reason comes from what reviewers write; else nothing."""
    because = choice.because
    from_text = because is not None and (choice.model == "bert" or because.kind == "text") and not because.inferred
    if not from_text or movie.quote is None or because is None or because.weight < 0:
        return ""
    return f'; reviewers say: "{shorten(movie.quote.text, QUOTED)}"'
