"""The models that export trains: a further one is a file of its own and a line here.

How each is used and spoken of is in the runtime, whose registry `matinee.models.MODELS` has the same names.
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
"""The models of who liked what."""

CONTENT_MODELS: dict[str, ContentModel] = {model.name: model for model in (BERT, RESNET50, CLIP)}
"""The models of what reviews say and how posters look."""

ENCODERS: dict[str, EncoderRecipe] = {name: model.encoder for name, model in CONTENT_MODELS.items()}
"""Their encoders, by the same names."""


def content_model(name: str) -> ContentModel:
    """Return the content model called `name`; raises UnknownNameError where there is none."""
    if name not in CONTENT_MODELS:
        raise UnknownNameError("encoder", name, CONTENT_MODELS)
    return CONTENT_MODELS[name]
