"""Turns texts and posters into unit vectors with the networks of one encoder folder.

In: iterables of any length, endless ones included. Out: float32 blocks (n, dim) of unit rows, in the order of the
input. Memory is flat: one window of inputs at a time. Knows nothing of movies, models or bundles.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from matinee.errors import BadInputError, MatineeError
from matinee.networks import ImageNetwork, TextNetwork, Vectors
from matinee.session import cpu_quota
from matinee.text import clean_text
from matinee.towers import EncoderSpec, ImageTower, TextTower, Tower

if TYPE_CHECKING:
    from matinee.images import ImageSource, Pixels

__all__ = ["Encoder", "EncoderSpec", "ImageTower", "OnError", "TextTower", "Tower"]

OnError = Callable[[int, MatineeError], None]

WINDOW = 64  # batches of texts that are sorted by length together


class Encoder:
    """One encoder folder: `encoder.json`, its networks and its tokenizer.

    Networks are opened when first needed, once, whichever thread asks; every method may be called from several threads.

    Args:
        folder: The encoder's folder.
        spec: What its `encoder.json` says.
        threads: Threads one run of a network may use; by default the cores this process may use.
        providers: onnxruntime execution providers in order of preference; see `open_session`.
        check: Called with the name of each file of the folder before it is opened; may raise.
    """

    def __init__(
        self,
        folder: Path,
        spec: EncoderSpec,
        *,
        threads: int | None = None,
        providers: Sequence[str] | None = None,
        check: Callable[[str], object] = lambda name: None,
    ) -> None:
        self.folder = folder
        self.spec = spec
        self._threads = threads
        self._providers = providers
        self._check = check
        self._lock = Lock()
        self._text: TextNetwork | None = None
        self._image: ImageNetwork | None = None

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        threads: int | None = None,
        providers: Sequence[str] | None = None,
        check: Callable[[str], object] = lambda name: None,
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

    def text(self, text: str) -> Vectors:
        """Return the unit vector of one text, (dim,); raises BadTextError where there is nothing to read."""
        network = self._text_network()
        vector: Vectors = _unit(network.run(network.tokens([clean_text(text)])))[0]
        return vector

    def poster(self, image: ImageSource) -> Vectors:
        """Return the unit vector of one poster, (dim,); raises BadImageError where it cannot be decoded."""
        network = self._image_network()
        vector: Vectors = _unit(network.run([network.pixels(image)]))[0]
        return vector

    def embed_texts(
        self, texts: Iterable[str], *, batch_size: int = 4, on_error: OnError | None = None
    ) -> Iterator[Vectors]:
        """Yield the unit vectors of many texts, block by block, (n, dim) float32, in their order.

        Texts are taken a window of 64 * batch_size at a time and batched by length inside it, so that little is padded.

        Args:
            texts: The texts; consumed as the blocks are.
            batch_size: How many texts of the longest length make one batch; of short texts a batch holds more. A CPU is
                fastest with few, which stay in its caches; a GPU wants 64 or more.
            on_error: Called with the position and the error of a text that cannot be read, whose row is then zero.
                Without it that error is raised.

        Raises:
            BadInputError: The encoder reads no texts, or `batch_size` is below 1; at the call, not at the first block.
            BadTextError: A text has nothing to read in it.
        """
        _check_batch(texts, batch_size)
        return self._text_blocks(self._text_network(), iter(texts), batch_size, on_error)

    def embed_posters(
        self, images: Iterable[ImageSource], *, batch_size: int = 16, on_error: OnError | None = None
    ) -> Iterator[Vectors]:
        """Yield the unit vectors of many posters, block by block, (n <= batch_size, dim) float32, in their order.

        Posters are decoded on a few threads, at most two batches ahead of the network.

        Args:
            images: The posters, as `open_image` takes them; consumed as the blocks are, up to two batches ahead.
            batch_size: How many posters make one batch.
            on_error: Called with the position and the error of a poster that cannot be decoded, whose row is then
                zero. Without it that error is raised.

        Raises:
            BadInputError: The encoder sees no posters, or `batch_size` is below 1; at the call, not at the first block.
            BadImageError: A poster cannot be decoded.
        """
        _check_batch(images, batch_size)
        return self._poster_blocks(self._image_network(), iter(images), batch_size, on_error)

    def _text_blocks(
        self, network: TextNetwork, texts: Iterator[str], batch_size: int, on_error: OnError | None
    ) -> Iterator[Vectors]:
        start = 0
        while window := list(islice(texts, WINDOW * batch_size)):
            kept = _Kept(start, on_error)
            attempts = [kept.attempt(i, clean_text, text) for i, text in enumerate(window)]
            cleaned = [text for text in attempts if text is not None]
            tokens = network.tokens(cleaned)
            vectors = np.zeros((len(window), self.dim), dtype=np.float32)
            rows = np.array(kept.rows, dtype=np.intp)
            for batch in _by_length([len(t) for t in tokens], batch_size * network.tower.max_tokens):
                vectors[rows[batch]] = network.run([tokens[i] for i in batch])
            yield _unit(vectors)
            start += len(window)

    def _poster_blocks(
        self, network: ImageNetwork, images: Iterator[ImageSource], batch_size: int, on_error: OnError | None
    ) -> Iterator[Vectors]:
        start = 0
        decoded = _ahead(network.pixels, images, workers=min(4, self._threads or cpu_quota()), ahead=2 * batch_size)
        while window := list(islice(decoded, batch_size)):
            kept = _Kept(start, on_error)
            attempts = [kept.attempt(i, Future.result, future) for i, future in enumerate(window)]
            pixels = [image for image in attempts if image is not None]
            vectors = np.zeros((len(window), self.dim), dtype=np.float32)
            if pixels:
                vectors[kept.rows] = network.run(pixels)
            yield _unit(vectors)
            start += len(window)

    def _text_network(self) -> TextNetwork:
        with self._lock:
            if self._text is None:
                if self.spec.text is None:
                    raise BadInputError(f"the encoder {self.name!r} reads no texts; it sees posters only")
                self._check(self.spec.text.network)
                self._check(self.spec.text.tokenizer)
                self._text = TextNetwork(self.folder, self.spec, self.spec.text, self._threads, self._providers)
            return self._text

    def _image_network(self) -> ImageNetwork:
        with self._lock:
            if self._image is None:
                if self.spec.image is None:
                    raise BadInputError(f"the encoder {self.name!r} sees no posters; it reads texts only")
                self._check(self.spec.image.network)
                self._image = ImageNetwork(self.folder, self.spec, self.spec.image, self._threads, self._providers)
            return self._image


class _Kept:
    """The rows of a window that could be used, and what becomes of the others."""

    def __init__(self, start: int, on_error: OnError | None) -> None:
        self.rows: list[int] = []
        self._start, self._on_error = start, on_error

    def attempt(self, row: int, step: Callable[[Any], Any], item: Any) -> Any:  # noqa: ANN401 - whatever step takes and gives
        """Return `step(item)` and keep the row, or report its BadInputError and return None."""
        try:
            result = step(item)
        except BadInputError as error:
            if self._on_error is None:
                raise
            self._on_error(self._start + row, error)
            return None
        self.rows.append(row)
        return result


def _check_batch(items: object, batch_size: int) -> None:
    if isinstance(items, str | bytes | Path):
        raise BadInputError(f"many items are wanted, got one {type(items).__name__}; put it in a list")
    if batch_size < 1:
        raise BadInputError(f"batch_size must be at least 1, got {batch_size}")


def _by_length(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Yield rows longest first, as many at a time as fit `budget` tokens when padded to the first of them."""
    order = sorted(range(len(lengths)), key=lambda row: -lengths[row])
    while order:
        size = max(1, budget // lengths[order[0]])
        yield order[:size]
        order = order[size:]


def _ahead(
    step: Callable[[ImageSource], Pixels], items: Iterator[ImageSource], *, workers: int, ahead: int
) -> Iterator[Future[Pixels]]:
    """Yield the `step` of each item in order, running or done on `workers` threads, begun for at most `ahead` more."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix="matinee-decode")
    waiting: deque[Future[Pixels]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(step, item))
            if len(waiting) > ahead:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()
    finally:
        for future in waiting:  # left over only where the stream was broken off
            future.cancel()
        pool.shutdown()


def _unit(vectors: Vectors) -> Vectors:
    """Return rows of unit length; a zero row stays zero."""
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)  # (n, 1); float64 cannot overflow here
    unit: Vectors = (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return unit
