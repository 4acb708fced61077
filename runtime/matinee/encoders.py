"""Turns texts and posters into unit vectors with the networks of one encoder folder.

In: iterables of any length, endless ones included. Out: float32 blocks (n, dim) of unit rows, in the order of the
input. Memory use is constant: two windows of inputs at a time. Many inputs are embedded by several threads, each of
which runs one small batch on one core: that keeps every core busy and each batch in its core's cache. A single input,
such as a visitor's review, is computed by all cores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from matinee.errors import BadInputError, MatineeError
from matinee.networks import Check, ImageNetwork, TextNetwork, Vectors, checking, unchecked
from matinee.parallel import mapped, workers
from matinee.session import CPU, cpu_quota
from matinee.text import clean_text
from matinee.tokenizer_check import read_tokenizer
from matinee.towers import EncoderSpec, ImageTower, TextTower, Tower

if TYPE_CHECKING:
    from matinee.images import ImageSource
    from matinee.text import Tokens

__all__ = ["Encoder", "EncoderSpec", "ImageTower", "OnError", "TextTower", "Tower"]

Item = TypeVar("Item")
Result = TypeVar("Result")
Network = TypeVar("Network", TextNetwork, ImageNetwork)
OnError = Callable[[int, MatineeError], None]

WINDOW = 1024
"""Number of texts that are read at a time and sorted by length."""

BATCH_TOKENS = 256
"""Tokens of a batch of texts on a CPU: as many as one core's cache holds beside the network's larger matrices."""

GPU_BATCH = 64
"""Batch size on a GPU, in texts of the maximum length."""

Refusal = tuple[int, BadInputError]
"""The row of an item that cannot be used, and why."""


class Encoder:
    """One encoder folder: `encoder.json`, its networks and its tokenizer.

    Each network is opened once, when it is first needed; every method may be called from several threads.

    Args:
        folder: The encoder's folder.
        spec: The content of its `encoder.json`.
        threads: Number of threads that compute; by default the number of cores this process may use.
        providers: onnxruntime execution providers in order of preference; see `open_session`.
        check: Called with the name of each file of the folder before it is read, including the files of weights that a
            network names; may raise. It may be called from another thread.
    """

    def __init__(
        self,
        folder: Path,
        spec: EncoderSpec,
        *,
        threads: int | None = None,
        providers: Sequence[str] | None = None,
        check: Check = unchecked,
    ) -> None:
        self.folder = folder
        self.spec = spec
        self._threads = threads
        self._providers = providers
        self._check = check
        self._lock = Lock()
        self._networks: dict[tuple[type, int], Any] = {}

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        threads: int | None = None,
        providers: Sequence[str] | None = None,
        check: Check = unchecked,
    ) -> Encoder:
        """Open an encoder folder; raises BundleError where its `encoder.json` is missing or wrong."""
        return cls(folder, EncoderSpec.load(folder), threads=threads, providers=providers, check=check)

    @property
    def name(self) -> str:
        """Name of the encoder, such as "clip"."""
        return self.spec.name

    @property
    def dim(self) -> int:
        """Length of its vectors."""
        return self.spec.dim

    @property
    def towers(self) -> dict[str, Tower]:
        """The towers it has, by kind: "text", "image"."""
        return self.spec.towers

    def check(self) -> None:
        """Check all files and run each tower on test inputs; raises MatineeError where that fails.

        The files are checked first. Then a child process opens them and embeds a short text, one of the greatest length
        and a poster, in bounded time and memory, so that nothing in them can harm this process.
        """
        from matinee.trial import try_encoder  # here, since it is rarely needed

        for tower in self.towers.values():
            with checking(self.folder, self.spec, tower, self._check):
                if isinstance(tower, TextTower):
                    read_tokenizer(self.folder / tower.tokenizer)
        try_encoder(self.folder)

    def text(self, text: str) -> Vectors:
        """Return the unit vector of one text, (dim,); raises BadTextError where there is nothing to read."""
        network = self._text_network(self._cores)
        vector: Vectors = _unit(network.run(network.tokens([clean_text(text)])))[0]
        return vector

    def poster(self, image: ImageSource) -> Vectors:
        """Return the unit vector of one poster, (dim,); raises BadImageError where it cannot be decoded."""
        network = self._image_network(self._cores)
        vector: Vectors = _unit(network.run([network.pixels(image)]))[0]
        return vector

    def embed_texts(
        self, texts: Iterable[str], *, batch_size: int | None = None, on_error: OnError | None = None
    ) -> Iterator[Vectors]:
        """Yield the unit vectors of many texts, block by block, (n <= WINDOW, dim) float32, in their order.

        Texts are taken WINDOW at a time and batched by length inside it, so that little or nothing is padded. The next
        window is read and tokenised while one is computed.

        Args:
            texts: The texts; read lazily, at most one window ahead of the blocks.
            batch_size: Batch size in texts of the maximum length; a batch of short texts holds more. By default a size
                that suits the processor.
            on_error: Called with the position and the error of a text that cannot be read, whose row is then zero.
                Without it that error is raised.

        Raises:
            BadInputError: The encoder reads no texts, or `batch_size` is below 1; raised at the call itself.
            BadTextError: A text has nothing to read in it.
        """
        _check_batch(texts, batch_size)
        return self._text_blocks(self._text_network(1), iter(texts), batch_size, on_error)

    def embed_posters(
        self, images: Iterable[ImageSource], *, batch_size: int = 16, on_error: OnError | None = None
    ) -> Iterator[Vectors]:
        """Yield the unit vectors of many posters, block by block, (n <= batch_size, dim) float32, in their order.

        Args:
            images: The posters, as `open_image` takes them; read lazily, at most one batch per thread ahead.
            batch_size: How many posters make one batch.
            on_error: Called with the position and the error of a poster that cannot be decoded, whose row is then
                zero. Without it that error is raised.

        Raises:
            BadInputError: The encoder reads no posters, or `batch_size` is below 1; raised at the call itself.
            BadImageError: A poster cannot be decoded.
        """
        _check_batch(images, batch_size)
        return self._poster_blocks(self._image_network(1), iter(images), batch_size, on_error)

    def _text_blocks(
        self, network: TextNetwork, texts: Iterator[str], batch_size: int | None, on_error: OnError | None
    ) -> Iterator[Vectors]:
        longest = network.tower.max_tokens
        budget = batch_size * longest if batch_size else GPU_BATCH * longest
        if not batch_size and network.provider == CPU:
            budget = max(longest, BATCH_TOKENS)
        start = 0
        with workers(self._cores) as pool:
            windows = mapped(partial(_tokens, network), _windows(texts, WINDOW), pool, ahead=1)
            for size, rows, tokens, refused in windows:
                _report(refused, start, on_error)
                batches = list(network.batches([len(t) for t in tokens], budget))
                inputs = ([tokens[row] for row in batch] for batch in batches)
                results = mapped(network.run, inputs, pool, ahead=2 * self._cores)
                vectors = np.zeros((size, self.dim), dtype=np.float32)
                for batch, result in zip(batches, results, strict=True):
                    vectors[rows[batch]] = result
                yield _unit(vectors)
                start += size

    def _poster_blocks(
        self, network: ImageNetwork, images: Iterator[ImageSource], batch_size: int, on_error: OnError | None
    ) -> Iterator[Vectors]:
        start = 0
        with workers(self._cores) as pool:
            step = partial(_poster_vectors, network)
            for vectors, refused in mapped(step, _windows(images, batch_size), pool, ahead=self._cores):
                _report(refused, start, on_error)
                yield vectors
                start += len(vectors)

    @cached_property
    def _cores(self) -> int:
        return self._threads or cpu_quota()

    def _text_network(self, threads: int) -> TextNetwork:
        tower = self.spec.text
        if tower is None:
            raise BadInputError(f"the encoder {self.name!r} reads no texts; it sees posters only")
        return self._network(tower, threads, TextNetwork)

    def _image_network(self, threads: int) -> ImageNetwork:
        tower = self.spec.image
        if tower is None:
            raise BadInputError(f"the encoder {self.name!r} sees no posters; it reads texts only")
        return self._network(tower, threads, ImageNetwork)

    def _network(self, tower: Any, threads: int, kind: type[Network]) -> Network:  # noqa: ANN401 - the tower of `kind`
        """Return the network of `tower` for runs on `threads` threads, opened at first use; one on a GPU serves all."""
        with self._lock:
            opened = {run: network for (made, run), network in self._networks.items() if made is kind}
            network: Network | None = opened.get(threads) or next(
                (n for n in opened.values() if n.provider != CPU), None
            )
            if network is None:
                network = kind(self.folder, self.spec, tower, threads, self._providers, self._check)
                self._networks[kind, threads] = network
            return network


def _windows(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items, `size` at a time."""
    while window := list(islice(items, size)):
        yield window


