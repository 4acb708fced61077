"""One open network of an encoder: a batch of prepared texts or posters in, its vectors out.

In: token ids, or pixels (3, crop, crop). Out: float32 (batch, dim), finite, not normalised. Streams, order and
bad items are handled by `encoders`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from matinee.binding import run
from matinee.errors import BundleError
from matinee.onnx_check import TOKENS, check_network, pixels
from matinee.parallel import workers
from matinee.session import CPU, open_session
from matinee.text import Tokenizer, Tokens
from matinee.towers import EncoderSpec, ImageTower, TextTower, Tower

if TYPE_CHECKING:
    from matinee.images import ImageSource, Pixels

Vectors = npt.NDArray[np.float32]
Check = Callable[[str], object]


@contextmanager
def checking(folder: Path, spec: EncoderSpec, tower: Tower, check: Check) -> Iterator[None]:
    """Check all files of a tower: the parsed ones first, then the weights, while the context's body opens the network.

    Weights are plain numbers and take longest to check; the network is used only once they have passed.

    Args:
        folder: The encoder's folder.
        spec: What its `encoder.json` says.
        tower: One of its towers.
        check: Called with the name of each file before it is read; may raise. It is also called from another thread.

    Raises:
        BundleError: A file is missing, or the network may not be opened.
    """
    check(tower.network)
    inputs = dict.fromkeys(tower.inputs, TOKENS) if isinstance(tower, TextTower) else {tower.input: pixels(tower.crop)}
    weights = check_network(folder / tower.network, spec.dim, inputs)
    if isinstance(tower, TextTower):
        check(tower.tokenizer)
    with workers(1) as pool:
        checks = [pool.submit(check, name) for name in weights]
        try:
            yield
        finally:  # damaged weights are reported as such, even where they kept the network from opening
            for checked in checks:
                checked.result()


def unchecked(name: str) -> None:
    """Accept a file without checking it."""


class TextNetwork:
    """The open text tower of an encoder.

    Attributes:
        tower: How a text is prepared for it.
        dim: Length of its vectors.
        provider: The execution provider it runs on.
    """

    def __init__(
        self,
        folder: Path,
        spec: EncoderSpec,
        tower: TextTower,
        threads: int | None,
        providers: Sequence[str] | None,
        check: Check = unchecked,
    ) -> None:
        self.tower = tower
        with checking(folder, spec, tower, check):
            self._tokenizer = Tokenizer(folder / tower.tokenizer, tower.max_tokens, tower.pad_id)
            self._network = _Network(folder / tower.network, spec.dim, tower.provider, threads, providers)
        self.dim, self.provider = spec.dim, self._network.provider

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Return the token ids of each cleaned text."""
        return self._tokenizer.encode(texts)

    def batches(self, lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
        """Yield batches of row numbers, longest rows first, each of as many rows as fit `budget` tokens, at least one.

        On a CPU all rows of a batch are equally long: without padding no work is wasted, and rounding is as for the row
        alone. On a GPU large batches are faster, so shorter rows are padded.

        Args:
            lengths: Tokens of each row.
            budget: Most tokens of a batch, padding included.
        """
        order = sorted(range(len(lengths)), key=lambda row: -lengths[row])
        pads = self.tower.pad_to_max or self.provider != CPU
        while order:
            longest = lengths[order[0]]
            alike = (
                len(order) if pads else next((i for i, row in enumerate(order) if lengths[row] < longest), len(order))
            )
            size = min(alike, max(1, budget // longest))
            yield order[:size]
            order = order[size:]

    def run(self, tokens: Sequence[Tokens]) -> Vectors:
        """Return the vectors of rows of any lengths, (rows, dim), not normalised."""
        lengths = [len(text) for text in tokens]
        vectors = np.empty((len(tokens), self.dim), dtype=np.float32)
        for batch in self.batches(lengths, len(tokens) * max(lengths)):
            vectors[batch] = self._run([tokens[row] for row in batch])
        return vectors

    def _run(self, tokens: Sequence[Tokens]) -> Vectors:
        """Return the vectors of one batch, (batch, dim)."""
        width = self.tower.max_tokens if self.tower.pad_to_max else max(map(len, tokens))
        ids = np.full((len(tokens), width), self.tower.pad_id, dtype=np.int64)  # (batch, tokens)
        mask = np.zeros_like(ids)
        for row, text in enumerate(tokens):
            ids[row, : len(text)] = text
            mask[row, : len(text)] = 1
        arrays = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        return self._network.run({name: arrays[name] for name in self.tower.inputs})


class ImageNetwork:
    """The open image tower of an encoder.

    Attributes:
        tower: How a poster is prepared for it.
        dim: Length of its vectors.
        provider: The execution provider it runs on.
    """

    def __init__(
        self,
        folder: Path,
        spec: EncoderSpec,
        tower: ImageTower,
        threads: int | None,
        providers: Sequence[str] | None,
        check: Check = unchecked,
    ) -> None:
        self.tower = tower
        with checking(folder, spec, tower, check):
            self._network = _Network(folder / tower.network, spec.dim, tower.provider, threads, providers)
        self.dim, self.provider = spec.dim, self._network.provider

    def pixels(self, image: ImageSource) -> Pixels:
        """Return one poster decoded and prepared, (3, crop, crop)."""
        from matinee.images import prepare  # here, since texts need no Pillow

        return prepare(image, self.tower)

    def run(self, pixels: Sequence[Pixels]) -> Vectors:
        """Return the vectors of one batch, (batch, dim), not normalised."""
        return self._network.run({self.tower.input: np.stack(pixels)})


class _Network:
    """An open session, whose outputs are checked to be finite and of shape (batch, dim)."""

    def __init__(
        self, path: Path, dim: int, made_for: str, threads: int | None, providers: Sequence[str] | None
    ) -> None:
        self._path, self._dim = path, dim
        self._session = open_session(path, threads=threads, providers=providers, made_for=made_for)
        self.provider: str = self._session.get_providers()[0]

    def run(self, feed: dict[str, npt.NDArray[Any]]) -> Vectors:
        """Run one batch; raises BundleError if the network fails, or its output has a wrong shape or is not finite."""
        try:
            vectors = run(self._session, feed)
        except Exception as error:  # onnxruntime raises a class of its own for every kind of failure
            reason = next(iter(str(error).splitlines()), type(error).__name__)[:500]
            raise BundleError(f"the network {self._path} failed ({reason}); build or fetch the bundle again") from None
        batch = len(next(iter(feed.values())))
        if vectors.shape != (batch, self._dim):
            raise BundleError(
                f"the network {self._path} gave shape {vectors.shape} where encoder.json says {(batch, self._dim)}; "
                "build or fetch the bundle again"
            )
        if not np.isfinite(vectors).all():
            raise BundleError(
                f"the network {self._path} gave values that are not finite numbers; "
                "export its encoder again, in fp32 if its precision was reduced"
            )
        return vectors
