"""What BERT, ResNet50 and CLIP share: movies and visitors are unit vectors, compared by their cosine.

A visitor is the weighted sum of the unit vectors of what they gave, scaled to unit length. A dislike has a negative
weight and so pushes away. Where nothing speaks in favour, or likes and dislikes cancel out, the crowd's mean vector is
where the visitor starts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matinee.exact import Vectors
from matinee.models.base import Evidence, Model, Query

_CANCELLED = 1e-6
"""Below this length a sum of unit vectors has no direction."""


class CosineModel(Model):
    """A model whose movie vectors are unit rows, in the space of the encoder of the same name."""

    def query(self, evidence: Sequence[Evidence]) -> Query:
        """Turn evidence into parts: weight times unit vector, all divided by the length of their sum."""
        usable = self.usable(evidence)
        owners: list[Evidence | None] = [*usable]
        parts = np.zeros((len(usable), self.vectors.shape[1]), dtype=np.float32)
        for row, item in enumerate(usable):
            parts[row] = item.weight * _unit(self._vector(item))
        if not any(e.weight > 0 for e in usable) or np.linalg.norm(parts.sum(axis=0)) < _CANCELLED:
            parts = np.vstack([parts, _unit(self.crowd)])
            owners.append(None)
        return Query(parts / max(float(np.linalg.norm(parts.sum(axis=0))), _CANCELLED), tuple(owners))

    def _vector(self, item: Evidence) -> Vectors:
        return np.asarray(self.vectors[item.movie] if item.vector is None else item.vector)


def _unit(vector: Vectors) -> Vectors:
    length = np.linalg.norm(vector)
    return np.asarray(vector / length if length else vector, dtype=np.float32)