def _usable(step: Callable[[Item], Result], items: Sequence[Item]) -> tuple[list[int], list[Result], list[Refusal]]:
    """Apply `step` to each item; return the rows of the accepted items, their results, and the refused items."""
    rows, results, refused = [], [], []
    for row, item in enumerate(items):
        try:
            results.append(step(item))
            rows.append(row)
        except BadInputError as error:
            refused.append((row, error))
    return rows, results, refused


def _tokens(network: TextNetwork, window: Sequence[str]) -> tuple[int, Any, list[Tokens], list[Refusal]]:
    """Return a window's size, the rows of its readable texts, their token ids, and the refused texts."""
    rows, cleaned, refused = _usable(clean_text, window)
    return len(window), np.array(rows, dtype=np.intp), network.tokens(cleaned), refused


def _poster_vectors(network: ImageNetwork, window: Sequence[ImageSource]) -> tuple[Vectors, list[Refusal]]:
    """Return the unit vectors of a batch of posters, (n, dim), with zero rows for refused ones, and the refusals."""
    rows, pixels, refused = _usable(network.pixels, window)
    vectors = np.zeros((len(window), network.dim), dtype=np.float32)
    if pixels:
        vectors[rows] = network.run(pixels)
    return _unit(vectors), refused


def _report(refused: Sequence[Refusal], start: int, on_error: OnError | None) -> None:
    """Report the refused items of a window that begins at `start` to `on_error`, or raise the first error."""
    for row, error in refused:
        if on_error is None:
            raise error
        on_error(start + row, error)


def _check_batch(items: object, batch_size: int | None) -> None:
    if isinstance(items, str | bytes | Path):
        raise BadInputError(f"an iterable of items is needed, not one {type(items).__name__}; put it in a list")
    if batch_size is not None and batch_size < 1:
        raise BadInputError(f"batch_size must be at least 1, got {batch_size}")


def _unit(vectors: Vectors) -> Vectors:
    """Return rows of unit length; a zero row stays zero."""
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)  # (n, 1); float64 cannot overflow here
    unit: Vectors = (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return unit
