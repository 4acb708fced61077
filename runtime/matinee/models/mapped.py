"""Guessed ALS: the factors that a movie would have, going by its words, genres and year.

ALS can say nothing about a movie that nobody has liked yet. Export learns to guess a movie's factors from what else is
known of it, as Gantner et al. 2010 do ("Learning attribute-to-feature mappings for cold-start recommendations"), and
the hybrid asks these guesses with the visitor that ALS folded in. It is a member of the hybrid only, not a model that
the visitor sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from matinee.exact import Vectors
from matinee.index import Index
from matinee.models.als import Als
from matinee.models.base import Evidence, Model, Query
from matinee.models.spec import ModelSpec

MAPPED = "mapped"


class Mapped(Model):
    """Recommends as ALS would if it knew every movie.

    Args:
        als: Folds visitors in.
        vectors: Guessed factors, (n_movies, dim) float32, in the space of ALS's own.
        index: The index over `vectors`.
    """

    spec: ClassVar[ModelSpec] = replace(Als.spec, name=MAPPED, ways=())

    def __init__(self, als: Model, vectors: Vectors, index: Index) -> None:
        super().__init__(vectors, index, als.popularity, als.params)
        self._als = als

    def query(self, evidence: Sequence[Evidence]) -> Query:
        """Return the visitor as ALS sees them."""
        return self._als.query(evidence)

    @property
    def speaks_as(self) -> str:
        """ALS, which folds the visitor in."""
        return self._als.name
