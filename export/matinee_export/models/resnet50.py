"""ResNet50 over posters: how its encoder is made."""

from __future__ import annotations

import os
from pathlib import Path

from matinee_export.encoders import EncoderRecipe
from matinee_export.encoders.quantization.variants import CONVOLUTIONS
from matinee_export.encoders.recipe import Download, Pin
from matinee_export.encoders.weights.hub import TRANSFORMERS_FILES, Wanted
from matinee_export.models.content_model import ContentModel

TORCH_FILE = "resnet50-11ad3fa6.pth"
"""torchvision's own name for the file of ResNet50 IMAGENET1K_V2; it holds the start of the file's sha256."""


def torch_cache() -> Path:
    """Return where torch.hub keeps torchvision's ResNet50 IMAGENET1K_V2, if it was ever downloaded."""
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
