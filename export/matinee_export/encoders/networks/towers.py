"""A loaded encoder before its export to ONNX: its networks and their preprocessing.

In: torch modules whose parameters are set, or ONNX graphs. Out: frozen dataclasses that are the same for every encoder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from tokenizers import Tokenizer

from matinee.towers import EncoderSpec, ImageTower, TextTower

Array = npt.NDArray[Any]
Vectors = npt.NDArray[np.float32]
Reference = Callable[[Sequence[Array]], Vectors]

TEXT, IMAGE = "text.onnx", "image.onnx"
TOKENIZER = "tokenizer.json"


@dataclass(frozen=True)
class TextSource:
    """A network from token ids to vectors.

    Attributes:
        to_onnx: Returns it as fp32 ONNX, with the inputs that `tower` names and the output "vector".
        tower: The preprocessing of a text, as the runtime needs it.
        tokenizer: Turns text into ids, special tokens included, without truncation or padding.
        reference: Runs the original model on rows of ids, (tokens,) each: (batch, dim); None if it came as ONNX.
        tolerance: Largest allowed absolute difference between the ONNX network and the original.
    """

    to_onnx: Callable[[], onnx.ModelProto]
    tower: TextTower
    tokenizer: Tokenizer
    reference: Reference | None
    tolerance: float


@dataclass(frozen=True)
class ImageSource:
    """A network from pixels to vectors.

    Attributes:
        to_onnx: Returns it as fp32 ONNX, with the input that `tower` names and the output "vector".
        tower: The preprocessing of a poster, as the runtime needs it.
        reference: Runs the original model on pixels, (3, crop, crop) each: (batch, dim); None if it came as ONNX.
        tolerance: Largest allowed absolute difference between the ONNX network and the original.
    """

    to_onnx: Callable[[], onnx.ModelProto]
    tower: ImageTower
    reference: Reference | None
    tolerance: float


@dataclass(frozen=True)
class LoadedEncoder:
    """An encoder whose weights are in memory, before it is exported.

    Attributes:
        dim: Length of its vectors.
        text: Its text network, if it reads texts.
        image: Its image network, if it reads posters.
    """

    dim: int
    text: TextSource | None = None
    image: ImageSource | None = None

    def spec(self, name: str) -> EncoderSpec:
        """Return the content of its encoder.json, with its networks in fp32."""
        return EncoderSpec(
            name, self.dim, self.text.tower if self.text else None, self.image.tower if self.image else None
        )
