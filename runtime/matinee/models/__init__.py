"""The models: one file each, one contract (`base`), and the table of them."""

from __future__ import annotations

from matinee.models.als import Als
from matinee.models.base import Choice, Evidence, Kind, Model, Query, Ranker, Told
from matinee.models.bert import Bert
from matinee.models.bpr import Bpr
from matinee.models.clip import Clip
from matinee.models.hybrid import Hybrid
from matinee.models.resnet50 import ResNet50

MODELS: dict[str, type[Model]] = {model.name: model for model in (Bpr, Als, Bert, ResNet50, Clip)}
"""The models with movie vectors of their own, in the order in which they are shown; the hybrid comes after them."""

__all__ = [
    "MODELS",
    "Als",
    "Bert",
    "Bpr",
    "Choice",
    "Clip",
    "Evidence",
    "Hybrid",
    "Kind",
    "Model",
    "Query",
    "Ranker",
    "ResNet50",
    "Told",
]
