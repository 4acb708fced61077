"""CLIP: posters and words in one space.

A movie is the mean of its poster's vector and its reviews'; the same encoder reads the visitor's words and posters.
Posters alone are compared by `posters.npy`, the encoder's vector of each movie's poster; a bundle may lack this file.
"""

from __future__ import annotations

from typing import ClassVar

from matinee.models.cosine import CosineModel
from matinee.models.spec import ModelSpec, Way


class Clip(CosineModel):
    """Recommends by posters and words in one space."""

    spec: ClassVar[ModelSpec] = ModelSpec(
        name="clip",
        title="CLIP",
        goes_by="words and posters in one space",
        reads=frozenset({"movie", "text", "poster"}),
        reason="its poster and reviews are close to those of {}",
        brief="looks and reads like {}",
        unknown="it has neither a poster nor a review here",
        ways=(
            Way(name="clip looks", order=2, file="posters.npy", posters=True, unknown="it has no poster here"),
            Way(name="both", order=5),
        ),
        likeness=4,
    )
