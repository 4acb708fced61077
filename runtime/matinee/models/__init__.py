"""The models, one file each: their interface (`base`), their descriptions (`spec`), and the registry of all of them."""

from __future__ import annotations

from matinee.models.als import Als
from matinee.models.base import Evidence, EvidenceByModel, Model, Query, Ranker, ScoredMovie
from matinee.models.bert import Bert
from matinee.models.bpr import Bpr
from matinee.models.clip import Clip
from matinee.models.hybrid import Hybrid
from matinee.models.resnet50 import ResNet50
from matinee.models.spec import Kind, ModelSpec, Way

MODELS: dict[str, type[Model]] = {model.spec.name: model for model in (Bpr, Als, Bert, ResNet50, Clip)}
"""The models with movie vectors of their own, in the order in which they are shown; the hybrid comes after them."""


def specs() -> dict[str, ModelSpec]:
    """Return the spec of each model by its name, the hybrid last."""
    return {**{name: model.spec for name, model in MODELS.items()}, Hybrid.spec.name: Hybrid.spec}


def reading(*kinds: Kind) -> list[str]:
    """Return the names of the models that read at least one of `kinds`, in the order of MODELS."""
    return [name for name, model in MODELS.items() if model.spec.reads.intersection(kinds)]


__all__ = [
    "MODELS",
    "Als",
    "Bert",
    "Bpr",
    "Clip",
    "Evidence",
    "EvidenceByModel",
    "Hybrid",
    "Kind",
    "Model",
    "ModelSpec",
    "Query",
    "Ranker",
    "ResNet50",
    "ScoredMovie",
    "Way",
    "reading",
    "specs",
]
