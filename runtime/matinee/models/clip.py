"""CLIP: posters and words in one space.

A movie is the mean of its poster's vector and its reviews'; the same encoder reads the visitor's words and posters.
"""

from __future__ import annotations

from typing import ClassVar

from matinee.models.base import Kind
from matinee.models.cosine import CosineModel


class Clip(CosineModel):
    """Recommends by posters and words in one space."""

    name = "clip"
    reads: ClassVar[frozenset[Kind]] = frozenset({"movie", "text", "poster"})
