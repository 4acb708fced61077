"""The BERT content model, over reviews: the recipe of its encoder."""

from __future__ import annotations

from matinee_export.encoders import EncoderRecipe
from matinee_export.encoders.quantization.variants import TEXT_TRANSFORMER
from matinee_export.encoders.recipe import Pin
from matinee_export.encoders.weights.hub import TRANSFORMERS_FILES, Wanted
from matinee_export.encoders.weights.packages import MINILM
from matinee_export.models.content_model import ContentModel

BERT = ContentModel(
    EncoderRecipe(
        name="bert",
        model="google-bert/bert-base-uncased",
        network="matinee_export.encoders.networks.bert",
        wanted=Wanted(
            needed=(TRANSFORMERS_FILES, ("config.json",), ("tokenizer.json", "vocab.txt")),
            useful=("vocab.txt", "tokenizer_config.json"),
        ),
        variants={"text": TEXT_TRANSFORMER},
        pins={
            "google-bert/bert-base-uncased": Pin("86b5e0934494bd15c9632b12f734a8a67f723594", "apache-2.0"),
            MINILM.model: Pin("c9745ed1d9f207416be6d2e6f8de32d1f16199bf", "apache-2.0"),
        },
        package=MINILM,
        by_optimum=True,
    )
)
