"""The description of a model: its name, what it reads, how its reasons are phrased and how it compares movies.

Data only. All code that lists, names or compares models reads it, so a new model is one file and one line in
`matinee.models`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["movie", "text", "poster"]


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way in which a model compares movies.

    Attributes:
        name: Its name in `matinee.more_like`: "looks".
        order: Sort key among the ways of all models, which are listed in ascending order.
        title: How the page labels movies that are alike in this way: "by looks"; "" where it does not show them.
        file: File in the model's folder with the matrix that is compared, (n_movies, dim) of unit rows with a zero row
            for each movie that cannot be compared; "" where the model's movie vectors are compared.
        posters: Whether posters alone are compared, so that a visitor's own poster can be compared too.
        unknown: Why a movie cannot be compared in this way; "" where it is the model's `unknown`.
    """

    name: str
    order: int
    title: str = ""
    file: str = ""
    posters: bool = False
    unknown: str = ""


@dataclass(frozen=True, kw_only=True)
class ModelSpec:
    """The description of a model for visitors and for other modules.

    Attributes:
        name: Its name in bundles, commands and endpoints: "bert".
        title: How its name is written for people: "BERT".
        goes_by: What its recommendations are based on, in a few words: "what reviews say".
        reads: The kinds of evidence that it can use as they are. A model that reads texts or posters has an encoder of
            the same name; one that reads both embeds them in the same space.
        reason: Why it picks a movie that is near to the movie in the braces: "its poster looks like that of {}".
        brief: The reason in a few words: "looks like {}".
        by_viewers: Whether it is based on who liked what, so that a brief reason is "because you liked Heat".
        by_reviews: Whether it is based on what reviewers write, so that its reasons come with a reviewer's words.
        unknown: Why a movie may be unknown to it: "it has no poster here".
        ways: How it compares movies; none where it does not.
        likeness: How well its vectors measure the similarity of movies; the bundle's model with the highest number is
            used to make surprising picks unlike each other.
        popularity_column: Whether the last column of its vectors is a movie's popularity, not a direction of taste.
    """

    name: str
    title: str
    goes_by: str
    reads: frozenset[Kind] = frozenset()
    reason: str = ""
    brief: str = ""
    by_viewers: bool = False
    by_reviews: bool = False
    unknown: str = ""
    ways: tuple[Way, ...] = ()
    likeness: int = 0
    popularity_column: bool = False
