"""Each text and poster of a visit is read by a network once, however often the visitor goes on to say something else.

In: the way to a bundle's encoders. Out: the same way, which remembers. Knows nothing of tastes or models.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from hashlib import sha256
from weakref import ref

from PIL import Image

from matinee.evidence import Embeds
from matinee.exact import Vectors
from matinee.images import ImageSource

KEPT = 200
"""How many vectors are remembered; more than a visitor may tell, read by every encoder."""


class Remembered:
    """A bundle's encoders by name, for one visit. It keeps vectors only, neither texts nor pictures.

    Args:
        encoder: Returns the encoder of a model by its name.
    """

    def __init__(self, encoder: Callable[[str], Embeds]) -> None:
        self._encoder = encoder
        self._vectors: OrderedDict[tuple[str, Hashable], Vectors] = OrderedDict()

    def __call__(self, name: str) -> Embeds:
        """Return the encoder called `name`."""
        return _Once(self, name)

    @property
    def size(self) -> int:
        """Bytes that it keeps."""
        return sum(vector.nbytes for vector in list(self._vectors.values()))

    def vector(self, name: str, key: Hashable, embed: Callable[[Embeds], Vectors]) -> Vectors:
        """Return what `embed` makes, with the encoder called `name`, of the text or poster that `key` stands for."""
        kept = self._vectors.get((name, key))
        if kept is None:
            kept = embed(self._encoder(name))
            self._vectors[name, key] = kept
            while len(self._vectors) > KEPT:
                self._vectors.popitem(last=False)
        return kept


class _Once:
    """One encoder that remembers."""

    def __init__(self, remembered: Remembered, name: str) -> None:
        self._remembered = remembered
        self._name = name

    def text(self, text: str) -> Vectors:
        key = sha256(text.encode("utf-8", "surrogatepass")).digest()
        return self._remembered.vector(self._name, key, lambda encoder: encoder.text(text))

    def poster(self, image: ImageSource) -> Vectors:
        key = _Same(image) if isinstance(image, Image.Image) else image
        return self._remembered.vector(self._name, key, lambda encoder: encoder.poster(image))


class _Same:
    """Stands for one image as long as that lives, without keeping it."""

    def __init__(self, image: Image.Image) -> None:
        self._image = ref(image)
        self._id = id(image)

    def __hash__(self) -> int:
        return hash(self._id)

    def __eq__(self, other: object) -> bool:
        image = self._image()
        return isinstance(other, _Same) and image is not None and image is other._image()
