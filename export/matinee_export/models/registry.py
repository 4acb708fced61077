"""The registry of models that export trains: a new model is a file of its own and a line here.

The runtime's registry, `matinee.models.MODELS`, has the same names and holds how each model is used and described.
"""

from __future__ import annotations

from matinee.errors import UnknownNameError
from matinee_export.encoders import EncoderRecipe
from matinee_export.models.als import ALS
from matinee_export.models.bert import BERT
from matinee_export.models.bpr import BPR
from matinee_export.models.clip import CLIP
from matinee_export.models.content_model import ContentModel
from matinee_export.models.factor_model import FactorModel
from matinee_export.models.resnet50 import RESNET50

FACTOR_MODELS: dict[str, FactorModel] = {model.name: model for model in (BPR, ALS)}
"""The factor models by name: learned from who liked what."""

CONTENT_MODELS: dict[str, ContentModel] = {model.name: model for model in (BERT, RESNET50, CLIP)}
"""The content models by name: computed from the texts of reviews and from posters."""

ENCODERS: dict[str, EncoderRecipe] = {name: model.encoder for name, model in CONTENT_MODELS.items()}
"""The encoders of the content models, by the same names."""


def content_model(name: str) -> ContentModel:
    """Return the content model called `name`; raises UnknownNameError where there is none."""
    if name not in CONTENT_MODELS:
        raise UnknownNameError("encoder", name, CONTENT_MODELS)
    return CONTENT_MODELS[name]
