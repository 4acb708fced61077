"""What a person chooses for an encoder: which weights, of which model.

In: an encoder's recipe, `--weights` and a model's name. Out: an `EncoderChoice`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matinee.errors import UnknownNameError
from matinee_export.encoders.recipe import EncoderRecipe

WEIGHTS = ("auto", "hub", "packaged", "seeded")
"""What `--weights` may say, besides naming a folder."""


@dataclass(frozen=True)
class EncoderChoice:
    """Which weights an encoder should have.

    Attributes:
        weights: One of WEIGHTS, or the path of a folder that holds one folder per encoder.
        model: Name of the model, as `EncoderRecipe.model` has it.
    """

    weights: str
    model: str

    @property
    def folder(self) -> Path | None:
        """The folder of weights that was named, if one was."""
        return None if self.weights in WEIGHTS else Path(self.weights)


def choose(encoder: EncoderRecipe, weights: str | Path = "auto", model: str | None = None) -> EncoderChoice:
    """Return the choice, filled in with the encoder's default model where none is named.

    Args:
        encoder: The encoder.
        weights: One of WEIGHTS, or a folder that exists.
        model: Name of another model than the encoder's default one.

    Raises:
        UnknownNameError: `weights` is neither one of WEIGHTS nor a folder.
    """
    if str(weights) not in WEIGHTS and not Path(weights).is_dir():
        raise UnknownNameError("kind or folder of weights", str(weights), WEIGHTS)
    return EncoderChoice(str(weights), model or encoder.model)
