"""The page's endpoints for programs: /recommend, /more_like, /find_movies and /about, for gradio_client or plain HTTP.

In and out: JSON. A MatineeError reaches the caller as one sentence (see `blocks`). These are the only endpoints that
gradio lists; the events of the page itself are private. gradio shows the docstrings below as the endpoints'
documentation, and where the page is an MCP server too, as the descriptions of its tools.
"""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.events import api

from matinee import neighbours
from matinee_demo.posters import poster_address
from matinee_demo.request import parse_count, parse_taste, parse_text, parse_where
from matinee_demo.service import Service

QUEUE = "answers"
"""Name of gradio's queue that the page and the endpoints share, so that neither starves the other."""


def add_endpoints(service: Service) -> None:
    """Add the endpoints to the page that is being built."""

    def recommend(
        review: str = "",
        movie: str = "",
        rating: float | None = None,
        ratings: list[dict[str, Any]] | None = None,
        poster: gr.FileData | None = None,
        model: str = "all",
        k: int = 10,
        genres: list[str] | None = None,
        from_year: int | None = None,
        to_year: int | None = None,
        min_score: float | None = None,
    ) -> dict[str, list[dict[str, Any]]]:
        """Recommend movies for a taste: a review, ratings, a poster, or several of them.

        Args:
            review: What you thought of a film, in your own words.
            movie: The film that the review or the rating is about.
            rating: Your rating of it, from 1 to 10.
            ratings: More ratings, such as [{"movie": "Heat (1995)", "rating": 9}].
            poster: A poster you like: an uploaded image file, or an image as "data:image/jpeg;base64,...".
            model: One model's name, or "all".
            k: How many picks each model gives.
            genres: Only films of at least one of these genres.
            from_year: Only films of this year or later.
            to_year: Only films of this year or earlier.
            min_score: Only films with at least this IMDb score.

        Returns:
            The picks of each model, best first.
        """
        taste = parse_taste(review, movie, rating, ratings, poster)
        where = parse_where(genres, from_year, to_year, min_score)
        return service.recommend(taste, parse_text("model", model), parse_count("k", k), where)

    def more_like(movie: str, by: str = "looks", k: int = 10) -> dict[str, Any]:
        """List the movies most like one movie; the same for everybody.

        Args:
            movie: The film, as title with or without year, or as IMDb id.
            by: What is compared, such as "looks" (posters), "words" (reviews), "viewers" (who liked it) or "both"
                (posters and reviews).
            k: How many to list.

        Returns:
            The model that compared, the movies with their cosine, the most similar first, and a note where there are
            none.
        """
        named, way = parse_text("movie", movie), parse_text("by", by)
        return neighbours_json(neighbours.more_like(service.recommender, named, way, parse_count("k", k)))

    def find_movies(prefix: str, limit: int = 8) -> list[dict[str, Any]]:
        """List the movies whose titles begin with, contain or resemble a text.

        Args:
            prefix: The first letters of a title, or a title.
            limit: How many to list, from 1 to 50.

        Returns:
            Movies with id, title and year, the best match first.
        """
        found = service.titles(parse_text("prefix", prefix), parse_count("limit", limit))
        return [{"id": movie.id, "title": movie.title, "year": movie.year} for movie in found]

    def about() -> dict[str, Any]:
        """Return which dataset the picks come from and whether each encoder's weights are trained.

        Returns:
            The dataset, the encoders, the models and the genres.
        """
        return service.about()

    for endpoint in (recommend, more_like, find_movies, about):
        api(endpoint, api_name=endpoint.__name__, concurrency_id=QUEUE)


def neighbours_json(found: neighbours.Neighbours) -> dict[str, Any]:
    """Return neighbours for the endpoint: with the addresses of their posters on this server."""
    movies = [{**near.to_json(), "poster": poster_address(near.movie)} for near in found.nearest]
    return {"by": found.by, "model": found.model, "movies": movies, "note": found.note}
