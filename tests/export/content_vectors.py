"""Content models of made-up vectors: each is given those of the vectors that it reads."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matinee_export.embedding.vectors import ContentVectors, ReviewVectors
from matinee_export.models.content import Profiles, content_profiles
from matinee_export.models.content_settings import ContentSettings
from matinee_export.models.pooling import Rows
from matinee_export.models.registry import CONTENT_MODELS, ENCODERS


def content_of(texts: ReviewVectors, posters: NDArray[np.float32]) -> ContentVectors:
    """What every encoder makes of the same reviews and posters, as far as it reads them."""
    return ContentVectors(
        {name: texts for name, encoder in ENCODERS.items() if "text" in encoder.variants},
        {name: posters for name, encoder in ENCODERS.items() if "image" in encoder.variants},
    )


def profiles(
    model: str,
    reviews: pd.DataFrame,
    rows: Rows,
    n_movies: int,
    settings: ContentSettings | None = None,
    *,
    texts: ReviewVectors | None = None,
    posters: NDArray[np.float32] | None = None,
) -> Profiles:
    """The profiles of a content model, with its default settings unless others are given."""
    kinds = ENCODERS[model].variants
    return content_profiles(
        reviews,
        rows,
        n_movies,
        settings or CONTENT_MODELS[model].defaults,
        texts=texts if "text" in kinds else None,
        posters=posters if "image" in kinds else None,
    )
