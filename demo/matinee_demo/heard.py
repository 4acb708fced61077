"""Each text and poster of a visit is read by a network once, however often the visitor goes on to say something else.

In: the way to a bundle's encoders. Out: the same way, which remembers. Knows nothing of tastes or models.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from matinee.evidence import Embeds
from matinee.exact import Vectors
from matinee.images import ImageSource

KEPT = 200
"""How many vectors are remembered; more than a visitor may tell, read by every encoder."""


class Remembered:
    """A bundle's encoders by name, for one visit.

    Args:
        encoder: Returns the encoder of a model by its name.
    """

    def __init__(self, encoder: Callable[[str], Embeds]) -> None:
        self._encoder = encoder
        self._vectors: OrderedDict[tuple[str, object], tuple[object, Vectors]] = OrderedDict()

    def __call__(self, name: str) -> Embeds:
        """Return the encoder called `name`."""
        return _Once(self, name)

    def vector(self, name: str, key: object, source: object, embed: Callable[[Embeds], Vectors]) -> Vectors:
        """Return what `embed` makes of `source`, which `key` stands for, with the encoder called `name`."""
        kept = self._vectors.get((name, key))
        if kept is None:
            kept = (source, embed(self._encoder(name)))  # the source is kept too, so that its id stays its own
            self._vectors[name, key] = kept
            while len(self._vectors) > KEPT:
                self._vectors.popitem(last=False)
        return kept[1]


class _Once:
    """One encoder that remembers."""

    def __init__(self, remembered: Remembered, name: str) -> None:
        self._remembered = remembered
        self._name = name

    def text(self, text: str) -> Vectors:
        return self._remembered.vector(self._name, text, text, lambda encoder: encoder.text(text))

    def poster(self, image: ImageSource) -> Vectors:
        return self._remembered.vector(self._name, id(image), image, lambda encoder: encoder.poster(image))
