"""What was measured is what is served: a user's profile is the query that the runtime makes of the same rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from tests.export.content_vectors import profiles

from matinee.catalogue import Catalogue, Movie
from matinee.evidence import TasteEvidence
from matinee.exact import Vectors, unit
from matinee.images import ImageSource
from matinee.index import Index
from matinee.models import MODELS, Model
from matinee.taste import Rating, Review, Taste
from matinee.weighting import WEIGHTINGS
from matinee_export.embedding.vectors import ReviewVectors
from matinee_export.models.content import Profiles
from matinee_export.models.content_settings import SPACES, ContentSettings
from matinee_export.models.registry import CONTENT_MODELS

MOVIES, USERS, DIM = 40, 30, 12


class _Dataset:
    """Users who rate some movies, from 1 to 10 or not at all, and write about some of them."""

    def __init__(self) -> None:
        draw = np.random.default_rng(3)
        pairs = [(user, movie) for user in range(USERS) for movie in draw.choice(MOVIES, 1 + user % 6, replace=False)]
        self.reviews = pd.DataFrame(pairs, columns=["user", "movie"]).astype("int32")
        self.reviews["rating"] = draw.integers(1, 11, len(pairs)).astype(np.float32)
        self.reviews.loc[self.reviews["user"] < 5, "rating"] = 2  # who dislikes everything
        written = np.flatnonzero(draw.random(len(pairs)) < 0.4).astype(np.int64)
        self.reviews["imputed"] = np.isin(np.arange(len(pairs)), written[::3])
        self.texts = ReviewVectors(written, _vectors(draw, len(written)))
        self.posters = _vectors(draw, MOVIES)

    def profiles(self, model: str, settings: ContentSettings) -> Profiles:
        rows = range(len(self.reviews))
        return profiles(model, self.reviews, rows, MOVIES, settings, texts=self.texts, posters=self.posters)

    def likes(self) -> NDArray[np.int64]:
        liked = self.reviews[(self.reviews["rating"] >= 7) & ~self.reviews["imputed"]]
        return np.bincount(liked["movie"], minlength=MOVIES).astype(np.int64)

    def taste(self, user: int) -> Taste:
        """What this user would tell Matinee: a text is the number of its vector."""
        reviews: list[Review] = []
        ratings: list[Rating] = []
        number = {row: place for place, row in enumerate(self.texts.rows.tolist())}
        mine = self.reviews[self.reviews["user"] == user]
        for row, movie, rating, imputed in mine[["movie", "rating", "imputed"]].itertuples():
            if row in number:
                reviews.append(Review(f"text {number[row]}", f"Film {movie}", None if imputed else rating))
            else:
                ratings.append(Rating(f"Film {movie}", rating))
        return Taste(tuple(reviews), tuple(ratings))


class _Encoder:
    """Gives a text the vector of its number."""

    def __init__(self, vectors: Vectors) -> None:
        self.vectors = vectors

    def text(self, text: str) -> Vectors:
        vector: Vectors = self.vectors[int(text.split()[-1])]
        return vector

    def poster(self, image: ImageSource) -> Vectors:
        raise AssertionError("nobody gave a poster")


def _vectors(draw: np.random.Generator, n: int) -> Vectors:
    return unit(draw.standard_normal((n, DIM), dtype=np.float32) + 0.8)


def _model(name: str, profiles: Profiles, likes: NDArray[np.int64], settings: ContentSettings) -> Model:
    index = Index.build(profiles.movies)
    return MODELS[name](
        profiles.movies, index, likes, choices=CONTENT_MODELS[name].choices(settings), whitenings=profiles.whitenings
    )


@pytest.fixture(scope="module")
def dataset() -> _Dataset:
    return _Dataset()


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("ratings", WEIGHTINGS)
@pytest.mark.parametrize("name", ["bert", "resnet50", "clip"])
def test_a_visitor_who_says_what_a_user_said_is_that_user(
    dataset: _Dataset, name: str, ratings: str, space: str
) -> None:
    settings = ContentSettings(ratings=ratings, space=space)
    profiles = dataset.profiles(name, settings)
    model = _model(name, profiles, dataset.likes(), settings)
    catalogue = Catalogue([Movie(id=f"tt{row:07d}", title=f"Film {row}", year=None) for row in range(MOVIES)])
    encoders = {name: _Encoder(dataset.texts.vectors)}
    users = np.flatnonzero(profiles.users.any(axis=1))
    assert len(users) > USERS / 2
    for user in users.tolist():
        told = TasteEvidence(dataset.taste(user), catalogue, {name: model}, encoders.__getitem__)
        np.testing.assert_allclose(model.query(told[name]).vector, profiles.users[user], atol=2e-5)
