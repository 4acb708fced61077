"""From a visitor's taste to the evidence that each model can use.

In: a taste, the catalogue, the models and their encoders. Out: for each model, by name, a tuple of `Evidence`. Every
text and poster is embedded at most once per encoder, and its nearest movies are searched at most once.

A model that cannot read a text or a poster, or does not know a movie, gets it over a bridge: it uses the movies nearest
to it according to a model that can. Such evidence is marked as inferred and shares half the weight, in proportion to
the softmax of the similarities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from matinee.catalogue import Catalogue
from matinee.errors import EmptyTasteError
from matinee.exact import Mask, Rows, Vectors
from matinee.models import reading
from matinee.models.base import Evidence, Model, Query, QueryCache
from matinee.models.spec import Kind
from matinee.taste import Poster, Review, Taste
from matinee.titles import find

if TYPE_CHECKING:
    from matinee.images import ImageSource

NEIGHBOURS = 10
"""Number of nearest movies that represent one text, poster or movie over a bridge."""

BRIDGED = 0.5
"""The share of its weight that evidence keeps over a bridge."""

TEMPERATURE = 0.05
"""Temperature of the softmax over cosine similarities: a movie nearer by this much counts 2.7 times as much."""

_REACH = 5 * NEIGHBOURS
"""How many neighbours are looked up, so that enough are left for a model that does not know all of them."""

QUOTED = 40
"""Characters of the visitor's words that a reason repeats."""


class Embeds(Protocol):
    """The methods of an encoder that evidence needs; both return a unit vector, (dim,) float32."""

    def text(self, text: str) -> Vectors:
        """Embed a text."""
        ...

    def poster(self, image: ImageSource) -> Vectors:
        """Embed an image."""
        ...


Encoders = Callable[[str], Embeds]
"""Returns the encoder of a model by its name."""


@dataclass(frozen=True, eq=False)
class _Given:
    """One item of a taste: a movie, a text or a poster, with its rating.

    Attributes:
        rating: From 1 to 10, or None for no rating; each model has its own weighting of it.
        kind: Kind of the item.
        label: Its name in reasons.
        near: How a reason describes a movie near to it: "your words bring to mind".
        movie: Its row, if it is a movie.
        embed: Embeds it with an encoder, if it is a text or a poster.
        instead: The items that a model which cannot read it uses in its place; None to use a bridge.
    """

    rating: float | None
    kind: Kind
    label: str
    near: str
    movie: int | None = None
    embed: Callable[[Embeds], Vectors] | None = None
    instead: tuple[_Given, ...] | None = None


