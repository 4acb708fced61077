"""The embeddings of a dataset: vectors of all its reviews and posters, by encoder.

They cover all rows; the code that fits a model restricts them to its training rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ReviewVectors:
    """Vectors of the reviews that have a text.

    Args:
        rows: (m,) int64, the row of the review table that each vector belongs to.
        vectors: (m, dim) float32 unit rows, memory-mapped or not; zero rows for texts that could not be embedded.
    """

    rows: NDArray[np.int64]
    vectors: NDArray[np.float32]


@dataclass(frozen=True)
class ContentVectors:
    """Vectors of the reviews and of the posters, by the encoder's name.

    Attributes:
        texts: Vectors of the reviews, for each encoder that reads texts.
        posters: Vectors of the posters, (n_movies, dim) float32 unit rows, zero rows for movies without a poster, for
            each encoder that reads posters.
    """

    texts: Mapping[str, ReviewVectors]
    posters: Mapping[str, NDArray[np.float32]]

    def __contains__(self, encoder: str) -> bool:
        """Return whether there are vectors of the encoder named `encoder`."""
        return encoder in self.texts or encoder in self.posters

    def arrays(self) -> Iterable[tuple[str, NDArray[np.generic]]]:
        """Yield every array with its name, such as "bert rows", in a fixed order."""
        for encoder, made in sorted(self.texts.items()):
            yield f"{encoder} rows", made.rows
            yield f"{encoder} texts", made.vectors
        for encoder, vectors in sorted(self.posters.items()):
            yield f"{encoder} posters", vectors
