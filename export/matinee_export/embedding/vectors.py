"""What the encoders made of a dataset: vectors of reviews and of posters, of all rows.

Which rows may be used for what is decided later, by whoever fits a model to some of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
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
    """What the encoders made of the dataset, of all its rows; which of them may be looked at is decided later.

    Attributes:
        bert: BERT's vectors of the reviews.
        resnet50: ResNet50's vectors of the posters, (n_movies, dim) float32, zero rows where there is none.
        clip_texts: CLIP's vectors of the reviews.
        clip_posters: CLIP's vectors of the posters, as above.
    """

    bert: ReviewVectors
    resnet50: npt.NDArray[np.float32]
    clip_texts: ReviewVectors
    clip_posters: npt.NDArray[np.float32]
