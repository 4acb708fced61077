"""The bundle as the page and the endpoints use it: picks, titles to choose from, examples, and facts to show.

In: tastes and filters. Out: picks, and plain dictionaries for JSON.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from matinee import records
from matinee.bundle import Bundle
from matinee.catalogue import Catalogue, Movie
from matinee.errors import MatineeError
from matinee.evidence import TasteEvidence
from matinee.models import Hybrid
from matinee.recommender import Answer, Pick, Recommender
from matinee.taste import Poster, Rating, Review, Taste
from matinee.titles import suggest
from matinee.where import Where
from matinee.zero_shot import GenreReader, genre_model, open_genres
from matinee_demo.atlas import Maps, open_maps
from matinee_demo.compare import BASELINES
from matinee_demo.embedding_cache import EmbeddingCache
from matinee_demo.posters import poster_address
from matinee_demo.wall import wall_movies
from matinee_demo.words import goes_by, title, weights_words

SUGGESTIONS = 8
SHELVES = 3
ANY = Where()
REPORT = "report/metrics.json"
EXAMPLE_RATINGS = (9.0, 9.0, 8.0)


@dataclass(frozen=True)
class _Report:
    """The part of REPORT that the page shows."""

    models: dict[str, dict[str, float | None]]


class Service:
    """Answers for the page and the endpoints from one bundle; safe to share between threads.

    Args:
        bundle: The bundle to answer from.
    """

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.recommender = Recommender(bundle)

    @property
    def catalogue(self) -> Catalogue:
        """The movies of the bundle."""
        return self.bundle.catalogue

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the models in the page's order: the hybrid first, where there is one."""
        return tuple(sorted(self.recommender.models, key=lambda name: name != Hybrid.spec.name))

    @property
    def scored(self) -> bool:
        """Whether any movie has an IMDb score."""
        return bool(np.isfinite(self.catalogue.scores).any())

    def embedding_cache(self) -> EmbeddingCache:
        """Return an empty cache of embeddings, for one visit."""
        return EmbeddingCache(self.bundle.encoder)

    def stream(self, taste: Taste | TasteEvidence, k: int, where: Where, surprise: float = 0.0) -> Iterator[Answer]:
        """Yield each model's answer as soon as it is there; raises what `Recommender.stream` raises."""
        return self.recommender.stream(taste, k=k, where=where, surprise=surprise)

    def recommend(self, taste: Taste, model: str, k: int, where: Where) -> dict[str, list[dict[str, Any]]]:
        """Return the picks of one model or of "all", each as a dictionary."""
        answers = self.recommender.recommend(taste, model=model, k=k, where=where)
        return {name: [pick_json(pick) for pick in picks] for name, picks in answers.items()}

    def popular(self, k: int) -> list[Movie]:
        """Return the k most liked movies."""
        rows = np.argsort(-self.catalogue.liked, kind="stable")[:k]
        return [self.catalogue[int(row)] for row in rows]

    @cached_property
    def weights(self) -> dict[str, str]:
        """Kind of weights of each encoder, by its name, which is also its model's."""
        return {name: info.weights for name, info in self.bundle.manifest.encoders.items()}

    @cached_property
    def figures(self) -> dict[str, dict[str, float]]:
        """Metrics on held-out ratings: of the models, then of the baselines in the bundle's report."""
        manifest = self.bundle.manifest
        figures = {name: manifest.models[name].metrics for name in self.models}
        if REPORT in manifest.files:
            models = records.read(self.bundle.file(REPORT), _Report).models
            known = {name: {metric: v for metric, v in figs.items() if v is not None} for name, figs in models.items()}
            figures |= {name: known[name] for name in BASELINES if name in known}
        return {name: values for name, values in figures.items() if values}

    @cached_property
    def genre_reader(self) -> GenreReader | None:
        """The reader of genres in posters, or None where the bundle has none."""
        return None if self.genre_model is None else open_genres(self.bundle)

    @property
    def genre_model(self) -> str | None:
        """Name of the model that reads genres in posters, or None where the bundle has none."""
        return genre_model(self.bundle)

    @cached_property
    def maps(self) -> Maps:
        """The maps of the bundle."""
        return open_maps(self.bundle)

    @cached_property
    def wall(self) -> list[Movie]:
        """The films of the wall: well-known ones of different genres and decades."""
        return wall_movies(self.catalogue)

    def shelves(self, k: int, where: Where = ANY) -> dict[str, list[Movie]]:
        """Return the rows to show while the taste is empty: the most liked movies of all and of the largest genres."""
        passing = where.mask(self.catalogue)
        popular = [self.catalogue[int(row)] for row in np.argsort(-self.catalogue.liked, kind="stable") if passing[row]]
        liked = Counter(genre for movie in popular[: 10 * k] for genre in movie.genres)
        genres = [genre for genre, _ in liked.most_common(SHELVES)]
        return {
            "Most liked here": popular[:k],
            **{f"Most liked: {genre}": [m for m in popular if genre in m.genres][:k] for genre in genres},
        }

    def titles(self, prefix: str, limit: int = SUGGESTIONS) -> list[Movie]:
        """Return the movies to offer for the `prefix` of a title."""
        return [self.catalogue[row] for row in suggest(self.catalogue, prefix, max(1, min(int(limit), 50)))]

    def example_review(self) -> Review:
        """Return an example review for any bundle."""
        return Review(
            "Slow, beautiful and strange: the music, the night scenes and the quiet moments stayed with me for days.",
            rating=9,
        )

    def example_ratings(self) -> tuple[Rating, ...]:
        """Return example ratings: of well-liked movies that share a genre."""
        popular = self.popular(200)
        genre = next(iter(popular[0].genres), None) if popular else None
        alike = [movie for movie in popular if genre is None or genre in movie.genres]
        return tuple(Rating(str(movie), rating) for movie, rating in zip(alike, EXAMPLE_RATINGS, strict=False))

    def example_poster(self) -> Movie | None:
        """Return a well-liked movie whose poster is the example, or None where the bundle has no poster."""
        return next((movie for movie in self.popular(200) if movie.poster), None)

    def about(self) -> dict[str, Any]:
        """Return the bundle's dataset, encoders with the kind of their weights, models and genres, for JSON."""
        manifest = self.bundle.manifest
        data = manifest.dataset
        return {
            "dataset": {"name": data.name, "made_up": data.made_up, "note": data.note, "counts": dict(data.counts)},
            "encoders": {
                name: {"weights": info.weights, "meaning": weights_words(info.weights), "source": info.source}
                for name, info in manifest.encoders.items()
            },
            "models": {name: {"name": title(name), "understands": goes_by(name)} for name in self.models},
            "genres": list(self.catalogue.genres),
        }

    def warm_up(self) -> threading.Thread:
        """Open every network in the background, so that the first visitor need not wait; returns the thread."""
        thread = threading.Thread(target=self._try_everything, name="warm-up", daemon=True)
        thread.start()
        return thread

    def _try_everything(self) -> None:
        movie = self.example_poster()
        path = self.bundle.poster_path(self.catalogue.rows[movie.id]) if movie else None
        taste = Taste(
            reviews=(self.example_review(),),
            ratings=self.example_ratings(),
            posters=(Poster(path),) if path else (),
        )
        try:
            self.titles("the")
            for _ in self.stream(taste, 1, Where()):
                pass
        except MatineeError as error:
            print(f"warning: {error}", file=sys.stderr)


def pick_json(pick: Pick) -> dict[str, Any]:
    """Return a pick for the endpoints: with the address of its poster on this server."""
    return {**pick.to_json(), "poster": poster_address(pick.movie)}
