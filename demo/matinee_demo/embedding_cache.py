"""A cache of one visit's embeddings, so that each text and poster is embedded once while the rest of the taste changes.

In: a function that returns a bundle's encoder by name. Out: the same function, with a cache. It keeps vectors only,
neither texts nor pictures.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from hashlib import sha256
from weakref import ref

from PIL import Image

from matinee.evidence import Embeds, Encoders
from matinee.exact import Vectors
from matinee.images import ImageSource

CAPACITY = 200
"""Number of vectors kept, the latest made: more than all encoders make of one visitor's texts and posters."""


class EmbeddingCache:
    """A bundle's encoders by name, with a cache of their vectors for one visit.

    Args:
        encoders: Returns the encoder of a model by its name.
    """

    def __init__(self, encoders: Encoders) -> None:
        self._encoders = encoders
        self._vectors: OrderedDict[tuple[str, Hashable], Vectors] = OrderedDict()

    def __call__(self, name: str) -> Embeds:
        """Return the encoder called `name`, with the cache."""
        return _CachedEncoder(self, name)

    @property
    def size(self) -> int:
        """Bytes of the vectors."""
        return sum(vector.nbytes for vector in list(self._vectors.values()))

    def vector(self, name: str, key: Hashable, embed: Callable[[Embeds], Vectors]) -> Vectors:
        """Return the cached vector for encoder `name` and `key`; if missing, make it with `embed` and keep it."""
        kept = self._vectors.get((name, key))
        if kept is None:
            kept = embed(self._encoders(name))
            self._vectors[name, key] = kept
            while len(self._vectors) > CAPACITY:
                self._vectors.popitem(last=False)
        return kept


class _CachedEncoder:
    def __init__(self, cache: EmbeddingCache, name: str) -> None:
        self._cache = cache
        self._name = name

    def text(self, text: str) -> Vectors:
        key = sha256(text.encode("utf-8", "surrogatepass")).digest()
        return self._cache.vector(self._name, key, lambda encoder: encoder.text(text))

    def poster(self, image: ImageSource) -> Vectors:
        key = _ImageKey(image) if isinstance(image, Image.Image) else image
        return self._cache.vector(self._name, key, lambda encoder: encoder.poster(image))


class _ImageKey:
    """A key that is equal for the same image object only, and does not keep the image alive."""

    def __init__(self, image: Image.Image) -> None:
        self._image = ref(image)
        self._id = id(image)

    def __hash__(self) -> int:
        return hash(self._id)

    def __eq__(self, other: object) -> bool:
        image = self._image()
        return isinstance(other, _ImageKey) and image is not None and image is other._image()
