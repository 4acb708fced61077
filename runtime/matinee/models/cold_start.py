"""ALS for cold starts: the factors that a movie would have, predicted from its words, genres and year.

ALS has no factors for a movie that nobody has liked yet. Export learns to predict them from the movie's other data, as
Gantner et al. 2010 do ("Learning attribute-to-feature mappings for cold-start recommendations"), and the hybrid scores
them with the visitor's ALS factor. This model is a member of the hybrid only; visitors cannot select it.
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

COLD_START = "mapped"
"""Its name among the hybrid's weights in a manifest."""


class ColdStartAls(Model):
    """Recommends as ALS would if it knew every movie.

    Args:
        als: The ALS model, which folds visitors in.
        vectors: Predicted factors, (n_movies, dim) float32, in the space of ALS's own.
        index: The index over `vectors`.
    """

    spec: ClassVar[ModelSpec] = replace(Als.spec, name=COLD_START, ways=())

    def __init__(self, als: Model, vectors: Vectors, index: Index) -> None:
        super().__init__(vectors, index, als.popularity, als.params)
        self._als = als

    def query(self, evidence: Sequence[Evidence]) -> Query:
        """Return the visitor's query to ALS."""
        return self._als.query(evidence)

    @property
    def speaks_as(self) -> str:
        """Name of ALS, whose evidence it uses."""
        return self._als.name
