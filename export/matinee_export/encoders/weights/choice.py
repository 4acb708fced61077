"""The user's choice of weights and model for an encoder.

In: an encoder's recipe, the value of `--weights` and a model's name. Out: an `EncoderChoice`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matinee.errors import UnknownNameError
from matinee_export.encoders.recipe import EncoderRecipe

WEIGHTS = ("auto", "hub", "packaged", "seeded")
"""The values of `--weights` other than the path of a folder."""


@dataclass(frozen=True)
class EncoderChoice:
    """The weights and the model chosen for an encoder.

    Attributes:
        weights: One of WEIGHTS, or the path of a folder that holds one folder per encoder.
        model: Name of the model, in the form of `EncoderRecipe.model`.
    """

    weights: str
    model: str

    @property
    def folder(self) -> Path | None:
        """The chosen folder of weights; None if `weights` is one of WEIGHTS."""
        return None if self.weights in WEIGHTS else Path(self.weights)


def choose(encoder: EncoderRecipe, weights: str | Path = "auto", model: str | None = None) -> EncoderChoice:
    """Return the choice, with the encoder's default model if `model` is None.

    Args:
        encoder: The recipe of the encoder.
        weights: One of WEIGHTS, or an existing folder.
        model: Name of a model other than the encoder's default.

    Raises:
        UnknownNameError: `weights` is neither one of WEIGHTS nor a folder.
    """
    if str(weights) not in WEIGHTS and not Path(weights).is_dir():
        raise UnknownNameError("kind or folder of weights", str(weights), WEIGHTS)
    return EncoderChoice(str(weights), model or encoder.model)
