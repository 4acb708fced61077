"""Zero-shot genres of a poster: a model that was not trained on genres compares the poster with sentences about them.

In: a poster. Out: for each genre of the dataset, how much the poster looks like that of such a movie. It takes a model
that has words and posters in one space, such as CLIP. A bundle has the sentences' vectors in
`models/<model>/genres.npy`, (n_genres, dim) float32 of unit rows, so that only the image tower is needed; which genres
they are, and how often this is right on the dataset's posters, is in `models/<model>/genres.json`. A bundle may lack
both.

A genre's vector is the mean over several sentences that name it (Radford et al. 2021, "Learning transferable visual
models from natural language supervision", section 3.1.4, prompt ensembling), and a genre's share is the softmax of
cosines times CLIP's logit scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from matinee import records
from matinee.arrays import read_matrix
from matinee.bundle import Bundle
from matinee.errors import BundleError
from matinee.exact import Vectors
from matinee.models import MODELS
from matinee.records import Count, Share, Words

if TYPE_CHECKING:
    from matinee.images import ImageSource

LOGIT_SCALE = 100.0
"""CLIP's learned inverse temperature; training stops it at 100, which published weights have reached."""

MARGIN = 0.03
"""Least lead of `top1` over `shuffled_top1` for a model to be useful; untrained networks have a small lead too."""

TEMPLATES = (
    "a poster of {} movie",
    "the poster of {} film",
    "a movie poster for {} movie",
    "the cover of {} film",
    "an advertisement for {} movie in a cinema",
)
"""Sentences in which the genre takes the braces' place, with its article."""

SPOKEN = {
    "animation": "an animated",
    "biography": "a biographical",
    "children": "a children's",
    "children's": "a children's",
    "family": "a family",
    "film-noir": "a film noir",
    "history": "a historical",
    "music": "a music",
    "sci-fi": "a science fiction",
    "short": "a short",
    "sport": "a sports",
    "tv movie": "a television",
}
"""The phrase for a genre before "movie", where that is not the article and the genre as it is written."""


class ReadsTexts(Protocol):
    """The method of an encoder that is needed to embed prompts."""

    def text(self, text: str) -> Vectors:
        """Return the unit vector of a text, (dim,) float32."""
        ...


@dataclass(frozen=True)
class GenreAccuracy:
    """How often reading genres in posters is right, measured on the dataset's own posters.

    Attributes:
        posters: How many posters of movies with a genre it was measured on.
        top1: Share of posters whose likeliest genre is one of the movie's.
        map: Mean average precision of the ranking of genres, over posters.
        common_top1: `top1` of always answering the commonest genre.
        common_map: `map` of ranking genres by how common they are for every poster.
        shuffled_top1: `top1` expected if the same answers were assigned to posters at random.
    """

    posters: Count
    top1: Share
    map: Share
    common_top1: Share
    common_map: Share
    shuffled_top1: Share

    @property
    def sees(self) -> bool:
        """Whether its answers depend on the poster: `top1` is at least MARGIN above `shuffled_top1`."""
        return self.top1 - self.shuffled_top1 >= MARGIN

    def sentence(self) -> str:
        """Return the figures as sentences that a page can show beside the genres."""
        if not self.sees:
            worth = "it sees nothing in them"
        elif self.top1 <= self.common_top1:
            worth = "it sees something in them, but too little to beat that"
        else:
            worth = "it does see the genre in them"
        return (
            f"On the {self.posters:,} posters of this dataset the first genre is right for {self.top1:.0%}. The same "
            f"answers given to other posters would be right for {self.shuffled_top1:.0%}, and always saying the "
            f"commonest genre for {self.common_top1:.0%}: {worth}."
        )


@dataclass(frozen=True)
class _Facts:
    """The content of genres.json."""

    genres: tuple[Words, ...]
    accuracy: GenreAccuracy


@dataclass(frozen=True)
class Reading:
    """A genre and its share for one poster, 0 to 1; the shares of all genres add up to 1."""

    genre: str
    share: float


@dataclass(frozen=True, eq=False)
class GenreReader:
    """Reads genres in posters by comparing their vectors with those of the genres.

    Attributes:
        model: The model whose encoder reads the posters.
        genres: Names of the genres.
        vectors: Their vectors, (n_genres, dim) float32 of unit rows.
        accuracy: How often it is right.
    """

    model: str
    genres: tuple[str, ...]
    vectors: Vectors
    accuracy: GenreAccuracy

    def read(self, vector: Vectors) -> tuple[Reading, ...]:
        """Return every genre with its share for the unit vector of a poster, (dim,), the likeliest first."""
        shares = softmax(LOGIT_SCALE * (self.vectors @ vector))
        order = np.argsort(-shares, kind="stable").tolist()
        return tuple(Reading(self.genres[row], float(shares[row])) for row in order)


def genre_files(model: str) -> tuple[str, str]:
    """Return the names of a model's files in a bundle: the genres' vectors, and their names with the accuracy."""
    return f"models/{model}/genres.npy", f"models/{model}/genres.json"


def genre_model(bundle: Bundle) -> str | None:
    """Return the model that reads genres: the first that reads words and posters and has the files for it, or None."""
    able = (name for name, model in MODELS.items() if model.spec.reads >= {"text", "poster"})
    return next((name for name in able if bundle.manifest.files.keys() >= set(genre_files(name))), None)


def can_read_genres(bundle: Bundle) -> bool:
    """Return whether the bundle has what `open_genres` needs."""
    return genre_model(bundle) is not None


def open_genres(bundle: Bundle) -> GenreReader:
    """Return the bundle's reader of genres in posters.

    Raises:
        BundleError: if the bundle lacks the files for it, or they are damaged.
    """
    model = genre_model(bundle)
    if model is None:
        raise BundleError(
            f"the bundle {bundle.path} cannot read genres in posters: no model of it has genres.npy and genres.json; "
            "build it from a dataset with genres and posters"
        )
    name, described = genre_files(model)
    facts = records.read(bundle.file(described), _Facts)
    vectors = read_matrix(bundle.file(name), name, bundle.manifest.encoder(model).dim, len(facts.genres))
    return GenreReader(model, facts.genres, vectors, facts.accuracy)


def read_genres(bundle: Bundle, poster: ImageSource) -> tuple[Reading, ...]:
    """Return every genre for a poster, the likeliest first; raises BadImageError and what `open_genres` raises."""
    reader = open_genres(bundle)
    return reader.read(bundle.encoder(reader.model).poster(poster))


def genre_prompts(encoder: ReadsTexts, genres: Sequence[str]) -> Vectors:
    """Return a unit vector for each genre, (n_genres, dim) float32: the normalised mean of its prompts' vectors."""
    means = np.array([np.mean([encoder.text(text) for text in prompts(genre)], axis=0) for genre in genres])
    return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), dtype=np.float32)


def prompts(genre: str) -> tuple[str, ...]:
    """Return the sentences that stand for a genre.

    >>> prompts("Action")[0], prompts("Sci-Fi")[1]
    ('a poster of an action movie', 'the poster of a science fiction film')
    """
    name = genre.strip().lower()
    spoken = SPOKEN.get(name, f"{'an' if name[:1] in set('aeiou') else 'a'} {name}")
    return tuple(template.format(spoken) for template in TEMPLATES)


def softmax(logits: Vectors) -> Vectors:
    """Return the softmax of `logits` (n,), which adds up to 1."""
    powers = np.exp(logits - logits.max(initial=-np.inf))
    return np.asarray(powers / powers.sum(), dtype=np.float32)
