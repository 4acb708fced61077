"""A loaded encoder on its way to ONNX: its networks, still in torch, and their preprocessing, as data.

In: torch modules whose parameters are set. Out: frozen descriptions that every encoder shares.
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
        to_onnx: Writes it as fp32 ONNX, with the inputs that `tower` names and the output "vector".
        tower: How a text reaches it.
        tokenizer: Turns text into ids, special tokens included, without truncation or padding.
        reference: What the original computes for rows of ids, (tokens,) each: (batch, dim); None for ONNX as it came.
        tolerance: Largest allowed absolute difference between the two.
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
        to_onnx: Writes it as fp32 ONNX, with the input that `tower` names and the output "vector".
        tower: How a poster reaches it.
        reference: What the original computes for pixels, (3, crop, crop) each: (batch, dim); None for ONNX as it came.
        tolerance: Largest allowed absolute difference between the two.
    """

    to_onnx: Callable[[], onnx.ModelProto]
    tower: ImageTower
    reference: Reference | None
    tolerance: float


@dataclass(frozen=True)
class LoadedEncoder:
    """An encoder whose weights are in memory, before it is written.

    Attributes:
        dim: Length of its vectors.
        text: Its text network, if it reads texts.
        image: Its image network, if it sees posters.
    """

    dim: int
    text: TextSource | None = None
    image: ImageSource | None = None

    def spec(self, name: str) -> EncoderSpec:
        """What encoder.json says of it, both networks in fp32."""
        return EncoderSpec(
            name, self.dim, self.text.tower if self.text else None, self.image.tower if self.image else None
        )
