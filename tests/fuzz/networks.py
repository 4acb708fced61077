"""Encoders whose networks or tokenizers somebody spoilt, on purpose or by accident; `encoder.json` stays as it is.

A case opens the encoder and asks it, as a page does, or checks it first, as `matinee verify` does. Right is a vector of
unit length, or of zeros where a network finds nothing, and that of the encoder as it was where nothing was changed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from tests.fuzz import spoilt_networks, spoilt_tokenizers
from tests.fuzz.area import Case
from tests.runtime.tiny import write_tiny_encoder

from matinee import binding, deadline, session, trial
from matinee.encoders import Encoder
from matinee.errors import BundleError

TEXT = "a great heist movie with wonderful actors, and a slow ending"
CHECKED = 0.1
"""The share of cases that are checked first, which starts a process."""

Vector = npt.NDArray[np.float32]


class SpoiltEncoders:
    """One encoder, of which each case spoils a file."""

    def __init__(self, home: Path) -> None:
        # So large a machine's limits that the suite, whose own are smaller, would never see them reached.
        session.MEMORY, session.MEMORY_PER_CORE, session.FOLDED = 300 << 20, 0, 16 << 20
        binding.SECONDS, deadline.EVERY = 1.0, 0.1
        trial.SECONDS, trial.MEMORY = 4, 2 << 30
        self._folder = write_tiny_encoder(home / "clip", "clip")
        self._files = {path.name: path.read_bytes() for path in self._folder.iterdir()}
        (home / "secret").write_bytes(b"no business of a network" * 1000)
        encoder = Encoder.open(self._folder, threads=1)
        self._right = {"text.onnx": encoder.text(TEXT), "image.onnx": encoder.poster(_poster())}

    def case(self, draw: np.random.Generator) -> Case:
        """Spoil a network or the tokenizer, and return what asks the encoder."""
        name = sorted(self._files.keys() - {"encoder.json"})[int(draw.integers(3))]
        spoil = spoilt_tokenizers.spoilt if name == "tokenizer.json" else spoilt_networks.spoilt
        files = self._files | spoil(name, self._files[name], draw)
        for path in self._folder.iterdir():
            path.unlink()
        for file, data in files.items():
            (self._folder / file).write_bytes(data)
        (self._folder / "unlisted.data").write_bytes(bytes(100_000))
        checked = bool(draw.random() < CHECKED)
        return lambda: self._ask(name, files, checked)

    def _ask(self, name: str, files: dict[str, bytes], checked: bool) -> None:
        def listed(file: str) -> None:
            if file not in files:
                raise BundleError(f"{file} is not among the files of the bundle; build the bundle again")

        encoder = Encoder.open(self._folder, threads=1, check=listed)
        if checked:
            encoder.check()
        vector = encoder.poster(_poster()) if name == "image.onnx" else encoder.text(TEXT)
        assert vector.shape == (encoder.dim,)
        assert vector.dtype == np.float32
        length = float(np.linalg.norm(vector))
        assert abs(length - 1) < 1e-4 or length == 0, length
        if files == self._files:
            np.testing.assert_array_equal(vector, self._right["image.onnx" if name == "image.onnx" else "text.onnx"])


def _poster() -> Image.Image:
    return Image.new("RGB", (50, 75), (200, 60, 20))


def open_area(home: Path) -> SpoiltEncoders:
    """Open it, with its encoder in `home`."""
    return SpoiltEncoders(home)
