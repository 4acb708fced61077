"""The ResNet50 content model, over posters: the recipe of its encoder."""

from __future__ import annotations

import os
from pathlib import Path

from matinee_export.encoders import EncoderRecipe
from matinee_export.encoders.quantization.variants import CONVOLUTIONS
from matinee_export.encoders.recipe import Download, Pin
from matinee_export.encoders.weights.hub import TRANSFORMERS_FILES, Wanted
from matinee_export.models.content_model import ContentModel

TORCH_FILE = "resnet50-11ad3fa6.pth"
"""torchvision's own file name for ResNet50 IMAGENET1K_V2; it contains the first digits of the file's sha256."""


def torch_cache() -> Path:
    """Return the path where torch.hub caches torchvision's ResNet50 IMAGENET1K_V2; the file need not exist."""
    caches = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    return Path(os.environ.get("TORCH_HOME", f"{caches}/torch")).expanduser() / "hub" / "checkpoints" / TORCH_FILE


RESNET50 = ContentModel(
    EncoderRecipe(
        name="resnet50",
        model="timm/resnet50.tv2_in1k",
        network="matinee_export.encoders.networks.resnet50",
        wanted=Wanted(needed=(TRANSFORMERS_FILES,)),
        variants={"image": CONVOLUTIONS},
        pins={"timm/resnet50.tv2_in1k": Pin(None, "bsd-3-clause")},
        download=Download(torch_cache, f"torch.hub {TORCH_FILE}"),
    )
)