class TasteEvidence(Mapping[str, tuple[Evidence, ...]], QueryCache):
    """The evidence in one taste, for each model by name, computed when it is first needed.

    Args:
        taste: The visitor's taste.
        catalogue: The movies.
        models: The models by name.
        encoders: Returns the encoder of a model by its name.

    Raises:
        EmptyTasteError: if the taste is empty.
        UnknownNameError: if it names a movie that is not in the catalogue.
    """

    def __init__(self, taste: Taste, catalogue: Catalogue, models: Mapping[str, Model], encoders: Encoders) -> None:
        if not taste:
            raise EmptyTasteError(
                "the taste is empty, so there is nothing to go on; give a review, a rating or a poster"
            )
        self._catalogue = catalogue
        self._models = models
        self._encoders = encoders
        self._named: set[int] = set()
        self._given = [*self._rated(taste), *map(_shown, taste.posters)]
        self._embedded: dict[tuple[str, _Given], Vectors] = {}
        self._near: dict[_Given, tuple[Rows, Vectors]] = {}
        self._evidence: dict[str, tuple[Evidence, ...]] = {}
        self.queries: dict[str, Query] = {}
        self.scores: dict[str, Vectors] = {}

    @cached_property
    def unseen(self) -> Mask:
        """Which movies the visitor has neither rated nor reviewed, (n_movies,) bool."""
        mask = np.ones(len(self._catalogue), dtype=np.bool_)
        mask[list(self._named)] = False
        return mask

    def __getitem__(self, name: str) -> tuple[Evidence, ...]:
        if name not in self._evidence:
            model = self._models[name]
            self._evidence[name] = tuple(
                e for given in self._given if model.weigh(given.rating) for e in self._for(model, given)
            )
        return self._evidence[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._models)

    def __len__(self) -> int:
        return len(self._models)

    def _rated(self, taste: Taste) -> Iterator[_Given]:
        """Yield ratings, then reviews; the last of several ratings of a movie counts, rather than one in a review."""
        ratings = {find(self._catalogue, rating.movie): rating.rating for rating in taste.ratings}
        self._named.update(ratings)
        for row, rating in ratings.items():
            yield self._movie(row, rating)
        for review in taste.reviews:
            about = None if review.movie is None else find(self._catalogue, review.movie)
            yield self._reviewed(review, about, ratings)

    def _reviewed(self, review: Review, about: int | None, ratings: Mapping[int, float]) -> _Given:
        if about is None:
            return _words(review.text, review.rating, instead=None)
        rating = ratings.get(about) if review.rating is None else review.rating
        instead = () if about in self._named else (self._movie(about, rating),)
        self._named.add(about)
        return _words(review.text, rating, instead)

    def _movie(self, row: int, rating: float | None) -> _Given:
        movie = self._catalogue[row]
        how = "which you reviewed" if rating is None else f"which you rated {rating:g}"
        return _Given(rating, "movie", f"{movie}, {how}", f"is close to {movie}", movie=row)

    def _for(self, model: Model, given: _Given) -> Iterator[Evidence]:
        """Yield the evidence for `model` in one item: the item itself if `model` can read it, else replacements."""
        weight = model.weigh(given.rating)
        if given.movie is not None and model.index.known[given.movie]:
            yield Evidence(weight, given.label, given.kind, movie=given.movie, rating=given.rating)
        elif given.embed is not None and given.kind in model.spec.reads:
            vector = self._embed(model, given, given.embed)
            yield Evidence(weight, given.label, given.kind, vector=vector, rating=given.rating)
        elif given.instead is None:
            yield from self._over_bridge(model, given)
        else:
            for other in given.instead:
                yield from self._for(model, other)

    def _over_bridge(self, model: Model, given: _Given) -> Iterator[Evidence]:
        """Yield the nearest movies that `model` knows, sharing BRIDGED of the weight by the softmax of similarities."""
        rows, scores = self._nearest(given)
        known = model.index.known[rows]
        rows, scores = rows[known][:NEIGHBOURS], scores[known][:NEIGHBOURS]
        if not len(rows):
            return
        weight = BRIDGED * model.weigh(given.rating)
        shares = np.exp((scores - scores.max()) / TEMPERATURE)
        for row, share in zip(rows.tolist(), (shares / shares.sum()).tolist(), strict=True):
            label = f"{self._catalogue[row]}, which {given.near}"
            yield Evidence(weight * share, label, given.kind, movie=row, inferred=True, rating=given.rating)

    def _nearest(self, given: _Given) -> tuple[Rows, Vectors]:
        """Return rows and similarities of the movies nearest to `given`, best first; empty if no model can read it."""
        if given not in self._near:
            self._near[given] = self._search(given)
        return self._near[given]

    def _search(self, given: _Given) -> tuple[Rows, Vectors]:
        for name in bridges(given.kind):
            if name not in self._models:
                continue
            model = self._models[name]
            index = model.index
            if given.embed is not None:
                return index.search(self._embed(model, given, given.embed), _REACH, self.unseen)
            if index.known[given.movie]:
                return index.search(index.vectors[given.movie], _REACH, self.unseen)
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)

    def _embed(self, model: Model, given: _Given, embed: Callable[[Embeds], Vectors]) -> Vectors:
        key = (model.name, given)
        if key not in self._embedded:
            self._embedded[key] = model.project(given.kind, embed(self._encoders(model.name)))
        return self._embedded[key]


def bridges(kind: Kind) -> list[str]:
    """Return the names of the models that can find the movies nearest to an item of this kind, best model first.

    For a text or a poster those are the models that read it; for a movie, all that have an encoder.
    """
    return reading("text", "poster") if kind == "movie" else reading(kind)


def _words(text: str, rating: float | None, instead: tuple[_Given, ...] | None) -> _Given:
    label = f'"{shorten(text, QUOTED)}"'
    return _Given(rating, "text", label, "your words bring to mind", embed=lambda e: e.text(text), instead=instead)


def _shown(poster: Poster) -> _Given:
    unnamed = Poster.__dataclass_fields__["label"].default
    label = "your poster" if poster.label == unnamed else f"your poster {shorten(poster.label, QUOTED)}"
    return _Given(None, "poster", label, f"{label} brings to mind", embed=lambda e: e.poster(poster.image))


def shorten(text: str, characters: int) -> str:
    """Return `text` on one line, without control characters and cut after a word to at most `characters` characters."""
    start = text[: 4 * characters]
    if not start.isprintable():
        start = "".join(c if c.isprintable() else " " for c in start)
    line = " ".join(start.split())
    if len(line) <= characters:
        return line
    cut = line[: characters - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:") + "…"
