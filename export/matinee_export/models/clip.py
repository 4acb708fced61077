"""The CLIP content model, over reviews and posters: the recipe of its encoder and its default settings."""

from __future__ import annotations

from matinee.errors import BuildError
from matinee_export.encoders import EncoderRecipe
from matinee_export.encoders.quantization.variants import TEXT_TRANSFORMER, VISION_TRANSFORMER
from matinee_export.encoders.recipe import Pin
from matinee_export.encoders.weights.hub import OPEN_CLIP_FILES, Wanted
from matinee_export.models.content_model import ContentModel
from matinee_export.models.content_settings import ContentSettings


def repository(model: str) -> str:
    """Return the hub repository of an open_clip model named "architecture/training run", from open_clip's own table.

    Raises:
        BuildError: open_clip lists no such pair, or its weights are not on the hub.
    """
    import open_clip  # takes seconds

    architecture, _, run = model.partition("/")
    preset = open_clip.get_pretrained_cfg(architecture, run)
    if not preset or not preset.get("hf_hub"):
        valid = ", ".join(f"{architecture}/{tag}" for tag in open_clip.list_pretrained_tags_by_model(architecture))
        raise BuildError(
            f"open_clip has no weights {model!r} on the hub; valid: {valid or 'architecture/training run'}"
        )
    return str(preset["hf_hub"]).rstrip("/")


CLIP = ContentModel(
    EncoderRecipe(
        name="clip",
        model="ViT-B-32/laion2b_s34b_b79k",
        network="matinee_export.encoders.networks.clip",
        wanted=Wanted(needed=(OPEN_CLIP_FILES,), useful=("open_clip_config.json",)),
        variants={"text": TEXT_TRANSFORMER, "image": VISION_TRANSFORMER},
        pins={"laion/CLIP-ViT-B-32-laion2B-s34B-b79K": Pin("1a25a446712ba5ee05982a381eed697ef9b435cf", "mit")},
        repository=repository,
    ),
    defaults=ContentSettings(pooling="even"),
)
