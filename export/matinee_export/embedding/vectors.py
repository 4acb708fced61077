"""What the encoders made of a dataset: vectors of reviews and of posters, of all rows.

Which rows may be used for what is decided later, by whoever fits a model to some of them.
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
        rows: (m,) int64, which row of the review table each vector belongs to.
        vectors: (m, dim) float32 unit rows, memory-mapped or not; zero rows are texts that could not be embedded.
    """

    rows: NDArray[np.int64]
    vectors: NDArray[np.float32]


@dataclass(frozen=True)
class ContentVectors:
    """What each encoder made of the reviews and of the posters, by the encoder's name.

    Attributes:
        texts: Vectors of the reviews, of the encoders that read texts.
        posters: Vectors of the posters, (n_movies, dim) float32 unit rows, zero where there is none, of those that read
            posters.
    """

    texts: Mapping[str, ReviewVectors]
    posters: Mapping[str, NDArray[np.float32]]

    def __contains__(self, encoder: str) -> bool:
        """Whether an encoder has embedded anything."""
        return encoder in self.texts or encoder in self.posters

    def arrays(self) -> Iterable[tuple[str, NDArray[np.generic]]]:
        """Yield every array with what it is, in a fixed order."""
        for encoder, made in sorted(self.texts.items()):
            yield f"{encoder} rows", made.rows
            yield f"{encoder} texts", made.vectors
        for encoder, vectors in sorted(self.posters.items()):
            yield f"{encoder} posters", vectors
