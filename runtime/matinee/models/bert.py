"""BERT: what reviewers write about a movie.

A movie is the mean of its reviews' vectors, weighted by their ratings; the same encoder reads the visitor's words.
"""

from __future__ import annotations

from typing import ClassVar

from matinee.models.base import Kind
from matinee.models.cosine import CosineModel


class Bert(CosineModel):
    """Recommends by what reviewers write about a movie."""

    name = "bert"
    reads: ClassVar[frozenset[Kind]] = frozenset({"movie", "text"})
