"""BERT: what reviewers write about a movie.

A movie is the mean of its reviews' vectors, weighted by their ratings; the same encoder reads the visitor's words.
"""

from __future__ import annotations

from typing import ClassVar

from matinee.models.cosine import CosineModel
from matinee.models.spec import ModelSpec, Way


class Bert(CosineModel):
    """Recommends by what reviewers write about a movie."""

    spec: ClassVar[ModelSpec] = ModelSpec(
        name="bert",
        title="BERT",
        goes_by="what reviews say",
        reads=frozenset({"movie", "text"}),
        reason="reviewers write about it as they do about {}",
        brief="reviewed like {}",
        by_reviews=True,
        unknown="nobody wrote about it",
        ways=(Way(name="words", order=3, title="by words"),),
        likeness=5,
    )
