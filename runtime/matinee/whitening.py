"""Whitening: the transformation of an encoder's vectors before a content model compares them by their cosine.

In: unit vectors as an encoder gives them, (n, dim) float32. Out: unit vectors (n, dim) float32 from which the direction
that all texts (or all posters) have in common is removed, and in which the directions of greatest variance are damped.
Encoders put all vectors into a narrow cone, in which every cosine is high and distinguishes little (Mu and Viswanath
2018, "All-but-the-top"; Su et al. 2021, "Whitening sentence representations"). Export fits it to the vectors of the
movies and ships it as `models/<name>/<kind>-space.npy`; a model without one compares the encoder's vectors unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matinee.exact import Vectors


@dataclass(frozen=True, eq=False)
class Whitening:
    """x -> unit(c - B'B c), where c = x - centre.

    Attributes:
        centre: (dim,) float32, subtracted from every vector.
        directions: B, (k, dim) float32, orthogonal rows of a length from 0 to 1: 1 removes a direction altogether.
            k may be 0.
    """

    centre: Vectors
    directions: Vectors

    @classmethod
    def of(cls, array: Vectors) -> Whitening:
        """Return the whitening that is stored as one `array` (1 + k, dim): the centre, then the directions."""
        return cls(array[0], array[1:])

    @property
    def array(self) -> Vectors:
        """The whitening as one array, (1 + k, dim) float32."""
        return np.vstack([self.centre[None], self.directions]).astype(np.float32)

    def apply(self, vectors: Vectors) -> Vectors:
        """Return `vectors` (n, dim) or (dim,) whitened, as unit vectors; zero vectors stay zero."""
        known = np.any(vectors, axis=-1, keepdims=True)
        moved = np.where(known, vectors - self.centre, np.float32(0))
        moved -= (moved @ self.directions.T) @ self.directions
        lengths = np.linalg.norm(moved, axis=-1, keepdims=True)
        return np.asarray(np.divide(moved, lengths, out=np.zeros_like(moved), where=lengths > 0), dtype=np.float32)
