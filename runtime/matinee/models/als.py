"""ALS: who liked what, by alternating least squares over implicit feedback.

A visitor is folded in without training: with the movie factors Y fixed, their own factor is the closed-form solution of
the least squares that training solves for every user (Hu, Koren and Volinsky 2008, "Collaborative filtering for
implicit feedback datasets", equation 4):

    x = (Y'Y + sum_j (c_j - 1) y_j y_j' + regularization I)^-1 sum_j c_j y_j

The confidence of a like is c_j = alpha * weight, and the weight of a rating of 7 or more is rating / 10: exactly what
`implicit` 0.7 computes for `user_items` = rating / 10, where every other movie counts as "not liked" with confidence 1.
A dislike is "not liked" with the higher confidence 1 + alpha * |weight|: in `implicit`'s terms, a negative value.
Each term of the sum is the part of one piece of evidence (section 5 of the paper), so its contribution is exact.

Where nothing is liked, the visitor is the mean of popular movies, moved away from the disliked ones: the solution of
the least squares in which every movie's preference is its score with that mean, except 0 for the disliked movies.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from matinee.exact import Rows
from matinee.models.base import Evidence, Model, Query, movies_of
from matinee.models.spec import ModelSpec, Way


class Als(Model):
    """Recommends movies that viewers with similar likes also like.

    `params` has "alpha", the confidence of a like of weight 1, and "regularization", both as in training.
    """

    spec: ClassVar[ModelSpec] = ModelSpec(
        name="als",
        title="ALS",
        goes_by="who liked what, and how much",
        reads=frozenset({"movie"}),
        reason="liked by viewers who also like {}",
        brief="liked along with {}",
        by_viewers=True,
        unknown="too few viewers rated it",
        ways=(Way(name="viewers", order=4, title="by viewers"),),
        likeness=3,
    )
    needs: ClassVar[tuple[str, ...]] = ("alpha", "regularization")

    def query(self, evidence: Sequence[Evidence]) -> Query:
        """Fold the visitor in: return parts, of likes or of popularity and dislikes, that add up to their factor."""
        usable = self.usable(evidence)
        weights = np.array([e.weight for e in usable], dtype=np.float64)
        rows = movies_of(usable)
        factors = self.vectors[rows].astype(np.float64)  # (m, dim)
        confidence = self.params["alpha"] * np.abs(weights)
        solved = np.linalg.solve(self._normal_matrix(rows, weights), factors.T).T  # (m, dim)
        if (weights > 0).any():
            parts = np.where(weights > 0, confidence, 0)[:, None] * solved
            return Query(parts.astype(np.float32), tuple(usable))
        popular = self.popular_mean.astype(np.float64)
        parts = np.vstack([popular, -(confidence * (factors @ popular))[:, None] * solved])
        return Query(parts.astype(np.float32), (None, *usable))

    def _normal_matrix(self, rows: Rows, weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the matrix that the equation above inverts, (dim, dim); confidences in the same movie are added."""
        movies, inverse = np.unique(rows, return_inverse=True)
        liked = np.bincount(inverse, weights > 0) > 0
        extra = np.bincount(inverse, self.params["alpha"] * np.abs(weights), len(movies)) - liked
        factors = self.vectors[movies].astype(np.float64)
        return np.asarray(self._gram + (factors.T * extra) @ factors)

    @cached_property
    def _gram(self) -> npt.NDArray[np.float64]:
        """Y'Y + regularization I, (dim, dim)."""
        gram = (self.vectors.T @ self.vectors).astype(np.float64)
        return np.asarray(gram + self.params["regularization"] * np.eye(len(gram)))
