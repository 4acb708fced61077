"""What BERT, ResNet50 and CLIP share: movies and visitors are unit vectors, compared by their cosine.

A visitor is the weighted sum of the unit vectors of what they gave, scaled to unit length. A dislike has a negative
weight and so pushes away. Where nothing is liked, or likes and dislikes cancel out, the visitor starts from the mean
vector of popular movies.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matinee.exact import Vectors, unit
from matinee.models.base import Evidence, Model, Query

_CANCELLED = 1e-6
"""Below this length a sum of unit vectors has no direction."""


class CosineModel(Model):
    """A model whose movie vectors are unit rows, in the space of the encoder of the same name."""

    def query(self, evidence: Sequence[Evidence]) -> Query:
        """Turn evidence into parts: weight times unit vector, all divided by the length of their sum."""
        usable = self.usable(evidence)
        owners: list[Evidence | None] = [*usable]
        weights = np.array([e.weight for e in usable], dtype=np.float32)
        parts = weights[:, None] * unit(self._vectors(usable))  # (m, dim)
        length = np.linalg.norm(parts.sum(axis=0))
        if not (weights > 0).any() or length < _CANCELLED:
            parts = np.vstack([parts, unit(self.popular_mean[None])])
            owners.append(None)
            length = np.linalg.norm(parts.sum(axis=0))
        return Query(parts / max(float(length), _CANCELLED), tuple(owners))

    def _vectors(self, usable: Sequence[Evidence]) -> Vectors:
        """The vectors of evidence, (m, dim) float32."""
        vectors = np.empty((len(usable), self.vectors.shape[1]), dtype=np.float32)
        for row, item in enumerate(usable):
            vectors[row] = self.vectors[item.movie] if item.vector is None else item.vector
        return vectors
