"""ResNet50: how a movie's poster looks.

A movie is the pooled features of its poster; the same encoder reads the visitor's posters.
"""

from __future__ import annotations

from typing import ClassVar

from matinee.models.cosine import CosineModel
from matinee.models.spec import ModelSpec, Way


class ResNet50(CosineModel):
    """Recommends by how a movie's poster looks."""

    spec: ClassVar[ModelSpec] = ModelSpec(
        name="resnet50",
        title="ResNet50",
        goes_by="how posters look",
        reads=frozenset({"movie", "poster"}),
        reason="its poster looks like that of {}",
        brief="looks like {}",
        unknown="it has no poster here",
        ways=(Way(name="looks", order=1, title="by looks", posters=True),),
        likeness=1,
    )
