"""Exports BERT, ResNet50 and CLIP, with pretrained, packaged or seeded weights, to checked ONNX folders.

In: an encoder's recipe and a choice of weights. Out: a folder that `matinee.encoders.Encoder` opens, and an
`EncoderRecord` for the manifest.
"""

from matinee_export.encoders.networks import torchvision_schemas  # noqa: F401 - first: makes torchvision importable

# isort: split
from matinee_export.encoders.export import export_encoder
from matinee_export.encoders.quantization.variants import check_precision
from matinee_export.encoders.recipe import EncoderRecipe
from matinee_export.encoders.record import EncoderPiece, EncoderRecord, TowerRecord
from matinee_export.encoders.weights.choice import EncoderChoice, choose
from matinee_export.encoders.weights.source import WeightSource, find_weights

__all__ = [
    "EncoderChoice",
    "EncoderPiece",
    "EncoderRecipe",
    "EncoderRecord",
    "TowerRecord",
    "WeightSource",
    "check_precision",
    "choose",
    "export_encoder",
    "find_weights",
]
