"""Twenty visitors at once: each gets the picks that the library gives for their own taste."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from matinee.bundle import Bundle
from matinee.recommender import Recommender
from matinee.taste import Poster, Rating, Review, Taste

pytestmark = pytest.mark.slow

Serve = Callable[..., AbstractContextManager[tuple[Any, str]]]
Ids = dict[str, list[str]]

VISITORS, K = 20, 12


@pytest.fixture(scope="module")
def recommender(sample_bundle: Path) -> Recommender:
    """The library, asked alone."""
    return Recommender(Bundle.open(sample_bundle))


def _taste(recommender: Recommender, visitor: int) -> tuple[Taste, dict[str, Any]]:
    """A visitor's taste, and the request for it: by turns a review, a rating and a poster."""
    from gradio_client import handle_file

    movies = recommender.bundle.catalogue
    movie = movies[29 * visitor]
    if visitor % 3 == 0:
        words = f"{movie.title}: {' and '.join(movie.genres)}, and number {visitor} of all I saw"
        return Taste((Review(words, movie.id, 9),)), {"review": words, "movie": movie.id, "rating": 9}
    if visitor % 3 == 1:
        ratings = [(movie.id, 9), (movies[29 * visitor + 7].id, 3)]
        told = [{"movie": name, "rating": rating} for name, rating in ratings]
        return Taste(ratings=tuple(Rating(name, rating) for name, rating in ratings)), {"ratings": told}
    path = recommender.bundle.poster_path(29 * visitor)
    assert path is not None
    return Taste(posters=(Poster(path),)), {"poster": handle_file(str(path))}


def _asked(address: str, start: Barrier, told: dict[str, Any]) -> Ids:
    from gradio_client import Client

    client = Client(address, verbose=False, analytics_enabled=False)
    start.wait(60)
    answers = client.predict(**told, k=K, api_name="/recommend")
    return {model: [pick["id"] for pick in picks] for model, picks in answers.items()}


def test_twenty_visitors_at_once_get_the_answers_to_their_own_taste(
    sample_bundle: Path, serve: Serve, recommender: Recommender, tmp_path: Path
) -> None:
    pytest.importorskip("gradio_client")
    tastes = [_taste(recommender, visitor) for visitor in range(VISITORS)]
    start = Barrier(VISITORS)
    with serve(sample_bundle, tmp_path) as (_, address), ThreadPoolExecutor(VISITORS) as threads:
        answers = list(threads.map(lambda taste: _asked(address, start, taste[1]), tastes))
    alone = [recommender.recommend(taste, k=K) for taste, _ in tastes]
    wanted = [{model: [pick.movie.id for pick in picks] for model, picks in picked.items()} for picked in alone]
    assert answers == wanted
    assert len({str(answer) for answer in answers}) == VISITORS
