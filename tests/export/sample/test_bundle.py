"""What the built-in sample's bundle must show: models that learnt something, and films that fit what is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.export.content_vectors import profiles

from matinee.bundle import Bundle
from matinee.manifest import Manifest
from matinee.recommender import Recommender
from matinee.taste import Review, Taste
from matinee_export.data import clean, read_dataset, split
from matinee_export.data.interactions import Interactions
from matinee_export.embedding.vectors import ReviewVectors
from matinee_export.evaluation.evaluate import HeldOut, evaluate
from matinee_export.models.content import randomised
from matinee_sample import write_tables


@pytest.fixture(scope="module")
def figures(sample_bundle: Path) -> dict[str, dict[str, float]]:
    found: dict[str, Any] = json.loads((sample_bundle / "report" / "metrics.json").read_text(encoding="utf-8"))
    models: dict[str, dict[str, float]] = found["models"]
    return models


@pytest.mark.parametrize("model", ["bpr", "als", "hybrid"])
@pytest.mark.parametrize("metric", ["ndcg@10", "map", "precision@10", "recall@10", "auc"])
def test_models_of_who_liked_what_beat_popularity_on_held_out_ratings(
    figures: dict[str, dict[str, float]], model: str, metric: str
) -> None:
    assert figures[model][metric] > figures["popularity"][metric]


def test_words_tell_more_than_chance_also_where_no_rating_is_looked_at(figures: dict[str, dict[str, float]]) -> None:
    assert figures["bert"]["auc"] > figures["random"]["auc"] + 0.05
    assert figures["bert"]["ndcg@10"] > 1.5 * figures["random"]["ndcg@10"]


@pytest.mark.slow
@pytest.mark.parametrize("model", ["bert", "resnet50", "clip"])
def test_random_vectors_in_place_of_an_encoders_bring_a_model_down_to_chance(model: str, tmp_path: Path) -> None:
    write_tables(tmp_path)
    (tmp_path / "posters").mkdir()
    dataset = clean(read_dataset(tmp_path))
    reviews, n = dataset.reviews, len(dataset.movies)
    parts = split(reviews, seed=0)
    rows = np.union1d(parts.train, parts.validation)
    written = np.flatnonzero((reviews["text"] != "").to_numpy())
    texts = ReviewVectors(written, randomised(np.ones((len(written), 384), np.float32)))
    posters = randomised(np.ones((n, 384), np.float32), seed=1)
    known_by = profiles(model, reviews, rows, n, texts=texts, posters=posters)
    held = HeldOut.between(Interactions.of(reviews, rows, n), Interactions.of(reviews, parts.test, n))
    known = held.only_movies(np.any(known_by.movies, axis=1))
    found = evaluate(known_by.scores(held.likes), known).per_user["auc"]
    error = found.std() / np.sqrt(len(found))
    assert abs(found.mean() - 0.5) < 4 * error + 0.01


def test_a_review_in_ones_own_words_brings_films_that_fit(sample_bundle: Path) -> None:
    taste = Taste(reviews=(Review("slow, rainy detective story with a twist"),))
    picks = Recommender(Bundle.open(sample_bundle)).recommend(taste, model="bert", k=10)["bert"]
    titles = {pick.movie.title for pick in picks}
    fitting = [pick for pick in picks if {"Crime", "Mystery", "Thriller", "Film-Noir"} & set(pick.movie.genres)]
    assert len(fitting) >= 8, titles
    assert len(titles & {"Seven", "Blade Runner", "The Big Sleep", "Memories of Murder", "Chinatown", "Insomnia"}) >= 3


def test_the_manifest_says_that_the_sample_is_made_up_and_which_weights_answer(sample_bundle: Path) -> None:
    manifest = Manifest.load(sample_bundle)
    assert manifest.dataset.made_up
    assert manifest.dataset.counts["movies"] >= 400
    assert manifest.dataset.counts["reviewers"] >= 300
    assert manifest.dataset.counts["ratings"] >= 8000
    assert manifest.dataset.counts["texts"] >= 3000
    assert {encoder.weights for encoder in manifest.encoders.values()} <= {"pretrained", "packaged", "seeded"}


def test_every_shipped_network_met_its_bars(sample_bundle: Path) -> None:
    for name, encoder in Manifest.load(sample_bundle).encoders.items():
        for kind, tower in encoder.towers.items():
            figures = tower["parity"]
            assert figures["fp32_max_difference"] <= (1e-3 if name == "resnet50" else 1e-4), (name, kind)
            if tower["precision"] != "fp32":
                variant = tower["variants"][tower["precision"]]
                assert variant["cosine"] >= 0.99
                assert variant["overlap"] >= 0.9
                assert variant["batch_cosine"] >= 0.999
