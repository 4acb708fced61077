"""The served page as programs see it: named endpoints, posters, and nothing else."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from PIL import Image
from tests.demo.visiting import status

from matinee.bundle import Bundle

if TYPE_CHECKING:
    from gradio_client import Client

pytestmark = pytest.mark.slow

MODELS = {"hybrid", "bpr", "als", "bert", "resnet50", "clip"}
FIELDS = {"rank", "id", "title", "year", "imdb_score", "link", "score", "reason", "inferred"}


@pytest.fixture
def poster_file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.jpg"
    Image.radial_gradient("L").convert("RGB").save(path)
    return path


def test_only_the_four_endpoints_are_listed(client: Client) -> None:
    listed = client.view_api(return_format="dict")
    assert set(listed["named_endpoints"]) == {"/recommend", "/more_like", "/find_movies", "/about"}
    assert not listed["unnamed_endpoints"]


def test_a_review_gets_picks_of_every_model(client: Client) -> None:
    answers = client.predict(review="A scary ghost story about a haunted house", api_name="/recommend")
    assert set(answers) == MODELS
    for picks in answers.values():
        assert [pick["rank"] for pick in picks] == list(range(1, 11))
        assert set(picks[0]) >= FIELDS
        assert all(pick["reason"] for pick in picks)
    assert answers["bpr"][0]["inferred"]
    assert not answers["bert"][0]["inferred"]


def test_the_film_of_a_review_and_rated_films_are_never_picked(client: Client) -> None:
    answers = client.predict(
        review="Suspense!",
        movie="Chinatown",
        rating=9,
        ratings=[{"movie": "Stalker (1979)", "rating": 8}],
        k=60,
        api_name="/recommend",
    )
    for picks in answers.values():
        assert not {"Chinatown", "Stalker"} & {pick["title"] for pick in picks}


def test_an_uploaded_poster_gets_picks_of_every_model(client: Client, poster_file: Path) -> None:
    from gradio_client import handle_file

    answers = client.predict(poster=handle_file(str(poster_file)), k=3, api_name="/recommend")
    assert set(answers) == MODELS
    assert "mine.jpg" in answers["resnet50"][0]["reason"]


def test_one_model_few_picks_and_filters(client: Client) -> None:
    answers = client.predict(
        review="love", model="clip", k=4, genres=["drama"], from_year=1960, to_year=1990, api_name="/recommend"
    )
    assert set(answers) == {"clip"}
    assert 0 < len(answers["clip"]) <= 4
    for pick in answers["clip"]:
        assert "Drama" in pick["genres"]
        assert 1960 <= pick["year"] <= 1990


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, ""),
        ({"review": "love", "model": "gpt"}, "no model is called 'gpt'"),
        ({"review": "love", "genres": ["Dramma"]}, "did you mean 'Drama'"),
        ({"review": "love", "rating": 99}, "a rating is a number from 1 to 10"),
        ({"review": "love", "k": 0}, "whole number of at least 1"),
        ({"review": "love", "from_year": 2000, "to_year": 1990}, "years are a first and a last year"),
        ({"ratings": [{"movie": "Heat"}]}, "rating"),
    ],
)
def test_a_mistake_is_answered_with_one_sentence(client: Client, asked: dict[str, Any], said: str) -> None:
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError) as caught:
        client.predict(**asked, api_name="/recommend")
    assert said in str(caught.value)
    assert str(caught.value).strip()
    assert "\n" not in str(caught.value)


def test_a_broken_poster_is_answered_with_one_sentence(client: Client, tmp_path: Path) -> None:
    from gradio_client import handle_file
    from gradio_client.exceptions import AppError

    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"not an image")
    with pytest.raises(AppError, match="is not an image that can be read"):
        client.predict(poster=handle_file(str(broken)), api_name="/recommend")


def test_a_poster_can_come_as_a_data_address(client: Client, poster_file: Path) -> None:
    data = "data:image/jpeg;base64," + b64encode(poster_file.read_bytes()).decode("ascii")
    answers = client.predict(poster=data, k=3, model="resnet50", api_name="/recommend")
    assert len(answers["resnet50"]) == 3


def test_movies_like_one_movie_are_listed_with_posters_of_this_server(client: Client, address: str) -> None:
    found = client.predict(movie="chinatown", by="words", k=4, api_name="/more_like")
    assert (found["by"], found["model"], found["note"]) == ("words", "bert", "")
    assert len(found["movies"]) == 4
    assert "Chinatown" not in {movie["title"] for movie in found["movies"]}
    poster = next(movie["poster"] for movie in found["movies"] if movie["poster"])
    assert status(address + poster) == 200


def test_a_way_of_comparing_that_is_not_known_is_answered_with_those_that_are(client: Client) -> None:
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError, match="words"):
        client.predict(movie="chinatown", by="wordz", api_name="/more_like")


def test_an_upload_that_is_too_large_is_refused(address: str) -> None:
    import httpx

    file = {"files": ("big.jpg", b"0" * 10_500_000, "image/jpeg")}
    assert httpx.post(f"{address}gradio_api/upload", files=file, trust_env=False, timeout=60).status_code == 413


def test_titles_are_found_while_they_are_typed(client: Client) -> None:
    found = client.predict(prefix="chin", api_name="/find_movies")
    assert found[0]["title"] == "Chinatown"
    assert set(found[0]) == {"id", "title", "year"}
    assert client.predict(prefix="", api_name="/find_movies") == []


def test_about_says_which_data_and_which_kind_of_weights_it_has(client: Client) -> None:
    about = client.predict(api_name="/about")
    assert about["dataset"]["made_up"] is True
    assert about["encoders"]["resnet50"]["meaning"] == "untrained weights: its picks mean nothing yet"
    assert next(iter(about["models"])) == "hybrid"


def test_posters_are_served_to_be_cached(address: str, small_bundle: Path) -> None:
    movie = next(movie for movie in Bundle.open(small_bundle).catalogue if movie.poster)
    with urlopen(f"{address}posters/{movie.id}.jpg") as answer:
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert "max-age" in answer.headers["Cache-Control"]
        assert answer.read() == (small_bundle / str(movie.poster)).read_bytes()


def test_no_other_file_can_be_reached(address: str, small_bundle: Path, poster_file: Path) -> None:
    manifest = small_bundle / "manifest.json"
    for path in (
        "posters/nothing.jpg",
        "posters/..%2Fmanifest.json",
        "posters/..%2F..%2Fmanifest.json.jpg",
        "posters/",
        f"gradio_api/file={manifest}",
        f"gradio_api/file={next((small_bundle / 'posters').iterdir())}",
        f"gradio_api/file={Path(__file__)}",
        "gradio_api/file=pyproject.toml",
        "gradio_api/file=../../etc/passwd",
        "gradio_api/file=/etc/passwd",
        "posters/../manifest.json",
        "static/../../../../etc/passwd",
        "file=/etc/passwd",
        "gradio_api/history",
    ):
        assert status(address + quote(path, safe="/%=.")) in (403, 404), path


def test_a_path_that_was_not_uploaded_is_not_opened(client: Client, poster_file: Path) -> None:
    from gradio_client.exceptions import AppError
    from httpx import HTTPStatusError

    with pytest.raises(AppError, match="uploaded file"):
        client.predict(poster=str(poster_file), api_name="/recommend")
    with pytest.raises(HTTPStatusError, match="400"):
        client.predict(poster={"path": str(poster_file)}, api_name="/recommend")
