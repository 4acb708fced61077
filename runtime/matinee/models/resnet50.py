"""ResNet50: how a movie's poster looks.

A movie is the pooled features of its poster; the same encoder reads the visitor's posters.
"""

from __future__ import annotations

from typing import ClassVar

from matinee.models.base import Kind
from matinee.models.cosine import CosineModel


class ResNet50(CosineModel):
    """Recommends by how a movie's poster looks."""

    name = "resnet50"
    reads: ClassVar[frozenset[Kind]] = frozenset({"movie", "poster"})
